#include "http.h"
#include "scenario.h"
#include <inttypes.h>

static trace_hook_t hook;

static void on_request(http_request_t *request, http_response_t *response) {
  http_text_t path = http_request_path(request);
  trace_print("request %.*s eid=#%" PRId64, (int)path.size_bytes, path.at,
              async_hooks_execution_async_id());
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

SCENARIO(http_keep_alive_requests) {
  trace_hook_make(&hook, "", TRACE_INIT | TRACE_DESTROY);
  hook.only = " HTTPINCOMINGMESSAGE ";
  trace_hook_enable(&hook);
  http_send(http_serve(on_request), "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n",
            on_read);
}
