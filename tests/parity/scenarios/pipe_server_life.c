#include "scenario.h"
#include "stream.h"

static void on_connection(async_uv_stream_t *server, int status) {
  (void)server, (void)status;
}

static void on_close(async_uv_handle_t *handle) {
  (void)handle;
  trace_where("closed");
}

SCENARIO(pipe_server_life) {
  trace_start();
  async_uv_stream_t *server = pipe_listen("socket", on_connection);
  trace_print("listening");
  stream_close(server, on_close);
}
