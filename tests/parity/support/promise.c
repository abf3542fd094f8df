#include "promise.h"

static trace_hook_t hook;

void trace_start_but_destroy(void) {
  trace_hook_make(&hook, "", TRACE_ALL & ~(unsigned)TRACE_DESTROY);
  trace_hook_enable(&hook);
}

void trace_start_promises(void) {
  trace_hook_make(&hook, "", TRACE_ALL & ~(unsigned)TRACE_DESTROY);
  hook.only = " PROMISE ";
  trace_hook_enable(&hook);
}

static void release(void *promise) {
  async_promise_release(promise);
}

async_promise_t *promise_keep(async_promise_t *promise) {
  scenario_at_end(release, promise);
  return promise;
}

async_promise_t *promise_make(void) {
  async_promise_t *promise;
  MUST(async_promise_create(&promise));
  return promise_keep(promise);
}

async_promise_t *promise_resolved(const char *value) {
  async_promise_t *promise = promise_make();
  async_promise_resolve(promise, (void *)(uintptr_t)value);
  return promise;
}

async_promise_t *promise_rejected(const char *reason) {
  async_promise_t *promise = promise_make();
  async_promise_reject(promise, (void *)(uintptr_t)reason);
  return promise;
}

async_promise_t *promise_then(async_promise_t *promise, async_promise_cb cb,
                              const char *text) {
  async_promise_t *derived;
  MUST(
      async_promise_then(promise, cb, NULL, (void *)(uintptr_t)text, &derived));
  scenario_at_end(release, derived);
  return derived;
}

async_promise_t *promise_catch(async_promise_t *promise, async_promise_cb cb,
                               const char *text) {
  async_promise_t *derived;
  MUST(async_promise_catch(promise, cb, (void *)(uintptr_t)text, &derived));
  scenario_at_end(release, derived);
  return derived;
}

void promise_await(async_promise_t *function, const char *value,
                   async_promise_cb cb) {
  async_id_t before =
      async_default_trigger_scope_open(async_promise_async_id(function));
  async_promise_t *wrapper = promise_resolved(value);
  async_default_trigger_scope_close(before);
  MUST(async_promise_then(wrapper, cb, NULL, function, NULL));
}

void *promise_say(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)value;
  trace_where(arg);
  return NULL;
}
