#include "asyncscope/async_file_handle.h"
#include "asyncscope/async_fs_promises.h"
#include "promise.h"
#include "write_file.h"
#include <fcntl.h>

static async_file_handle_t *handle;

static void *on_open(async_promise_t *derived, void *value, void *arg) {
  static char buffer[16];
  uv_buf_t buf = uv_buf_init(buffer, sizeof(buffer));
  async_promise_t *next = NULL;
  (void)arg;
  trace_print("open");
  handle = async_file_handle_retain(value);
  int error = async_uv_fs_read_promise(
      scenario_loop(), async_file_handle_fd(handle), &buf, 1, 0, &next);
  return async_promise_follow(derived, error, next);
}

static void *on_read(async_promise_t *derived, void *value, void *arg) {
  async_promise_t *next = NULL;
  (void)arg;
  trace_print("read %d", (int)((async_uv_fs_t *)value)->result);
  int error = async_file_handle_close(handle, &next);
  async_file_handle_release(handle);
  return async_promise_follow(derived, error, next);
}

static void *on_closed(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)value, (void)arg;
  trace_print("closed");
  return NULL;
}

SCENARIO(fs_promises_file) {
  async_promise_t *chain;
  write_file("file", "content");
  trace_start_only(" FSREQPROMISE FILEHANDLECLOSEREQ ");
  MUST(async_uv_fs_open_promise(scenario_loop(), "file", O_RDONLY, 0, &chain));
  MUST(async_promise_chain(&chain, on_open, NULL, NULL));
  MUST(async_promise_chain(&chain, on_read, NULL, NULL));
  MUST(async_promise_chain(&chain, on_closed, NULL, NULL));
  promise_keep(chain);
}
