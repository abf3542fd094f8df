#include "scenario.h"
#include "stream.h"

static void on_close(async_uv_handle_t *handle) {
  (void)handle;
  trace_where("closed");
}

static void on_connect(async_uv_connect_t *req, int status) {
  trace_where(status < 0 ? "refused true" : "refused false");
  stream_close(req->data, on_close);
}

SCENARIO(tcp_connect_refused) {
  trace_start();
  tcp_connect(1, on_connect);
}
