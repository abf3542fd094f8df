#include "scenario.h"
#include "stream.h"

static void on_connection(async_uv_stream_t *server, int status) {
  (void)server, (void)status;
}

static void show(const char *text, async_uv_stream_t *stream) {
  int has = async_uv_has_ref((async_uv_handle_t *)stream);
  trace_print("%s %s", text, has ? "true" : "false");
}

static void on_close(async_uv_handle_t *handle) {
  (void)handle;
  trace_print("closed");
}

SCENARIO(tcp_has_ref) {
  async_uv_stream_t *server = tcp_listen(on_connection, NULL);
  show("made", server);
  async_uv_unref((async_uv_handle_t *)server);
  show("unref", server);
  async_uv_ref((async_uv_handle_t *)server);
  show("ref", server);
  stream_close(server, on_close);
}
