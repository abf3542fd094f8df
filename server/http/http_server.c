/* A connection that cannot be taken now is left to libuv, which then stops
 * listening until accept is called: `accept_waiting` must lead to that call,
 * from the end of another connection or from the sweep.
 *
 * When accept itself fails, libuv tries again without pause. Up to 1.44 it says
 * so each time, and nothing else has its turn; later versions say nothing, and
 * `accept_watch` notices. The listener is closed then (`deaf`), and opened
 * again by the sweep, from a descriptor that was kept for that. */
#include "http_connection.h"

#include "asyncscope/async_allocator.h"
#include "asyncscope/async_env.h"
#include "http_exchange.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void on_sweep(http_sweep_t *sweep, uint64_t now_ms);
static void on_accept_stuck(http_accept_watch_t *watch);

static http_connection_t *connection_of(http_wheel_node_t *node) {
  void *connection = (char *)node - offsetof(http_connection_t, timeout);

  return connection;
}

static bool is_internal(void) {
  bool internal = async_env_set_internal(true);

  async_env_set_internal(internal);
  return internal;
}

int http_server_init(http_server_t *server, uv_loop_t *loop,
                     const http_server_options_t *options) {
  memset(server, 0, sizeof(*server));
  server->loop = loop;
  server->spare_sock = -1;
  server->options = *options;
  server->internal = is_internal();
  server->date_ms = UINT64_MAX;
  if (options->limits.header_max_bytes > HTTP_HEADER_MAX_CEILING ||
      options->limits.fields_max > HTTP_FIELDS_MAX ||
      options->callbacks.on_request == NULL)
    return UV_EINVAL;
  server->read_buffer = async_malloc(HTTP_READ_BUFFER_BYTES);
  if (server->read_buffer == NULL)
    return UV_ENOMEM;
  http_wheel_init(&server->wheel, uv_now(loop));
  http_sweep_init(&server->sweep, loop, on_sweep);
  server->sweep.data = server;
  http_accept_watch_init(&server->accept_watch, loop, on_accept_stuck);
  server->accept_watch.data = server;
  return 0;
}

static void accept_waiting(http_server_t *server);
static void listen_again(http_server_t *server);

static void on_sweep(http_sweep_t *sweep, uint64_t now_ms) {
  http_server_t *server = sweep->data;
  http_wheel_node_t *node;

  while ((node = http_wheel_expire(&server->wheel, now_ms)) != NULL)
    http_timeout_expired(connection_of(node), now_ms);
  if (server->accept_waiting)
    accept_waiting(server);
  if (server->deaf)
    listen_again(server);
  if (server->connection_count == 0 && !server->accept_waiting && !server->deaf)
    http_sweep_stop(sweep);
}

/* It runs only while there is something to sweep. */
static void start_sweep(http_server_t *server) {
  if (!http_sweep_is_active(&server->sweep) &&
      !http_sweep_is_closing(&server->sweep)) {
    http_wheel_catch_up(&server->wheel, uv_now(server->loop));
    http_sweep_start(&server->sweep);
  }
}

static void report_accept_error(http_server_t *server, int error) {
  const http_server_options_t *options = &server->options;
  uint64_t now_ms = uv_now(server->loop);

  if (options->callbacks.on_accept_error != NULL &&
      (server->accept_error_ms == 0 ||
       now_ms - server->accept_error_ms >= HTTP_ERROR_LOG_MS)) {
    server->accept_error_ms = now_ms;
    options->callbacks.on_accept_error(options->data, error);
  }
}

static void accept_waiting(http_server_t *server) {
  int error;

  server->accept_waiting = true;
  http_accept_watch_reset(&server->accept_watch);
  start_sweep(server);
  if (server->stopping ||
      server->connection_count >= server->options.limits.connections_max)
    return;
  error = http_connection_accept(server);
  server->accept_waiting = error != 0 && error != UV_EAGAIN;
  if (server->accept_waiting)
    report_accept_error(server, error);
}

static void on_listener_closed(async_uv_handle_t *handle);

static int duplicate(uv_os_sock_t sock) {
  int fd = fcntl(sock, F_DUPFD_CLOEXEC, 0);

  return fd < 0 ? uv_translate_sys_error(errno) : fd;
}

static void become_deaf(http_server_t *server, int error) {
  report_accept_error(server, error);
  server->deaf = true;
  http_accept_watch_stop(&server->accept_watch);
  async_uv_close(&server->listener.handle, on_listener_closed);
  start_sweep(server);
}

static void on_connection(async_uv_stream_t *listener, int status) {
  http_server_t *server = listener->data;

  if (status == 0)
    accept_waiting(server);
  else
    become_deaf(server, status);
}

/* libuv has kept the error to itself: that of another descriptor of the socket
 * is the same where there are none left. */
static int why_stuck(const http_server_t *server) {
  int fd = duplicate(server->spare_sock);

  if (fd < 0)
    return fd;
  close(fd);
  return UV_UNKNOWN;
}

/* What waits for us to take it is not stuck. */
static void on_accept_stuck(http_accept_watch_t *watch) {
  http_server_t *server = watch->data;

  if (!server->accept_waiting)
    become_deaf(server, why_stuck(server));
}

