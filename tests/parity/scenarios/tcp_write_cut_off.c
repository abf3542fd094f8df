#include "stream.h"

static trace_hook_t hook;
static async_uv_stream_t *server, *accepted;

static void on_connection(async_uv_stream_t *stream, int status) {
  (void)status;
  accepted = tcp_accept(stream);
}

static void on_write(async_uv_write_t *req, int status) {
  (void)req, (void)status;
  trace_where("written");
}

static void on_shutdown(async_uv_shutdown_t *req, int status) {
  (void)req, (void)status;
  trace_where("shut down");
}

static void on_close(async_uv_handle_t *handle) {
  (void)handle;
  trace_where("closed");
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  trace_where("immediate");
  if (accepted != NULL)
    stream_close(accepted, NULL);
  stream_close(server, NULL);
}

static void write_much(async_uv_stream_t *client) {
  size_t size = (size_t)32 << 20;
  async_uv_write_t *req = scenario_alloc(sizeof(*req));
  uv_buf_t buf = uv_buf_init(scenario_alloc(size), (unsigned)size);
  MUST(async_uv_write(req, client, &buf, 1, on_write));
}

static void on_connect(async_uv_connect_t *req, int status) {
  async_uv_stream_t *client = req->data;
  (void)status;
  trace_hook_make(&hook, "", TRACE_INIT | TRACE_BEFORE | TRACE_AFTER);
  hook.only = " WRITEWRAP SHUTDOWNWRAP TCPWRAP ";
  trace_hook_enable(&hook);
  write_much(client);
  stream_shutdown(client, on_shutdown);
  stream_close(client, on_close);
  set_immediate(on_immediate);
}

SCENARIO(tcp_write_cut_off) {
  int port;
  server = tcp_listen(on_connection, &port);
  tcp_connect(port, on_connect);
}
