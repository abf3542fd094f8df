/* A trace that continues in the next server. Each server keeps the trace of a
 * request in a store. Code that asks another server from there, however deep in
 * callbacks, sends `traceparent` with its own span as the parent. No handler
 * passes a trace from function to function.
 *
 * W3C Trace Context: https://www.w3.org/TR/trace-context/ */
#include "http.h"
#include <asyncscope/async_env.h>
#include <asyncscope/async_local_storage.h>
#include <asyncscope/async_uv.h>
#include <asyncscope/asyncscope_trace.h>
#include <inttypes.h>
#include <stdlib.h>

#define CLIENTS_SPAN  "00f067aa0ba902b7"
#define CLIENTS_TRACE "00-4bf92f3577b34da6a3ce929d0e0e4736-" CLIENTS_SPAN "-01"

/* What is kept for a request: its trace, and how it is answered. */
typedef struct call_s {
  asyncscope_trace_t trace;
  http_response_t *response;
  async_uv_timer_t timer;
} call_t;

static uv_loop_t loop;
static http_server_t front, back;
static int back_port;
static http_agent_t agent;
static async_local_storage_t storage;
static asyncscope_trace_source_t source;
static call_t front_call, back_call;

/* The span of a request that has a parent, under a name that stays. */
static const char *name_of(uint64_t span_id) {
  if (span_id == strtoull(CLIENTS_SPAN, NULL, 16))
    return "the client";
  return span_id == front_call.trace.span_id ? "front" : "nobody";
}

static void log_line(const char *server, const char *what) {
  const call_t *call = async_local_storage_get_store(&storage);
  if (call != NULL)
    printf("%s: %s in trace %016" PRIx64 "%016" PRIx64 ", called by %s\n",
           server, what, call->trace.trace_id[0], call->trace.trace_id[1],
           name_of(call->trace.parent_id));
}

/* GET / there. The trace, if there is one, is the current request's. */
static int ask(int port, const http_client_callbacks_t *callbacks,
               const char *traceparent) {
  char text[ASYNCSCOPE_TRACE_TEXT_BYTES];
  http_client_field_t field = {"traceparent", traceparent};
  const call_t *call = async_local_storage_get_store(&storage);
  if (call != NULL) {
    asyncscope_trace_format(&call->trace, text);
    field.value = text;
  }
  http_client_options_t options = {.host = "127.0.0.1",
                                   .port = (uint16_t)port,
                                   .fields = &field,
                                   .field_count = 1,
                                   .callbacks = *callbacks};
  return http_client_request(&agent, &options, NULL);
}

/* The trace of a request, or a new one; the span is this server's own. */
static void begin(call_t *call, const http_request_t *request,
                  http_response_t *response) {
  asyncscope_trace_t parent;
  http_text_t text;
  bool given = http_request_field(request, "traceparent", &text) == 1 &&
               asyncscope_trace_parse(text.at, text.size_bytes, &parent) == 0;
  asyncscope_trace_begin(&source, given ? &parent : NULL, &call->trace);
  call->response = response;
}

static int serve_back(void *arg) {
  const call_t *call = arg;
  log_line("back", "answers");
  http_response_send(call->response, 200, NULL, "", 0);
  return 0;
}

static void on_back_request(void *data, http_request_t *request,
                            http_response_t *response) {
  (void)data;
  begin(&back_call, request, response);
  async_local_storage_run(&storage, &back_call, serve_back, &back_call);
}

/* In the context of the request to the front, whose handler asked. */
static void on_back_closed(void *data, http_client_request_t *request,
                           int status) {
  const call_t *call = async_local_storage_get_store(&storage);
  (void)data, (void)request;
  log_line("front", status == 0 ? "answers" : "has no answer");
  http_response_send(call->response, status == 0 ? 200 : 502, NULL, "", 0);
}

static void on_timer(async_uv_timer_t *timer) {
  static const http_client_callbacks_t callbacks = {.on_close = on_back_closed};
  const call_t *call = async_local_storage_get_store(&storage);
  log_line("front", "asks back");
  if (ask(back_port, &callbacks, NULL) != 0)
    http_response_send(call->response, 502, NULL, "", 0);
  async_uv_close((async_uv_handle_t *)timer, NULL);
}

static int serve_front(void *arg) {
  call_t *call = arg;
  async_uv_timer_init(&loop, &call->timer);
  return async_uv_timer_start(&call->timer, on_timer, 1, 0);
}

static void on_front_request(void *data, http_request_t *request,
                             http_response_t *response) {
  (void)data;
  begin(&front_call, request, response);
  async_local_storage_run(&storage, &front_call, serve_front, &front_call);
}

static void on_client_closed(void *data, http_client_request_t *request,
                             int status) {
  (void)data, (void)request;
  printf("the client: %s\n", status == 0 ? "answered" : uv_strerror(status));
  http_agent_stop(&agent, NULL);
  http_server_stop(&front, NULL);
  http_server_stop(&back, NULL);
}

static int start(void) {
  static const http_client_callbacks_t callbacks = {.on_close =
                                                        on_client_closed};
  static const http_agent_options_t options = HTTP_AGENT_OPTIONS_DEFAULT;
  int front_port = http_listen(&front, &loop, on_front_request);
  back_port = http_listen(&back, &loop, on_back_request);
  int error = front_port < 0 ? front_port : back_port < 0 ? back_port : 0;
  if (error == 0)
    error = asyncscope_trace_source_init(&source);
  if (error == 0)
    error = http_agent_init(&agent, &loop, &options);
  return error == 0 ? ask(front_port, &callbacks, CLIENTS_TRACE) : error;
}

int main(void) {
  uv_loop_init(&loop);
  async_env_attach(&loop);
  async_local_storage_init(&storage, NULL);
  int error = start();
  if (error == 0)
    uv_run(&loop, UV_RUN_DEFAULT);
  http_agent_finish(&agent);
  http_server_finish(&front);
  http_server_finish(&back);
  async_local_storage_finish(&storage);
  async_env_detach();
  return error != 0 ? EXIT_FAILURE : uv_loop_close(&loop);
}
