/* The frame of a promise's callback, and the scope it runs in. */
#include "child.h"
#include "promise_fixture.h"

#include <string.h>
#include <sys/wait.h>

static async_context_key_t key;

static void enter(const char *store) {
  async_context_value_t value = {.store = (void *)store};
  async_context_frame_t *frame = NULL;
  assert_int_equal(async_context_frame_with(async_context_frame_current(), &key,
                                            &value, &frame),
                   0);
  async_context_frame_release(async_context_frame_exchange(frame));
}

static void leave(void) {
  async_context_frame_release(async_context_frame_exchange(NULL));
}

static int setup(void **state) {
  return fixture_setup(state) != 0 ? -1 : async_context_key_create("k", &key);
}

static int teardown(void **state) {
  leave();
  async_context_key_destroy(&key);
  return fixture_teardown(state);
}

#define cmocka_unit_test_framed(test) \
  cmocka_unit_test_setup_teardown(test, setup, teardown)

static const char *store(void) {
  void *found = NULL;
  return async_context_get(&key, &found) ? found : "-";
}

static void *say_store(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)value;
  trace_add(arg, "%s", store());
  return NULL;
}

static void test_callback_runs_in_the_frame_of_then(void **state) {
  fixture_t *fixture = *state;
  enter("created");
  async_promise_t *promise = pending();
  enter("then");
  async_promise_release(then(promise, say_store, NULL, &fixture->trace));
  enter("resolved");
  async_promise_resolve(promise, NULL);
  leave();
  run_microtasks();
  assert_string_equal(fixture->trace.text, "then");
  assert_string_equal(store(), "-");
  async_promise_release(promise);
}

static void test_hooks_change_nothing_of_the_frame(void **state) {
  fixture_t *fixture = *state;
  static trace_t hooks;
  trace_clear(&hooks);
  tracer_init_all(&fixture->tracer, &hooks, "");
  assert_int_equal(async_hook_enable(&fixture->tracer.hook), 0);
  test_callback_runs_in_the_frame_of_then(state);
}

static void *enter_another(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)value, (void)arg;
  enter("inside");
  return NULL;
}

static void test_what_a_callback_enters_ends_with_it(void **state) {
  fixture_t *fixture = *state;
  enter("around");
  async_promise_t *promise = resolved(NULL);
  async_promise_t *first = then(promise, enter_another, NULL, NULL);
  async_promise_release(then(first, say_store, NULL, &fixture->trace));
  run_microtasks();
  assert_string_equal(fixture->trace.text, "around");
  assert_string_equal(store(), "around");
  async_promise_release(promise);
  async_promise_release(first);
}

static void on_unhandled(async_promise_t *promise, void *reason, void *data) {
  (void)promise;
  trace_add(data, "%s:%s", (const char *)reason, store());
}

static void test_rejection_is_reported_in_its_frame(void **state) {
  fixture_t *fixture = *state;
  assert_int_equal(
      async_set_unhandled_rejection_handler(on_unhandled, &fixture->trace), 0);
  enter("created");
  async_promise_t *promise = pending();
  enter("rejected");
  async_promise_reject(promise, (void *)"r");
  leave();
  run_microtasks();
  assert_string_equal(fixture->trace.text, "r:rejected");
  async_promise_release(promise);
}

static async_hook_t late;
static tracer_t late_tracer;

static void *enable_late(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)value;
  tracer_init_all(&late_tracer, arg, "");
  late = late_tracer.hook;
  (void)async_hook_enable(&late);
  return NULL;
}

/* Its scope has no id, so before was not heard; it is resolved under a new
 * one. */
static void test_hook_enabled_in_a_callback(void **state) {
  fixture_t *fixture = *state;
  async_promise_t *promise = resolved(NULL);
  async_promise_t *derived = then(promise, enable_late, NULL, &fixture->trace);
  run_microtasks();
  assert_memory_equal(fixture->trace.text, "resolve(#1)", 11);
  assert_null(strstr(fixture->trace.text, "before"));
  async_hook_disable(&late);
  async_promise_release(promise);
  async_promise_release(derived);
}

static void *disable_it(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)value;
  async_hook_disable(arg);
  return NULL;
}

static void test_hook_disabled_in_a_callback(void **state) {
  fixture_t *fixture = *state;
  tracer_init_all(&fixture->tracer, &fixture->trace, "");
  assert_int_equal(async_hook_enable(&fixture->tracer.hook), 0);
  async_promise_t *promise = resolved(NULL);
  async_promise_t *derived =
      then(promise, disable_it, NULL, &fixture->tracer.hook);
  trace_clear(&fixture->trace);
  run_microtasks();
  assert_string_equal(fixture->trace.text, "before(#2)");
  assert_int_equal(async_hooks_execution_async_id(), ASYNC_ID_ROOT);
  async_promise_release(promise);
  async_promise_release(derived);
}

static async_resource_t forgotten;

static void *enter_and_forget(async_promise_t *derived, void *value,
                              void *arg) {
  (void)derived, (void)value, (void)arg;
  (void)async_resource_enter(&forgotten);
  return NULL;
}

static void forget_in_then(void) {
  (void)async_resource_init(&forgotten, "FORGOTTEN", NULL);
  async_promise_t *promise = resolved(NULL);
  async_promise_release(then(promise, enter_and_forget, NULL, NULL));
  async_promise_release(promise);
  run_microtasks();
}

static void test_forgotten_leave_is_found_when_untracked(void **state) {
  (void)state;
  child_t child = run_child(forget_in_then);
  assert_true(WIFEXITED(child.status));
  assert_int_equal(WEXITSTATUS(child.status), 1);
  assert_non_null(strstr(child.err, "stack has become corrupted"));
  assert_non_null(strstr(child.err, "FORGOTTEN"));
}

static void forget_in_tracked_then(void) {
  static trace_t trace;
  static tracer_t tracer;
  tracer_init_all(&tracer, &trace, "");
  (void)async_hook_enable(&tracer.hook);
  forget_in_then();
}

static void test_forgotten_leave_is_found_when_tracked(void **state) {
  (void)state;
  child_t child = run_child(forget_in_tracked_then);
  assert_true(WIFEXITED(child.status));
  assert_int_equal(WEXITSTATUS(child.status), 1);
  assert_non_null(strstr(child.err, "stack has become corrupted"));
  assert_non_null(strstr(child.err, "PROMISE"));
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_framed(test_callback_runs_in_the_frame_of_then),
      cmocka_unit_test_framed(test_hooks_change_nothing_of_the_frame),
      cmocka_unit_test_framed(test_what_a_callback_enters_ends_with_it),
      cmocka_unit_test_framed(test_rejection_is_reported_in_its_frame),
      cmocka_unit_test_framed(test_hook_enabled_in_a_callback),
      cmocka_unit_test_framed(test_hook_disabled_in_a_callback),
      cmocka_unit_test_framed(test_forgotten_leave_is_found_when_untracked),
      cmocka_unit_test_framed(test_forgotten_leave_is_found_when_tracked),
  };
  return test_main(tests, argc, argv);
}
