/* Promises that wait for each other: nobody settles them, and they end. */
#include "counting_allocator.h"
#include "promise_fixture.h"
#include <string.h>

static int setup(void **state) {
  return counting_allocator_install() != 0 ? -1 : fixture_setup(state);
}

#define cmocka_unit_test_counted(test) \
  cmocka_unit_test_setup_teardown(test, setup, fixture_teardown)

static void adopt(async_promise_t *promise, async_promise_t *other) {
  assert_int_equal(async_promise_resolve_with(promise, other), 0);
}

static void two_that_wait_for_each_other_end_when_nobody_holds_them(
    void **state) {
  (void)state;
  long before = counting_allocator_live();
  async_promise_t *first = pending(), *second = pending();
  adopt(first, second);
  adopt(second, first);
  async_promise_release(second);
  run_microtasks();
  assert_string_equal(state_of(first), "pending");
  async_promise_release(first);
  assert_int_equal(counting_allocator_live(), before);
}

static void the_job_that_closes_a_circle_may_hold_it_last(void **state) {
  (void)state;
  long before = counting_allocator_live();
  async_promise_t *first = pending(), *second = pending();
  adopt(first, second);
  adopt(second, first);
  async_promise_release(first);
  async_promise_release(second);
  run_microtasks();
  assert_int_equal(counting_allocator_live(), before);
}

static void what_waits_for_a_circle_ends_with_it(void **state) {
  fixture_t *fixture = *state;
  long before = counting_allocator_live();
  async_promise_t *first = pending(), *second = pending();
  async_promise_release(then(first, say_then, NULL, &fixture->trace));
  assert_int_equal(
      async_promise_finally(second, say_finally, &fixture->trace, NULL), 0);
  adopt(first, second);
  adopt(second, first);
  run_microtasks();
  async_promise_release(first);
  async_promise_release(second);
  run_microtasks();
  assert_int_equal(counting_allocator_live(), before);
  assert_string_equal(fixture->trace.text, "");
}

static void *answer_what_waits_for_it(async_promise_t *derived, void *value,
                                      void *last) {
  (void)value;
  adopt(derived, *(async_promise_t **)last);
  return NULL;
}

static void a_callback_may_answer_what_waits_for_it(void **state) {
  fixture_t *fixture = *state;
  async_promise_t *last = NULL;
  long before = counting_allocator_live();
  async_promise_t *promise = resolved("v");
  async_promise_t *derived =
      then(promise, answer_what_waits_for_it, NULL, &last);
  last = then(derived, say_then, NULL, &fixture->trace);
  async_promise_release(promise);
  async_promise_release(derived);
  run_microtasks();
  assert_string_equal(state_of(last), "pending");
  async_promise_release(last);
  assert_int_equal(counting_allocator_live(), before);
}

/* What opens the circle has its last promise answer one that waits for it. */
static void an_opened_circle_may_close_anew_in_another_way(void **state) {
  fixture_t *fixture = *state;
  async_promise_t *last = NULL;
  long before = counting_allocator_live();
  async_promise_t *first = pending();
  async_promise_t *second = then(first, answer_what_waits_for_it, NULL, &last);
  async_promise_t *third = then(second, say_then, NULL, &fixture->trace);
  last = then(second, say_then, NULL, &fixture->trace);
  adopt(first, third);
  run_microtasks();
  async_promise_release(first);
  assert_int_equal(async_promise_resolve(third, (void *)"v"), 0);
  async_promise_release(third);
  run_microtasks();
  assert_string_equal(state_of(second), "pending");
  async_promise_release(second);
  async_promise_release(last);
  assert_int_equal(counting_allocator_live(), before);
  assert_string_equal(fixture->trace.text, "");
}

static void a_circle_that_is_held_stays(void **state) {
  (void)state;
  async_promise_t *first = pending(), *second = pending(), *third = pending();
  adopt(first, second);
  adopt(second, third);
  adopt(third, first);
  run_microtasks();
  async_promise_release(second);
  async_promise_release(third);
  assert_string_equal(state_of(first), "pending");
  assert_int_equal(async_promise_resolve(first, NULL), 0);
  assert_string_equal(state_of(first), "pending");
  async_promise_release(first);
}

