#include "promise.h"
#include "scenario.h"

static void say(void *arg) {
  trace_print("%s", (const char *)arg);
}

static void *then_2(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)value, (void)arg;
  trace_print("then 2");
  return NULL;
}

static void *then_1(async_promise_t *derived, void *value, void *arg) {
  static char tick[] = "tick", microtask[] = "microtask";
  (void)derived, (void)value, (void)arg;
  trace_print("then 1");
  next_tick(say, tick);
  queue_microtask(say, microtask);
  promise_then(promise_resolved(NULL), then_2, NULL);
  return NULL;
}

SCENARIO(promise_and_queues) {
  static char first[] = "first tick";
  promise_then(promise_resolved(NULL), then_1, NULL);
  next_tick(say, first);
}
