#include "scenario.h"

static async_local_storage_t *storage;

static void of_it(async_timeout_t *timer) {
  (void)timer;
  trace_store("timer of it", storage);
}

static void unrelated(async_timeout_t *timer) {
  (void)timer;
  trace_store("unrelated timer", storage);
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  enter_with(storage, "entered");
  trace_store("same callback", storage);
  set_timeout(of_it, 1);
}

SCENARIO(als_enter_with) {
  storage = make_storage();
  set_immediate(on_immediate);
  set_timeout(unrelated, 300);
}
