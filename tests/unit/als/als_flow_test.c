/* The store follows what a run starts, and what enter_with() sets follows what
 * is started afterwards in the same scope, and nothing else. */
#include "als_fixture.h"

static void starts_a_tick(fixture_t *f) {
  in_tick(f, sees_later);
}
static void starts_a_microtask(fixture_t *f) {
  in_microtask(f, sees_later);
}
static void starts_an_immediate(fixture_t *f) {
  in_immediate(f, sees_later);
}
static void starts_a_timer(fixture_t *f) {
  in_timer(f, sees_later);
}
static void starts_an_interval(fixture_t *f) {
  in_interval(f, sees_later);
}

static void check_flow(fixture_t *f, step_cb start, const char *expected) {
  als_run(f, "a", start);
  see(f, "after");
  run_loop(f);
  see(f, "end");
  assert_string_equal(f->text, expected);
}

static void a_tick_sees_the_store_it_was_queued_in(void **state) {
  check_flow(*state, starts_a_tick, "after:- later:a end:-");
}
static void a_microtask_sees_the_store_it_was_queued_in(void **state) {
  check_flow(*state, starts_a_microtask, "after:- later:a end:-");
}
static void an_immediate_sees_the_store_it_was_started_in(void **state) {
  check_flow(*state, starts_an_immediate, "after:- later:a end:-");
}
static void a_timer_sees_the_store_it_was_started_in(void **state) {
  check_flow(*state, starts_a_timer, "after:- later:a end:-");
}
static void an_interval_sees_the_store_each_time(void **state) {
  check_flow(*state, starts_an_interval,
             "after:- later:a later:a later:a end:-");
}

static void starts_timer_and_immediate(fixture_t *f) {
  in_timer(f, starts_an_immediate);
}

static void a_chain_of_callbacks_keeps_the_store(void **state) {
  check_flow(*state, starts_timer_and_immediate, "after:- later:a end:-");
}

static void grows_other_tree(fixture_t *f) {
  see(f, "als");
  see_other(f, "other");
  if (f->times++ < 4)
    in_timer(f, grows_other_tree);
}

static void runs_other_tree(fixture_t *f) {
  other_run(f, "o", grows_other_tree);
}

static void two_trees_of_timers_do_not_mix(void **state) {
  fixture_t *f = *state;
  als_run(f, "a", grows_other_tree);
  other_run(f, "o", grows_other_tree);
  run_loop(f);
  assert_string_equal(f->text, "als:a other:- als:- other:o "
                               "als:a other:- als:- other:o "
                               "als:a other:- als:- other:o");
}

static void a_storage_run_inside_another_flows_with_it(void **state) {
  fixture_t *f = *state;
  f->times = 3;
  als_run(f, "a", runs_other_tree);
  run_loop(f);
  assert_string_equal(f->text, "als:a other:o als:a other:o");
}

static void enter_with_at_top_level_stays(void **state) {
  fixture_t *f = *state;
  als_enter(f, "top");
  in_timer(f, sees_later);
  see(f, "now");
  run_loop(f);
  see(f, "end");
  assert_string_equal(f->text, "now:top later:top end:top");
}

static void enters_and_starts_a_timer(fixture_t *f) {
  als_enter(f, "e");
  see(f, "entered");
  in_timer(f, sees_later);
}

static void sees_unrelated(fixture_t *f) {
  see(f, "unrelated");
}

static void enter_with_in_an_immediate_reaches_only_what_it_starts(
    void **state) {
  fixture_t *f = *state;
  in_immediate(f, enters_and_starts_a_timer);
  in_immediate(f, sees_unrelated);
  run_loop(f);
  assert_string_equal(f->text, "entered:e unrelated:- later:e");
}

static void enter_with_in_a_timer_reaches_only_what_it_starts(void **state) {
  fixture_t *f = *state;
  in_timer(f, enters_and_starts_a_timer);
  in_timer(f, sees_unrelated);
  run_loop(f);
  assert_string_equal(f->text, "entered:e unrelated:- later:e");
}

static void sees_and_enters(fixture_t *f) {
  see(f, "began");
  als_enter(f, "e");
}

static void enter_with_in_an_interval_is_gone_the_next_time(void **state) {
  fixture_t *f = *state;
  in_interval(f, sees_and_enters);
  run_loop(f);
  assert_string_equal(f->text, "began:- began:- began:-");
}

static void enter_with_in_a_scope_is_dropped_when_it_is_left(void **state) {
  fixture_t *f = *state;
  als_enter(f, "outer");
  in_scope(f, sees_and_enters);
  see(f, "after");
  assert_string_equal(f->text, "began:outer after:outer");
}

static void enters_in_a_scope_of_a_run(fixture_t *f) {
  in_scope(f, sees_and_enters);
  see(f, "left");
}

static void a_run_ends_well_around_a_scope_that_entered(void **state) {
  fixture_t *f = *state;
  als_run(f, "a", enters_in_a_scope_of_a_run);
  see(f, "after");
  assert_string_equal(f->text, "began:a left:a after:-");
}

static void replaces(fixture_t *f) {
  als_enter(f, "second");
  in_tick(f, sees_later);
}

static void what_was_started_before_enter_with_keeps_its_store(void **state) {
  fixture_t *f = *state;
  als_enter(f, "first");
  in_tick(f, sees_later);
  replaces(f);
  run_loop(f);
  assert_string_equal(f->text, "later:first later:second");
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_als(a_tick_sees_the_store_it_was_queued_in),
      cmocka_unit_test_als(a_microtask_sees_the_store_it_was_queued_in),
      cmocka_unit_test_als(an_immediate_sees_the_store_it_was_started_in),
      cmocka_unit_test_als(a_timer_sees_the_store_it_was_started_in),
      cmocka_unit_test_als(an_interval_sees_the_store_each_time),
      cmocka_unit_test_als(a_chain_of_callbacks_keeps_the_store),
      cmocka_unit_test_als(two_trees_of_timers_do_not_mix),
      cmocka_unit_test_als(a_storage_run_inside_another_flows_with_it),
      cmocka_unit_test_als(enter_with_at_top_level_stays),
      cmocka_unit_test_als(
          enter_with_in_an_immediate_reaches_only_what_it_starts),
      cmocka_unit_test_als(enter_with_in_a_timer_reaches_only_what_it_starts),
      cmocka_unit_test_als(enter_with_in_an_interval_is_gone_the_next_time),
      cmocka_unit_test_als(enter_with_in_a_scope_is_dropped_when_it_is_left),
      cmocka_unit_test_als(a_run_ends_well_around_a_scope_that_entered),
      cmocka_unit_test_als(what_was_started_before_enter_with_keeps_its_store),
  };
  return test_main(tests, argc, argv);
}
