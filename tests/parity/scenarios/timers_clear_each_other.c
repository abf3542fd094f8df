#include "scenario.h"

static async_timeout_t *a, *b, *c, *e;

static void clear(void *timer) {
  clear_timeout(timer);
}

static void on_a(async_timeout_t *timer) {
  trace_print("a");
  clear_timeout(b);
  clear_timeout(timer);
  next_tick(clear, c);
}

static void say(async_timeout_t *timer) {
  trace_print("%s", (const char *)timer->resource.data);
}

static void on_microtask(void *arg) {
  (void)arg;
  trace_print("microtask");
  clear_timeout(e);
}

static void on_d(async_timeout_t *timer) {
  (void)timer;
  trace_print("d");
  queue_microtask(on_microtask, NULL);
}

SCENARIO(timers_clear_each_other) {
  trace_start();
  a = set_timeout(on_a, 2);
  b = set_timeout(say, 2);
  b->resource.data = (void *)(uintptr_t) "b";
  c = set_timeout(say, 2);
  c->resource.data = (void *)(uintptr_t) "c";
  set_timeout(on_d, 2);
  e = set_interval(say, 2);
  e->resource.data = (void *)(uintptr_t) "e";
  be_busy(20);
}
