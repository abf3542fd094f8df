#include "scenario.h"
#include "stream.h"

static async_local_storage_t *storage;
static int port;

static async_uv_stream_t *listener;

static void on_read(async_uv_stream_t *stream, ssize_t nread,
                    const uv_buf_t *buf) {
  (void)nread, (void)buf;
  trace_store("data of the accepted", storage);
  stream_close(stream, NULL);
  stream_close(listener, NULL);
}

static void on_connection(async_uv_stream_t *server, int status) {
  (void)status;
  trace_store("connection", storage);
  stream_read(tcp_accept(server), on_read);
}

static void on_connect(async_uv_connect_t *req, int status) {
  (void)status;
  stream_write(req->data, "hello", NULL);
  stream_shutdown(req->data, NULL);
}

static void in_run(void *arg) {
  (void)arg;
  listener = tcp_listen(on_connection, &port);
}

SCENARIO(als_tcp_server) {
  storage = make_storage();
  run_with(storage, "listener", in_run, NULL);
  tcp_connect(port, on_connect);
}
