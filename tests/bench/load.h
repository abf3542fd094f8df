/* The parts of the client: what it was asked for, its connections, what an
 * answer is, what was counted. */
#ifndef BENCH_LOAD_H
#define BENCH_LOAD_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define LOAD_BUFFER_BYTES 32768
#define LOAD_LATENCIES    200000 /* one for each microsecond; the last: more */

typedef struct load_options_s {
  size_t connections, depth, batches;
  uint64_t ms, warm_ms;
  uint64_t rate; /* of batches, in a second; 0: as fast as they are answered */
  pid_t pid;
  bool lockstep, keep, varied;
  in_port_t port;
  const char *path;
} load_options_t;

typedef struct load_connection_s {
  int fd;
  size_t pending; /* answers to come */
  size_t batches;
  uint64_t sent_ns;
  size_t size;
  char bytes[LOAD_BUFFER_BYTES];
} load_connection_t;

typedef struct load_s {
  int epoll_fd;
  load_connection_t *connections;
  size_t connection_count;
  size_t turn; /* whose it is at a rate */
  size_t depth;
  size_t batches; /* of each connection; 0: as long as there is time */
  bool varied;    /* each request has another head than the one before */
  uint64_t sent;
  char *batch; /* and one request more, to begin with the second */
  size_t request_bytes, batch_bytes;
  size_t length_at; /* in the head of the answer before, its Content-Length */
  pid_t pid;
  uint64_t answered;
  uint64_t begin_ns, end_ns;
  uint64_t cpu_begin_ns, cpu_end_ns;
  uint32_t latencies[LOAD_LATENCIES];
} load_t;

/* Connects. What cannot be done ends the program, as in all of it. */
load_t *load_create(int argc, char **argv, load_options_t *ret_options);
void load_destroy(load_t *load);

/* Of the answer that begins at `at`; 0 where it is not complete. */
size_t load_answer_size(load_t *load, const char *at, size_t size);

/* What comes in between counts. */
void load_begin(load_t *load);
void load_end(load_t *load);
void load_latency_add(load_t *load, uint64_t ns);
void load_print(const load_t *load);

/* All threads of the server stand still when the first returns. */
void load_server_stop(const load_t *load);
void load_server_continue(const load_t *load);

/* Until standard input ends. */
void load_keep(void);

uint64_t load_now_ns(void);
_Noreturn void load_fail(const char *what);

#endif
