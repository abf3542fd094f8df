#include "fs_promise_probe.h"

struct begun_s begun;

/* A rejection that nobody asked for would end the test. */
static void ask_nothing(async_promise_t *promise, void *reason, void *data) {
  (void)promise, (void)reason, (void)data;
}

static void run(uv_fixture_t *fixture, int error,
                const async_promise_t *promise) {
  assert_int_equal(error, 0);
  assert_int_equal(async_set_unhandled_rejection_handler(ask_nothing, NULL), 0);
  assert_int_equal(async_promise_state(promise), ASYNC_PROMISE_PENDING);
  uv_fixture_run(fixture);
  assert_int_not_equal(async_promise_state(promise), ASYNC_PROMISE_PENDING);
}

settled_t settle_request(uv_fixture_t *fixture, int error,
                         async_promise_t *promise) {
  run(fixture, error, promise);
  settled_t settled = {.fs_type = UV_FS_UNKNOWN};
  void *result = async_promise_result(promise);
  if (async_promise_state(promise) == ASYNC_PROMISE_REJECTED) {
    settled.result = async_promise_reason_status(result);
  } else {
    settled.fs_type = ((async_uv_fs_t *)result)->fs_type;
    settled.result = ((async_uv_fs_t *)result)->result;
  }
  async_promise_release(promise);
  return settled;
}

void *settle_value(uv_fixture_t *fixture, int error, async_promise_t *promise) {
  run(fixture, error, promise);
  assert_int_equal(async_promise_state(promise), ASYNC_PROMISE_FULFILLED);
  return async_promise_result(promise);
}
