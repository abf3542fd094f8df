#include "scenario.h"

static async_immediate_t *second, *fourth;

static void say(async_immediate_t *immediate) {
  trace_print("%s", (const char *)immediate->resource.data);
}

static async_immediate_t *say_later(const char *text) {
  async_immediate_t *immediate = set_immediate(say);
  immediate->resource.data = (void *)(uintptr_t)text;
  return immediate;
}

static void on_tick(void *arg) {
  (void)arg;
  trace_print("tick");
  say_later("fifth");
}

static void on_first(async_immediate_t *immediate) {
  (void)immediate;
  trace_print("first");
  async_immediate_stop(second);
  fourth = say_later("fourth");
  next_tick(on_tick, NULL);
}

static void on_microtask(void *arg) {
  (void)arg;
  say_later("sixth");
}

static void on_third(async_immediate_t *immediate) {
  (void)immediate;
  trace_print("third");
  async_immediate_stop(fourth);
  queue_microtask(on_microtask, NULL);
}

SCENARIO(immediates_make_and_clear) {
  trace_start();
  set_immediate(on_first);
  second = say_later("second");
  set_immediate(on_third);
}
