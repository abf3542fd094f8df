/* disable() takes the store out of the frame of now: out of what shares that
 * very frame, and of nothing else. */
#include "als_fixture.h"

static void disables(fixture_t *f) {
  async_local_storage_disable(&f->als);
  see(f, "disabled");
}

static void disable_without_a_store_does_nothing(void **state) {
  fixture_t *f = *state;
  disables(f);
  als_run(f, "a", sees_inside);
  assert_string_equal(f->text, "disabled:- inside:a");
}

static void disable_lasts_beyond_the_end_of_the_run(void **state) {
  fixture_t *f = *state;
  als_run(f, "a", disables);
  see(f, "after");
  assert_string_equal(f->text, "disabled:- after:-");
}

static void queues_and_disables(fixture_t *f) {
  in_tick(f, sees_later);
  disables(f);
  in_tick(f, sees_later);
}

static void ticks_queued_before_disable_lose_the_store_too(void **state) {
  fixture_t *f = *state;
  als_run(f, "a", queues_and_disables);
  run_loop(f);
  assert_string_equal(f->text, "disabled:- later:- later:-");
}

static void starts_a_timer(fixture_t *f) {
  in_timer(f, sees_later);
}

static void a_timer_of_a_run_keeps_its_store_when_disabled_outside(
    void **state) {
  fixture_t *f = *state;
  als_run(f, "a", starts_a_timer);
  disables(f);
  run_loop(f);
  assert_string_equal(f->text, "disabled:- later:a");
}

static void enters_other_and_disables(fixture_t *f) {
  in_timer(f, sees_later);
  other_enter(f, "o");
  disables(f);
}

static void what_another_frame_holds_keeps_its_store(void **state) {
  fixture_t *f = *state;
  als_run(f, "a", enters_other_and_disables);
  run_loop(f);
  assert_string_equal(f->text, "disabled:- later:a");
}

static void disables_and_runs(fixture_t *f) {
  disables(f);
  als_run(f, "b", sees_inside);
  see(f, "after");
}

static void a_run_works_again_after_disable(void **state) {
  fixture_t *f = *state;
  als_run(f, "a", disables_and_runs);
  assert_string_equal(f->text, "disabled:- inside:b after:-");
}

static void enter_with_works_again_after_disable(void **state) {
  fixture_t *f = *state;
  als_enter(f, "a");
  disables(f);
  als_enter(f, "b");
  see(f, "entered");
  assert_string_equal(f->text, "disabled:- entered:b");
}

static void disables_and_exits(fixture_t *f) {
  disables(f);
  als_exit(f, sees_inside);
  see(f, "after");
}

static void exit_after_disable_does_not_bring_the_store_back(void **state) {
  fixture_t *f = *state;
  als_run(f, "a", disables_and_exits);
  assert_string_equal(f->text, "disabled:- inside:- after:-");
}

static void runs_b_and_disables(fixture_t *f) {
  als_run(f, "b", disables);
  see(f, "outer");
}

static void the_end_of_a_run_brings_back_what_it_had_shadowed(void **state) {
  fixture_t *f = *state;
  als_run(f, "a", runs_b_and_disables);
  see(f, "after");
  assert_string_equal(f->text, "disabled:- outer:a after:-");
}

static void sees_all(fixture_t *f) {
  see(f, "als");
  see_other(f, "other");
}

static void disables_among_two(fixture_t *f) {
  disables(f);
  see_other(f, "other");
}

static void runs_other_and_disables(fixture_t *f) {
  other_run(f, "o", disables_among_two);
  sees_all(f);
}

static void disable_inside_another_storages_run_outlasts_it(void **state) {
  fixture_t *f = *state;
  als_run(f, "a", runs_other_and_disables);
  sees_all(f);
  assert_string_equal(f->text,
                      "disabled:- other:o als:- other:- als:- other:-");
}

static void disable_leaves_what_another_storage_entered(void **state) {
  fixture_t *f = *state;
  other_enter(f, "o");
  als_run(f, "a", runs_b_and_disables);
  see_other(f, "other");
  assert_string_equal(f->text, "disabled:- outer:a other:o");
}

static void disables_in_a_tick(fixture_t *f) {
  see(f, "tick");
  disables(f);
}

static void starts_a_tick_that_disables(fixture_t *f) {
  in_tick(f, disables_in_a_tick);
  in_tick(f, sees_later);
}

static void a_tick_that_disables_takes_the_store_from_its_siblings(
    void **state) {
  fixture_t *f = *state;
  als_run(f, "a", starts_a_tick_that_disables);
  run_loop(f);
  assert_string_equal(f->text, "tick:a disabled:- later:-");
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_als(disable_without_a_store_does_nothing),
      cmocka_unit_test_als(disable_lasts_beyond_the_end_of_the_run),
      cmocka_unit_test_als(ticks_queued_before_disable_lose_the_store_too),
      cmocka_unit_test_als(
          a_timer_of_a_run_keeps_its_store_when_disabled_outside),
      cmocka_unit_test_als(what_another_frame_holds_keeps_its_store),
      cmocka_unit_test_als(a_run_works_again_after_disable),
      cmocka_unit_test_als(enter_with_works_again_after_disable),
      cmocka_unit_test_als(exit_after_disable_does_not_bring_the_store_back),
      cmocka_unit_test_als(the_end_of_a_run_brings_back_what_it_had_shadowed),
      cmocka_unit_test_als(disable_inside_another_storages_run_outlasts_it),
      cmocka_unit_test_als(disable_leaves_what_another_storage_entered),
      cmocka_unit_test_als(
          a_tick_that_disables_takes_the_store_from_its_siblings),
  };
  return test_main(tests, argc, argv);
}
