/* Scopes that are not left in reverse order end the process, loudly. Each case
 * runs in a child of its own. */
#include "asyncscope/async_fail.h"
#include "asyncscope/async_promise.h"
#include "asyncscope/async_queue.h"
#include "child.h"
#include "hooks_fixture.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

static void assert_fatal(const child_t *child, async_id_t actual,
                         async_id_t expected) {
  char first[128];
  snprintf(first, sizeof(first),
           "Error: async hook stack has become corrupted "
           "(actual: %lld, expected: %lld)\n",
           (long long)actual, (long long)expected);
  assert_true(WIFEXITED(child->status));
  assert_memory_equal(child->err, first, strlen(first));
  assert_int_equal(WEXITSTATUS(child->status), 1);
}

static async_resource_t one, two;

static void make_two(void) {
  (void)async_resource_init(&one, "ONE_TYPE", NULL);
  (void)async_resource_init(&two, "TWO_TYPE", NULL);
}

static void leave_without_enter(void) {
  make_two();
  puts("heartbeat: still alive");
  fflush(stdout);
  async_resource_leave(&one);
}

static void test_improper_order(void **state) {
  const fixture_t *fixture = *state;
  child_t child = run_child(leave_without_enter);
  assert_fatal(&child, ASYNC_ID_ROOT, fixture->trace.base + 1);
  assert_string_equal(child.out, "heartbeat: still alive\n");
}

static void leave_without_enter_and_abort(void) {
  (void)async_set_abort_on_uncaught_exception(true);
  leave_without_enter();
}

static void test_improper_order_aborts_where_it_is_asked_for(void **state) {
  (void)state;
  child_t child = run_child(leave_without_enter_and_abort);
  assert_true(WIFSIGNALED(child.status));
  assert_int_equal(WTERMSIG(child.status), SIGABRT);
  assert_non_null(strstr(child.err, "has become corrupted"));
}

static void leave_the_outer_first(void) {
  make_two();
  (void)async_resource_enter(&one);
  (void)async_resource_enter(&two);
  async_resource_leave(&two);
  async_resource_leave(&one);
  puts("heartbeat: still alive");
  fflush(stdout);
  (void)async_resource_enter(&one);
  (void)async_resource_enter(&two);
  async_resource_leave(&one);
}

static void test_improper_unwind(void **state) {
  const fixture_t *fixture = *state;
  child_t child = run_child(leave_the_outer_first);
  assert_fatal(&child, fixture->trace.base + 2, fixture->trace.base + 1);
  assert_string_equal(child.out, "heartbeat: still alive\n");
}

static void test_message_tells_who_is_who(void **state) {
  (void)state;
  child_t child = run_child(leave_the_outer_first);
  assert_non_null(strstr(child.err, "ONE_TYPE"));
  assert_non_null(strstr(child.err, "TWO_TYPE"));
  assert_non_null(strstr(child.err, "test_stack_check.c:"));
  assert_non_null(strstr(child.err, "make_two"));
}

static void leave_a_destroyed_one(void) {
  make_two();
  (void)async_resource_emit_destroy(&one);
  async_env_flush();
  async_resource_leave(&one);
}

static void test_emit_after_on_destroyed(void **state) {
  const fixture_t *fixture = *state;
  child_t child = run_child(leave_a_destroyed_one);
  assert_fatal(&child, ASYNC_ID_ROOT, fixture->trace.base + 1);
}

static void forget_a_destroyed_one(void) {
  make_two();
  (void)async_callback_scope_open(&one);
  (void)async_resource_emit_destroy(&two);
  (void)async_resource_enter(&two);
  async_callback_scope_close(&one);
}

static void test_emit_before_on_destroyed(void **state) {
  const fixture_t *fixture = *state;
  child_t child = run_child(forget_a_destroyed_one);
  assert_fatal(&child, fixture->trace.base + 2, fixture->trace.base + 1);
}

