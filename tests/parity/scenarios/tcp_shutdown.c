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
  stream_read(tcp_accept(server), on_read);
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
  trace_print("shutdown returned");
}

SCENARIO(tcp_shutdown) {
  int port;
  trace_start_without(" TCPSERVERWRAP ");
  tcp_listen(on_connection, &port);
  tcp_connect(port, on_connect);
}
