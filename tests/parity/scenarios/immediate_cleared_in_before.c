#include "scenario.h"

static async_hook_t hook;
static async_immediate_t immediates[3];

static void on_immediate(async_immediate_t *immediate) {
  char text[] = "immediate 1";
  text[sizeof(text) - 2] = (char)('1' + (immediate - immediates));
  trace_where(text);
}

static void on_before(async_id_t async_id, void *data) {
  (void)async_id, (void)data;
  async_immediate_stop(&immediates[0]);
  async_immediate_stop(&immediates[1]);
}

static void disable(void *arg) {
  async_hook_disable(arg);
}

SCENARIO(immediate_cleared_in_before) {
  static const async_hook_callbacks_t callbacks = {.before = on_before};
  trace_start();
  for (int i = 0; i < 3; i++)
    MUST(async_immediate_start(&immediates[i], on_immediate));
  MUST(async_hook_init(&hook, &callbacks, NULL));
  MUST(async_hook_enable(&hook));
  scenario_at_end(disable, &hook);
}
