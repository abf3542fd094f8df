#include "scenario.h"
#include "stream.h"

static async_uv_stream_t *server, *accepted, *client;

static void closed(async_timeout_t *timer) {
  (void)timer;
  show_active("closed");
}

static void on_connection(async_uv_stream_t *stream, int status) {
  (void)status;
  accepted = tcp_accept(stream);
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  show_active("connected");
  async_uv_unref((async_uv_handle_t *)server);
  show_active("server unref");
  stream_close(accepted, NULL);
  stream_close(client, NULL);
  stream_close(server, NULL);
  set_timeout(closed, 20);
}

static void on_connect(async_uv_connect_t *req, int status) {
  (void)status;
  client = req->data;
  set_immediate(on_immediate);
}

SCENARIO(active_handles) {
  int port;
  server = tcp_listen(on_connection, &port);
  show_active("server");
  tcp_connect(port, on_connect);
  show_active("connecting");
}
