/* One connection: what was read, the request that is being answered, what is
 * to be written.
 *
 * Every event (bytes, end, writability, a deadline, a handler's answer) only
 * changes the state and then calls http_connection_settle(), the one place
 * that draws the consequences. While it or a reader is at work (`busy`), a
 * nested call does nothing, so that no handler ever sees its request end
 * under a parser that is still reading it. */
#ifndef ASYNCSCOPE_SERVER_HTTP_CONNECTION_H
#define ASYNCSCOPE_SERVER_HTTP_CONNECTION_H

#include "http_server.h"

typedef struct http_connection_s http_connection_t;

/* What only a connection needs whose peer or source keeps it waiting, that is
 * sent more than it can answer yet, or that ends: the idle ones by the thousand
 * do without. */
typedef struct http_waits_s {
  http_connection_t *connection;
  http_buffer_t input;   /* behind a request whose answer is pending */
  http_buffer_t writing; /* given to libuv, while `write` is pending */
  async_uv_write_t write;
  uint64_t write_since_ms;
  size_t write_mark_bytes; /* untaken output then */
  async_uv_shutdown_t shutdown;
  async_immediate_t turn; /* goes on with a source that used up its turn */
} http_waits_t;

struct http_connection_s {
  http_server_t *server;
  struct http_connection_s *next, *prev; /* among the server's */
  http_wheel_node_t timeout;
  http_request_t *request; /* being read or answered, or NULL */
  http_buffer_t output;    /* not yet given to the kernel */
  http_session_t *session; /* NULL: the socket alone */
  http_waits_t *waits;     /* NULL until it waits; then as long as it lives */
  uint64_t since_ms;       /* when the phase it is in began */
  unsigned request_count;
  int error;         /* not 0: to be closed at once, for this reason */
  unsigned lingered; /* bytes: a little more than HTTP_LINGER_MAX_BYTES */
  bool busy;
  bool reading;
  bool last;         /* nothing more is served, it closes behind the output */
  bool internal;     /* its last request is asyncscope's own, and so is it */
  bool phase_begins; /* `since_ms` is still that of the one before */
  bool write_pending : 1;
  bool turn_pending : 1;
  bool peer_ended : 1; /* it will send no more */
  bool accepted : 1;
  bool lingering : 1;
  bool closing : 1;
  /* The last: a TCP handle has no more memory than it takes. */
  http_socket_t socket;
};

static inline size_t http_connection_bytes(uv_handle_type type) {
  return type == UV_TCP
             ? offsetof(http_connection_t, socket) + sizeof(async_uv_tcp_t)
             : sizeof(http_connection_t);
}

/* What has come that waits to be read. */
static inline size_t http_connection_input_bytes(
    const http_connection_t *connection) {
  return connection->waits == NULL ? 0 : connection->waits->input.size_bytes;
}

/* Takes a waiting connection of the listener. Errors: UV_EAGAIN when there is
 * none, UV_ENOMEM, what accept answers. */
int http_connection_accept(http_server_t *server);

static inline void http_connection_settle(http_connection_t *connection);

/* Ends it without another byte. The first reason is kept. */
void http_connection_fail(http_connection_t *connection, int error);

/* Made when it is asked for first. NULL: out of memory, and the connection
 * fails. */
http_waits_t *http_connection_waits(http_connection_t *connection);

/* What causes its requests: its session's resource, or its handle's. */
async_resource_t *http_connection_resource(http_connection_t *connection);

/* A request on it is asyncscope's own, or the program's: so is it, until
 * another one says otherwise. */
void http_connection_set_internal(http_connection_t *connection, bool internal);

/* No request has come, but for a part of its head, and nothing is owed. */
bool http_connection_idle(const http_connection_t *connection);

/* Told by the last callback of a connection; `accepted` as it was. */
void http_server_connection_closed(http_server_t *server, bool accepted);

/* Input (http_input.c). */
bool http_input_resume(http_connection_t *connection);
void http_input_update(http_connection_t *connection);
void http_input_take(http_connection_t *connection, const char *bytes,
                     size_t size);
void http_input_drop(http_connection_t *connection, size_t size);
void http_input_end(http_connection_t *connection);

/* Output (http_output.c). */
http_buffer_t *http_output(http_connection_t *connection);
size_t http_output_unread_bytes(const http_connection_t *connection);
size_t http_output_untaken_bytes(const http_connection_t *connection);
void http_output_flush(http_connection_t *connection);
void http_output_shutdown(http_connection_t *connection);
void http_output_release(http_connection_t *connection);
void http_output_give_back(http_connection_t *connection,
                           http_buffer_t *buffer);

/* With a session (http_sealed.c). */
int http_sealed_open(http_connection_t *connection);
void http_sealed_close(http_connection_t *connection);
void http_sealed_on_alloc(async_uv_handle_t *handle,
                          size_t suggested_size_bytes, uv_buf_t *buf);
void http_sealed_on_read(async_uv_stream_t *stream, ssize_t nread,
                         const uv_buf_t *buf);
int http_sealed_output(http_connection_t *connection);
void http_sealed_end(http_connection_t *connection);
void http_sealed_say_goodbye(http_connection_t *connection);

/* Deadlines (http_timeout.c). A request goes through several phases in one turn
 * of the loop, which has one time: the last of them is given it by the update,
 * with which each settlement ends. */
static inline void http_timeout_begin_phase(http_connection_t *connection) {
  connection->phase_begins = true;
}

void http_timeout_update(http_connection_t *connection);
/* `now_ms` is what http_sweep.h says. */
void http_timeout_expired(http_connection_t *connection, uint64_t now_ms);

/* Private: the same where nobody is at it. */
void http_connection_settle_now(http_connection_t *connection);

static inline void http_connection_settle(http_connection_t *connection) {
  if (!connection->busy && !connection->closing)
    http_connection_settle_now(connection);
}

#endif
