/* What becomes of a derived promise. */
#include "promise_fixture.h"

typedef async_promise_t *(*make_cb)(const char *text);

/* The state of then(on_fulfilled, on_rejected) on a promise made by `make`. */
static void assert_derived(fixture_t *fixture, make_cb make,
                           async_promise_cb on_fulfilled,
                           async_promise_cb on_rejected, const char *trace,
                           const char *becomes) {
  async_promise_t *promise = make("v");
  async_promise_t *derived =
      then(promise, on_fulfilled, on_rejected, &fixture->trace);
  async_promise_t *handled = then(derived, NULL, say_catch, &fixture->trace);
  assert_string_equal(state_of(derived), "pending");
  run_microtasks();
  assert_string_equal(state_of(derived), becomes);
  assert_string_equal(fixture->trace.text, trace);
  async_promise_release(promise);
  async_promise_release(derived);
  async_promise_release(handled);
}

static void test_value_returned_fulfils(void **state) {
  assert_derived(*state, resolved, say_then, say_catch, "then(v)",
                 "fulfilled(next)");
}

static void test_caught_rejection_fulfils(void **state) {
  assert_derived(*state, rejected, say_then, say_catch, "catch(v)",
                 "fulfilled(caught)");
}

static void test_value_passes_through_a_catch(void **state) {
  assert_derived(*state, resolved, NULL, say_catch, "", "fulfilled(v)");
}

static void test_reason_passes_through_a_then(void **state) {
  assert_derived(*state, rejected, say_then, NULL, "catch(v)", "rejected(v)");
}

static void test_failure_rejects_with_its_message(void **state) {
  assert_derived(*state, resolved, fail_broken, say_catch, "fail catch(broken)",
                 "rejected(broken)");
  assert_null(async_failure());
}

static void test_failure_in_a_catch_rejects(void **state) {
  assert_derived(*state, rejected, say_then, fail_broken, "fail catch(broken)",
                 "rejected(broken)");
}

static void *reject_it(async_promise_t *derived, void *value, void *arg) {
  (void)value, (void)arg;
  async_promise_reject(derived, (void *)"no");
  return (void *)"not this";
}

static void test_callback_may_reject(void **state) {
  assert_derived(*state, resolved, reject_it, NULL, "catch(no)",
                 "rejected(no)");
}

static void *settle_and_fail(async_promise_t *derived, void *value, void *arg) {
  (void)value, (void)arg;
  async_promise_resolve(derived, (void *)"done");
  async_fail("too late");
  return NULL;
}

static void test_failure_after_settling_is_dropped(void **state) {
  assert_derived(*state, resolved, settle_and_fail, NULL, "",
                 "fulfilled(done)");
  assert_null(async_failure());
}

static void *chain_another(async_promise_t *derived, void *value, void *arg) {
  (void)value;
  async_promise_t *other = arg;
  (void)async_promise_resolve_with(derived, other);
  return (void *)"not this";
}

static void test_callback_may_chain_another_promise(void **state) {
  (void)state;
  async_promise_t *promise = resolved("v");
  async_promise_t *other = pending();
  async_promise_t *derived = then(promise, chain_another, NULL, other);
  run_microtasks();
  assert_string_equal(state_of(derived), "pending");
  async_promise_resolve(other, (void *)"other's");
  run_microtasks();
  assert_string_equal(state_of(derived), "fulfilled(other's)");
  async_promise_release(promise);
  async_promise_release(other);
  async_promise_release(derived);
}

#define CYCLE "rejected(Chaining cycle detected for promise #<Promise>)"

static void test_waiting_for_itself_rejects(void **state) {
  fixture_t *fixture = *state;
  async_promise_t *promise = pending();
  async_promise_t *caught = then(promise, NULL, say_catch, &fixture->trace);
  assert_int_equal(async_promise_resolve_with(promise, promise), 0);
  assert_string_equal(state_of(promise), CYCLE);
  assert_int_equal(async_promise_resolve_with(promise, promise), 0);
  async_promise_resolve(promise, (void *)"v");
  assert_string_equal(state_of(promise), CYCLE);
  run_microtasks();
  assert_string_equal(fixture->trace.text,
                      "catch(Chaining cycle detected for promise #<Promise>)");
  async_promise_release(promise);
  async_promise_release(caught);
}

