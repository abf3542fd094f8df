/* The id of a connection is reserved when libuv reports it, so that the
 * connection callback can name it as its trigger before anybody accepts. libuv
 * holds back at most one connection per server: it stops polling until
 * uv_accept(). So one reserved id is enough, and an id stays reserved until
 * the connection it stands for is accepted. A handle that comes over a pipe
 * has none before it is accepted: nobody is told of it. */
#include "asyncscope/async_uv_stream.h"

#include "asyncscope/async_uv_pipe.h"
#include "asyncscope/async_uv_tcp.h"
#include "asyncscope/async_uv_tty.h"
#include "env.h"
#include "error.h"
#include "stack.h"
#include "uv_stream.h"
#include "uv_tracked.h"
#include <string.h>

ASYNCSCOPE__MIRRORS_HANDLE(async_uv_stream_t, uv_stream_t);

static async_uv_handle_t *as_handle(async_uv_stream_t *stream) {
  return (async_uv_handle_t *)stream;
}

static async_resource_t *resource_of(async_uv_stream_t *stream) {
  return async_uv_handle_resource(as_handle(stream));
}

async_uv_stream_part_t *asyncscope__stream_part(
    const async_uv_stream_t *stream) {
  switch (stream->type) {
  case UV_TCP:
    return &((async_uv_tcp_t *)stream)->stream;
  case UV_NAMED_PIPE:
    return &((async_uv_pipe_t *)stream)->stream;
  case UV_TTY:
    return &((async_uv_tty_t *)stream)->stream;
  default:
    return NULL;
  }
}

void asyncscope__stream_part_init(async_uv_stream_part_t *part) {
  *part = (async_uv_stream_part_t){.accepted_async_id = ASYNC_ID_UNSET};
}

static int no_stream(void) {
  return asyncscope__fail(UV_EINVAL, "the handle is no tracked stream");
}

int asyncscope__check_stream(const async_uv_stream_t *stream) {
  if (asyncscope__stream_part(stream) == NULL)
    return no_stream();
  return asyncscope__check_thread(stream->loop);
}

int asyncscope__check_stream_begin(const async_uv_stream_t *stream) {
  if (asyncscope__stream_part(stream) == NULL)
    return no_stream();
  return asyncscope__check_begin(stream->loop);
}

static void on_connection(uv_stream_t *uv, int status) {
  async_uv_stream_t *server = (async_uv_stream_t *)uv;
  async_uv_stream_part_t *part = asyncscope__stream_part(server);
  if (status == 0 && part->accepted_async_id == ASYNC_ID_UNSET)
    part->accepted_async_id = async_resource_reserve_id();
  asyncscope__uv_scope_t scope = asyncscope__uv_scope_open(resource_of(server));
  if (scope.entered && status == 0)
    asyncscope__stack_set_trigger(part->accepted_async_id);
  part->connection_cb(server, status);
  asyncscope__uv_scope_close(&scope);
}

static int listen_on(async_uv_stream_t *stream, int backlog,
                     async_uv_connection_cb connection_cb) {
  int error = uv_listen(&stream->uv, backlog, on_connection);
  if (error == 0)
    asyncscope__stream_part(stream)->connection_cb = connection_cb;
  return error;
}

/* NULL for a stream that cannot listen. */
static const char *server_type(const async_uv_stream_t *stream) {
  switch (uv_handle_get_type((const uv_handle_t *)stream)) {
  case UV_TCP:
    return "TCPSERVERWRAP";
  case UV_NAMED_PIPE:
    return "PIPESERVERWRAP";
  default:
    return NULL;
  }
}

/* The caller may listen again, with another callback or backlog. */
static bool is_server(async_uv_stream_t *stream) {
  return strcmp(async_resource_type(resource_of(stream)),
                server_type(stream)) == 0;
}

static int check_listen(const async_uv_stream_t *stream,
                        async_uv_connection_cb connection_cb) {
  int error = asyncscope__check_stream_begin(stream);
  if (error == 0 && server_type(stream) == NULL)
    error = asyncscope__fail(UV_EINVAL, "a stream of this type cannot listen");
  if (error == 0 && connection_cb == NULL)
    error = asyncscope__fail(UV_EINVAL, "a server needs a connection callback");
  return error;
}

int async_uv_listen_at(const async_site_t *site, async_uv_stream_t *stream,
                       int backlog, async_uv_connection_cb connection_cb) {
  async_resource_t before;
  int error = check_listen(stream, connection_cb);
  if (error != 0)
    return error;
  if (is_server(stream))
    return listen_on(stream, backlog, connection_cb);
  error = asyncscope__track(as_handle(stream), site, server_type(stream), NULL,
                            &before);
  if (error != 0)
    return error;
  error = listen_on(stream, backlog, connection_cb);
  return asyncscope__track_done(as_handle(stream), &before, error);
}

