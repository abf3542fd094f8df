#include "asyncscope/async_timers_promises.h"
#include "promise.h"

static void *print(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)arg;
  trace_print("%s", (const char *)value);
  return NULL;
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  trace_print("another that is waited for");
}

SCENARIO(timers_promises_unref) {
  static char never[] = "never", soon[] = "an immediate";
  async_promise_t *promises[2];
  MUST(async_uv_timer_promise(scenario_loop(), 100000, never, &promises[0]));
  MUST(async_timers_promise_set_ref(promises[0], false));
  MUST(async_immediate_promise(soon, &promises[1]));
  MUST(async_timers_promise_set_ref(promises[1], false));
  set_immediate(on_immediate);
  for (int i = 0; i < 2; i++)
    promise_then(promise_keep(promises[i]), print, NULL);
}
