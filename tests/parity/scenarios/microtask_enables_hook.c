#include "scenario.h"

static trace_hook_t hook;

static void say(void *text) {
  trace_where(text);
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  trace_where("immediate");
}

static void tracked(void *arg) {
  (void)arg;
  trace_where("tracked");
  next_tick(say, (void *)(uintptr_t) "tick");
  trace_hook_disable(&hook);
  queue_microtask(say, (void *)(uintptr_t) "untracked again");
  trace_hook_enable(&hook);
}

static void untracked(void *arg) {
  (void)arg;
  trace_hook_enable(&hook);
  trace_where("untracked");
  queue_microtask(tracked, NULL);
  set_immediate(on_immediate);
}

SCENARIO(microtask_enables_hook) {
  trace_hook_make(&hook, "", TRACE_ALL);
  hook.only = " Microtask TickObject Immediate ";
  queue_microtask(untracked, NULL);
  queue_microtask(say, (void *)(uintptr_t) "queued before");
}
