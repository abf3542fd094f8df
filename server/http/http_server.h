/* HTTP/1.1 on one loop. */
#ifndef ASYNCSCOPE_SERVER_HTTP_SERVER_H
#define ASYNCSCOPE_SERVER_HTTP_SERVER_H

#include "asyncscope/async_context_frame.h"
#include "http_accept_watch.h"
#include "http_buffer.h"
#include "http_date.h"
#include "http_limits.h"
#include "http_request.h"
#include "http_response.h"
#include "http_session.h"
#include "http_socket.h"
#include "http_sweep.h"
#include "http_wheel.h"
#include <stdbool.h>
#include <uv.h>

typedef struct http_server_s http_server_t;

/* What the embedder does with requests; `data` is its own. */
typedef struct http_server_callbacks_s {
  /* The head is there, the request has no resource yet. The current frame is
   * empty, and what is current when it returns becomes the request's context.
   * May be NULL. An error refuses the request with 503, and on_request_close()
   * is not called. */
  int (*on_request_open)(void *data, http_request_t *request);
  /* In the request's scope: answer now or later. */
  void (*on_request)(void *data, http_request_t *request,
                     http_response_t *response);
  /* In the request's scope, after its own close callback, once for each
   * request that was opened; `status` as there. May be NULL. */
  void (*on_request_close)(void *data, http_request_t *request,
                           http_response_t *response, int status);
  /* A request that was never opened was answered by the server. May be NULL.
   */
  void (*on_refused)(void *data, http_request_t *request, int status);
  /* A connection could not be accepted; at most once in HTTP_ERROR_LOG_MS. */
  void (*on_accept_error)(void *data, int error);
  /* The session of a connection came to nothing, or broke; `words` say why. As
   * seldom. May be NULL. */
  void (*on_session_error)(void *data, int error, const char *words);
} http_server_callbacks_t;

typedef struct http_server_options_s {
  http_limits_t limits;
  http_server_callbacks_t callbacks;
  void *data;
  http_transport_t *transport; /* borrowed; NULL: sockets alone */
  /* A peer that has ended its side still gets the answer. Without it, it is
   * taken for gone: a client that half-closes before the answer gets none, and
   * its request ends with UV_ECONNRESET. Node: httpAllowHalfOpen. */
  bool allow_half_open;
} http_server_options_t;

typedef void (*http_server_stopped_cb)(http_server_t *server);

struct http_server_s {
  void *data; /* public */
  /* private */
  uv_loop_t *loop;
  http_server_options_t options;
  http_socket_t listener;
  uv_os_sock_t spare_sock; /* of the listener's socket; -1: none */
  http_accept_watch_t accept_watch;
  bool listening, draining, stopping, accept_waiting, deaf;
  bool internal; /* what its thread makes was asyncscope's own at its init */
  struct http_connection_s *connections;
  size_t connection_count;
  http_sweep_t sweep;
  http_wheel_t wheel;
  char *read_buffer;
  http_request_t *spare_requests;
  size_t spare_request_count;
  http_buffer_t spare_output;
  http_date_t date;
  uint64_t date_ms; /* of the turn it was made in */
  uint64_t accept_error_ms, session_error_ms;
  http_server_stopped_cb on_stopped;
};

/* `options` is copied. Thread: the loop's, with an environment attached to
 * it; so are all functions here. Errors: UV_ENOMEM, UV_EINVAL. */
int http_server_init(http_server_t *server, uv_loop_t *loop,
                     const http_server_options_t *options);

/* Takes over `sock`, a bound one (http_bind.h) or a unix socket, and serves
 * it; it is closed in any case. Errors: what listen answers; then stop the
 * server. */
int http_server_listen(http_server_t *server, uv_os_sock_t sock);

/* From now on every answer is the last one of its connection, and connections
 * that wait for another request are closed. New ones are still taken: who
 * directs traffic here needs time to learn of it. */
void http_server_drain(http_server_t *server);

/* The listener is closed at once, and new connections are refused, not kept
 * waiting: let who directs traffic here know before. Idle connections are
 * closed, one whose request's head is not complete too, the others when their
 * request is answered. `on_stopped` (may be NULL) comes when the last is
 * closed. */
void http_server_stop(http_server_t *server, http_server_stopped_cb on_stopped);

/* Of a server that was stopped: connections whose peer has the answer and has
 * not ended its side yet are not waited for any longer. */
void http_server_end_lingering(http_server_t *server);

/* Of a server that was stopped: what is still being answered is cut off, and
 * ends with UV_ECANCELED. */
void http_server_cut_off(http_server_t *server);

/* Frees what is kept for reuse, after on_stopped. */
void http_server_finish(http_server_t *server);

#endif
