#include "http_get.h"

static int port;

static void on_request(http_request_t *request, http_response_t *response) {
  (void)request;
  http_answer(response, "hello");
  http_stop();
}

static void on_response(void *data, http_client_request_t *request) {
  (void)data, (void)request;
  trace_where("response");
}

static void print(void *text) {
  trace_print("%s", (const char *)text);
}

/* Node's streams give data and end to their listeners in ticks. */
static void on_data(void *data, http_client_request_t *request,
                    const char *bytes, size_t size) {
  static char text[] = "data";
  (void)data, (void)request, (void)bytes, (void)size;
  next_tick(print, text);
}

static void on_end(void *data, http_client_request_t *request) {
  static char text[] = "end";
  (void)data, (void)request;
  next_tick(print, text);
}

static void on_listening(void *arg) {
  static const http_client_callbacks_t callbacks = {
      .on_response = on_response, .on_data = on_data, .on_end = on_end};
  (void)arg;
  http_get(make_no_agent(), port, &callbacks, NULL);
}

SCENARIO(http_client_response) {
  trace_start_only(" HTTPCLIENTREQUEST ");
  port = http_serve(on_request);
  http_listening(on_listening, NULL);
}
