#include "asyncscope/async_fail.h"
#include "scenario.h"
#include <stdio.h>

static async_local_storage_t *storage;

static void print_where(void *text) {
  trace_where(text);
}

static void on_uncaught(const char *message, void *data) {
  char text[ASYNC_FAILURE_BYTES + 16];
  (void)data;
  snprintf(text, sizeof(text), "uncaught %s", message);
  trace_where(text);
  trace_store("handler", storage);
  next_tick(print_where, (void *)"tick of the handler");
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  trace_where("immediate");
}

SCENARIO(uncaught_at_top_level) {
  trace_start_without(" Immediate ");
  storage = make_storage();
  MUST(async_set_uncaught_exception_handler(on_uncaught, NULL));
  next_tick(print_where, (void *)"tick");
  queue_microtask(print_where, (void *)"microtask");
  set_immediate(on_immediate);
  enter_with(storage, "top");
  async_fail("top level");
}
