#include "scenario.h"
#include "stream.h"
#include <stdio.h>

static void on_read(async_uv_stream_t *stream, ssize_t nread,
                    const uv_buf_t *buf) {
  char text[32];
  (void)buf;
  snprintf(text, sizeof(text), nread > 0 ? "server read %d" : "server read end",
           (int)nread);
  trace_where(text);
  if (nread < 0) {
    stream_close(stream, NULL);
  }
}

static void on_connection(async_uv_stream_t *server, int status) {
  (void)status;
  stream_read(tcp_accept(server), on_read);
  stream_close(server, NULL);
}

static void on_immediate(async_immediate_t *immediate) {
  stream_close(immediate->resource.data, NULL);
}

static void on_write(async_uv_write_t *req, int status) {
  async_uv_stream_t *client = req->data;
  (void)status;
  trace_where("written");
  set_immediate(on_immediate)->resource.data = client;
}

static void on_connect(async_uv_connect_t *req, int status) {
  (void)status;
  stream_write(req->data, "hello", on_write);
  trace_print("write returned");
}

SCENARIO(tcp_echo) {
  int port;
  trace_start_without(" Immediate TCPSERVERWRAP ");
  tcp_listen(on_connection, &port);
  tcp_connect(port, on_connect);
}
