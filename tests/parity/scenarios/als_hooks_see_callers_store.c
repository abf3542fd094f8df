#include "scenario.h"

static async_local_storage_t *storage;
static async_resource_t *resource;
static trace_hook_t hook;

static void on_event(trace_hook_t *seen, unsigned event, async_id_t async_id) {
  (void)seen, (void)async_id;
  trace_store(event == TRACE_INIT     ? "init"
              : event == TRACE_BEFORE ? "before"
                                      : "after",
              storage);
}

static void make(void *arg) {
  (void)arg;
  resource = make_resource("R");
}

static void in_scope(void *arg) {
  (void)arg;
  trace_store("scope", storage);
}

static void caller(void *arg) {
  (void)arg;
  run_in(resource, in_scope, NULL);
}

SCENARIO(als_hooks_see_callers_store) {
  storage = make_storage();
  trace_hook_make(&hook, "", TRACE_ALL);
  hook.on = on_event;
  trace_hook_enable(&hook);
  run_with(storage, "creation", make, NULL);
  run_with(storage, "caller", caller, NULL);
}
