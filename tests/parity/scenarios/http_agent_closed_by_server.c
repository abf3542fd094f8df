#include "http_get.h"
#include <stdio.h>

static async_local_storage_t *storage;
static trace_hook_t hook;
static http_agent_t *agent;
static async_uv_stream_t *server;
static int port;

static void on_written(async_uv_write_t *req, int status) {
  (void)status;
  stream_close(req->data, NULL);
}

static void on_read(async_uv_stream_t *stream, ssize_t nread,
                    const uv_buf_t *buf) {
  (void)buf;
  MUST(async_uv_read_stop(stream));
  if (nread > 0)
    stream_write(stream,
                 "HTTP/1.1 200 OK\r\nConnection: close\r\n"
                 "Content-Length: 5\r\n\r\nhello",
                 on_written);
}

static void on_connection(async_uv_stream_t *stream, int status) {
  (void)status;
  stream_read(tcp_accept(stream), on_read);
}

static void show(const char *what, const char *name) {
  char text[64];
  snprintf(text, sizeof(text), "%s of %s", what, name);
  trace_store(text, storage);
}

static void on_response(void *name, http_client_request_t *request) {
  (void)request;
  show("response", name);
}

static void on_end(void *name, http_client_request_t *request) {
  static int left = 3;
  (void)request;
  show("end", name);
  if (--left == 0)
    stream_close(server, NULL);
}

static void get(void *name) {
  static const http_client_callbacks_t callbacks = {.on_response = on_response,
                                                    .on_end = on_end};
  http_get(agent, port, &callbacks, name);
}

static void on_tick(void *arg) {
  static char names[][8] = {"first", "second", "third"};
  (void)arg;
  for (int i = 0; i < 3; i++)
    run_with(storage, names[i], get, names[i]);
}

SCENARIO(http_agent_closed_by_server) {
  storage = make_storage();
  agent = make_agent(1);
  trace_hook_make(&hook, "", TRACE_INIT);
  hook.only = " HTTPCLIENTREQUEST QueuedRequest ";
  trace_hook_enable(&hook);
  server = tcp_listen(on_connection, &port);
  next_tick(on_tick, NULL);
}