static void leave_the_root(void) {
  async_resource_leave(async_hooks_execution_async_resource());
}

static void close_the_root(void) {
  async_callback_scope_close(async_hooks_execution_async_resource());
}

static void close_the_root_for_the_last_time(void) {
  async_callback_scope_close_last(async_hooks_execution_async_resource());
}

/* There is no scope to leave, though its id is the current one. */
static void test_leaving_the_top_level(void **state) {
  static void (*const cases[])(void) = {leave_the_root, close_the_root,
                                        close_the_root_for_the_last_time};
  (void)state;
  for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
    child_t child = run_child(cases[i]);
    assert_fatal(&child, ASYNC_ID_ROOT, ASYNC_ID_ROOT);
  }
}

static void leave_twice(void) {
  make_two();
  (void)async_resource_enter(&one);
  (void)async_resource_enter(&two);
  async_resource_leave(&two);
  async_resource_leave(&two);
}

static void test_leaving_twice(void **state) {
  const fixture_t *fixture = *state;
  child_t child = run_child(leave_twice);
  assert_fatal(&child, fixture->trace.base + 1, fixture->trace.base + 2);
}

/* Deeper than what is published, and than any first allocation. */
static void leave_the_wrong_one_deep(void) {
  make_two();
  for (int i = 0; i < 1000; i++) {
    (void)async_resource_enter(&one);
  }
  async_resource_leave(&two);
}

static void test_wrong_leave_a_thousand_deep(void **state) {
  const fixture_t *fixture = *state;
  child_t child = run_child(leave_the_wrong_one_deep);
  assert_fatal(&child, fixture->trace.base + 1, fixture->trace.base + 2);
}

static int enter_and_forget(void *arg) {
  (void)arg;
  return async_resource_enter(&two);
}

static void forget_to_leave(void) {
  make_two();
  (void)async_resource_run_in_async_scope(&one, enter_and_forget, NULL);
}

static void test_forgotten_leave_is_found_at_the_end_of_run(void **state) {
  const fixture_t *fixture = *state;
  child_t child = run_child(forget_to_leave);
  assert_fatal(&child, fixture->trace.base + 2, fixture->trace.base + 1);
}

static void enter_for_good(void *arg) {
  (void)async_resource_enter(arg);
}

/* Without a hook and a frame a microtask is no resource. */
static void forget_to_leave_in_microtask(void) {
  make_two();
  (void)async_queue_microtask(enter_for_good, &two);
  async_env_flush();
}

static void test_forgotten_leave_is_found_at_the_end_of_a_microtask(
    void **state) {
  const fixture_t *fixture = *state;
  child_t child = run_child(forget_to_leave_in_microtask);
  assert_fatal(&child, fixture->trace.base + 2, ASYNC_ID_NONE);
  assert_non_null(strstr(child.err, "TWO_TYPE"));
}

static void *enter_in_promise(async_promise_t *derived, void *value,
                              void *arg) {
  (void)derived, (void)value;
  enter_for_good(arg);
  return NULL;
}

static void forget_to_leave_in_promise(void) {
  async_promise_t *promise = NULL;
  make_two();
  (void)async_promise_create(&promise);
  async_promise_resolve(promise, NULL);
  (void)async_promise_then(promise, enter_in_promise, NULL, &two, NULL);
  async_env_flush();
}

static void test_forgotten_leave_is_found_at_the_end_of_a_then(void **state) {
  const fixture_t *fixture = *state;
  child_t child = run_child(forget_to_leave_in_promise);
  assert_fatal(&child, fixture->trace.base + 2, ASYNC_ID_NONE);
}

static void enter_in_destroy(async_id_t async_id, void *data) {
  (void)async_id;
  enter_for_good(data);
}

static void forget_to_leave_in_destroy(void) {
  static const async_hook_callbacks_t callbacks = {.destroy = enter_in_destroy};
  static async_hook_t hook;
  make_two();
  (void)async_hook_init(&hook, &callbacks, &two);
  (void)async_hook_enable(&hook);
  (void)async_resource_emit_destroy(&one);
  async_env_flush();
}

