#ifndef HTTP_PEER_H
#define HTTP_PEER_H

/* A server that does as a test tells it: the nth request, counted over all
 * connections, is answered with the nth act, and so is every one behind the
 * last. It lives on the test's loop and tracks nothing. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

typedef enum peer_then_e {
  PEER_KEEP,
  PEER_CLOSE, /* FIN, once everything is written */
  PEER_RESET,
  PEER_SHUT /* its own side only */
} peer_then_t;

typedef struct peer_act_s {
  const char *text; /* NULL: nothing */
  size_t size;      /* 0: to the NUL */
  peer_then_t then;
  bool early;    /* behind the head of the request, not behind its body */
  bool bytewise; /* each byte in an iteration of its own */
} peer_act_t;

#define PEER_RECEIVED_BYTES 65536

typedef struct http_peer_s {
  /* to be set before the first connection */
  const peer_act_t *acts;
  size_t act_count;
  const peer_act_t *greeting; /* for every connection; NULL: none */
  bool deaf;                  /* it reads nothing */
  /* read-only */
  uint16_t port;
  unsigned connections, requests, open;
  size_t received_bytes;
  char received[PEER_RECEIVED_BYTES]; /* the first of it, with a NUL */
  /* private */
  uv_loop_t *loop;
  uv_tcp_t listener;
  struct peer_connection_s *first;
} http_peer_t;

/* Listens on a free port of `address`, 127.0.0.1 or ::1. 0 or a UV_E*. */
int http_peer_start(http_peer_t *peer, uv_loop_t *loop, const char *address);

/* Sends on the connection made last. */
void http_peer_say(http_peer_t *peer, const peer_act_t *act);

/* A deaf one begins to read. */
void http_peer_listen(http_peer_t *peer);

/* Closes everything; run the loop behind it. */
void http_peer_stop(http_peer_t *peer);

#endif
