/* Failures in a worker: what reaches its creator, and what does not. */
#include "worker_probe.h"

#include "asyncscope/async_fail.h"
#include "asyncscope/async_promise.h"
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static void fail_in_main(void *worker_data) {
  (void)worker_data;
  tick_forever(NULL);
  async_fail("in main");
}

static void a_failing_main_is_an_error_and_exit_code_one(void **state) {
  probe_assert_failed_with(state, fail_in_main, "in main");
}

static void fail_in_timer(async_uv_timer_t *timer) {
  (void)timer;
  async_fail("in a timer");
}

static void start_failing_timer(void *worker_data) {
  static async_uv_timer_t timer;
  (void)worker_data;
  tick_forever(NULL);
  if (async_uv_timer_init(async_env_loop(), &timer) == 0) {
    (void)async_uv_timer_start(&timer, fail_in_timer, 0, 0);
  }
}

static void a_failing_callback_is_an_error(void **state) {
  probe_assert_failed_with(state, start_failing_timer, "in a timer");
}

static void fail_outside(uv_timer_t *timer) {
  (void)timer;
  async_fail("outside of every scope");
}

static void start_plain_timer(void *worker_data) {
  static uv_timer_t timer;
  (void)worker_data;
  uv_timer_init(async_env_loop(), &timer);
  uv_timer_start(&timer, fail_outside, 0, 1);
}

static void a_failure_outside_of_every_scope_is_an_error(void **state) {
  probe_assert_failed_with(state, start_plain_timer, "outside of every scope");
}

static void fail_in_hook(async_id_t async_id, const char *type,
                         async_id_t trigger_async_id,
                         async_resource_t *resource, void *data) {
  (void)async_id, (void)type, (void)trigger_async_id, (void)resource;
  (void)data;
  async_fail("in a hook");
}

static void enable_failing_hook(void *worker_data) {
  static const async_hook_callbacks_t callbacks = {.init = fail_in_hook};
  static async_hook_t hook;
  async_resource_t resource;
  (void)worker_data;
  async_hook_init(&hook, &callbacks, NULL);
  if (async_hook_enable(&hook) == 0 &&
      async_resource_init(&resource, "R", NULL) == 0) {
    async_resource_finish(&resource);
  }
}

static void a_failing_hook_ends_only_its_worker(void **state) {
  probe_assert_failed_with(state, enable_failing_hook, "in a hook");
}

static void reject_a_promise(void *worker_data) {
  async_promise_t *promise;
  (void)worker_data;
  if (async_promise_create(&promise) == 0) {
    async_promise_reject(promise, NULL);
    async_promise_release(promise);
  }
}

static void a_rejection_nobody_handles_is_an_error(void **state) {
  probe_assert_failed_with(state, reject_a_promise,
                           "a promise was rejected and nobody handled it");
}

static void fail_twice(void *worker_data) {
  start_failing_timer(worker_data);
  async_fail("first");
}

static void the_first_failure_is_reported(void **state) {
  probe_assert_failed_with(state, fail_twice, "first");
}

static void handle(const char *message, void *data) {
  int *handled = data;
  *handled += strcmp(message, "in a timer") == 0;
  (void)async_worker_exit(5);
}

static void handle_in_worker(void *worker_data) {
  (void)async_set_uncaught_exception_handler(handle, worker_data);
  start_failing_timer(NULL);
}

static void a_failure_that_the_worker_handles_goes_no_further(void **state) {
  int handled = 0;
  worker_probe_t probe = {.worker = NULL};
  probe_run(&probe, *state, handle_in_worker, &handled);
  assert_int_equal(handled, 1);
  assert_int_equal(probe.error.calls, 0);
  assert_int_equal(probe.exit_code, 5);
}

static void fail_again(const char *message, void *data) {
  (void)message, (void)data;
  async_fail("in the handler");
}

static void handle_badly(void *worker_data) {
  (void)async_set_uncaught_exception_handler(fail_again, worker_data);
  start_failing_timer(NULL);
}

static void a_failing_handler_is_an_error(void **state) {
  probe_assert_failed_with(state, handle_badly, "in the handler");
}

static void post_then_fail(void *worker_data) {
  int *failed = worker_data;
  for (int i = 0; i < 3; i++) {
    WORKER_CHECK(failed, post_number(async_worker_parent_port(), i) == 0);
  }
  async_fail("behind three messages");
}

static void messages_come_before_error_and_error_before_exit(void **state) {
  uv_fixture_t *fixture = *state;
  int failed = 0;
  worker_probe_t probe = {.worker = NULL};
  probe_run(&probe, fixture, post_then_fail, &failed);
  assert_int_equal(failed, 0);
  assert_events(fixture, "", "online, message, message, message, error, exit");
}

static void say_failed(async_env_cleanup_t *cleanup) {
  uv_sem_post(cleanup->data);
}

/* Cleanup hooks run when the creator has been told of the failure. */
static void post_fail_and_say_so(void *worker_data) {
  static async_env_cleanup_t cleanup;
  cleanup.data = worker_data;
  if (async_env_add_cleanup_hook(&cleanup, say_failed) == 0 &&
      post_number(async_worker_parent_port(), 1) == 0)
    async_fail("behind a message");
}

static void run_to_the_end(worker_probe_t *probe) {
  uv_run(&probe->fixture->loop, UV_RUN_DEFAULT);
}

