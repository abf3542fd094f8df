#include "asyncscope/async_fail.h"
#include "promise.h"
#include "scenario.h"
#include <stdio.h>

/* What a callback waits for: two are resolved, the third is rejected. */
static async_promise_t *waits[3];
static size_t waits_count, settled_count;

static void settle(async_immediate_t *immediate) {
  static char dropped[] = "dropped", reason[] = "of the wait";
  (void)immediate;
  if (settled_count < 2)
    async_promise_resolve(waits[settled_count++], dropped);
  else
    async_promise_reject(waits[settled_count++], reason);
}

static void wait_for(async_promise_t *derived, void *arg) {
  (void)arg;
  async_promise_t *wait = promise_make();
  waits[waits_count++] = wait;
  set_immediate(settle);
  async_promise_follow(derived, 0, async_promise_retain(wait));
}

static void fail(async_promise_t *derived, void *arg) {
  (void)derived, (void)arg;
  trace_where("throws");
  async_fail("of the callback");
}

static void *on_settled(async_promise_t *derived, void *result, void *arg) {
  char text[32];
  (void)derived;
  snprintf(text, sizeof(text), "%s %s", (const char *)arg,
           (const char *)result);
  trace_where(text);
  return NULL;
}

static async_promise_t *finally(async_promise_t *promise,
                                async_promise_finally_cb cb) {
  async_promise_t *derived;
  MUST(async_promise_finally(promise, cb, NULL, &derived));
  return promise_keep(derived);
}

SCENARIO(promise_finally_waits) {
  trace_start_promises();
  promise_then(finally(promise_resolved("value"), wait_for), on_settled,
               "then");
  promise_catch(finally(promise_rejected("reason"), wait_for), on_settled,
                "catch");
  promise_catch(finally(promise_resolved("value"), wait_for), on_settled,
                "catch");
  promise_catch(finally(promise_rejected("reason"), fail), on_settled, "catch");
}
