#include "scenario.h"

SCENARIO(destroy_keeps_loop_alive) {
  trace_start();
  MUST(async_resource_emit_destroy(make_resource("R")));
  trace_print("nothing else is left");
}
