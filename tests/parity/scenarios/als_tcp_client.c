#include "scenario.h"
#include "stream.h"

static async_local_storage_t *storage;
static int port;

static void on_write(async_uv_write_t *req, int status) {
  (void)status;
  stream_close(req->data, NULL);
}

static void on_connection(async_uv_stream_t *server, int status) {
  (void)status;
  trace_store("connection", storage);
  stream_write(tcp_accept(server), "hello", on_write);
  stream_close(server, NULL);
}

static void on_close(async_uv_handle_t *handle) {
  (void)handle;
  trace_store("closed", storage);
}

static void on_read(async_uv_stream_t *stream, ssize_t nread,
                    const uv_buf_t *buf) {
  (void)buf;
  trace_store(nread > 0 ? "data" : "end", storage);
  if (nread < 0) {
    stream_close(stream, on_close);
  }
}

static void on_connect(async_uv_connect_t *req, int status) {
  (void)status;
  trace_store("connected", storage);
  stream_read(req->data, on_read);
}

static void in_run(void *arg) {
  (void)arg;
  tcp_connect(port, on_connect);
}

SCENARIO(als_tcp_client) {
  storage = make_storage();
  tcp_listen(on_connection, &port);
  run_with(storage, "client", in_run, NULL);
}
