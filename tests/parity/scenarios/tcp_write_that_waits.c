#include "scenario.h"
#include "stream.h"
#include <string.h>

static trace_hook_t hook;

static void on_read(async_uv_stream_t *stream, ssize_t nread,
                    const uv_buf_t *buf) {
  (void)buf;
  if (nread < 0) {
    stream_close(stream, NULL);
  }
}

static void on_connection(async_uv_stream_t *server, int status) {
  (void)status;
  stream_read(tcp_accept(server), on_read);
  stream_close(server, NULL);
}

static void on_write(async_uv_write_t *req, int status) {
  (void)status;
  trace_where("written");
  stream_close(req->data, NULL);
}

static void on_connect(async_uv_connect_t *req, int status) {
  enum { LENGTH = 16 * 1024 * 1024 };
  char *text = scenario_alloc(LENGTH + 1);
  (void)status;
  memset(text, 'x', LENGTH);
  stream_write(req->data, text, on_write);
  trace_print("write returned");
}

SCENARIO(tcp_write_that_waits) {
  int port;
  trace_hook_make(&hook, "", TRACE_INIT);
  hook.only = " WRITEWRAP TCPWRAP ";
  trace_hook_enable(&hook);
  tcp_listen(on_connection, &port);
  tcp_connect(port, on_connect);
}
