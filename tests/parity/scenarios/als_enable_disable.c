#include "scenario.h"

static async_local_storage_t *storage;

static void say(void *arg) {
  trace_store(arg, storage);
}

static int in_exit(void *arg) {
  (void)arg;
  trace_store("exit", storage);
  return 0;
}

static void last_tick(void *arg) {
  static char text[] = "run again";
  (void)arg;
  trace_store("last tick", storage);
  run_with(storage, "two", say, text);
}

static void on_tick(void *arg) {
  static char before[] = "tick queued before disable";
  static char after[] = "tick queued after disable";
  (void)arg;
  trace_store("tick", storage);
  next_tick(say, before);
  async_local_storage_disable(storage);
  trace_store("disabled", storage);
  next_tick(say, after);
  MUST(async_local_storage_exit(storage, in_exit, NULL));
  trace_store("after exit", storage);
  next_tick(last_tick, NULL);
}

static void in_run(void *arg) {
  (void)arg;
  next_tick(on_tick, NULL);
}

SCENARIO(als_enable_disable) {
  storage = make_storage();
  run_with(storage, "one", in_run, NULL);
}
