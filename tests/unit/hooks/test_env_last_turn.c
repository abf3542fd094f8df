/* The last turn of an environment: what hooks, releases and handlers enter and
 * queue while it ends is given back with it. */
#include "counting_allocator.h"
#include "hooks_fixture.h"

#include "asyncscope/async_context_frame.h"
#include "asyncscope/async_fail.h"
#include "asyncscope/async_promise.h"
#include "asyncscope/async_worker.h"
#include <stdlib.h>

/* Set once for each test; callbacks on one thread at a time use them. */
static async_context_key_t key;
static int left, released, called;

static int setup(void **state) {
  return counting_allocator_install() != 0 || fixture_setup(state) != 0
             ? -1
             : async_context_key_create("k", &key);
}

static int teardown(void **state) {
  async_context_key_destroy(&key);
  return fixture_teardown(state);
}

#define cmocka_unit_test_last_turn(test) \
  cmocka_unit_test_setup_teardown(test, setup, teardown)

static void live_and_end(fixture_t *fixture, void (*before_end)(void)) {
  left = released = called = 0;
  assert_int_equal(async_env_attach(&fixture->loop), 0);
  before_end();
  assert_int_equal(async_env_detach(), 0);
}

/* Runs `before_end` in an environment that ends behind it; all of its memory
 * goes. The names of types stay: the first time makes them. */
static void assert_nothing_stays(fixture_t *fixture, void (*before_end)(void)) {
  assert_int_equal(async_env_detach(), 0);
  live_and_end(fixture, before_end);
  long live = counting_allocator_live();
  live_and_end(fixture, before_end);
  assert_int_equal(counting_allocator_live(), live);
  assert_int_equal(async_env_attach(&fixture->loop), 0);
}

static void enter(void (*release)(void *store)) {
  static int store;
  async_context_value_t value = {.store = &store, .release = release};
  (void)async_context_set(&key, &value);
}

static void count_release(void *store) {
  (void)store;
  released++;
}

static void enter_another(void *store) {
  (void)store;
  released++;
  if (left > 0) {
    left--;
    enter(enter_another);
  }
}

static void enter_what_enters_another(void) {
  left = 1;
  enter(enter_another);
}

static void what_a_release_enters_is_released_too(void **state) {
  assert_nothing_stays(*state, enter_what_enters_another);
  assert_int_equal(released, 2);
}

/* However often it is done. */
static void enter_what_never_ends(void) {
  left = 1000;
  enter(enter_another);
}

static void releases_that_never_end_are_no_leak(void **state) {
  assert_nothing_stays(*state, enter_what_never_ends);
  assert_true(released > 1);
}

static void fail_at_release(void *store) {
  (void)store;
  released++;
  async_fail("in a release");
}

static void enter_in_handler(const char *message, void *data) {
  (void)message, (void)data;
  called++;
  enter(count_release);
}

static void enter_what_fails(void) {
  (void)async_set_uncaught_exception_handler(enter_in_handler, NULL);
  enter(fail_at_release);
}

static void what_a_handler_enters_is_released(void **state) {
  assert_nothing_stays(*state, enter_what_fails);
  assert_int_equal(called, 1);
  assert_int_equal(released, 2);
}

static void enter_in_init(async_id_t async_id, const char *type,
                          async_id_t trigger_async_id,
                          async_resource_t *resource, void *data) {
  (void)async_id, (void)type, (void)trigger_async_id, (void)resource;
  (void)data;
  enter(count_release);
}

static void do_nothing(void *arg) {
  (void)arg;
}

static void queue_at_release(void *store) {
  (void)store;
  (void)async_next_tick(do_nothing, NULL);
}

static async_hook_t hook;

static void enter_what_queues(void) {
  async_hook_callbacks_t callbacks = {.init = enter_in_init};
  (void)async_hook_init(&hook, &callbacks, NULL);
  (void)async_hook_enable(&hook);
  enter(queue_at_release);
}

static void what_an_init_hook_enters_is_released(void **state) {
  assert_nothing_stays(*state, enter_what_queues);
  assert_int_equal(released, 1);
}

/* A destroy hook and a tick that call for each other. */
static bool queued;

static void make_and_end(void *arg) {
  async_resource_t resource;
  queued = false;
  enter(count_release);
  if (async_resource_init(&resource, "T", NULL) == 0)
    async_resource_finish(&resource);
  (void)arg;
}

static void queue_to_make(void) {
  if (!queued)
    (void)async_next_tick(make_and_end, NULL);
  queued = true;
}

static void queue_in_destroy(async_id_t async_id, void *data) {
  (void)async_id, (void)data;
  called++;
  enter(count_release);
  queue_to_make();
}

static void start_what_never_ends(void) {
  async_hook_callbacks_t callbacks = {.destroy = queue_in_destroy};
  (void)async_hook_init(&hook, &callbacks, NULL);
  (void)async_hook_enable(&hook);
  queued = false;
  make_and_end(NULL);
}

static void ticks_of_destroy_hooks_that_never_end_are_no_leak(void **state) {
  assert_nothing_stays(*state, start_what_never_ends);
  assert_true(called > 1);
}

