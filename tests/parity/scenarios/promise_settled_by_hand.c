#include "asyncscope/async_hooks.h"
#include "promise.h"
#include <inttypes.h>

static trace_hook_t hook;

static void *say(async_promise_t *derived, void *value, void *text) {
  (void)derived;
  trace_print("%s %s eid=#%" PRId64, (const char *)text, (const char *)value,
              async_hooks_execution_async_id());
  return NULL;
}

static void *say_and_answer(async_promise_t *derived, void *value, void *text) {
  static char dropped[] = "dropped";
  say(derived, value, text);
  return dropped;
}

static void say_finally(async_promise_t *derived, void *arg) {
  (void)derived, (void)arg;
  trace_print("finally");
}

static void settle(async_promise_t *promise,
                   int (*as)(async_promise_t *promise, void *result),
                   const char *result) {
  MUST(as(promise, (void *)(uintptr_t)result));
}

static void value_passes_through(void) {
  async_promise_t *first = promise_make();
  async_promise_t *caught = promise_catch(first, say, "never");
  promise_then(caught, say, "caught");
  settle(caught, async_promise_resolve, "by hand");
  settle(first, async_promise_resolve, "too late");
}

static void reason_passes_through(void) {
  async_promise_t *second = promise_make();
  async_promise_t *chained = promise_then(second, say, "never");
  promise_catch(chained, say, "chained");
  settle(chained, async_promise_reject, "by hand");
  settle(second, async_promise_reject, "too late");
}

static void callback_answers(void) {
  async_promise_t *third = promise_make();
  async_promise_t *called = promise_then(third, say_and_answer, "callback");
  promise_then(called, say, "called");
  settle(called, async_promise_resolve, "by hand");
  settle(third, async_promise_resolve, "in time");
}

static void adopting_one(void) {
  async_promise_t *fourth = promise_make(), *other = promise_make();
  async_promise_t *adopting = promise_catch(fourth, say, "never");
  promise_then(adopting, say, "adopting");
  MUST(async_promise_resolve_with(adopting, other));
  settle(fourth, async_promise_resolve, "too late");
  settle(other, async_promise_resolve, "adopted");
}

static void of_finally(void) {
  async_promise_t *fifth = promise_make(), *last;
  MUST(async_promise_finally(fifth, say_finally, NULL, &last));
  promise_then(promise_keep(last), say, "last");
  settle(last, async_promise_resolve, "by hand");
  settle(fifth, async_promise_resolve, "too late");
}

static void on_unhandled(async_promise_t *promise, void *reason, void *data) {
  say(promise, reason, data);
}

static void of_finally_unhandled(void) {
  static char text[] = "unhandled";
  async_promise_t *sixth = promise_make(), *last;
  MUST(async_set_unhandled_rejection_handler(on_unhandled, text));
  MUST(async_promise_finally(sixth, say_finally, NULL, &last));
  settle(promise_keep(last), async_promise_resolve, "by hand");
  settle(sixth, async_promise_reject, "too late");
}

SCENARIO(promise_settled_by_hand) {
  trace_hook_make(&hook, "", TRACE_BEFORE | TRACE_AFTER | TRACE_RESOLVE);
  hook.only = " PROMISE ";
  trace_hook_enable(&hook);
  value_passes_through();
  reason_passes_through();
  callback_answers();
  adopting_one();
  of_finally();
  of_finally_unhandled();
}
