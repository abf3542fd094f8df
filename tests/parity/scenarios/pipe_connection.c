#include "scenario.h"
#include "stream.h"
#include <stdio.h>

static void accepted_closed(async_uv_handle_t *handle) {
  (void)handle;
  trace_where("accepted closed");
}

static void on_connection(async_uv_stream_t *server, int status) {
  (void)status;
  async_uv_stream_t *accepted = pipe_accept(server);
  trace_print("accepted");
  stream_close(accepted, accepted_closed);
  stream_close(server, NULL);
}

static void client_closed(async_uv_handle_t *handle) {
  (void)handle;
  trace_where("client closed");
}

static void on_connect(async_uv_connect_t *req, int status) {
  char text[32];
  snprintf(text, sizeof(text), "connected %d", status);
  trace_where(text);
  stream_close(req->data, client_closed);
}

SCENARIO(pipe_connection) {
  trace_start_without(" PIPESERVERWRAP ");
  pipe_listen("socket", on_connection);
  pipe_connect("socket", on_connect);
}
