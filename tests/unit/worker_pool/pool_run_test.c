/* The one-liner and the promise form. */
#include "pool_fixture.h"
#include "recorder.h"

typedef struct call_s {
  fixture_t *f;
  int result, sum; /* what fn is to answer; what it wrote */
  void *work_store, *done_store;
  int dones, status;
  int fulfilled, rejected;
  async_promise_t *promise;
} call_t;

static int add(void *arg) {
  call_t *call = arg;
  call->work_store = async_local_storage_get_store(&call->f->als);
  call->sum = 42 + 100;
  return call->result;
}

static void on_done(void *arg, int status) {
  call_t *call = arg;
  call->dones++;
  call->status = status;
  call->done_store = async_local_storage_get_store(&call->f->als);
}

static int run_call(void *arg) {
  call_t *call = arg;
  return worker_pool_run(call->f->pool, add, call, on_done);
}

static void a_call_runs_and_comes_back_in_its_context(void **state) {
  call_t call = {.f = *state, .result = UV_ENOENT};
  assert_int_equal(
      async_local_storage_run(&call.f->als, (void *)"caller", run_call, &call),
      0);
  run_loop(call.f);
  assert_int_equal(call.dones, 1);
  assert_int_equal(call.sum, 142);
  assert_int_equal(call.status, UV_ENOENT);
  assert_string_equal(call.work_store, "caller");
  assert_string_equal(call.done_store, "caller");
}

static void note_type(void *arg, int status) {
  call_t *call = arg;
  call->status = status;
  call->done_store =
      (void *)async_resource_type(async_hooks_execution_async_resource());
}

static void the_running_resource_is_alive_in_the_callback(void **state) {
  call_t call = {.f = *state};
  assert_int_equal(worker_pool_run(call.f->pool, add, &call, note_type), 0);
  run_loop(call.f);
  assert_string_equal(call.done_store, "WORK");
}

static void nobody_need_hear_of_a_call(void **state) {
  call_t call = {.f = *state};
  assert_int_equal(worker_pool_run(call.f->pool, add, &call, NULL), 0);
  run_loop(call.f);
  assert_int_equal(call.sum, 142);
}

static void a_call_has_the_events_of_a_task(void **state) {
  call_t call = {.f = *state};
  recorder_t recorder = {0};
  assert_int_equal(recorder_start(&recorder), 0);
  assert_int_equal(worker_pool_run(call.f->pool, add, &call, on_done), 0);
  run_loop(call.f);
  recorder_stop(&recorder);
  assert_true(recorder_has_counts(&recorder, recorder_id(&recorder, "WORK", 0),
                                  1, 1, 1, 1));
  recorder_finish(&recorder);
}

static void a_refused_call_is_not_made(void **state) {
  call_t call = {.f = *state};
  worker_pool_t *pool = call.f->pool;
  assert_int_equal(worker_pool_run(pool, NULL, &call, on_done), UV_EINVAL);
  assert_int_equal(close_pool(call.f, true), 0);
  assert_int_equal(worker_pool_run(pool, add, &call, on_done), UV_ECANCELED);
  assert_int_equal(worker_pool_promise(pool, add, &call, &call.promise),
                   UV_ECANCELED);
  run_loop(call.f);
  assert_int_equal(call.dones + call.sum, 0);
}

static void *on_fulfilled(async_promise_t *derived, void *value, void *arg) {
  call_t *call = arg;
  (void)derived;
  call->fulfilled += value == call;
  call->done_store = async_local_storage_get_store(&call->f->als);
  return NULL;
}

static void *on_rejected(async_promise_t *derived, void *reason, void *arg) {
  call_t *call = arg;
  (void)derived;
  call->rejected++;
  call->status = (int)(intptr_t)reason;
  return NULL;
}

static int promise_call(void *arg) {
  call_t *call = arg;
  int error = worker_pool_promise(call->f->pool, add, call, &call->promise);
  return error != 0 ? error
                    : async_promise_then(call->promise, on_fulfilled,
                                         on_rejected, call, NULL);
}

static void a_promise_is_fulfilled_in_the_context_of_its_then(void **state) {
  call_t call = {.f = *state};
  assert_int_equal(async_local_storage_run(&call.f->als, (void *)"caller",
                                           promise_call, &call),
                   0);
  run_loop(call.f);
  async_promise_release(call.promise);
  assert_int_equal(call.fulfilled, 1);
  assert_int_equal(call.rejected, 0);
  assert_string_equal(call.done_store, "caller");
}

static void a_promise_is_rejected_with_the_status(void **state) {
  call_t call = {.f = *state, .result = UV_ENOENT};
  assert_int_equal(promise_call(&call), 0);
  run_loop(call.f);
  async_promise_release(call.promise);
  assert_int_equal(call.fulfilled, 0);
  assert_int_equal(call.rejected, 1);
  assert_int_equal(call.status, UV_ENOENT);
}

static int aborting(void *arg) {
  (void)arg;
  worker_task_abort("gone");
}

static void a_call_that_kills_its_worker_rejects(void **state) {
  call_t call = {.f = *state};
  assert_int_equal(
      worker_pool_promise(call.f->pool, aborting, &call, &call.promise), 0);
  assert_int_equal(
      async_promise_then(call.promise, on_fulfilled, on_rejected, &call, NULL),
      0);
  run_loop(call.f);
  async_promise_release(call.promise);
  assert_int_equal(call.status, UV_EIO);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_pool(a_call_runs_and_comes_back_in_its_context),
      cmocka_unit_test_pool(the_running_resource_is_alive_in_the_callback),
      cmocka_unit_test_pool(nobody_need_hear_of_a_call),
      cmocka_unit_test_pool(a_call_has_the_events_of_a_task),
      cmocka_unit_test_pool(a_refused_call_is_not_made),
      cmocka_unit_test_pool(a_promise_is_fulfilled_in_the_context_of_its_then),
      cmocka_unit_test_pool(a_promise_is_rejected_with_the_status),
      cmocka_unit_test_pool(a_call_that_kills_its_worker_rejects),
  };
  return test_main(tests, argc, argv);
}
