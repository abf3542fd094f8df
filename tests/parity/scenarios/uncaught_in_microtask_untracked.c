#include "asyncscope/async_fail.h"
#include "scenario.h"

static async_local_storage_t *storage;

static void on_uncaught(const char *message, void *data) {
  (void)data;
  trace_where(message);
  trace_store("uncaught", storage);
}

static void enters_and_fails(void *arg) {
  (void)arg;
  enter_with(storage, "entered");
  async_fail("from the microtask");
}

SCENARIO(uncaught_in_microtask_untracked) {
  storage = make_storage();
  MUST(async_set_uncaught_exception_handler(on_uncaught, NULL));
  queue_microtask(enters_and_fails, NULL);
}
