#include "http_get.h"
#include <string.h>

#define IDS_MAX 4096

/* Of an HTTP resource: 1 and its place in `counts`; negative when it is gone.
 */
static signed char seen[IDS_MAX];
static unsigned twice;

static struct {
  const char *type;
  unsigned made, destroyed;
} counts[] = {{"HTTPINCOMINGMESSAGE", 0, 0}, {"HTTPCLIENTREQUEST", 0, 0}};

#define TYPES (sizeof(counts) / sizeof(counts[0]))
static http_agent_t *agent;
static int port;

static void on_init(async_id_t async_id, const char *type,
                    async_id_t trigger_async_id, async_resource_t *resource,
                    void *data) {
  (void)trigger_async_id, (void)resource, (void)data;
  for (size_t i = 0; i < TYPES; i++) {
    if (async_id < IDS_MAX && strcmp(type, counts[i].type) == 0) {
      twice += seen[async_id] != 0;
      seen[async_id] = (signed char)(1 + i);
      counts[i].made++;
    }
  }
}

static void on_destroy(async_id_t async_id, void *data) {
  (void)data;
  if (async_id >= IDS_MAX || seen[async_id] == 0) {
    return;
  }
  if (seen[async_id] < 0) {
    twice++;
  } else {
    counts[seen[async_id] - 1].destroyed++;
  }
  seen[async_id] = -1;
}

static void on_timeout(async_timeout_t *timer) {
  (void)timer;
  for (size_t i = 0; i < TYPES; i++) {
    trace_print("%s made %u destroyed %u", counts[i].type, counts[i].made,
                counts[i].destroyed);
  }
  trace_print("twice %u", twice);
}

static void get(void);

static void on_end(void *data, http_client_request_t *request) {
  static int left = 50;
  (void)data, (void)request;
  if (--left > 0) {
    get();
  } else {
    http_stop();
    set_timeout(on_timeout, 50);
  }
}

static void get(void) {
  static const http_client_callbacks_t callbacks = {.on_end = on_end};
  http_get(agent, port, &callbacks, NULL);
}

static void on_request(http_request_t *request, http_response_t *response) {
  (void)request;
  http_answer(response, "hello");
}

static void on_listening(void *arg) {
  (void)arg;
  get();
}

static void disable(void *hook) {
  async_hook_disable(hook);
}

SCENARIO(http_parsers_are_destroyed) {
  static async_hook_t hook;
  async_hook_callbacks_t callbacks = {.init = on_init, .destroy = on_destroy};
  async_hook_init(&hook, &callbacks, NULL);
  MUST(async_hook_enable(&hook));
  scenario_at_end(disable, &hook);
  agent = make_no_agent();
  port = http_serve(on_request);
  http_listening(on_listening, NULL);
}
