#include "scenario.h"
#include <inttypes.h>

static async_id_t a, b;

static void on_tick(void *arg) {
  (void)arg;
  trace_print("the tick took the id %" PRId64 " after",
              async_hooks_execution_async_id() - b);
}

static void on_timeout(async_timeout_t *timer) {
  (void)timer;
  trace_print("the timer took the id %" PRId64 " after",
              async_hooks_execution_async_id() - a);
  b = async_resource_async_id(make_resource("B"));
  next_tick(on_tick, NULL);
}

SCENARIO(ids_without_hooks) {
  a = async_resource_async_id(make_resource("A"));
  set_timeout(on_timeout, 1);
}
