#include "asyncscope/async_fail.h"
#include "asyncscope/diagnostics_channel_scope.h"
#include "scenario.h"
#include <stdio.h>

static async_local_storage_t *storage;
static async_bounded_channel_t work;

static void say(const char *text, const char *message) {
  char line[64];
  snprintf(line, sizeof(line), "%s %s", text, message);
  trace_store(line, storage);
}

static void on_start(void *message, const char *name, void *data) {
  (void)name, (void)data;
  say("start of", message);
}

static void on_end(void *message, const char *name, void *data) {
  (void)name, (void)data;
  say("end of", message);
}

static void *transform(void *message, void *data) {
  char *store = scenario_alloc(32);
  (void)data;
  snprintf(store, 32, "store of %s", (const char *)message);
  return store;
}

static int run(const char *message, async_local_storage_cb fn,
               const char *text) {
  return async_bounded_channel_run(&work, (void *)(uintptr_t)message, fn,
                                   (void *)(uintptr_t)text);
}

static int show(void *text) {
  trace_store(text, storage);
  return 0;
}

static int subscribe_to_end(void *arg) {
  (void)arg;
  MUST(async_diagnostics_channel_subscribe(&work.end, on_end, NULL));
  return 0;
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  trace_store("immediate", storage);
}

static int in_outer(void *arg) {
  (void)arg;
  trace_store("outer", storage);
  run("inner", show, "inner");
  set_immediate(on_immediate);
  return 7;
}

static int fail(void *arg) {
  (void)arg;
  async_fail("failed");
  return 0;
}

static void run_failing(void) {
  char message[ASYNC_FAILURE_BYTES];
  run("failing", fail, NULL);
  if (async_catch(message))
    say("caught", message);
}

static void begin(async_bounded_channel_scope_t *scope, const char *message) {
  MUST(async_bounded_channel_with_scope(&work, (void *)(uintptr_t)message,
                                        scope));
}

static void end(async_bounded_channel_scope_t *scope) {
  MUST(async_bounded_channel_scope_dispose(scope));
}

static void use_a_scope(void) {
  ASYNC_BOUNDED_CHANNEL_SCOPE(scope);
  begin(&scope, "scope");
  enter_with(storage, "entered");
  end(&scope);
}

static void unsubscribe_in_a_scope(void) {
  ASYNC_BOUNDED_CHANNEL_SCOPE(scope);
  begin(&scope, "last");
  async_diagnostics_channel_unsubscribe(&work.end, on_end, NULL);
}

static void run_half_heard(void) {
  run("unheard", subscribe_to_end, NULL);
  run("half heard", show, "half heard");
}

static void run_heard(void) {
  char answer[32];
  MUST(async_diagnostics_channel_subscribe(&work.start, on_start, NULL));
  MUST(async_diagnostics_channel_bind_store(&work.start, storage, transform,
                                            NULL));
  snprintf(answer, sizeof(answer), "%d", run("outer", in_outer, NULL));
  say("answered", answer);
}

static void finish(void *bounded) {
  async_bounded_channel_finish(bounded);
}

SCENARIO(bounded_channel) {
  storage = make_storage();
  MUST(async_bounded_channel_init(&work, "work"));
  scenario_at_end(finish, &work);
  trace_print("%s %s %s", async_diagnostics_channel_name(&work.start),
              async_diagnostics_channel_name(&work.end),
              async_bounded_channel_has_subscribers(&work) ? "true" : "false");
  run("nobody", show, "nobody hears");
  run_half_heard();
  run_heard();
  run_failing();
  use_a_scope();
  trace_store("behind the scope", storage);
  unsubscribe_in_a_scope();
  trace_store("behind the last", storage);
}
