#include "http.h"
#include "scenario.h"

static void on_close(void *arg, int status) {
  (void)arg, (void)status;
  trace_print("end");
}

static void on_request(http_request_t *request, http_response_t *response) {
  trace_where("request");
  http_request_on_close(request, on_close, NULL);
  http_answer(response, "hello");
  http_stop();
}

static void on_read(async_uv_stream_t *stream, ssize_t nread,
                    const uv_buf_t *buf) {
  (void)buf;
  if (nread < 0) {
    stream_close(stream, NULL);
  }
}

SCENARIO(http_request_resource) {
  trace_start_only(" HTTPINCOMINGMESSAGE ");
  http_send(http_serve(on_request),
            "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", on_read);
}