static void fail_again(void *arg) {
  (void)arg;
  called++;
  async_fail("again");
}

static void go_on(const char *message, void *data) {
  (void)message, (void)data;
}

#define MANY 1000

/* Behind each the ticks are deferred. */
static void queue_many_that_fail(void) {
  (void)async_set_uncaught_exception_handler(go_on, NULL);
  for (int i = 0; i < MANY; i++) {
    (void)async_next_tick(fail_again, NULL);
    (void)async_queue_microtask(fail_again, NULL);
  }
}

static void many_that_fail_are_no_leak(void **state) {
  assert_nothing_stays(*state, queue_many_that_fail);
  assert_true(called > 1);
}

static void *fail_in_then(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)value, (void)arg;
  called++;
  return NULL;
}

/* Their jobs and rejections wait behind ticks that are deferred. */
static void queue_promises_behind(void) {
  enter(count_release);
  queue_many_that_fail();
  for (int i = 0; i < 10; i++) {
    async_promise_t *first, *second;
    if (async_promise_create(&first) != 0 || async_promise_create(&second) != 0)
      return;
    (void)async_promise_then(first, fail_in_then, NULL, NULL, NULL);
    (void)async_promise_resolve_with(second, first);
    (void)async_promise_reject(first, NULL);
    async_promise_release(first);
    async_promise_release(second);
  }
}

static void promises_behind_them_are_no_leak(void **state) {
  assert_nothing_stays(*state, queue_promises_behind);
  assert_int_equal(released, 1);
}

static async_resource_t ended[8];

static int detached;

static void detach_in_destroy(async_id_t async_id, void *data) {
  (void)async_id, (void)data;
  called++;
  detached = async_env_detach();
  (void)async_next_tick(do_nothing, NULL);
}

static void end_some(void) {
  async_hook_callbacks_t callbacks = {.destroy = detach_in_destroy};
  (void)async_hook_init(&hook, &callbacks, NULL);
  (void)async_hook_enable(&hook);
  enter(count_release);
  for (int i = 0; i < 8; i++) {
    (void)async_resource_init(&ended[i], "T", NULL);
    async_resource_finish(&ended[i]);
  }
}

static void a_destroy_hook_cannot_end_the_environment(void **state) {
  assert_nothing_stays(*state, end_some);
  assert_int_equal(detached, UV_EBUSY);
  assert_true(called >= 8);
  assert_int_equal(released, 1);
}

static void exit_in_destroy(async_id_t async_id, void *data) {
  (void)async_id, (void)data;
  called++;
  enter(enter_another);
  queue_to_make();
  (void)async_worker_exit(7);
}

static void end_in_worker(void *worker_data) {
  static async_hook_t of_worker;
  async_hook_callbacks_t callbacks = {.destroy = exit_in_destroy};
  left = 1000;
  queued = false;
  (void)async_hook_init(&of_worker, &callbacks, NULL);
  (void)async_hook_enable(&of_worker);
  enter(enter_another);
  for (int i = 0; i < 8; i++) {
    (void)async_resource_init(&ended[i], "T", NULL);
    async_resource_finish(&ended[i]);
  }
  (void)worker_data;
}

static void on_exit_of(async_worker_t *worker, int exit_code) {
  *(int *)async_worker_get_data(worker) = exit_code;
}

static int run_worker(uv_loop_t *loop) {
  int exit_code = -1;
  async_worker_t *worker;
  async_worker_options_t options = {.on = {.exit = on_exit_of},
                                    .data = &exit_code};
  assert_int_equal(async_env_attach(loop), 0);
  assert_int_equal(async_worker_create(end_in_worker, &options, &worker), 0);
  uv_run(loop, UV_RUN_DEFAULT);
  assert_int_equal(async_env_detach(), 0);
  return exit_code;
}

/* The names of types stay: the first one makes them. */
static void a_worker_may_exit_in_a_destroy_hook(void **state) {
  fixture_t *fixture = *state;
  assert_int_equal(async_env_detach(), 0);
  assert_int_equal(run_worker(&fixture->loop), 7);
  long live = counting_allocator_live();
  assert_int_equal(run_worker(&fixture->loop), 7);
  assert_int_equal(counting_allocator_live(), live);
  assert_true(called > 1);
  assert_int_equal(async_env_attach(&fixture->loop), 0);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_last_turn(what_a_release_enters_is_released_too),
      cmocka_unit_test_last_turn(releases_that_never_end_are_no_leak),
      cmocka_unit_test_last_turn(what_a_handler_enters_is_released),
      cmocka_unit_test_last_turn(what_an_init_hook_enters_is_released),
      cmocka_unit_test_last_turn(
          ticks_of_destroy_hooks_that_never_end_are_no_leak),
      cmocka_unit_test_last_turn(many_that_fail_are_no_leak),
      cmocka_unit_test_last_turn(promises_behind_them_are_no_leak),
      cmocka_unit_test_last_turn(a_destroy_hook_cannot_end_the_environment),
      cmocka_unit_test_last_turn(a_worker_may_exit_in_a_destroy_hook),
  };
  return test_main(tests, argc, argv);
}
