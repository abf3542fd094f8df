#include "http.h"
#include "scenario.h"

static async_local_storage_t *storage;
static async_uv_stream_t *client;

static void on_data(void *arg, const char *bytes, size_t size) {
  (void)arg, (void)bytes, (void)size;
  trace_store("data", storage);
}

static void on_end(void *response) {
  trace_store("end", storage);
  http_answer(response, "hello");
}

static void on_close(void *arg, int status) {
  (void)arg, (void)status;
  trace_store("finish", storage);
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  stream_write(client, "body", NULL);
}

static void on_request(http_request_t *request, http_response_t *response) {
  set_immediate(on_immediate);
  trace_store("handler", storage);
  http_request_read_body(request, on_data, on_end, response);
  http_request_on_close(request, on_close, NULL);
  http_stop();
}

static void on_read(async_uv_stream_t *stream, ssize_t nread,
                    const uv_buf_t *buf) {
  (void)buf;
  if (nread < 0) {
    stream_close(stream, NULL);
  }
}

SCENARIO(http_request_store_kept) {
  storage = make_storage();
  client = http_send(http_serve_with(storage, on_request),
                     "POST / HTTP/1.1\r\nHost: a\r\n"
                     "Connection: close\r\nContent-Length: 4\r\n\r\n",
                     on_read);
}
