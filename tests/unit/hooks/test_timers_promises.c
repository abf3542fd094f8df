/* node:timers/promises: what is waited for, in which context, and what becomes
 * of a wait that does not come to its end. */
#include "asyncscope/async_timers_promises.h"
#include "uv_fixture.h"

#include <string.h>

typedef struct outcome_s {
  seen_t seen;
  const context_t *context;
  void *value;
  bool rejected;
} outcome_t;

static void *note(async_promise_t *derived, void *value, void *arg) {
  outcome_t *outcome = arg;
  (void)derived;
  seen_note(&outcome->seen, 0, outcome->context);
  outcome->value = value;
  return value;
}

static void *note_reason(async_promise_t *derived, void *reason, void *arg) {
  ((outcome_t *)arg)->rejected = true;
  return note(derived, reason, arg);
}

static async_promise_t *wait_ms(uv_fixture_t *fixture, uint64_t timeout_ms,
                                char *value) {
  async_promise_t *promise = NULL;
  assert_int_equal(
      async_uv_timer_promise(&fixture->loop, timeout_ms, value, &promise), 0);
  return promise;
}

/* The caller's reference is given up at once. */
static void ask(async_promise_t *promise, outcome_t *outcome) {
  assert_int_equal(
      async_promise_then(promise, note, note_reason, outcome, NULL), 0);
  async_promise_release(promise);
}

static void test_timer_fulfils_with_the_value(void **state) {
  uv_fixture_t *fixture = *state;
  char value[] = "value";
  outcome_t outcome = {.value = NULL};
  ask(wait_ms(fixture, 1, value), &outcome);
  uv_fixture_run(fixture);
  assert_int_equal(outcome.seen.calls, 1);
  assert_ptr_equal(outcome.value, value);
  assert_false(outcome.rejected);
}

static void test_timer_is_a_timeout_that_resolves_in_its_scope(void **state) {
  uv_fixture_t *fixture = *state;
  outcome_t outcome = {.value = NULL};
  ask(wait_ms(fixture, 1, NULL), &outcome);
  uv_fixture_run(fixture);
  assert_counts(fixture, "Timeout", 0, 1, 1, 1, 1);
  const recorded_event_t *resolve =
      recorder_find(&fixture->recorder, RECORDED_RESOLVE, "PROMISE", 0);
  assert_int_equal(resolve->execution_async_id,
                   recorder_id(&fixture->recorder, "Timeout", 0));
  assert_int_equal(outcome.seen.trigger_async_id,
                   recorder_id(&fixture->recorder, "PROMISE", 0));
}

static void test_nobody_hears_of_a_close(void **state) {
  uv_fixture_t *fixture = *state;
  async_promise_release(wait_ms(fixture, 1, NULL));
  uv_fixture_run(fixture);
  assert_events(fixture, "Timeout",
                "init Timeout, before Timeout, after Timeout, destroy Timeout");
}

static void test_callback_runs_in_the_context_of_its_then(void **state) {
  uv_fixture_t *fixture = *state;
  context_t context;
  char inside[] = "inside";
  outcome_t outcome = {.context = &context};
  async_promise_t *promise = wait_ms(fixture, 1, NULL);
  context_enter(&context, inside);
  ask(promise, &outcome);
  context_leave(&context);
  uv_fixture_run(fixture);
  assert_ptr_equal(outcome.seen.store, inside);
}

static void test_immediate_fulfils_with_the_value(void **state) {
  uv_fixture_t *fixture = *state;
  char value[] = "value";
  outcome_t outcome = {.value = NULL};
  async_promise_t *promise = NULL;
  assert_int_equal(async_immediate_promise(value, &promise), 0);
  ask(promise, &outcome);
  uv_fixture_run(fixture);
  assert_ptr_equal(outcome.value, value);
  assert_counts(fixture, "Immediate", 0, 1, 1, 1, 1);
}

static void assert_cancelled(const outcome_t *outcome) {
  assert_int_equal(outcome->seen.calls, 1);
  assert_true(outcome->rejected);
  assert_int_equal(async_promise_reason_status(outcome->value), UV_ECANCELED);
}