static void test_forgotten_leave_is_found_after_destroy_hooks(void **state) {
  const fixture_t *fixture = *state;
  child_t child = run_child(forget_to_leave_in_destroy);
  assert_fatal(&child, fixture->trace.base + 2, ASYNC_ID_NONE);
}

static void enter_in_init(async_id_t async_id, const char *type,
                          async_id_t trigger_async_id,
                          async_resource_t *resource, void *data) {
  (void)async_id, (void)type, (void)trigger_async_id, (void)resource;
  enter_for_good(data);
}

static void forget_to_leave_in_init(void) {
  static const async_hook_callbacks_t callbacks = {.init = enter_in_init};
  static const async_resource_options_t outside = {
      .flags = ASYNC_RESOURCE_EXECUTION_NONE};
  static async_hook_t hook;
  static async_resource_t accepted;
  make_two();
  (void)async_hook_init(&hook, &callbacks, &two);
  (void)async_hook_enable(&hook);
  (void)async_resource_init(&accepted, "ACCEPTED", &outside);
}

static void test_forgotten_leave_is_found_after_init_from_outside(
    void **state) {
  const fixture_t *fixture = *state;
  child_t child = run_child(forget_to_leave_in_init);
  assert_fatal(&child, fixture->trace.base + 2, ASYNC_ID_NONE);
}

static int leave_too_early(void *arg) {
  async_resource_leave(arg);
  return 0;
}

static void leave_what_run_entered(void) {
  make_two();
  (void)async_resource_run_in_async_scope(&one, leave_too_early, &one);
}

static void test_run_whose_scope_was_left_is_found(void **state) {
  const fixture_t *fixture = *state;
  child_t child = run_child(leave_what_run_entered);
  assert_fatal(&child, ASYNC_ID_ROOT, fixture->trace.base + 1);
}

static void begin_and_end_well(void) {
  make_two();
  (void)async_resource_enter(&one);
  (void)async_resource_enter(&one);
  async_resource_leave(&one);
  async_resource_leave(&one);
  puts("heartbeat: still alive");
}

static void test_balanced_scopes_are_silent(void **state) {
  (void)state;
  child_t child = run_child(begin_and_end_well);
  assert_true(WIFEXITED(child.status));
  assert_int_equal(WEXITSTATUS(child.status), 42);
  assert_string_equal(child.err, "");
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_on_loop(test_improper_order),
      cmocka_unit_test_on_loop(
          test_improper_order_aborts_where_it_is_asked_for),
      cmocka_unit_test_on_loop(test_improper_unwind),
      cmocka_unit_test_on_loop(test_message_tells_who_is_who),
      cmocka_unit_test_on_loop(test_emit_after_on_destroyed),
      cmocka_unit_test_on_loop(test_emit_before_on_destroyed),
      cmocka_unit_test_on_loop(test_leaving_the_top_level),
      cmocka_unit_test_on_loop(test_leaving_twice),
      cmocka_unit_test_on_loop(test_wrong_leave_a_thousand_deep),
      cmocka_unit_test_on_loop(test_forgotten_leave_is_found_at_the_end_of_run),
      cmocka_unit_test_on_loop(
          test_forgotten_leave_is_found_at_the_end_of_a_microtask),
      cmocka_unit_test_on_loop(
          test_forgotten_leave_is_found_at_the_end_of_a_then),
      cmocka_unit_test_on_loop(
          test_forgotten_leave_is_found_after_destroy_hooks),
      cmocka_unit_test_on_loop(
          test_forgotten_leave_is_found_after_init_from_outside),
      cmocka_unit_test_on_loop(test_run_whose_scope_was_left_is_found),
      cmocka_unit_test_on_loop(test_balanced_scopes_are_silent),
  };
  return test_main(tests, argc, argv);
}
