/* Who is named when a callback ends the process whose resource has ended by
 * then: its type, its site and what caused it. */
#include "asyncscope/async_fail.h"
#include "asyncscope/async_uv_timer.h"
#include "child.h"
#include "hooks_fixture.h"

#include <string.h>

static async_resource_t maker, forgotten;
static async_immediate_t immediate;
static async_uv_timer_t timer;

static int start_in_maker(int (*start)(void *arg)) {
  if (async_resource_init(&maker, "MAKER", NULL) != 0 ||
      async_resource_init(&forgotten, "FORGOTTEN", NULL) != 0 ||
      async_resource_run_in_async_scope(&maker, start, NULL) != 0)
    return -1;
  async_resource_finish(&maker);
  return uv_run(async_env_loop(), UV_RUN_DEFAULT);
}

/* One line of the chain after the other: `first`, its maker, the top level. */
static void assert_chain(void (*fn)(void), const char *what,
                         const char *first) {
  child_t child = run_child(fn);
  const char *at = strstr(child.err, what);
  assert_non_null(at);
  assert_non_null(at = strstr(at, first));
  assert_non_null(at = strstr(at, "test_fatal_chain.c:"));
  assert_non_null(at = strstr(at, "MAKER("));
  assert_non_null(strstr(at, "root(1)"));
  assert_null(strstr(child.err, "gone"));
}

static void fail_immediate(async_immediate_t *handle) {
  (void)handle;
  async_fail("failed");
}

static int start_failing_immediate(void *arg) {
  (void)arg;
  return async_immediate_start(&immediate, fail_immediate);
}

static void fail_in_immediate(void) {
  (void)start_in_maker(start_failing_immediate);
}

static void test_failed_immediate_is_named(void **state) {
  (void)state;
  assert_chain(fail_in_immediate, "caused by:", "Immediate(");
}

static void fail_timer(async_uv_timer_t *handle) {
  (void)handle;
  async_fail("failed");
}

static int start_failing_timer(void *arg) {
  (void)arg;
  return async_uv_timer_start(&timer, fail_timer, 1, 0);
}

static void fail_in_timer(void) {
  (void)async_uv_timer_init(async_env_loop(), &timer);
  (void)start_in_maker(start_failing_timer);
}

static void test_failed_timer_is_named(void **state) {
  (void)state;
  assert_chain(fail_in_timer, "caused by:", "Timeout(");
}

static void fail_stopped_timer(async_uv_timer_t *handle) {
  (void)async_uv_timer_stop(handle);
  async_fail("failed");
}

static int start_stopping_timer(void *arg) {
  (void)arg;
  return async_uv_timer_start(&timer, fail_stopped_timer, 1, 1);
}

static void fail_in_stopped_timer(void) {
  (void)async_uv_timer_init(async_env_loop(), &timer);
  (void)start_in_maker(start_stopping_timer);
}

static void test_failed_timer_that_stopped_itself_is_named(void **state) {
  (void)state;
  assert_chain(fail_in_stopped_timer, "caused by:", "Timeout(");
}

static void fail_call(void *arg) {
  (void)arg;
  async_fail("failed");
}

static int start_failing_tick(void *arg) {
  return async_next_tick(fail_call, arg);
}

static void fail_in_tick(void) {
  (void)start_in_maker(start_failing_tick);
}

static void test_failed_tick_is_named(void **state) {
  (void)state;
  assert_chain(fail_in_tick, "caused by:", "TickObject(");
}

/* Something to tell of, so that it is a resource. */
static int start_failing_microtask(void *arg) {
  static async_hook_t hook;
  static const async_hook_callbacks_t none = {.init = NULL};
  async_hook_init(&hook, &none, NULL);
  (void)async_hook_enable(&hook);
  return async_queue_microtask(fail_call, arg);
}

static void fail_in_microtask(void) {
  (void)start_in_maker(start_failing_microtask);
}

static void test_failed_microtask_is_named(void **state) {
  (void)state;
  assert_chain(fail_in_microtask, "caused by:", "Microtask(");
}

static void fail_in_untracked_microtask(void) {
  (void)async_queue_microtask(fail_call, NULL);
  uv_run(async_env_loop(), UV_RUN_DEFAULT);
}

/* It has no resource where there is nothing to tell. */
static void test_failed_microtask_without_a_resource_is_nobodys(void **state) {
  (void)state;
  child_t child = run_child(fail_in_untracked_microtask);
  assert_non_null(strstr(child.err, "caused by:\n    nobody\n"));
}

static void fail_after(async_id_t async_id, void *data) {
  (void)async_id, (void)data;
  async_fail("failed");
}

static void enable_later(async_immediate_t *handle) {
  static async_hook_t hook;
  static const async_hook_callbacks_t callbacks = {.after = fail_after};
  (void)handle;
  async_hook_init(&hook, &callbacks, NULL);
  (void)async_hook_enable(&hook);
}

static int start_with_hook_enabled_inside(void *arg) {
  (void)arg;
  return async_immediate_start(&immediate, enable_later);
}

static void fail_in_after_hook(void) {
  (void)start_in_maker(start_with_hook_enabled_inside);
}

static void test_failed_after_hook_names_whose_it_was(void **state) {
  (void)state;
  assert_chain(fail_in_after_hook, "caused by:", "Immediate(");
}

static void forget_to_leave(async_immediate_t *handle) {
  (void)handle;
  (void)async_resource_enter(&forgotten);
}

static int start_forgetful(void *arg) {
  (void)arg;
  return async_immediate_start(&immediate, forget_to_leave);
}

static void forget_in_immediate(void) {
  (void)start_in_maker(start_forgetful);
}

static void test_forgotten_leave_names_the_immediate(void **state) {
  (void)state;
  assert_chain(forget_in_immediate, "expected, the scope", "Immediate(");
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_on_loop(test_failed_immediate_is_named),
      cmocka_unit_test_on_loop(test_failed_timer_is_named),
      cmocka_unit_test_on_loop(test_failed_timer_that_stopped_itself_is_named),
      cmocka_unit_test_on_loop(test_failed_tick_is_named),
      cmocka_unit_test_on_loop(test_failed_microtask_is_named),
      cmocka_unit_test_on_loop(
          test_failed_microtask_without_a_resource_is_nobodys),
      cmocka_unit_test_on_loop(test_failed_after_hook_names_whose_it_was),
      cmocka_unit_test_on_loop(test_forgotten_leave_names_the_immediate),
  };
  return test_main(tests, argc, argv);
}
