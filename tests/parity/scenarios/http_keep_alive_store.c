#include "http.h"
#include "scenario.h"

static async_local_storage_t *storage;

static void on_request(http_request_t *request, http_response_t *response) {
  http_text_t path = http_request_path(request);
  bool first = http_text_equals(path, "/1");
  trace_store(first ? "/1 begins" : "/2 begins", storage);
  enter_with(storage, first ? "/1" : "/2");
  trace_store(first ? "/1 entered" : "/2 entered", storage);
  http_answer(response, "hello");
}

static void on_read(async_uv_stream_t *stream, ssize_t nread,
                    const uv_buf_t *buf) {
  static int count = 1;
  (void)nread, (void)buf;
  if (++count == 2) {
    stream_write(stream, "GET /2 HTTP/1.1\r\nHost: a\r\n\r\n", NULL);
  } else {
    stream_close(stream, NULL);
    http_stop();
  }
}

SCENARIO(http_keep_alive_store) {
  storage = make_storage();
  http_send(http_serve(on_request), "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n",
            on_read);
}