static void *follow_itself(async_promise_t *derived, void *value, void *arg) {
  (void)value, (void)arg;
  return async_promise_follow(derived, 0, async_promise_retain(derived));
}

static void test_following_itself_rejects(void **state) {
  fixture_t *fixture = *state;
  async_promise_t *promise = resolved("v");
  async_promise_t *derived = then(promise, follow_itself, NULL, NULL);
  async_promise_t *caught = then(derived, NULL, say_catch, &fixture->trace);
  run_microtasks();
  assert_string_equal(state_of(derived), CYCLE);
  async_promise_release(promise);
  async_promise_release(derived);
  async_promise_release(caught);
}

static void assert_finally(fixture_t *fixture, make_cb make,
                           async_promise_finally_cb on_finally,
                           const char *trace, const char *becomes) {
  async_promise_t *promise = make("v");
  async_promise_t *derived = NULL, *handled = NULL;
  assert_int_equal(
      async_promise_finally(promise, on_finally, &fixture->trace, &derived), 0);
  assert_int_equal(
      async_promise_catch(derived, say_catch, &fixture->trace, &handled), 0);
  run_microtasks();
  assert_string_equal(state_of(derived), becomes);
  assert_string_equal(fixture->trace.text, trace);
  async_promise_release(promise);
  async_promise_release(derived);
  async_promise_release(handled);
}

static void test_value_passes_through_finally(void **state) {
  assert_finally(*state, resolved, say_finally, "finally", "fulfilled(v)");
}

static void test_reason_passes_through_finally(void **state) {
  assert_finally(*state, rejected, say_finally, "finally catch(v)",
                 "rejected(v)");
}

static void fail_in_finally(async_promise_t *derived, void *arg) {
  (void)derived;
  trace_add(arg, "fail");
  async_fail("broken finally");
}

static void test_failing_finally_rejects(void **state) {
  assert_finally(*state, resolved, fail_in_finally,
                 "fail catch(broken finally)", "rejected(broken finally)");
}

static void reject_in_finally(async_promise_t *derived, void *arg) {
  (void)arg;
  async_promise_reject(derived, (void *)"no");
}

static void test_finally_may_reject(void **state) {
  assert_finally(*state, resolved, reject_in_finally, "catch(no)",
                 "rejected(no)");
}

/* The message is the library's: it must outlive the promise it came from. */
static void test_message_lives_while_a_rejected_promise_does(void **state) {
  fixture_t *fixture = *state;
  async_promise_t *promise = resolved("v");
  async_promise_t *failed = then(promise, fail_broken, NULL, &fixture->trace);
  async_promise_t *last = then(failed, say_then, NULL, &fixture->trace);
  async_promise_t *handled = then(last, NULL, say_catch, &fixture->trace);
  run_microtasks();
  async_promise_release(promise);
  async_promise_release(failed);
  async_promise_release(handled);
  assert_string_equal(state_of(last), "rejected(broken)");
  async_promise_release(last);
}

typedef struct intruder_s {
  async_promise_t *promise;
  int then, finally, resolve_with;
  int resolve[2], reject[2]; /* without an environment, and with one */
} intruder_t;

static void *never(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)value;
  trace_add(arg, "never");
  return NULL;
}

static void settle_elsewhere(intruder_t *intruder, int time) {
  static char elsewhere[] = "elsewhere";
  intruder->resolve[time] = async_promise_resolve(intruder->promise, elsewhere);
  intruder->reject[time] = async_promise_reject(intruder->promise, elsewhere);
}

