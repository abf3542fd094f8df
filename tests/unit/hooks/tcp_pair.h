#ifndef ASYNCSCOPE_TCP_PAIR_H
#define ASYNCSCOPE_TCP_PAIR_H

/* A server on 127.0.0.1, a client and the accepted connection, all on one
 * loop. */

#include "uv_fixture.h"

typedef struct tcp_pair_s tcp_pair_t;

struct tcp_pair_s {
  uv_fixture_t *fixture;
  async_uv_tcp_t server, client, accepted;
  async_uv_connect_t connect;
  struct sockaddr_in address; /* the server's, with its port */
  const context_t *context;   /* what the callbacks look into; may be NULL */
  seen_t connection, connected, server_closed, client_closed, accepted_closed;
  int accept_error;
  /* Called in the connection callback in place of accepting, if set. */
  void (*on_connection)(tcp_pair_t *pair);
  /* Called when the client is connected and when a connection was accepted. */
  void (*on_connected)(tcp_pair_t *pair);
  void (*on_accepted)(tcp_pair_t *pair);
};

/* The three handles; nothing listens or connects. */
void tcp_pair_init(tcp_pair_t *pair, uv_fixture_t *fixture);

/* The server listens on a free port of 127.0.0.1. */
void tcp_pair_listen(tcp_pair_t *pair);
void tcp_pair_connect(tcp_pair_t *pair);

/* Listens, connects, and runs the loop until both ends are there. */
void tcp_pair_open(tcp_pair_t *pair);

/* Closes what is not closing yet; marks "client closed" when that one's close
 * callback comes. In callbacks too. */
void tcp_pair_close(tcp_pair_t *pair);

/* Closes, and runs the loop until nothing is left to do. */
void tcp_pair_finish(tcp_pair_t *pair);

async_uv_stream_t *stream_of(async_uv_tcp_t *tcp);
async_uv_handle_t *handle_of(async_uv_tcp_t *tcp);
async_id_t tcp_id(async_uv_tcp_t *tcp);

/* For async_uv_read_start(): one buffer for all reads. */
void on_alloc(async_uv_handle_t *handle, size_t suggested_size_bytes,
              uv_buf_t *buf);

#endif
