#include "scenario.h"
#include <inttypes.h>

static async_id_t a;

static void on_microtask(void *arg) {
  (void)arg;
  async_id_t b = async_resource_async_id(make_resource("B"));
  trace_print("ids taken in between: %" PRId64, b - a - 1);
}

SCENARIO(microtask_without_hooks) {
  a = async_resource_async_id(make_resource("A"));
  queue_microtask(on_microtask, NULL);
}