/* The message is one of those that are delivered before the error. */
static void a_message_may_run_the_loop_to_the_end_of_its_worker(void **state) {
  uv_fixture_t *fixture = *state;
  uv_sem_t failed;
  worker_probe_t probe = {.when_message = run_to_the_end};
  assert_int_equal(uv_sem_init(&failed, 0), 0);
  probe_start(&probe, fixture, post_fail_and_say_so, &failed);
  uv_sem_wait(&failed);
  uv_fixture_run(fixture);
  assert_events(fixture, "", "online, message, error, exit");
  assert_string_equal(probe.failure, "behind a message");
  uv_sem_destroy(&failed);
}

static void never_called(void *worker_data) {
  int *calls = worker_data;
  ++*calls;
}

/* The creator's loop has all it needs; the worker's finds no descriptor. */
static void a_loop_that_cannot_be_made_is_an_error(void **state) {
  struct rlimit limit, none;
  int calls = 0;
  worker_probe_t probe = {.worker = NULL};
  probe_run(&probe, *state, never_called, &calls);
  assert_int_equal(calls, 1);
  assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
  none = limit;
  none.rlim_cur = 0;
  assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
  probe = (worker_probe_t){.worker = NULL};
  probe_run(&probe, *state, never_called, &calls);
  assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
  assert_int_equal(calls, 1);
  assert_int_equal(probe.online.calls, 0);
  assert_string_equal(probe.failure, "uv_loop_init: too many open files");
  assert_int_equal(probe.exit_code, 1);
}

static void fail_in_cleanup(async_env_cleanup_t *cleanup) {
  (void)cleanup;
  async_fail("in a cleanup hook");
}

static void add_failing_cleanup(void *worker_data) {
  static async_env_cleanup_t cleanup;
  (void)worker_data;
  (void)async_env_add_cleanup_hook(&cleanup, fail_in_cleanup);
}

static void a_failure_at_the_end_is_an_error(void **state) {
  probe_assert_failed_with(state, add_failing_cleanup, "in a cleanup hook");
}

typedef struct uncaught_s {
  seen_t seen;
  char message[64];
} uncaught_t;

/* The code of the exit, which is the worker's data; then a failure. */
static void exit_then_fail(void *worker_data) {
  async_worker_exit(*(int *)worker_data);
  async_fail("behind the exit");
}

static void a_failure_behind_an_exit_leaves_its_code(void **state) {
  for (int code = 0; code < 8; code += 7) {
    worker_probe_t probe = {.worker = NULL};
    probe_run(&probe, *state, exit_then_fail, &code);
    assert_string_equal(probe.failure, "behind the exit");
    assert_int_equal(probe.exit_code, code);
  }
}

static void on_uncaught(const char *message, void *data) {
  uncaught_t *uncaught = data;
  seen_note(&uncaught->seen, 0, NULL);
  snprintf(uncaught->message, sizeof(uncaught->message), "%s", message);
}

/* As an emitter in Node throws an error that nobody listens for. */
static void without_a_callback_the_creator_fails(void **state) {
  uv_fixture_t *fixture = *state;
  uncaught_t uncaught = {.message = ""};
  async_worker_t *worker;
  assert_int_equal(async_set_uncaught_exception_handler(on_uncaught, &uncaught),
                   0);
  assert_int_equal(async_worker_create(fail_in_main, NULL, &worker), 0);
  uv_fixture_run(fixture);
  assert_int_equal(uncaught.seen.calls, 1);
  assert_string_equal(uncaught.message, "in main");
  assert_int_equal(uncaught.seen.execution_async_id,
                   recorder_id(&fixture->recorder, "MESSAGEPORT", 0));
}

/* A worker in a worker: the failure goes up, step by step. */
static void make_failing_worker(void *worker_data) {
  async_worker_t *worker;
  (void)worker_data;
  (void)async_worker_create(fail_in_main, NULL, &worker);
}

static void an_error_nobody_takes_goes_up(void **state) {
  probe_assert_failed_with(state, make_failing_worker, "in main");
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_uv(a_failing_main_is_an_error_and_exit_code_one),
      cmocka_unit_test_uv(a_failing_callback_is_an_error),
      cmocka_unit_test_uv(a_failure_outside_of_every_scope_is_an_error),
      cmocka_unit_test_uv(a_failing_hook_ends_only_its_worker),
      cmocka_unit_test_uv(a_rejection_nobody_handles_is_an_error),
      cmocka_unit_test_uv(a_loop_that_cannot_be_made_is_an_error),
      cmocka_unit_test_uv(the_first_failure_is_reported),
      cmocka_unit_test_uv(a_failure_that_the_worker_handles_goes_no_further),
      cmocka_unit_test_uv(a_failing_handler_is_an_error),
      cmocka_unit_test_uv(messages_come_before_error_and_error_before_exit),
      cmocka_unit_test_uv(a_message_may_run_the_loop_to_the_end_of_its_worker),
      cmocka_unit_test_uv(a_failure_at_the_end_is_an_error),
      cmocka_unit_test_uv(a_failure_behind_an_exit_leaves_its_code),
      cmocka_unit_test_uv(without_a_callback_the_creator_fails),
      cmocka_unit_test_uv(an_error_nobody_takes_goes_up),
  };
  return test_main(tests, argc, argv);
}
