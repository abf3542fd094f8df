#include "asyncscope/async_fail.h"
#include "promise.h"
#include <stdio.h>

enum { MADE_MAX = 256 };

static async_hook_t hook;
static async_resource_t *made[MADE_MAX];

static void on_init(async_id_t async_id, const char *type,
                    async_id_t trigger_async_id, async_resource_t *resource,
                    void *data) {
  (void)type, (void)trigger_async_id, (void)data;
  if (async_id < MADE_MAX)
    made[async_id] = resource;
}

static void show(const char *text) {
  const async_resource_t *resource = made[async_hooks_execution_async_id()];
  trace_print("%s %s", text,
              resource == async_hooks_execution_async_resource() ? "true"
                                                                 : "false");
}

static void on_uncaught(const char *message, void *data) {
  char text[64];
  (void)data;
  snprintf(text, sizeof(text), "uncaught %s", message);
  show(text);
}

static void on_unhandled(async_promise_t *promise, void *reason, void *data) {
  (void)promise, (void)reason, (void)data;
  show("unhandled reason");
}

static void on_queued(void *text) {
  show(text);
}

static void fails(void *arg) {
  (void)arg;
  async_fail("in the tick");
}

static void *on_then(async_promise_t *derived, void *value, void *text) {
  (void)derived, (void)value;
  show(text);
  return NULL;
}

static void on_finally(async_promise_t *derived, void *text) {
  (void)derived;
  show(text);
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  async_fail("in the immediate");
}

static void on_timeout(async_timeout_t *timeout) {
  (void)timeout;
  async_fail("in the timeout");
}

static void disable(void *arg) {
  async_hook_disable(arg);
}

static void promises(void) {
  static char finally[] = "finally";
  async_promise_t *derived;
  MUST(async_promise_finally(
      promise_then(promise_resolved(NULL), on_then, "then"), on_finally,
      finally, &derived));
  promise_keep(derived);
  promise_rejected("reason");
}

SCENARIO(execution_resource_of_jobs) {
  static const async_hook_callbacks_t callbacks = {.init = on_init};
  static char tick[] = "tick", microtask[] = "microtask";
  MUST(async_hook_init(&hook, &callbacks, NULL));
  MUST(async_hook_enable(&hook));
  scenario_at_end(disable, &hook);
  MUST(async_set_uncaught_exception_handler(on_uncaught, NULL));
  MUST(async_set_unhandled_rejection_handler(on_unhandled, NULL));
  next_tick(on_queued, tick);
  next_tick(fails, NULL);
  queue_microtask(on_queued, microtask);
  promises();
  set_immediate(on_immediate);
  set_timeout(on_timeout, 1);
  be_busy(4);
}
