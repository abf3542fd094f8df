#include "scenario.h"

static void on_tick(void *arg) {
  (void)arg;
  trace_where("tick");
}

SCENARIO(default_trigger_scope) {
  trace_start();
  async_id_t owner = async_resource_async_id(make_resource("owner"));
  async_id_t before = async_default_trigger_scope_open(owner);
  make_resource("defaulted");
  make_triggered("explicit", 1);
  next_tick(on_tick, NULL);
  async_default_trigger_scope_close(before);
  make_resource("outside");
}
