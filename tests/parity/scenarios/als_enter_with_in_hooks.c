#include "scenario.h"

static async_local_storage_t *storage;
static trace_hook_t hook;

static const char *const words[][2] = {
    {"in init", "entered in init"},
    {"in before", "entered in before"},
    {"in after", "entered in after"},
    {"in destroy", "entered in destroy"},
};

static void on_event(trace_hook_t *self, unsigned event, async_id_t async_id) {
  size_t word = 0;
  (void)self, (void)async_id;
  while (event >> (word + 1) != 0)
    word++;
  trace_store(words[word][0], storage);
  enter_with(storage, words[word][1]);
}

static void in_scope(void *arg) {
  (void)arg;
  trace_store("scope", storage);
}

static void in_run(void *resource) {
  run_in(resource, in_scope, NULL);
  trace_store("after scope", storage);
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  trace_store("immediate", storage);
}

SCENARIO(als_enter_with_in_hooks) {
  storage = make_storage();
  trace_hook_make(&hook, "", TRACE_ALL);
  hook.on = on_event;
  trace_hook_enable(&hook);
  async_resource_t *resource = make_resource("FIRST");
  trace_store("after init", storage);
  run_with(storage, "run", in_run, resource);
  trace_store("after run", storage);
  MUST(async_resource_emit_destroy(resource));
  set_immediate(on_immediate);
}
