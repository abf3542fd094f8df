#include "asyncscope/async_fail.h"
#include "scenario.h"

static async_local_storage_t *storage;

static void on_uncaught(const char *message, void *data) {
  (void)data;
  trace_where(message);
  trace_store("uncaught", storage);
}

static void fails(void *arg) {
  (void)arg;
  async_fail("from the microtask");
}

static void enters_and_fails(void *arg) {
  (void)arg;
  enter_with(storage, "entered");
  async_fail("from the run");
}

static void in_run(void *arg) {
  (void)arg;
  queue_microtask(enters_and_fails, NULL);
}

static void next(void *arg) {
  (void)arg;
  trace_where("next");
  trace_store("next", storage);
}

SCENARIO(uncaught_in_microtask) {
  trace_start_without(" Immediate ");
  storage = make_storage();
  MUST(async_set_uncaught_exception_handler(on_uncaught, NULL));
  queue_microtask(fails, NULL);
  run_with(storage, "of the run", in_run, NULL);
  queue_microtask(next, NULL);
}
