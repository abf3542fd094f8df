#include "http_get.h"

static trace_hook_t hook;
static http_agent_t *agent;
static int port;

static void on_request(http_request_t *request, http_response_t *response) {
  (void)request;
  http_answer(response, "hello");
}

static void on_response(void *name, http_client_request_t *request) {
  (void)request;
  trace_print("response %s", (const char *)name);
}

static void on_end(void *name, http_client_request_t *request) {
  static int left = 2;
  (void)name, (void)request;
  if (--left == 0) {
    destroy_agent(agent);
    http_stop();
  }
}

static void on_listening(void *arg) {
  static char first[] = "first", second[] = "second";
  static const http_client_callbacks_t callbacks = {.on_response = on_response,
                                                    .on_end = on_end};
  (void)arg;
  http_get(agent, port, &callbacks, first);
  http_get(agent, port, &callbacks, second);
}

SCENARIO(http_agent_queue) {
  agent = make_agent(1);
  trace_hook_make(&hook, "", TRACE_INIT);
  hook.only = " HTTPCLIENTREQUEST QueuedRequest ";
  trace_hook_enable(&hook);
  port = http_serve(on_request);
  http_listening(on_listening, NULL);
}
