#ifndef ASYNCSCOPE_WRITE_PROBE_H
#define ASYNCSCOPE_WRITE_PROBE_H

#include "tcp_pair.h"

/* More than the two sockets between client and accepted connection hold. */
#define WRITE_BIG_BYTES ((size_t)8 * 1024 * 1024)

/* An open pair: the client writes, the accepted end compares what it reads with
 * the payload. */
typedef struct write_probe_s {
  tcp_pair_t pair;
  async_uv_write_t req, second;
  async_uv_shutdown_t shutdown_req;
  seen_t written, second_written, shut;
  const context_t *context;
  char *payload; /* WRITE_BIG_BYTES of a pattern */
  size_t received_bytes;
  bool wrong;
  bool ended;
} write_probe_t;

void write_probe_init(write_probe_t *probe, uv_fixture_t *fixture);
void write_probe_open(write_probe_t *probe, uv_fixture_t *fixture);

/* The accepted end begins to read. */
void write_probe_read(write_probe_t *probe);

/* The client writes from the beginning of the payload with `req`. */
int write_probe_write(write_probe_t *probe, size_t size_bytes);

/* Mark "written", "second written" and "shut", and note what they see. */
void write_probe_written(async_uv_write_t *req, int status);
void write_probe_second_written(async_uv_write_t *req, int status);
void write_probe_shut(async_uv_shutdown_t *req, int status);

/* Runs the loop until that much was received. */
void write_probe_receive(write_probe_t *probe, size_t size_bytes);

/* Closes everything, runs the loop to its end, frees the payload. */
void write_probe_finish(write_probe_t *probe);

#endif