static bool has_sent_handle(const async_uv_stream_t *server) {
  return server->type == UV_NAMED_PIPE &&
         uv_pipe_pending_count((uv_pipe_t *)&server->uv) > 0;
}

/* What uv_accept() asserts, or answers by closing the waiting connection, is
 * refused here while the connection can still be accepted by another client. */
static int check_accept(async_uv_stream_t *server, async_uv_stream_t *client) {
  uv_os_fd_t fd;
  int error = asyncscope__check_stream(server);
  if (error == 0)
    error = client->type == UV_UDP && has_sent_handle(server)
                ? asyncscope__check_handle(as_handle(client))
                : asyncscope__check_stream(client);
  if (error != 0)
    return error;
  if (uv_is_closing((uv_handle_t *)&client->uv))
    return asyncscope__fail(UV_EINVAL, "the accepting client is closing");
  if (uv_fileno((uv_handle_t *)&client->uv, &fd) == 0)
    return asyncscope__fail(UV_EBUSY, "the accepting client has a socket");
  if (uv_is_closing((uv_handle_t *)&server->uv) ||
      (asyncscope__stream_part(server)->accepted_async_id == ASYNC_ID_UNSET &&
       !has_sent_handle(server)))
    return asyncscope__fail(UV_EAGAIN, "no connection waits to be accepted");
  return 0;
}

static int track_client(const async_site_t *site, async_uv_stream_t *server,
                        async_uv_stream_t *client,
                        async_resource_t *ret_before) {
  async_id_t async_id = asyncscope__stream_part(server)->accepted_async_id;
  async_resource_options_t options =
      asyncscope__triggered_by(as_handle(server));
  options.flags |= ASYNC_RESOURCE_FRAME | ASYNC_RESOURCE_EXECUTION_NONE;
  if (async_id != ASYNC_ID_UNSET)
    options.async_id = &async_id;
  const char *type = client->type == UV_NAMED_PIPE ? "PIPEWRAP" : "TCPWRAP";
  return asyncscope__track(as_handle(client), site, type, &options, ret_before);
}

int async_uv_accept_at(const async_site_t *site, async_uv_stream_t *server,
                       async_uv_stream_t *client) {
  async_resource_t before;
  int error = check_accept(server, client);
  if (error == 0 && client->type == UV_UDP) /* a UDPWRAP from init on */
    return uv_accept(&server->uv, &client->uv);
  if (error == 0)
    error = track_client(site, server, client, &before);
  if (error != 0)
    return error;
  error = uv_accept(&server->uv, &client->uv);
  asyncscope__stream_part(server)->accepted_async_id = ASYNC_ID_UNSET;
  return asyncscope__track_done(as_handle(client), &before, error);
}

static void on_alloc(uv_handle_t *uv, size_t suggested_size_bytes,
                     uv_buf_t *buf) {
  async_uv_stream_t *stream = (async_uv_stream_t *)uv;
  asyncscope__stream_part(stream)->alloc_cb(as_handle(stream),
                                            suggested_size_bytes, buf);
}

static void on_read(uv_stream_t *uv, ssize_t nread, const uv_buf_t *buf) {
  async_uv_stream_t *stream = (async_uv_stream_t *)uv;
  async_id_t entered = asyncscope__uv_callback_open(resource_of(stream));
  asyncscope__stream_part(stream)->read_cb(stream, nread, buf);
  asyncscope__uv_callback_close(entered);
}

int async_uv_read_start(async_uv_stream_t *stream, async_uv_alloc_cb alloc_cb,
                        async_uv_read_cb read_cb) {
  int error = asyncscope__check_stream_begin(stream);
  if (error == 0 && (alloc_cb == NULL || read_cb == NULL))
    error = asyncscope__fail(UV_EINVAL, "reading needs both callbacks");
  if (error == 0)
    error = uv_read_start(&stream->uv, on_alloc, on_read);
  if (error != 0)
    return error;
  asyncscope__handle_used((const async_uv_handle_t *)stream);
  async_uv_stream_part_t *part = asyncscope__stream_part(stream);
  part->alloc_cb = alloc_cb;
  part->read_cb = read_cb;
  return 0;
}

int async_uv_read_stop(async_uv_stream_t *stream) {
  int error = asyncscope__check_stream(stream);
  return error != 0 ? error : uv_read_stop(&stream->uv);
}

size_t async_uv_stream_get_write_queue_size(const async_uv_stream_t *stream) {
  return uv_stream_get_write_queue_size(&stream->uv);
}

int async_uv_stream_set_blocking(async_uv_stream_t *stream, int blocking) {
  int error = asyncscope__check_stream(stream);
  return error != 0 ? error : uv_stream_set_blocking(&stream->uv, blocking);
}

int async_uv_is_readable(const async_uv_stream_t *stream) {
  return uv_is_readable(&stream->uv);
}

int async_uv_is_writable(const async_uv_stream_t *stream) {
  return uv_is_writable(&stream->uv);
}
