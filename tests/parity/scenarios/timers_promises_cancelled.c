#include "asyncscope/async_timers_promises.h"
#include "promise.h"

static async_local_storage_t *storage;
static async_promise_t *timeout, *immediate;

static void *on_cancelled(async_promise_t *derived, void *reason, void *text) {
  (void)derived, (void)reason;
  trace_store(text, storage);
  return NULL;
}

static void wait_for_timeout(void *arg) {
  (void)arg;
  MUST(async_uv_timer_promise(scenario_loop(), 1000, NULL, &timeout));
  promise_catch(promise_keep(timeout), on_cancelled, "cancelled timeout");
}

static void wait_for_immediate(void *arg) {
  (void)arg;
  MUST(async_immediate_promise(NULL, &immediate));
  promise_catch(promise_keep(immediate), on_cancelled, "cancelled immediate");
}

static void cancel_both(void *arg) {
  (void)arg;
  MUST(async_promise_cancel(timeout));
  MUST(async_promise_cancel(immediate));
  trace_print("cancelled both");
}

SCENARIO(timers_promises_cancelled) {
  storage = make_storage();
  trace_start_only(" Timeout Immediate ");
  run_with(storage, "of timeout", wait_for_timeout, NULL);
  run_with(storage, "of immediate", wait_for_immediate, NULL);
  run_with(storage, "cancels", cancel_both, NULL);
}
