#include "scenario.h"
#include "stream.h"

static void on_connection(async_uv_stream_t *server, int status) {
  (void)status;
  async_uv_stream_t *accepted = tcp_accept(server);
  trace_where("connection");
  stream_close(accepted, NULL);
  stream_close(server, NULL);
}

static void on_connect(async_uv_connect_t *req, int status) {
  (void)status;
  stream_close(req->data, NULL);
}

SCENARIO(connection_trigger) {
  int port;
  trace_start_only(" TCPSERVERWRAP TCPWRAP ");
  tcp_listen(on_connection, &port);
  tcp_connect(port, on_connect);
}
