#include "promise.h"
#include "scenario.h"
#include <stdio.h>

enum { INIT, BEFORE, AFTER, DESTROY, WORDS };
static const char *const words[WORDS] = {"init", "before", "after", "destroy"};
static async_promise_t *promises[WORDS];

static void *say(async_promise_t *derived, void *value, void *text) {
  (void)derived, (void)value;
  trace_where(text);
  return NULL;
}

static void done(int word) {
  async_promise_t *promise = promises[word];
  promises[word] = NULL;
  if (promise == NULL)
    return;
  if (word == AFTER)
    async_promise_reject(promise, (void *)(uintptr_t)words[word]);
  else
    async_promise_resolve(promise, (void *)(uintptr_t)words[word]);
}

static void on_init(async_id_t async_id, const char *type, async_id_t trigger,
                    async_resource_t *resource, void *data) {
  (void)async_id, (void)type, (void)trigger, (void)resource, (void)data;
  done(INIT);
}

static void on_before(async_id_t async_id, void *data) {
  (void)async_id, (void)data;
  done(BEFORE);
}

static void on_after(async_id_t async_id, void *data) {
  (void)async_id, (void)data;
  done(AFTER);
}

static void on_destroy(async_id_t async_id, void *data) {
  (void)async_id, (void)data;
  done(DESTROY);
}

static void make(int word) {
  char *text = scenario_alloc(32);
  snprintf(text, 32, "%s %s", word == AFTER ? "catch" : "then", words[word]);
  promises[word] = promise_make();
  if (word == AFTER)
    promise_catch(promises[word], say, text);
  else
    promise_then(promises[word], say, text);
}

static void in_scope(void *arg) {
  (void)arg;
  trace_print("scope");
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  trace_print("immediate");
}

static void disable(void *hook) {
  async_hook_disable(hook);
}

static void enable_settling_hook(void) {
  static const async_hook_callbacks_t callbacks = {
      .init = on_init,
      .before = on_before,
      .after = on_after,
      .destroy = on_destroy,
  };
  static async_hook_t hook;
  async_hook_init(&hook, &callbacks, NULL);
  MUST(async_hook_set_track_promises(&hook, false));
  MUST(async_hook_enable(&hook));
  scenario_at_end(disable, &hook);
}

SCENARIO(promise_settled_in_hooks) {
  trace_start_promises();
  for (int word = INIT; word < WORDS; word++)
    make(word);
  enable_settling_hook();
  async_resource_t *resource = make_resource("FIRST");
  trace_print("made");
  run_in(resource, in_scope, NULL);
  MUST(async_resource_emit_destroy(resource));
  set_immediate(on_immediate);
}
