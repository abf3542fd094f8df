/* One connection of an agent.
 *
 *   open -> [look up] -> connect -> used -> released -> free -> used ...
 *       `----------`------------`------`---------`--------`--> closed
 *
 * Every event (bytes, end, writability, a deadline, what the request does) only
 * changes the state and then calls http_agent_socket_settle(), the one place
 * that draws the consequences. While it or a reader is at work (`busy`), a
 * nested call does nothing, so that no request ends under a parser that is
 * still reading for it. */
#ifndef ASYNCSCOPE_SERVER_HTTP_AGENT_SOCKET_H
#define ASYNCSCOPE_SERVER_HTTP_AGENT_SOCKET_H

#include "asyncscope/async_uv.h"
#include "http_agent_deadline.h"
#include "http_agent_host.h"
#include "http_buffer.h"
#include "http_client_request.h"

struct http_agent_socket_s {
  async_uv_tcp_t tcp;
  http_agent_t *agent;
  http_agent_host_t *host;        /* held; NULL when it is closing */
  http_client_request_t *request; /* NULL: released, free or closing */
  http_list_t link;               /* among the agent's */
  http_list_t free_link;          /* among the host's free ones */
  http_agent_deadline_t deadline;
  async_uv_getaddrinfo_t lookup;
  async_uv_connect_t connect;
  async_uv_write_t write;
  async_tick_t tick;       /* it is released */
  async_immediate_t turn;  /* goes on with a body that used up its turn */
  http_buffer_t output;    /* not yet given to the kernel */
  http_buffer_t writing;   /* given to libuv, while `write` is pending */
  size_t write_mark_bytes; /* of that, unwritten when last looked at */
  uint64_t since_ms;       /* when it got where it is, or the peer last moved */
  uint64_t attempt_until_ms;
  unsigned keep_ms; /* how long it may be free; 0: not at all */
  unsigned request_count;
  int error; /* not 0: of no use any more, for this reason */
  const char *phase;
  const char *reason; /* NULL: what `error` says */
  bool busy;
  bool connected;
  bool reading;
  bool write_failed; /* a response may come all the same */
  bool closing, closed;
  bool lookup_pending, write_pending, tick_pending, turn_pending;
};

/* Makes one for the request, in the current context, and begins to connect it.
 * Errors: UV_ENOMEM; the request has no socket. */
int http_agent_socket_open(http_client_request_t *request);

/* Gives one that is released or free to the request, in the current context.
 * Errors: UV_ENOMEM; then there is nothing left to do with it but to close it.
 */
int http_agent_socket_lend(http_agent_socket_t *socket,
                           http_client_request_t *request);

void http_agent_socket_settle(http_agent_socket_t *socket);

/* The first reason is kept. `phase` is what failed, `reason` why: static. */
void http_agent_socket_fail(http_agent_socket_t *socket, int error,
                            const char *phase, const char *reason);

/* Its place is given to the next in the queue. It has no request. */
void http_agent_socket_close(http_agent_socket_t *socket);

/* After the last of what holds its memory: closed, and no callback to come. */
void http_agent_socket_free_if_done(http_agent_socket_t *socket);

/* Where the name leads to (http_agent_connect.c). */
void http_agent_connect(http_agent_socket_t *socket);

/* Reading (http_agent_input.c). */
void http_agent_input_update(http_agent_socket_t *socket);

/* Writing (http_agent_output.c). */
size_t http_agent_output_unread_bytes(const http_agent_socket_t *socket);
void http_agent_output_flush(http_agent_socket_t *socket);

/* Deadlines (http_agent_timeout.c). */
void http_agent_timeout_update(http_agent_socket_t *socket);
void http_agent_timeout_expired(http_agent_deadline_t *deadline,
                                uint64_t now_ms);

#endif