static void a_chain_of_those_that_wait_is_no_circle(void **state) {
  (void)state;
  async_promise_t *first = pending(), *second = pending(), *third = pending();
  adopt(first, second);
  adopt(second, third);
  run_microtasks();
  async_promise_release(second);
  assert_int_equal(async_promise_resolve(third, (void *)"v"), 0);
  async_promise_release(third);
  run_microtasks();
  assert_string_equal(state_of(first), "fulfilled(v)");
  async_promise_release(first);
}

static void a_circle_is_destroyed_at_once(void **state) {
  fixture_t *fixture = *state;
  tracer_init_all(&fixture->tracer, &fixture->trace, "");
  assert_int_equal(async_hook_enable(&fixture->tracer.hook), 0);
  fixture_mark(fixture);
  async_promise_t *first = pending(), *second = pending();
  adopt(first, second);
  adopt(second, first);
  run_microtasks();
  trace_clear(&fixture->trace);
  async_promise_release(first);
  async_promise_release(second);
  run_microtasks();
  assert_non_null(strstr(fixture->trace.text, "destroy(#1)"));
  assert_non_null(strstr(fixture->trace.text, "destroy(#2)"));
}

#define LONG_CIRCLE 1000

static void make_long_circle(void) {
  async_promise_t *first = pending();
  async_promise_t *promise = async_promise_retain(first);
  for (int i = 1; i < LONG_CIRCLE; i++) {
    async_promise_t *next = pending();
    adopt(promise, next);
    async_promise_release(promise);
    promise = next;
  }
  adopt(promise, first);
  async_promise_release(promise);
  async_promise_release(first);
  run_microtasks();
}

static void a_long_circle_ends_with_the_environment(void **state) {
  fixture_t *fixture = *state;
  assert_int_equal(async_env_detach(), 0);
  long before = counting_allocator_live();
  assert_int_equal(async_env_attach(&fixture->loop), 0);
  make_long_circle();
  assert_int_equal(async_env_detach(), 0);
  assert_int_equal(counting_allocator_live(), before);
  assert_int_equal(async_env_attach(&fixture->loop), 0);
}

static void one_that_is_held_outlives_what_it_waited_for(void **state) {
  fixture_t *fixture = *state;
  async_promise_t *first = pending(), *second = pending();
  adopt(first, second);
  adopt(second, first);
  run_microtasks();
  assert_int_equal(async_env_detach(), 0);
  assert_string_equal(state_of(first), "pending");
  async_promise_release(first);
  async_promise_release(second);
  assert_int_equal(async_env_attach(&fixture->loop), 0);
}

#define LONG_CHAIN 20000

/* Each asks whether it is in a circle: not all the way. */
static void a_long_chain_of_those_that_wait_settles(void **state) {
  fixture_t *fixture = *state;
  async_promise_t *head = pending();
  async_promise_t *last = async_promise_retain(head);
  for (int i = 0; i < LONG_CHAIN; i++) {
    async_promise_t *next = pending();
    async_promise_release(then(next, NULL, NULL, NULL));
    adopt(next, last);
    async_promise_release(last);
    last = next;
  }
  async_promise_release(then(last, say_then, NULL, &fixture->trace));
  async_promise_release(last);
  run_microtasks();
  assert_int_equal(async_promise_resolve(head, (void *)"v"), 0);
  async_promise_release(head);
  run_microtasks();
  assert_string_equal(fixture->trace.text, "then(v)");
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_counted(
          two_that_wait_for_each_other_end_when_nobody_holds_them),
      cmocka_unit_test_counted(the_job_that_closes_a_circle_may_hold_it_last),
      cmocka_unit_test_counted(what_waits_for_a_circle_ends_with_it),
      cmocka_unit_test_counted(a_callback_may_answer_what_waits_for_it),
      cmocka_unit_test_counted(an_opened_circle_may_close_anew_in_another_way),
      cmocka_unit_test_counted(a_circle_that_is_held_stays),
      cmocka_unit_test_counted(a_chain_of_those_that_wait_is_no_circle),
      cmocka_unit_test_counted(a_circle_is_destroyed_at_once),
      cmocka_unit_test_counted(a_long_circle_ends_with_the_environment),
      cmocka_unit_test_counted(one_that_is_held_outlives_what_it_waited_for),
      cmocka_unit_test_counted(a_long_chain_of_those_that_wait_settles),
  };
  return test_main(tests, argc, argv);
}
