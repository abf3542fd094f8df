#include "asyncscope/async_fail.h"
#include "scenario.h"
#include <stdio.h>

static async_local_storage_t *storage;

static void say(void *text) {
  trace_store(text, storage);
}

static void on_uncaught(const char *message, void *data) {
  char text[48];
  (void)data;
  snprintf(text, sizeof(text), "uncaught %s", message);
  trace_store(text, storage);
  enter_with(storage, "entered in the handler");
  next_tick(say, (void *)(uintptr_t) "tick of the handler");
}

static void fail_tick(void *arg) {
  (void)arg;
  async_fail("tick");
}

static void fail_immediate(async_immediate_t *immediate) {
  (void)immediate;
  async_fail("immediate");
}

static void in_run(void *arg) {
  (void)arg;
  next_tick(fail_tick, NULL);
  set_immediate(fail_immediate);
}

static void next_immediate(async_immediate_t *immediate) {
  (void)immediate;
  trace_store("next immediate", storage);
}

SCENARIO(als_enter_with_in_uncaught) {
  storage = make_storage();
  MUST(async_set_uncaught_exception_handler(on_uncaught, NULL));
  run_with(storage, "run", in_run, NULL);
  set_immediate(next_immediate);
}
