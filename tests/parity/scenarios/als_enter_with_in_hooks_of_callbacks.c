#include "scenario.h"

static async_local_storage_t *storage;
static trace_hook_t hook;

static void on_event(trace_hook_t *self, unsigned event, async_id_t async_id) {
  static const char *const in[] = {"in init", "in before", "in after",
                                   "in destroy"};
  static const char *const entered[] = {
      "", "entered in before", "entered in after", "entered in destroy"};
  size_t word = 0;
  (void)self, (void)async_id;
  while (event >> (word + 1) != 0)
    word++;
  trace_store(in[word], storage);
  if (event != TRACE_INIT)
    enter_with(storage, entered[word]);
}

static void on_tick(void *arg) {
  (void)arg;
  trace_store("tick", storage);
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  trace_store("immediate", storage);
  next_tick(on_tick, NULL);
}

static void on_timeout(async_timeout_t *timer) {
  (void)timer;
  trace_store("timeout", storage);
  set_immediate(on_immediate);
}

SCENARIO(als_enter_with_in_hooks_of_callbacks) {
  storage = make_storage();
  trace_hook_make(&hook, "", TRACE_ALL);
  hook.only = " Timeout Immediate ";
  hook.on = on_event;
  trace_hook_enable(&hook);
  set_timeout(on_timeout, 1);
}
