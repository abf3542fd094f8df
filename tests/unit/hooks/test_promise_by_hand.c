/* What then() and its like answer, settled by hand before it is their turn: the
 * first to settle decides. */
#include "counting_allocator.h"
#include "promise_fixture.h"

static int setup(void **state) {
  return counting_allocator_install() != 0 ? -1 : fixture_setup(state);
}

#define cmocka_unit_test_counted(test) \
  cmocka_unit_test_setup_teardown(test, setup, fixture_teardown)

typedef int (*settle_cb)(async_promise_t *promise, void *result);

static void settle(async_promise_t *promise, settle_cb as, const char *result) {
  assert_int_equal(as(promise, (void *)(uintptr_t)result), 0);
}

/* `derived`, of `promise`, is settled by hand, then `promise` is; both are
 * released. */
static void assert_stays(fixture_t *fixture, async_promise_t *promise,
                         settle_cb late, async_promise_t *derived,
                         settle_cb by_hand, const char *becomes) {
  async_promise_t *caught = then(derived, NULL, say_catch, &fixture->trace);
  settle(derived, by_hand, "by hand");
  settle(promise, late, "late");
  assert_string_equal(state_of(derived), becomes);
  run_microtasks();
  assert_string_equal(state_of(derived), becomes);
  async_promise_release(caught);
  async_promise_release(derived);
  async_promise_release(promise);
}

static void a_value_does_not_pass_through_to_it(void **state) {
  async_promise_t *promise = pending();
  async_promise_t *derived = then(promise, NULL, say_catch, NULL);
  assert_stays(*state, promise, async_promise_resolve, derived,
               async_promise_resolve, "fulfilled(by hand)");
}

static void a_value_does_not_pass_through_to_a_rejected_one(void **state) {
  fixture_t *fixture = *state;
  async_promise_t *promise = pending();
  async_promise_t *derived = then(promise, NULL, NULL, NULL);
  assert_stays(fixture, promise, async_promise_resolve, derived,
               async_promise_reject, "rejected(by hand)");
  assert_string_equal(fixture->trace.text, "catch(by hand)");
}

/* Nor is it rejected once more, with nobody to handle it. */
static void a_reason_does_not_pass_through_to_it(void **state) {
  fixture_t *fixture = *state;
  async_promise_t *promise = pending();
  async_promise_t *derived = then(promise, say_then, NULL, &fixture->trace);
  assert_stays(fixture, promise, async_promise_reject, derived,
               async_promise_resolve, "fulfilled(by hand)");
  assert_string_equal(fixture->trace.text, "");
}

static void its_callback_is_called_all_the_same(void **state) {
  fixture_t *fixture = *state;
  async_promise_t *promise = pending();
  async_promise_t *derived = then(promise, say_then, NULL, &fixture->trace);
  assert_stays(fixture, promise, async_promise_resolve, derived,
               async_promise_resolve, "fulfilled(by hand)");
  assert_string_equal(fixture->trace.text, "then(late)");
}

static async_promise_t *finally(async_promise_t *promise,
                                async_promise_finally_cb cb, void *arg) {
  async_promise_t *derived = NULL;
  assert_int_equal(async_promise_finally(promise, cb, arg, &derived), 0);
  return derived;
}

static void that_of_finally_stays(void **state) {
  fixture_t *fixture = *state;
  async_promise_t *promise = pending();
  async_promise_t *derived = finally(promise, say_finally, &fixture->trace);
  assert_stays(fixture, promise, async_promise_resolve, derived,
               async_promise_resolve, "fulfilled(by hand)");
  assert_string_equal(fixture->trace.text, "finally");
}

static void say_unhandled(async_promise_t *promise, void *reason, void *data) {
  (void)promise;
  trace_add(data, "unhandled(%s)", (const char *)reason);
}