/* `sock` passes to the listener, or is closed. */
static int open_listener(http_server_t *server, uv_os_sock_t sock) {
  int error =
      http_socket_init(server->loop, &server->listener, uv_guess_handle(sock));

  if (error != 0) {
    close(sock);
    return error;
  }
  server->listening = true;
  server->listener.handle.data = server;
  error = http_socket_open(&server->listener, sock);
  if (error != 0) {
    close(sock);
    return error;
  }
  error =
      async_uv_listen(&server->listener.stream, HTTP_BACKLOG, on_connection);
  if (error == 0 && http_accept_watch_is_needed())
    http_accept_watch_start(&server->accept_watch, server->spare_sock);
  return error;
}

/* Once the one before has gone; what fails is tried again at the next sweep. */
static void listen_again(http_server_t *server) {
  int sock;
  int error;

  if (server->listening || server->stopping)
    return;
  sock = duplicate(server->spare_sock);
  error = sock < 0 ? sock : open_listener(server, sock);
  server->deaf = error != 0;
  if (error != 0)
    report_accept_error(server, error);
  if (error != 0 && server->listening)
    async_uv_close(&server->listener.handle, on_listener_closed);
}

int http_server_listen(http_server_t *server, uv_os_sock_t sock) {
  int error =
      listen(sock, HTTP_BACKLOG) == 0 ? 0 : uv_translate_sys_error(errno);

  if (error == 0) {
    server->spare_sock = duplicate(sock);
    error = server->spare_sock < 0 ? server->spare_sock : 0;
  }
  if (error != 0) {
    close(sock);
    return error;
  }
  return open_listener(server, sock);
}

static void on_watch_closed(uv_handle_t *handle) {
  http_accept_watch_t *watch = handle->data;
  http_server_t *server = watch->data;

  if (server->on_stopped != NULL)
    server->on_stopped(server);
}

static void on_sweep_closed(http_sweep_t *sweep) {
  http_server_t *server = sweep->data;

  http_accept_watch_close(&server->accept_watch, on_watch_closed);
}

static void stop_if_done(http_server_t *server) {
  if (server->stopping && !server->listening && server->connection_count == 0 &&
      !http_sweep_is_closing(&server->sweep))
    http_sweep_close(&server->sweep, on_sweep_closed);
}

/* After a failed accept the sweep tries again, not the close of the very
 * connection that failed. */
void http_server_connection_closed(http_server_t *server, bool accepted) {
  if (server->accept_waiting && accepted)
    accept_waiting(server);
  stop_if_done(server);
}

static void on_listener_closed(async_uv_handle_t *handle) {
  http_server_t *server = handle->data;

  server->listening = false;
  stop_if_done(server);
}

/* What waits in the kernel may be a request, sent before its peer could know of
 * the end: it is read, and then the connection closed if it was none. */
static bool is_of_no_use(const http_connection_t *connection) {
  return http_connection_idle(connection) &&
         !http_socket_has_unread(&connection->socket);
}

/* One that has not asked for anything yet is still to be served. */
static bool was_served(const http_connection_t *connection) {
  return connection->request_count > 0 && is_of_no_use(connection);
}

static bool is_lingering(const http_connection_t *connection) {
  return connection->lingering;
}

static bool is_any(const http_connection_t *connection) {
  (void)connection;
  return true;
}

/* None is freed meanwhile: that is for the callbacks of their handles. */
static void close_those(http_server_t *server,
                        bool (*is_meant)(const http_connection_t *connection)) {
  http_connection_t *connection = server->connections;

  for (; connection != NULL; connection = connection->next) {
    if (is_meant(connection)) {
      http_connection_fail(connection, UV_ECANCELED);
      http_connection_settle(connection);
    }
  }
}

void http_server_drain(http_server_t *server) {
  server->draining = true;
  close_those(server, was_served);
}

static void close_listener(http_server_t *server) {
  http_accept_watch_stop(&server->accept_watch);
  if (server->listening && !server->deaf)
    async_uv_close(&server->listener.handle, on_listener_closed);
  if (server->spare_sock >= 0)
    close(server->spare_sock);
  server->spare_sock = -1;
  server->deaf = false;
}

void http_server_stop(http_server_t *server,
                      http_server_stopped_cb on_stopped) {
  if (server->stopping)
    return;
  server->draining = true;
  server->stopping = true;
  server->on_stopped = on_stopped;
  close_listener(server);
  close_those(server, is_of_no_use);
  stop_if_done(server);
}

void http_server_end_lingering(http_server_t *server) {
  close_those(server, is_lingering);
}

void http_server_cut_off(http_server_t *server) {
  close_those(server, is_any);
}

void http_server_finish(http_server_t *server) {
  while (server->spare_requests != NULL) {
    http_request_t *request = server->spare_requests;

    server->spare_requests = request->next;
    http_exchange_free(request);
  }
  http_buffer_finish(&server->spare_output);
  async_free(server->read_buffer);
  server->read_buffer = NULL;
}
