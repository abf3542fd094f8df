#include "asyncscope/async_fs_promises.h"
#include "promise.h"
#include "write_file.h"

static void *on_stat(async_promise_t *derived, void *value, void *arg) {
  async_promise_t *next = NULL;
  (void)arg;
  trace_print("size %d", (int)((async_uv_fs_t *)value)->statbuf.st_size);
  int error = async_uv_fs_stat_promise(scenario_loop(), "not there", &next);
  return async_promise_follow(derived, error, next);
}

static void *on_error(async_promise_t *derived, void *reason, void *arg) {
  (void)derived, (void)arg;
  trace_print("%s", uv_err_name(async_promise_reason_status(reason)));
  return NULL;
}

SCENARIO(fs_promises_stat) {
  async_promise_t *chain;
  write_file("file", "content");
  trace_start_only(" FSREQPROMISE ");
  MUST(async_uv_fs_stat_promise(scenario_loop(), "file", &chain));
  MUST(async_promise_chain(&chain, on_stat, NULL, NULL));
  MUST(async_promise_chain(&chain, NULL, on_error, NULL));
  promise_keep(chain);
  trace_print("asked");
}
