#include "scenario.h"
#include <inttypes.h>

static void say(void *arg) {
  trace_where(arg);
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  trace_where("immediate");
}

SCENARIO(ids_of_top_level) {
  static char in_b[] = "in b", in_c[] = "in c", tick[] = "tick";
  trace_where("root");
  async_resource_t *a = make_resource("A");
  trace_print("a #%" PRId64 " trigger #%" PRId64, async_resource_async_id(a),
              async_resource_trigger_async_id(a));
  run_in(make_triggered("B", -1), say, in_b);
  run_in(make_triggered("C", 0), say, in_c);
  trace_where("root again");
  next_tick(say, tick);
  set_immediate(on_immediate);
}
