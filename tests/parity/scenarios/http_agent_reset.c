#include "http_get.h"

static trace_hook_t queue, socket_hook;
static http_agent_t *agent;
static int port;

typedef struct get_s {
  const char *name;
  async_immediate_cb done;
} get_t;

static void on_request(http_request_t *request, http_response_t *response) {
  (void)request;
  http_answer(response, "hello");
}

static void on_response(void *data, http_client_request_t *request) {
  get_t *get = data;
  (void)request;
  trace_where(get->name);
}

static void on_end(void *data, http_client_request_t *request) {
  get_t *get = data;
  (void)request;
  set_immediate(get->done);
}

static void start(const char *name, async_immediate_cb done) {
  static const http_client_callbacks_t callbacks = {.on_response = on_response,
                                                    .on_end = on_end};
  get_t *get = scenario_alloc(sizeof(*get));
  *get = (get_t){name, done};
  http_get(agent, port, &callbacks, get);
}

static void on_reused(async_immediate_t *immediate) {
  (void)immediate;
  trace_hook_disable(&socket_hook);
  destroy_agent(agent);
  http_stop();
}

static void on_waited(async_immediate_t *immediate) {
  (void)immediate;
  trace_print("waited");
  start("reuses", on_reused);
}

static void on_opened(async_immediate_t *immediate) {
  (void)immediate;
  trace_print("opened");
}

static void on_listening(void *arg) {
  (void)arg;
  trace_hook_make(&socket_hook, "socket", TRACE_INIT | TRACE_DESTROY);
  socket_hook.only = " TCPWRAP HTTPCLIENTREQUEST ";
  trace_hook_enable(&socket_hook);
  start("opens", on_opened);
  start("waits", on_waited);
}

SCENARIO(http_agent_reset) {
  agent = make_agent(1);
  trace_hook_make(&queue, "queue", TRACE_INIT);
  queue.only = " QueuedRequest ";
  trace_hook_enable(&queue);
  port = http_serve(on_request);
  http_listening(on_listening, NULL);
}
