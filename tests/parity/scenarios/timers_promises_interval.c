#include "asyncscope/async_timers_promises.h"
#include "promise.h"

static async_interval_t *interval;

static void *on_value(async_promise_t *derived, void *value, void *arg);

static void ask(void) {
  async_promise_t *promise;
  MUST(async_interval_next(interval, &promise));
  promise_then(promise_keep(promise), on_value, NULL);
}

static void *on_value(async_promise_t *derived, void *value, void *arg) {
  static int rounds;
  (void)derived, (void)arg;
  trace_print("%s %d", (const char *)value, ++rounds);
  if (rounds < 3) {
    ask();
  } else {
    async_interval_destroy(interval);
    trace_print("left");
  }
  return NULL;
}

SCENARIO(timers_promises_interval) {
  static char value[] = "value";
  trace_start_only(" Timeout ");
  MUST(async_interval_create(scenario_loop(), 1, value, &interval));
  ask();
  trace_print("asked");
}
