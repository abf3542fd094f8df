#include "asyncscope/async_file_handle.h"
#include "promise.h"
#include "write_file.h"
#include <fcntl.h>

static void *on_open(async_promise_t *derived, void *value, void *arg) {
  async_promise_t *next = NULL;
  (void)arg;
  trace_print("open");
  int error = async_file_handle_close(value, &next);
  return async_promise_follow(derived, error, next);
}

static void *on_closed(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)value, (void)arg;
  trace_print("closed");
  return NULL;
}

SCENARIO(fs_promises_file_handle) {
  static trace_hook_t hook;
  async_promise_t *chain;
  write_file("file", "content");
  trace_hook_make(&hook, "", TRACE_INIT);
  hook.only = " FILEHANDLE ";
  trace_hook_enable(&hook);
  MUST(async_uv_fs_open_promise(scenario_loop(), "file", O_RDONLY, 0, &chain));
  MUST(async_promise_chain(&chain, on_open, NULL, NULL));
  MUST(async_promise_chain(&chain, on_closed, NULL, NULL));
  promise_keep(chain);
}
