#include "stream.h"

static async_uv_stream_t *server;

static void on_connection(async_uv_stream_t *stream, int status) {
  (void)status;
  stream_close(tcp_accept(stream), NULL);
}

static void say(void *text) {
  trace_where(text);
}

static void on_connect(async_uv_connect_t *req, int status) {
  static char tick[] = "tick";
  (void)req;
  trace_where(status == 0 ? "connected true" : "connected false");
  next_tick(say, tick);
}

static void on_close(async_uv_handle_t *handle) {
  (void)handle;
  trace_where("closed");
  stream_close(server, NULL);
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  trace_where("immediate");
}

SCENARIO(tcp_closed_while_connecting) {
  int port;
  server = tcp_listen(on_connection, &port);
  trace_start_only(" TCPCONNECTWRAP ");
  stream_close(tcp_connect(port, on_connect), on_close);
  set_immediate(on_immediate);
}
