#include "asyncscope/async_fail.h"
#include "asyncscope/diagnostics_channel_scope.h"
#include "scenario.h"
#include <stdio.h>
#include <string.h>

static async_local_storage_t *first, *second;
static async_diagnostics_channel_t one;

static const char *store_of(const async_local_storage_t *storage) {
  const char *store = async_local_storage_get_store(storage);
  return store == NULL ? "undefined" : store;
}

static void show(const char *text) {
  trace_print("%s: %s %s", text, store_of(first), store_of(second));
}

static void on_message(void *message, const char *name, void *data) {
  char text[64];
  (void)name, (void)data;
  snprintf(text, sizeof(text), "subscriber of %s", (const char *)message);
  show(text);
}

static void *of_second(void *message, void *data) {
  char *store = scenario_alloc(32);
  (void)data;
  if (strcmp(message, "failing") == 0)
    async_fail("in the transform");
  snprintf(store, 32, "second of %s", (const char *)message);
  return store;
}

static void begin(async_diagnostics_channel_scope_t *scope,
                  const char *message) {
  MUST(async_diagnostics_channel_with_store_scope(
      &one, (void *)(uintptr_t)message, scope));
}

static void end(async_diagnostics_channel_scope_t *scope) {
  MUST(async_diagnostics_channel_scope_dispose(scope));
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  show("immediate");
}

static void nest(void) {
  ASYNC_DIAGNOSTICS_CHANNEL_SCOPE(outer);
  ASYNC_DIAGNOSTICS_CHANNEL_SCOPE(inner);
  begin(&outer, "outer");
  show("in outer");
  begin(&inner, "inner");
  show("in inner");
  set_immediate(on_immediate);
  end(&inner);
  show("behind inner");
}

static void dispose_twice(void) {
  async_diagnostics_channel_scope_t scope = {NULL};
  begin(&scope, "once");
  enter_with(first, "entered");
  async_diagnostics_channel_unbind_store(&one, first);
  show("unbound");
  end(&scope);
  enter_with(first, "outside");
  end(&scope);
  show("disposed twice");
}

static void on_uncaught(const char *message, void *data) {
  (void)data;
  trace_print("later %s", message);
}

static void fail_inside(async_immediate_t *immediate) {
  async_diagnostics_channel_scope_t scope = {NULL};
  (void)immediate;
  begin(&scope, "failing");
  show("in failing");
  end(&scope);
  show("behind failing");
}

static void finish(void *channel) {
  async_diagnostics_channel_finish(channel);
}

static void begin_with_nobody(void) {
  ASYNC_DIAGNOSTICS_CHANNEL_SCOPE(scope);
  begin(&scope, "nobody");
}

SCENARIO(channel_store_scope) {
  first = make_storage();
  second = make_storage();
  MUST(async_diagnostics_channel_init(&one, "one"));
  scenario_at_end(finish, &one);
  begin_with_nobody();
  MUST(async_diagnostics_channel_subscribe(&one, on_message, NULL));
  MUST(async_diagnostics_channel_bind_store(&one, first, NULL, NULL));
  MUST(async_diagnostics_channel_bind_store(&one, second, of_second, NULL));
  nest();
  show("behind outer");
  dispose_twice();
  MUST(async_set_uncaught_exception_handler(on_uncaught, NULL));
  set_immediate(fail_inside);
}
