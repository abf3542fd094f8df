#include "promise.h"
#include "scenario.h"

static trace_hook_t tracking, other;

static void settled(const char *text) {
  promise_then(promise_resolved(NULL), promise_say, text);
}

static void last(async_immediate_t *immediate) {
  (void)immediate;
  settled("without ids");
  trace_hook_enable(&other);
  settled("other again");
}

static void later(async_immediate_t *immediate) {
  (void)immediate;
  settled("later"); /* promises are tracked as long as a hook is left */
  trace_hook_disable(&other);
  settled("none");
  set_immediate(last);
}

SCENARIO(promise_hook_disabled_beside_another) {
  unsigned events = TRACE_INIT | TRACE_BEFORE | TRACE_AFTER;
  trace_hook_make(&tracking, "tracking", events);
  trace_hook_make(&other, "other", events);
  MUST(async_hook_set_track_promises(&other.hook, false));
  trace_hook_enable(&tracking);
  trace_hook_enable(&other);
  settled("both");
  trace_hook_disable(&tracking);
  settled("at once");
  set_immediate(later);
}
