#include "scenario.h"
#include <stdio.h>

static trace_hook_t early, late;
static int depth;

static void on_early(trace_hook_t *hook, unsigned event, async_id_t async_id) {
  char type[16];
  (void)hook, (void)async_id;
  if (event != TRACE_INIT || depth == 3)
    return;
  depth++;
  trace_hook_enable(&late);
  snprintf(type, sizeof(type), "DEPTH%d", depth);
  make_resource(type);
  if (depth == 3)
    trace_hook_disable(&late);
  if (depth == 3)
    trace_hook_enable(&late);
}

SCENARIO(hook_enabled_and_disabled_in_nested_init) {
  trace_hook_make(&early, "early", TRACE_ALL & ~(unsigned)TRACE_DESTROY);
  trace_hook_make(&late, "late", TRACE_ALL & ~(unsigned)TRACE_DESTROY);
  early.on = on_early;
  trace_hook_enable(&early);
  make_resource("DEPTH0");
  make_resource("NEXT");
}
