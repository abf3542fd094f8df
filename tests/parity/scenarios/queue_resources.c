#include "scenario.h"

static void say(void *arg) {
  trace_print("%s", (const char *)arg);
}

static void on_tick(void *arg) {
  next_tick(say, arg);
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  trace_print("immediate");
}

static void never(async_timeout_t *timer) {
  (void)timer;
  trace_print("never");
}

SCENARIO(queue_resources) {
  static char tick[] = "nested tick", microtask[] = "microtask";
  trace_start();
  next_tick(on_tick, tick);
  queue_microtask(say, microtask);
  set_immediate(on_immediate);
  clear_timeout(set_timeout(never, 50));
  async_immediate_stop(set_immediate(on_immediate));
}