static void test_cancelled_timer_rejects_and_never_runs(void **state) {
  uv_fixture_t *fixture = *state;
  outcome_t outcome = {.value = NULL};
  async_promise_t *promise = wait_ms(fixture, 3600 * 1000, NULL);
  ask(async_promise_retain(promise), &outcome);
  assert_int_equal(async_promise_cancel(promise), 0);
  assert_int_equal(async_promise_cancel(promise), UV_EALREADY);
  async_promise_release(promise);
  uv_fixture_run(fixture);
  assert_cancelled(&outcome);
  assert_counts(fixture, "Timeout", 0, 1, 0, 0, 1);
}

static void test_cancelled_immediate_rejects_and_never_runs(void **state) {
  uv_fixture_t *fixture = *state;
  outcome_t outcome = {.value = NULL};
  async_promise_t *promise = NULL;
  assert_int_equal(async_immediate_promise(NULL, &promise), 0);
  ask(async_promise_retain(promise), &outcome);
  assert_int_equal(async_promise_cancel(promise), 0);
  async_promise_release(promise);
  uv_fixture_run(fixture);
  assert_cancelled(&outcome);
  assert_counts(fixture, "Immediate", 0, 1, 0, 0, 1);
}

static void test_promise_of_no_operation_cannot_be_cancelled(void **state) {
  (void)state;
  async_promise_t *promise = NULL;
  assert_int_equal(async_promise_create(&promise), 0);
  assert_int_equal(async_promise_cancel(promise), UV_EINVAL);
  async_promise_release(promise);
}

static void test_wait_whose_promise_was_decided_ends_by_itself(void **state) {
  uv_fixture_t *fixture = *state;
  char first[] = "first", second[] = "second";
  outcome_t outcome = {.value = NULL};
  async_promise_t *promise = wait_ms(fixture, 1, second);
  async_promise_resolve(promise, first);
  ask(promise, &outcome);
  uv_fixture_run(fixture);
  assert_int_equal(outcome.seen.calls, 1);
  assert_ptr_equal(outcome.value, first);
}

static void test_decided_wait_can_still_be_stopped(void **state) {
  uv_fixture_t *fixture = *state;
  char first[] = "first";
  async_promise_t *promise = wait_ms(fixture, 3600 * 1000, NULL);
  async_promise_resolve(promise, first);
  assert_int_equal(async_promise_cancel(promise), 0);
  uv_fixture_run(fixture);
  assert_ptr_equal(async_promise_result(promise), first);
  async_promise_release(promise);
}

/* The fixture's tear-down detaches: the loop must close then. */
static void test_waits_are_dropped_at_the_end_of_the_environment(void **state) {
  uv_fixture_t *fixture = *state;
  static outcome_t outcome;
  async_promise_t *promise = NULL;
  ask(wait_ms(fixture, 3600 * 1000, NULL), &outcome);
  assert_int_equal(async_immediate_promise(NULL, &promise), 0);
  ask(promise, &outcome);
  assert_int_equal(outcome.seen.calls, 0);
}

static void wait_elsewhere(void *arg) {
  uv_fixture_t *fixture = arg;
  async_promise_t *promise = NULL;
  if (async_uv_timer_promise(&fixture->loop, 1, NULL, &promise) == UV_EINVAL &&
      async_immediate_promise(NULL, &promise) == UV_EINVAL && promise == NULL)
    recorder_mark(&fixture->recorder, "refused");
}

static void test_another_threads_loop_is_refused(void **state) {
  uv_fixture_t *fixture = *state;
  on_other_environment(wait_elsewhere, fixture);
  assert_events(fixture, "PROMISE Timeout Immediate", "refused");
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_uv(test_timer_fulfils_with_the_value),
      cmocka_unit_test_uv(test_timer_is_a_timeout_that_resolves_in_its_scope),
      cmocka_unit_test_uv(test_nobody_hears_of_a_close),
      cmocka_unit_test_uv(test_callback_runs_in_the_context_of_its_then),
      cmocka_unit_test_uv(test_immediate_fulfils_with_the_value),
      cmocka_unit_test_uv(test_cancelled_timer_rejects_and_never_runs),
      cmocka_unit_test_uv(test_cancelled_immediate_rejects_and_never_runs),
      cmocka_unit_test_uv(test_promise_of_no_operation_cannot_be_cancelled),
      cmocka_unit_test_uv(test_wait_whose_promise_was_decided_ends_by_itself),
      cmocka_unit_test_uv(test_decided_wait_can_still_be_stopped),
      cmocka_unit_test_uv(test_waits_are_dropped_at_the_end_of_the_environment),
      cmocka_unit_test_uv(test_another_threads_loop_is_refused),
  };
  return test_main(tests, argc, argv);
}
