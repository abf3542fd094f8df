#include "scenario.h"

static async_local_storage_t *storage;

static void on_interval(async_timeout_t *timer) {
  static int count;
  trace_store("interval", storage);
  enter_with(storage, "entered");
  trace_store("entered", storage);
  if (++count == 2) {
    clear_timeout(timer);
  }
}

static void in_run(void *arg) {
  (void)arg;
  set_interval(on_interval, 1);
}

SCENARIO(als_interval_starts_fresh) {
  storage = make_storage();
  run_with(storage, "creator", in_run, NULL);
}
