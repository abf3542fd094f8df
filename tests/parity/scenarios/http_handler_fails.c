#include "asyncscope/async_fail.h"
#include "http_get.h"
#include <stdio.h>

static async_local_storage_t *storage;
static int port;

static void show(const char *text) {
  trace_where(text);
  trace_store(text, storage);
}

static void on_uncaught(const char *message, void *data) {
  char text[64];
  (void)data;
  snprintf(text, sizeof(text), "uncaught %s", message);
  show(text);
}

static void on_tick(void *text) {
  show(text);
}

static void on_request(http_request_t *request, http_response_t *response) {
  static char tick[] = "tick";
  (void)request;
  show("request");
  enter_with(storage, "entered");
  next_tick(on_tick, tick);
  http_answer(response, "hello");
  http_stop();
  async_fail("failed");
}

static void on_listening(void *arg) {
  static const http_client_callbacks_t callbacks = {0};
  (void)arg;
  http_get(make_no_agent(), port, &callbacks, NULL);
}

SCENARIO(http_handler_fails) {
  storage = make_storage();
  MUST(async_set_uncaught_exception_handler(on_uncaught, NULL));
  port = http_serve(on_request);
  http_listening(on_listening, NULL);
}
