/* Rejections that nobody asked for. */
#include "child.h"
#include "promise_fixture.h"

#include <string.h>
#include <sys/wait.h>

static void on_unhandled(async_promise_t *promise, void *reason, void *data) {
  trace_add(data, "unhandled(%s)", (const char *)reason);
  trace_add(data, "exec(%s)", trace_id(data, async_hooks_execution_async_id()));
  (void)promise;
}

static void handle(fixture_t *fixture, async_unhandled_rejection_cb handler) {
  assert_int_equal(
      async_set_unhandled_rejection_handler(handler, &fixture->trace), 0);
}

static void test_handler_gets_what_nobody_asked_for(void **state) {
  fixture_t *fixture = *state;
  handle(fixture, on_unhandled);
  async_promise_release(rejected("r"));
  run_microtasks();
  assert_string_equal(fixture->trace.text, "unhandled(r) exec(none)");
}

static void test_handler_runs_in_the_promises_scope(void **state) {
  fixture_t *fixture = *state;
  static trace_t hooks;
  trace_clear(&hooks);
  tracer_init_all(&fixture->tracer, &hooks, "");
  assert_int_equal(async_hook_enable(&fixture->tracer.hook), 0);
  handle(fixture, on_unhandled);
  async_promise_release(rejected("r"));
  run_microtasks();
  assert_string_equal(fixture->trace.text, "unhandled(r) exec(#1)");
  assert_null(strstr(hooks.text, "before"));
}

static void test_catch_before_the_microtasks_are_done(void **state) {
  fixture_t *fixture = *state;
  handle(fixture, on_unhandled);
  async_promise_t *promise = rejected("r");
  async_promise_release(then(promise, NULL, say_catch, &fixture->trace));
  async_promise_release(promise);
  run_microtasks();
  assert_string_equal(fixture->trace.text, "catch(r)");
}

static async_promise_t *late;

static void ask_for_it(void *arg) {
  (void)async_promise_catch(late, say_catch, arg, NULL);
}

/* A rejection waits until all microtasks are done: one may still ask. */
static void test_catch_in_a_later_microtask_is_in_time(void **state) {
  fixture_t *fixture = *state;
  handle(fixture, on_unhandled);
  late = rejected("r");
  assert_int_equal(async_queue_microtask(ask_for_it, &fixture->trace), 0);
  run_microtasks();
  assert_string_equal(fixture->trace.text, "catch(r)");
  async_promise_release(late);
}

static void test_derived_promise_of_a_then_is_the_unhandled_one(void **state) {
  fixture_t *fixture = *state;
  handle(fixture, on_unhandled);
  async_promise_t *promise = rejected("r");
  async_promise_release(then(promise, say_then, NULL, &fixture->trace));
  async_promise_release(promise);
  run_microtasks();
  assert_string_equal(fixture->trace.text, "unhandled(r) exec(none)");
}

static void test_failed_callback_nobody_asks_for(void **state) {
  fixture_t *fixture = *state;
  handle(fixture, on_unhandled);
  async_promise_t *promise = resolved("v");
  async_promise_release(then(promise, fail_broken, NULL, &fixture->trace));
  async_promise_release(promise);
  run_microtasks();
  assert_string_equal(fixture->trace.text, "fail unhandled(broken) exec(none)");
}

static void test_rejections_come_in_their_order(void **state) {
  fixture_t *fixture = *state;
  handle(fixture, on_unhandled);
  async_promise_release(rejected("1"));
  async_promise_release(rejected("2"));
  assert_int_equal(uv_run(&fixture->loop, UV_RUN_DEFAULT), 0);
  assert_string_equal(fixture->trace.text,
                      "unhandled(1) exec(none) unhandled(2) exec(none)");
}

static void reject_another(async_promise_t *promise, void *reason, void *data) {
  static int times;
  (void)promise;
  trace_add(data, "%s", (const char *)reason);
  async_promise_t *another = NULL;
  if (++times < 3 && async_promise_create(&another) == 0)
    async_promise_reject(another, (void *)"another");
  async_promise_release(another);
}

static void test_handler_may_reject(void **state) {
  fixture_t *fixture = *state;
  handle(fixture, reject_another);
  async_promise_release(rejected("first"));
  run_microtasks();
  assert_string_equal(fixture->trace.text, "first another another");
}

static void on_uncaught(const char *message, void *data) {
  trace_add(data, "uncaught(%s)", message);
}

static void fail_in_handler(async_promise_t *promise, void *reason,
                            void *data) {
  (void)promise, (void)reason, (void)data;
  async_fail("handler");
}

static void test_failing_handler_is_uncaught(void **state) {
  fixture_t *fixture = *state;
  handle(fixture, fail_in_handler);
  assert_int_equal(
      async_set_uncaught_exception_handler(on_uncaught, &fixture->trace), 0);
  async_promise_release(rejected("r"));
  run_microtasks();
  assert_string_equal(fixture->trace.text, "uncaught(handler)");
}

/* Without a handler it is as if it had been thrown there. */
static void test_uncaught_exception_handler_gets_the_rest(void **state) {
  fixture_t *fixture = *state;
  assert_int_equal(
      async_set_uncaught_exception_handler(on_uncaught, &fixture->trace), 0);
  async_promise_t *promise = resolved("v");
  async_promise_release(then(promise, fail_broken, NULL, &fixture->trace));
  async_promise_release(promise);
  run_microtasks();
  assert_string_equal(fixture->trace.text, "fail uncaught(broken)");
}

static void reject_unheard(void) {
  async_promise_release(rejected("r"));
  run_microtasks();
}

static void test_without_any_handler_the_program_ends(void **state) {
  (void)state;
  child_t child = run_child(reject_unheard);
  assert_true(WIFEXITED(child.status));
  assert_int_equal(WEXITSTATUS(child.status), 1);
  assert_memory_equal(child.err, "Error: a promise was rejected", 29);
}

static void test_handler_can_be_removed(void **state) {
  fixture_t *fixture = *state;
  handle(fixture, on_unhandled);
  handle(fixture, NULL);
  child_t child = run_child(reject_unheard);
  assert_int_equal(WEXITSTATUS(child.status), 1);
}

static void test_handler_needs_an_environment(void **state) {
  fixture_t *fixture = *state;
  assert_int_equal(async_env_detach(), 0);
  assert_int_equal(async_set_unhandled_rejection_handler(on_unhandled, NULL),
                   UV_EINVAL);
  assert_int_equal(async_env_attach(&fixture->loop), 0);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_on_loop(test_handler_gets_what_nobody_asked_for),
      cmocka_unit_test_on_loop(test_handler_runs_in_the_promises_scope),
      cmocka_unit_test_on_loop(test_catch_before_the_microtasks_are_done),
      cmocka_unit_test_on_loop(test_catch_in_a_later_microtask_is_in_time),
      cmocka_unit_test_on_loop(
          test_derived_promise_of_a_then_is_the_unhandled_one),
      cmocka_unit_test_on_loop(test_failed_callback_nobody_asks_for),
      cmocka_unit_test_on_loop(test_rejections_come_in_their_order),
      cmocka_unit_test_on_loop(test_handler_may_reject),
      cmocka_unit_test_on_loop(test_failing_handler_is_uncaught),
      cmocka_unit_test_on_loop(test_uncaught_exception_handler_gets_the_rest),
      cmocka_unit_test_on_loop(test_without_any_handler_the_program_ends),
      cmocka_unit_test_on_loop(test_handler_can_be_removed),
      cmocka_unit_test_on_loop(test_handler_needs_an_environment),
  };
  return test_main(tests, argc, argv);
}