/* As in Node: what would have passed it on is rejected, and has no handler. */
static void a_reason_that_finally_cannot_pass_on_is_unhandled(void **state) {
  fixture_t *fixture = *state;
  assert_int_equal(
      async_set_unhandled_rejection_handler(say_unhandled, &fixture->trace), 0);
  async_promise_t *promise = pending();
  async_promise_t *derived = finally(promise, say_finally, &fixture->trace);
  assert_stays(fixture, promise, async_promise_reject, derived,
               async_promise_resolve, "fulfilled(by hand)");
  assert_string_equal(fixture->trace.text, "finally unhandled(late)");
}

static void fail_in_finally(async_promise_t *derived, void *arg) {
  (void)derived;
  trace_add(arg, "fail");
  async_fail("broken finally");
}

static void a_failing_finally_leaves_it(void **state) {
  fixture_t *fixture = *state;
  async_promise_t *promise = pending();
  async_promise_t *derived = finally(promise, fail_in_finally, &fixture->trace);
  assert_stays(fixture, promise, async_promise_resolve, derived,
               async_promise_resolve, "fulfilled(by hand)");
  assert_string_equal(fixture->trace.text, "fail");
  assert_null(async_failure());
}

static void answer_it(async_promise_t *derived, void *other) {
  (void)async_promise_resolve_with(derived, other);
}

/* It is waited for, and so handled; but not by the one that is settled. */
static void what_a_finally_answers_does_not_settle_it(void **state) {
  async_promise_t *promise = pending(), *other = pending();
  async_promise_t *derived = finally(promise, answer_it, other);
  assert_stays(*state, promise, async_promise_resolve, derived,
               async_promise_resolve, "fulfilled(by hand)");
  settle(other, async_promise_resolve, "other's");
  run_microtasks();
  async_promise_release(other);
}

static void one_that_adopts_is_settled_by_what_it_adopts(void **state) {
  fixture_t *fixture = *state;
  async_promise_t *promise = pending(), *other = pending();
  async_promise_t *derived = then(promise, NULL, say_catch, &fixture->trace);
  assert_int_equal(async_promise_resolve_with(derived, other), 0);
  settle(promise, async_promise_resolve, "late");
  run_microtasks();
  assert_string_equal(state_of(derived), "pending");
  settle(other, async_promise_resolve, "adopted");
  run_microtasks();
  assert_string_equal(state_of(derived), "fulfilled(adopted)");
  async_promise_release(derived);
  async_promise_release(other);
  async_promise_release(promise);
}

static void one_that_adopts_in_a_circle_ends_with_it(void **state) {
  (void)state;
  long before = counting_allocator_live();
  async_promise_t *promise = pending(), *other = pending();
  async_promise_t *derived = then(promise, NULL, NULL, NULL);
  assert_int_equal(async_promise_resolve_with(derived, other), 0);
  assert_int_equal(async_promise_resolve_with(other, derived), 0);
  run_microtasks();
  async_promise_release(derived);
  async_promise_release(other);
  settle(promise, async_promise_resolve, "late");
  async_promise_release(promise);
  run_microtasks();
  assert_int_equal(counting_allocator_live(), before);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_counted(a_value_does_not_pass_through_to_it),
      cmocka_unit_test_counted(a_value_does_not_pass_through_to_a_rejected_one),
      cmocka_unit_test_counted(a_reason_does_not_pass_through_to_it),
      cmocka_unit_test_counted(its_callback_is_called_all_the_same),
      cmocka_unit_test_counted(that_of_finally_stays),
      cmocka_unit_test_counted(
          a_reason_that_finally_cannot_pass_on_is_unhandled),
      cmocka_unit_test_counted(a_failing_finally_leaves_it),
      cmocka_unit_test_counted(what_a_finally_answers_does_not_settle_it),
      cmocka_unit_test_counted(one_that_adopts_is_settled_by_what_it_adopts),
      cmocka_unit_test_counted(one_that_adopts_in_a_circle_ends_with_it),
  };
  return test_main(tests, argc, argv);
}
