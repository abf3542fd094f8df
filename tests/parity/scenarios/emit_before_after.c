#include "scenario.h"

SCENARIO(emit_before_after) {
  async_resource_t *silent = make_triggered("R", 1);
  MUST(async_resource_enter(silent));
  trace_where("without a hook");
  async_resource_leave(silent);
  async_resource_t *heard = make_triggered("R", 1);
  trace_start();
  MUST(async_resource_enter(heard));
  trace_where("with a hook");
  async_resource_leave(heard);
  trace_where("afterwards");
}
