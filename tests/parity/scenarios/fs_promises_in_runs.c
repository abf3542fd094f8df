#include "asyncscope/async_fs_promises.h"
#include "promise.h"
#include <stdio.h>

static async_local_storage_t *storage;
static async_promise_t *asked;

static void show(const char *text, void *reason) {
  char line[64];
  snprintf(line, sizeof(line), "%s %s", text,
           uv_err_name(async_promise_reason_status(reason)));
  trace_store(line, storage);
}

static void on_unhandled(async_promise_t *promise, void *reason, void *data) {
  (void)promise, (void)data;
  show("unhandled", reason);
}

static void ask(void *arg) {
  (void)arg;
  MUST(async_uv_fs_stat_promise(scenario_loop(), "not there", &asked));
  promise_keep(asked);
}

static void *on_accessed(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)value, (void)arg;
  trace_store("accessed", storage);
  return NULL;
}

static void *on_caught(async_promise_t *derived, void *reason, void *arg) {
  async_promise_t *next;
  (void)arg;
  show("caught", reason);
  enter_with(storage, "entered");
  MUST(async_uv_fs_access_promise(scenario_loop(), ".", 0, &next));
  MUST(async_promise_chain(&next, on_accessed, NULL, NULL));
  return async_promise_follow(derived, 0, next);
}

static void forget(void *arg) {
  async_promise_t *promise;
  (void)arg;
  MUST(async_uv_fs_stat_promise(scenario_loop(), "not there either", &promise));
  promise_keep(promise);
}

static void on_finally(async_promise_t *derived, void *arg) {
  (void)derived, (void)arg;
  trace_store("finally", storage);
  run_with(storage, "forgets", forget, NULL);
}

static void catch_it(void *arg) {
  async_promise_t *last;
  (void)arg;
  MUST(async_promise_finally(promise_catch(asked, on_caught, NULL), on_finally,
                             NULL, &last));
  promise_keep(last);
}

SCENARIO(fs_promises_in_runs) {
  storage = make_storage();
  MUST(async_set_unhandled_rejection_handler(on_unhandled, NULL));
  run_with(storage, "asks", ask, NULL);
  run_with(storage, "catches", catch_it, NULL);
}
