#include "scenario.h"
#include <stdio.h>

static trace_hook_t hook;
static bool busy;

static const char *word_of(unsigned event, bool upper) {
  switch (event) {
  case TRACE_INIT:
    return upper ? "IN_INIT" : "init";
  case TRACE_BEFORE:
    return upper ? "IN_BEFORE" : "before";
  case TRACE_AFTER:
    return upper ? "IN_AFTER" : "after";
  default:
    return upper ? "IN_DESTROY" : "destroy";
  }
}

static void say(void *text) {
  trace_where(text);
}

static void on_event(trace_hook_t *self, unsigned event, async_id_t async_id) {
  char text[32];
  (void)self, (void)async_id;
  if (busy)
    return;
  busy = true;
  async_resource_t *made = make_resource(word_of(event, true));
  trace_where(word_of(event, false));
  snprintf(text, sizeof(text), "scope in %s", word_of(event, false));
  run_in(made, say, text);
  busy = false;
}

static void stop(void *arg) {
  (void)arg;
  busy = true;
}

SCENARIO(resource_made_in_each_hook) {
  trace_hook_make(&hook, "", TRACE_ALL);
  hook.on = on_event;
  trace_hook_enable(&hook);
  async_resource_t *resource = make_resource("FIRST");
  run_in(resource, say, (void *)(uintptr_t) "scope");
  scenario_at_end(stop, NULL);
}
