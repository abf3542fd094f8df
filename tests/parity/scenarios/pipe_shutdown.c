#include "scenario.h"
#include "stream.h"

static void on_read(async_uv_stream_t *stream, ssize_t nread,
                    const uv_buf_t *buf) {
  (void)buf;
  trace_where(nread > 0 ? "server read something" : "server read end");
  stream_close(stream, NULL);
}

static void on_connection(async_uv_stream_t *server, int status) {
  (void)status;
  stream_read(pipe_accept(server), on_read);
  stream_close(server, NULL);
}

static void on_shutdown(async_uv_shutdown_t *req, int status) {
  (void)status;
  trace_where("shut down");
  stream_close(req->data, NULL);
}

static void on_connect(async_uv_connect_t *req, int status) {
  (void)status;
  stream_shutdown(req->data, on_shutdown);
}

SCENARIO(pipe_shutdown) {
  trace_start_without(" PIPESERVERWRAP ");
  pipe_listen("socket", on_connection);
  pipe_connect("socket", on_connect);
}
