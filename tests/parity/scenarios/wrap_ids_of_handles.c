#include "scenario.h"
#include "stream.h"
#include <inttypes.h>

static void on_connection(async_uv_stream_t *server, int status) {
  (void)server, (void)status;
}

static void on_connect(async_uv_connect_t *req, int status) {
  (void)status;
  stream_close(req->data, NULL);
}

static void show(const char *text, async_uv_stream_t *stream) {
  async_resource_t *resource =
      async_uv_handle_resource((async_uv_handle_t *)stream);
  bool positive = async_resource_async_id(resource) > 0;
  trace_print("%s %s", text, positive ? "true" : "false");
}

SCENARIO(wrap_ids_of_handles) {
  async_uv_connect_t unused = {0};
  async_uv_stream_t *server = tcp_listen(on_connection, NULL);
  show("server", server);
  stream_close(server, NULL);
  trace_print("unused request %" PRId64,
              async_resource_async_id(&unused.resource));
  show("client", tcp_connect(1, on_connect));
}
