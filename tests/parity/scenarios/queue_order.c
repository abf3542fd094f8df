#include "scenario.h"

static void say(void *arg) {
  trace_print("%s", (const char *)arg);
}

#define SAY(queue, text)       \
  do {                         \
    static char said[] = text; \
    queue(say, said);          \
  } while (0)

static void tick_1(void *arg) {
  say(arg);
  SAY(queue_microtask, "microtask of tick 1");
  SAY(next_tick, "tick 3");
}

static void microtask_1(void *arg) {
  say(arg);
  SAY(next_tick, "tick of microtask 1");
  SAY(queue_microtask, "microtask 2");
}

static void next_round(async_immediate_t *immediate) {
  (void)immediate;
  trace_print("immediate of the next round");
}

static void immediate_1(async_immediate_t *immediate) {
  (void)immediate;
  trace_print("immediate 1");
  SAY(next_tick, "tick of immediate 1");
  set_immediate(next_round);
}

static void immediate_2(async_immediate_t *immediate) {
  (void)immediate;
  trace_print("immediate 2");
}

static void on_timer(async_timeout_t *timer) {
  static char tick[] = "tick 1", microtask[] = "microtask 1";
  (void)timer;
  trace_print("timer");
  next_tick(tick_1, tick);
  queue_microtask(microtask_1, microtask);
  SAY(next_tick, "tick 2");
  set_immediate(immediate_1);
  set_immediate(immediate_2);
}

SCENARIO(queue_order) {
  set_timeout(on_timer, 1);
}
