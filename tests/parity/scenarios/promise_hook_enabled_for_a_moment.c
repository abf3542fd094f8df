#include "promise.h"
#include "scenario.h"
#include <stdio.h>

static trace_hook_t hook;

static void on_unhandled(async_promise_t *promise, void *reason, void *data) {
  char text[64];
  (void)promise, (void)data;
  snprintf(text, sizeof(text), "unhandled %s", (const char *)reason);
  trace_where(text);
}

static void on_immediate(async_immediate_t *immediate) {
  static char third[] = "third";
  (void)immediate;
  async_promise_reject(promise_make(), third);
}

static void *say(async_promise_t *derived, void *reason, void *text) {
  (void)derived, (void)reason;
  trace_where(text);
  return NULL;
}

SCENARIO(promise_hook_enabled_for_a_moment) {
  static char first[] = "first", second[] = "second", caught[] = "caught";
  async_promise_t *older = promise_make();
  MUST(async_set_unhandled_rejection_handler(on_unhandled, NULL));
  trace_hook_make(&hook, "", TRACE_ALL & ~(unsigned)TRACE_DESTROY);
  trace_hook_enable(&hook);
  trace_hook_disable(&hook);
  MUST(async_promise_then(older, say, say, caught, NULL));
  async_promise_reject(promise_make(), first);
  async_promise_reject(older, second);
  set_immediate(on_immediate);
}
