/* A thread that is ended in a tick, a microtask or a promise's callback which
 * its work has queued: the task fails with the message, another thread takes
 * over, and nothing is left of the first. */
#include "pool_fixture.h"

#include "asyncscope/async_promise.h"
#include <string.h>

static void die(void *arg) {
  (void)arg;
  worker_task_abort("died there");
}

static void *die_reacting(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)value;
  die(arg);
  return NULL;
}

static void die_asked(async_promise_t *promise, void *reason, void *data) {
  (void)promise, (void)reason;
  die(data);
}

/* The resource lies on the stack that is unwound. */
static void die_inside_a_scope(void *arg) {
  async_resource_t resource = {.data = NULL};
  if (async_resource_init(&resource, "POOL_TEST", NULL) == 0 &&
      async_resource_enter(&resource) == 0)
    die(arg);
}

static int queue_tick(worker_task_t *task) {
  (void)task;
  return async_next_tick(die, NULL);
}

static int queue_tick_with_a_scope(worker_task_t *task) {
  (void)task;
  return async_next_tick(die_inside_a_scope, NULL);
}

static int queue_microtask(worker_task_t *task) {
  (void)task;
  return async_queue_microtask(die, NULL);
}

static int queue_microtask_with_a_scope(worker_task_t *task) {
  (void)task;
  return async_queue_microtask(die_inside_a_scope, NULL);
}

static int queue_reaction(worker_task_t *task) {
  async_promise_t *promise;
  (void)task;
  int error = async_promise_create(&promise);
  if (error != 0)
    return error;
  async_promise_resolve(promise, NULL);
  error = async_promise_then(promise, die_reacting, NULL, NULL, NULL);
  async_promise_release(promise);
  return error;
}

static int queue_rejection(worker_task_t *task) {
  async_promise_t *promise;
  (void)task;
  int error = async_promise_create(&promise);
  if (error == 0)
    error = async_set_unhandled_rejection_handler(die_asked, NULL);
  if (error != 0)
    return error;
  async_promise_reject(promise, NULL);
  async_promise_release(promise);
  return 0;
}

static size_t environments(void) {
  size_t count = 0;
  async_env_t *env = async_inspect_next(NULL);
  for (; env != NULL; env = async_inspect_next(env))
    count++;
  return count;
}

static void assert_thread_is_replaced(fixture_t *f, worker_task_work_cb work) {
  size_t before = environments();
  assert_int_equal(submit_work(f, 0, work), 0);
  run_loop(f);
  assert_int_equal(f->jobs[0].status, UV_EIO);
  assert_string_equal(worker_task_error(&f->jobs[0].task), "died there");
  assert_int_equal(submit(f, 1), 0);
  run_loop(f);
  assert_int_equal(f->jobs[1].status, 0);
  assert_int_equal(environments(), before);
}

/* With the frame of a store current what is queued has a resource. */
typedef struct call_s {
  fixture_t *fixture;
  worker_task_work_cb work;
} call_t;

static int submit_first(void *arg) {
  const call_t *call = arg;
  return submit_work(call->fixture, 0, call->work);
}

static void assert_store_is_released(fixture_t *f, worker_task_work_cb work) {
  static char store[] = "store";
  size_t before = environments();
  call_t call = {f, work};
  assert_int_equal(async_local_storage_run(&f->als, store, submit_first, &call),
                   0);
  run_loop(f);
  assert_int_equal(f->jobs[0].status, UV_EIO);
  assert_int_equal(environments(), before);
}

static void a_thread_may_end_in_a_tick(void **state) {
  assert_thread_is_replaced(*state, queue_tick);
}

static void a_thread_may_end_in_a_scope_inside_a_tick(void **state) {
  assert_thread_is_replaced(*state, queue_tick_with_a_scope);
}

static void a_thread_may_end_in_a_microtask(void **state) {
  assert_thread_is_replaced(*state, queue_microtask);
}

static void a_thread_may_end_in_a_scope_inside_a_microtask(void **state) {
  assert_thread_is_replaced(*state, queue_microtask_with_a_scope);
}

static void a_thread_may_end_in_a_promises_callback(void **state) {
  assert_thread_is_replaced(*state, queue_reaction);
}

static void a_thread_may_end_in_the_handler_of_a_rejection(void **state) {
  assert_thread_is_replaced(*state, queue_rejection);
}

static void a_store_is_released_by_who_ends_in_a_microtask(void **state) {
  assert_store_is_released(*state, queue_microtask);
}

static void a_store_is_released_by_who_ends_in_a_promises_callback(
    void **state) {
  assert_store_is_released(*state, queue_reaction);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_pool(a_thread_may_end_in_a_tick),
      cmocka_unit_test_pool(a_thread_may_end_in_a_scope_inside_a_tick),
      cmocka_unit_test_pool(a_thread_may_end_in_a_microtask),
      cmocka_unit_test_pool(a_thread_may_end_in_a_scope_inside_a_microtask),
      cmocka_unit_test_pool(a_thread_may_end_in_a_promises_callback),
      cmocka_unit_test_pool(a_thread_may_end_in_the_handler_of_a_rejection),
      cmocka_unit_test_pool(a_store_is_released_by_who_ends_in_a_microtask),
      cmocka_unit_test_pool(
          a_store_is_released_by_who_ends_in_a_promises_callback),
  };
  return test_main(tests, argc, argv);
}