static void intrude(void *arg) {
  intruder_t *intruder = arg;
  async_promise_t *own = NULL;
  settle_elsewhere(intruder, 0);
  (void)async_env_open(ASYNC_ENV_OTHER, "intruder");
  settle_elsewhere(intruder, 1);
  (void)async_promise_create(&own);
  intruder->then =
      async_promise_then(intruder->promise, never, NULL, NULL, NULL);
  intruder->finally =
      async_promise_finally(intruder->promise, say_finally, NULL, NULL);
  intruder->resolve_with = async_promise_resolve_with(own, intruder->promise);
  async_promise_release(own);
  (void)async_env_detach();
}

static void test_promise_is_its_own_threads(void **state) {
  fixture_t *fixture = *state;
  intruder_t intruder = {.promise = pending()};
  run_on_thread(intrude, &intruder);
  assert_int_equal(intruder.then, UV_EINVAL);
  assert_int_equal(intruder.finally, UV_EINVAL);
  assert_int_equal(intruder.resolve_with, UV_EINVAL);
  for (int i = 0; i < 2; i++) {
    assert_int_equal(intruder.resolve[i], UV_EINVAL);
    assert_int_equal(intruder.reject[i], UV_EINVAL);
  }
  assert_string_equal(state_of(intruder.promise), "pending");
  assert_int_equal(async_promise_resolve(intruder.promise, NULL), 0);
  run_microtasks();
  assert_string_equal(fixture->trace.text, "");
  async_promise_release(intruder.promise);
}

static int fail_in_scope(void *arg) {
  (void)arg;
  async_fail("at_top_level");
  return 0;
}

static void say_uncaught(const char *message, void *data) {
  trace_add(data, "uncaught(%s)", message);
}

/* What failed before the microtasks began is not the callback's failure. */
static void test_failure_of_top_level_is_not_a_callbacks(void **state) {
  fixture_t *fixture = *state;
  async_resource_t resource;
  assert_int_equal(async_resource_init(&resource, "T", NULL), 0);
  assert_int_equal(
      async_set_uncaught_exception_handler(say_uncaught, &fixture->trace), 0);
  async_promise_t *promise = resolved("v");
  async_promise_t *derived = then(promise, say_then, NULL, &fixture->trace);
  assert_int_equal(
      async_resource_run_in_async_scope(&resource, fail_in_scope, NULL), 0);
  assert_int_equal(uv_run(&fixture->loop, UV_RUN_DEFAULT), 0);
  assert_string_equal(fixture->trace.text, "uncaught(at_top_level) then(v)");
  assert_string_equal(state_of(derived), "fulfilled(next)");
  async_promise_release(promise);
  async_promise_release(derived);
  async_resource_finish(&resource);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_on_loop(test_value_returned_fulfils),
      cmocka_unit_test_on_loop(test_caught_rejection_fulfils),
      cmocka_unit_test_on_loop(test_value_passes_through_a_catch),
      cmocka_unit_test_on_loop(test_reason_passes_through_a_then),
      cmocka_unit_test_on_loop(test_failure_rejects_with_its_message),
      cmocka_unit_test_on_loop(test_failure_in_a_catch_rejects),
      cmocka_unit_test_on_loop(test_callback_may_reject),
      cmocka_unit_test_on_loop(test_failure_after_settling_is_dropped),
      cmocka_unit_test_on_loop(test_callback_may_chain_another_promise),
      cmocka_unit_test_on_loop(test_waiting_for_itself_rejects),
      cmocka_unit_test_on_loop(test_following_itself_rejects),
      cmocka_unit_test_on_loop(test_value_passes_through_finally),
      cmocka_unit_test_on_loop(test_reason_passes_through_finally),
      cmocka_unit_test_on_loop(test_failing_finally_rejects),
      cmocka_unit_test_on_loop(test_finally_may_reject),
      cmocka_unit_test_on_loop(
          test_message_lives_while_a_rejected_promise_does),
      cmocka_unit_test_on_loop(test_promise_is_its_own_threads),
      cmocka_unit_test_on_loop(test_failure_of_top_level_is_not_a_callbacks),
  };
  return test_main(tests, argc, argv);
}
