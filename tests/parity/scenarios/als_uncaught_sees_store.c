#include "asyncscope/async_fail.h"
#include "scenario.h"

static async_local_storage_t *storage;

static void on_uncaught(const char *message, void *data) {
  (void)data;
  trace_store(message, storage);
}

static void fails(async_timeout_t *timer) {
  (void)timer;
  async_fail("from a timer");
}

static void in_run(void *arg) {
  (void)arg;
  set_timeout(fails, 1);
}

SCENARIO(als_uncaught_sees_store) {
  storage = make_storage();
  MUST(async_set_uncaught_exception_handler(on_uncaught, NULL));
  run_with(storage, "of the run", in_run, NULL);
}
