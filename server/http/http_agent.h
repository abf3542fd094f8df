/* Connections to other servers on one loop, kept and lent to one request after
 * another.
 *
 *     request -- a free socket ------------------.
 *             -- room for one more: connect -----+-> answered -> free, closed,
 *             -- neither: QueuedRequest, FIFO ---'               or the next in
 *                                                                the queue
 *
 * A socket is a TCPWRAP with an id of its own for each request that has it,
 * made where that one asks; while it is free it is nobody's: its id is -1 and
 * it holds no context. Free sockets do not keep the loop alive.
 * Thread: the loop's, with an environment attached to it; so are all functions
 * here and in http_client_request.h, and not inside a hook.
 * Node: http.Agent. */
#ifndef ASYNCSCOPE_SERVER_HTTP_AGENT_H
#define ASYNCSCOPE_SERVER_HTTP_AGENT_H

#include "asyncscope/async_resource.h"
#include "http_limits.h"
#include "http_list.h"
#include "http_sweep.h"
#include "http_wheel.h"
#include <stdbool.h>
#include <uv.h>

typedef struct http_agent_s http_agent_t;
typedef struct http_agent_socket_s http_agent_socket_t;

/* The head of a request that is being made. */
typedef struct http_client_head_s http_client_head_t;

typedef struct http_agent_options_s {
  http_client_limits_t limits;
  /* Called by http_client_request(), in the context in which it is called: adds
   * what goes on with whoever asks, as its trace, by http_client_head_add().
   * NULL: nothing does. It begins no request and opens no context. */
  void (*pass_on)(void *data, http_client_head_t *head);
  void *pass_on_data;
  /* Without it each request has a connection of its own. Node: keepAlive,
   * maxSockets, maxFreeSockets, timeout. */
  bool keep_alive;
  /* What requests and sockets make is asyncscope's own, as with
   * ASYNC_RESOURCE_INTERNAL: for those who report what a program does. */
  bool internal;
} http_agent_options_t;

#define HTTP_AGENT_OPTIONS_DEFAULT \
  { .limits = HTTP_CLIENT_LIMITS_DEFAULT, .keep_alive = true }

typedef void (*http_agent_stopped_cb)(http_agent_t *agent);

struct http_agent_s {
  void *data;           /* public */
  size_t request_count; /* read-only: begun and not closed */
  size_t queued_count;  /* read-only: of them, waiting for a socket */
  size_t socket_count;  /* read-only: open ones */
  size_t free_count;    /* read-only: of them, nobody's */
  /* private */
  uv_loop_t *loop;
  http_agent_options_t options;
  http_limits_t response_limits;
  http_list_t requests, sockets;
  http_list_t hosts[HTTP_AGENT_HOST_BUCKETS];
  size_t host_count;
  size_t closing_count; /* sockets closed whose memory is still in use */
  http_sweep_t sweep;
  http_wheel_t wheel;
  char *read_buffer;
  bool stopping;
  http_agent_stopped_cb on_stopped;
};

/* `options` is copied; NULL: the defaults. Errors: UV_ENOMEM, UV_EINVAL (a
 * limit that cannot be kept). */
int http_agent_init(http_agent_t *agent, uv_loop_t *loop,
                    const http_agent_options_t *options);

/* Every request ends with UV_ECANCELED, every socket is closed, and no request
 * is taken any more. `on_stopped` (may be NULL) comes when the last is gone,
 * which a name lookup that is under way can delay. Node: agent.destroy(). */
void http_agent_stop(http_agent_t *agent, http_agent_stopped_cb on_stopped);

/* Frees what is left, after on_stopped. */
void http_agent_finish(http_agent_t *agent);

/* The id of the socket's TCPWRAP; -1 while the socket is free. A socket is
 * there until it is closed. Node: socket[async_id_symbol]. */
async_id_t http_agent_socket_async_id(const http_agent_socket_t *socket);

#endif
