#include "scenario.h"
#include "write_file.h"

static void watch(async_uv_fs_poll_t *watcher, async_uv_fs_poll_cb cb,
                  const char *path) {
  MUST(async_uv_fs_poll_init(scenario_loop(), watcher));
  scenario_at_end(close_at_end, watcher);
  MUST(async_uv_fs_poll_start(watcher, cb, path, 20));
}

static void on_one(async_uv_fs_poll_t *watcher, int status,
                   const uv_stat_t *prev, const uv_stat_t *curr) {
  (void)status, (void)prev, (void)curr;
  trace_where("one changed");
  MUST(async_uv_fs_poll_stop(watcher));
  write_file("two", "bb");
}

static void on_two(async_uv_fs_poll_t *watcher, int status,
                   const uv_stat_t *prev, const uv_stat_t *curr) {
  (void)status, (void)prev, (void)curr;
  trace_where("two changed");
  MUST(async_uv_fs_poll_stop(watcher));
}

static void on_timeout(async_timeout_t *timer) {
  (void)timer;
  write_file("one", "bb");
}

SCENARIO(fs_poll_two) {
  static trace_hook_t hook;
  static async_uv_fs_poll_t one, two;
  write_file("one", "a");
  write_file("two", "a");
  trace_hook_make(&hook, "", TRACE_INIT | TRACE_BEFORE | TRACE_AFTER);
  hook.only = " STATWATCHER ";
  trace_hook_enable(&hook);
  watch(&one, on_one, "one");
  watch(&two, on_two, "two");
  set_timeout(on_timeout, 100);
}
