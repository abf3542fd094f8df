#include "stream.h"
#include <netinet/in.h>
#include <string.h>

static async_uv_tcp_t *make_tcp(void) {
  async_uv_tcp_t *tcp = scenario_alloc(sizeof(*tcp));
  MUST(async_uv_tcp_init(scenario_loop(), tcp));
  scenario_at_end(close_at_end, tcp);
  return tcp;
}

static struct sockaddr_in loopback(int port) {
  struct sockaddr_in address;
  MUST(uv_ip4_addr("127.0.0.1", port, &address));
  return address;
}

async_uv_stream_t *tcp_listen(async_uv_connection_cb cb, int *ret_port) {
  async_uv_tcp_t *tcp = make_tcp();
  struct sockaddr_in address = loopback(0);
  int length = sizeof(address);
  MUST(async_uv_tcp_bind(tcp, (const struct sockaddr *)&address, 0));
  MUST(async_uv_listen((async_uv_stream_t *)tcp, 16, cb));
  MUST(async_uv_tcp_getsockname(tcp, (struct sockaddr *)&address, &length));
  if (ret_port != NULL) {
    *ret_port = ntohs(address.sin_port);
  }
  return (async_uv_stream_t *)tcp;
}

async_uv_stream_t *tcp_accept(async_uv_stream_t *server) {
  async_uv_stream_t *client = (async_uv_stream_t *)make_tcp();
  MUST(async_uv_accept(server, client));
  return client;
}

async_uv_stream_t *tcp_connect(int port, async_uv_connect_cb cb) {
  async_uv_tcp_t *tcp = make_tcp();
  async_uv_connect_t *req = scenario_alloc(sizeof(*req));
  struct sockaddr_in address = loopback(port);
  req->data = tcp;
  MUST(async_uv_tcp_connect(req, tcp, (const struct sockaddr *)&address, cb));
  return (async_uv_stream_t *)tcp;
}

static async_uv_pipe_t *make_pipe(void) {
  async_uv_pipe_t *pipe = scenario_alloc(sizeof(*pipe));
  MUST(async_uv_pipe_init(scenario_loop(), pipe, 0));
  scenario_at_end(close_at_end, pipe);
  return pipe;
}

async_uv_stream_t *pipe_listen(const char *name, async_uv_connection_cb cb) {
  async_uv_pipe_t *pipe = make_pipe();
  MUST(async_uv_pipe_bind(pipe, name));
  MUST(async_uv_listen((async_uv_stream_t *)pipe, 16, cb));
  return (async_uv_stream_t *)pipe;
}

async_uv_stream_t *pipe_accept(async_uv_stream_t *server) {
  async_uv_stream_t *client = (async_uv_stream_t *)make_pipe();
  MUST(async_uv_accept(server, client));
  return client;
}

async_uv_stream_t *pipe_connect(const char *name, async_uv_connect_cb cb) {
  async_uv_pipe_t *pipe = make_pipe();
  async_uv_connect_t *req = scenario_alloc(sizeof(*req));
  req->data = pipe;
  MUST(async_uv_pipe_connect(req, pipe, name, cb));
  return (async_uv_stream_t *)pipe;
}

static void on_alloc(async_uv_handle_t *handle, size_t suggested_size_bytes,
                     uv_buf_t *buf) {
  static char bytes[65536];
  (void)handle, (void)suggested_size_bytes;
  *buf = uv_buf_init(bytes, sizeof(bytes));
}

void stream_read(async_uv_stream_t *stream, async_uv_read_cb cb) {
  MUST(async_uv_read_start(stream, on_alloc, cb));
}

void stream_write(async_uv_stream_t *stream, const char *text,
                  async_uv_write_cb cb) {
  async_uv_write_t *req = scenario_alloc(sizeof(*req));
  size_t length = strlen(text);
  char *bytes = scenario_alloc(length + 1);
  memcpy(bytes, text, length);
  uv_buf_t buf = uv_buf_init(bytes, (unsigned)length);
  req->data = stream;
  MUST(async_uv_write(req, stream, &buf, 1, cb));
}

void stream_shutdown(async_uv_stream_t *stream, async_uv_shutdown_cb cb) {
  async_uv_shutdown_t *req = scenario_alloc(sizeof(*req));
  req->data = stream;
  MUST(async_uv_shutdown(req, stream, cb));
}

void stream_close(async_uv_stream_t *stream, async_uv_close_cb cb) {
  async_uv_close((async_uv_handle_t *)stream, cb);
}
