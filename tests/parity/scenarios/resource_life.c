#include "scenario.h"
#include <inttypes.h>

static void ids_of(const async_resource_t *resource) {
  trace_print("id #%" PRId64 " trigger #%" PRId64,
              async_resource_async_id(resource),
              async_resource_trigger_async_id(resource));
}

static void say(void *arg) {
  trace_where(arg);
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  trace_print("done");
}

SCENARIO(resource_life) {
  static char once[] = "once", twice[] = "twice";
  trace_start();
  async_resource_t *defaulted = make_resource("defaulted");
  ids_of(defaulted);
  async_resource_t *explicit = make_triggered("explicit", 111);
  ids_of(explicit);
  run_in(explicit, say, once);
  run_in(explicit, say, twice);
  MUST(async_resource_emit_destroy(explicit));
  MUST(async_resource_emit_destroy(defaulted));
  trace_print("emitted");
  set_immediate(on_immediate);
}
