#include "promise.h"

static async_resource_t *cause, *other;

static void say(void *text) {
  trace_where(text);
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  trace_where("immediate");
}

static void in_other(void *arg) {
  (void)arg;
  trace_where("in other");
  make_resource("IN_OTHER");
  async_id_t before =
      async_default_trigger_scope_open(async_resource_async_id(other));
  make_resource("NESTED");
  make_triggered("EXPLICIT", ASYNC_ID_ROOT);
  async_default_trigger_scope_close(before);
  make_resource("BEHIND");
}

static void start_all(void) {
  static char tick[] = "tick", microtask[] = "microtask";
  next_tick(say, tick);
  queue_microtask(say, microtask);
  promise_then(promise_resolved(NULL), promise_say, "then");
  set_immediate(on_immediate);
  run_in(other, in_other, NULL);
}

SCENARIO(default_trigger_of_jobs) {
  trace_start_but_destroy();
  cause = make_resource("CAUSE");
  other = make_resource("OTHER");
  async_id_t before =
      async_default_trigger_scope_open(async_resource_async_id(cause));
  start_all();
  async_default_trigger_scope_close(before);
  make_resource("OUTSIDE");
}
