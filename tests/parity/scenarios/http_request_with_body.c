#include "http.h"
#include "scenario.h"

static void on_data(void *arg, const char *bytes, size_t size) {
  (void)arg, (void)bytes, (void)size;
  trace_print("data");
}

static void on_end(void *response) {
  http_answer(response, "hello");
}

static void on_request(http_request_t *request, http_response_t *response) {
  trace_where("request");
  http_request_read_body(request, on_data, on_end, response);
  http_stop();
}

static void on_read(async_uv_stream_t *stream, ssize_t nread,
                    const uv_buf_t *buf) {
  (void)buf;
  if (nread < 0) {
    stream_close(stream, NULL);
  }
}

SCENARIO(http_request_with_body) {
  trace_start_only(" HTTPINCOMINGMESSAGE ");
  http_send(http_serve(on_request),
            "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
            "Content-Length: 4\r\n\r\nbody",
            on_read);
}
