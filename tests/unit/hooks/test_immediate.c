#include "hooks_fixture.h"

#include <stdlib.h>

static void start_tracer(fixture_t *fixture) {
  tracer_init(&fixture->tracer, &fixture->trace, "");
  assert_int_equal(async_hook_enable(&fixture->tracer.hook), 0);
}

static void run(fixture_t *fixture) {
  assert_int_equal(uv_run(&fixture->loop, UV_RUN_DEFAULT), 0);
}

/* Immediates that say their number, and do something to the next one. */
typedef struct numbered_s {
  async_immediate_t immediate;
  trace_t *trace;
  int number;
  struct numbered_s *other;
} numbered_t;

static void say_number(async_immediate_t *immediate) {
  numbered_t *numbered = (numbered_t *)immediate;
  trace_add(numbered->trace, "imm%d", numbered->number);
}

static numbered_t numbered(fixture_t *fixture, int number) {
  return (numbered_t){.trace = &fixture->trace, .number = number};
}

static void start(numbered_t *it, async_immediate_cb cb) {
  assert_int_equal(async_immediate_start(&it->immediate, cb), 0);
}

static void test_immediate_is_a_resource(void **state) {
  fixture_t *fixture = *state;
  numbered_t one = numbered(fixture, 1);
  start_tracer(fixture);
  start(&one, say_number);
  run(fixture);
  assert_string_equal(
      fixture->trace.text,
      "init(#1 Immediate root) before(#1) imm1 after(#1) destroy(#1)");
}

static void start_other(async_immediate_t *immediate) {
  numbered_t *numbered = (numbered_t *)immediate;
  say_number(immediate);
  (void)async_immediate_start(&numbered->other->immediate, say_number);
}

static void test_immediate(void **state) {
  fixture_t *fixture = *state;
  numbered_t one = numbered(fixture, 1), two = numbered(fixture, 2);
  one.other = &two;
  start_tracer(fixture);
  start(&one, start_other);
  run(fixture);
  assert_string_equal(fixture->trace.text,
                      "init(#1 Immediate root) before(#1) imm1 "
                      "init(#2 Immediate #1) after(#1) destroy(#1) "
                      "before(#2) imm2 after(#2) destroy(#2)");
}

static void test_immediates_run_in_order(void **state) {
  fixture_t *fixture = *state;
  numbered_t all[5];
  for (int i = 0; i < 5; i++) {
    all[i] = numbered(fixture, i);
    start(&all[i], say_number);
  }
  run(fixture);
  assert_string_equal(fixture->trace.text, "imm0 imm1 imm2 imm3 imm4");
}

static void test_immediate_started_by_an_immediate_waits(void **state) {
  fixture_t *fixture = *state;
  numbered_t one = numbered(fixture, 1), two = numbered(fixture, 2);
  one.other = &two;
  start(&one, start_other);
  uv_run(&fixture->loop, UV_RUN_NOWAIT);
  assert_string_equal(fixture->trace.text, "imm1");
  uv_run(&fixture->loop, UV_RUN_NOWAIT);
  assert_string_equal(fixture->trace.text, "imm1 imm2");
}

static void test_started_immediate_is_busy(void **state) {
  fixture_t *fixture = *state;
  numbered_t one = numbered(fixture, 1);
  start(&one, say_number);
  async_id_t async_id = async_resource_async_id(&one.immediate.resource);
  assert_int_equal(async_immediate_start(&one.immediate, say_number), UV_EBUSY);
  assert_int_equal(async_resource_async_id(&one.immediate.resource), async_id);
  run(fixture);
  assert_string_equal(fixture->trace.text, "imm1");
}

static void test_finished_immediate_may_start_again(void **state) {
  fixture_t *fixture = *state;
  numbered_t one = numbered(fixture, 1);
  start_tracer(fixture);
  start(&one, say_number);
  run(fixture);
  start(&one, say_number);
  run(fixture);
  assert_string_equal(
      fixture->trace.text,
      "init(#1 Immediate root) before(#1) imm1 after(#1) destroy(#1) "
      "init(#2 Immediate root) before(#2) imm1 after(#2) destroy(#2)");
}

static void free_in_a_tick(void *arg) {
  free(arg);
}

static void leave_to_a_tick(async_immediate_t *immediate) {
  (void)async_next_tick(free_in_a_tick, immediate);
}

/* Its ticks run when the callback has returned: the memory is ours by then. */
static void test_immediate_may_be_freed_in_its_own_tick(void **state) {
  fixture_t *fixture = *state;
  numbered_t *one = calloc(1, sizeof(*one));
  assert_non_null(one);
  tracer_init_quiet(&fixture->tracer, &fixture->trace, "");
  assert_int_equal(async_hook_enable(&fixture->tracer.hook), 0);
  start(one, leave_to_a_tick);
  run(fixture);
  assert_string_equal(
      fixture->trace.text,
      "before(#1) after(#1) before(#2) after(#2) destroy(#1) destroy(#2)");
}

static void test_top_level_clearimmediate(void **state) {
  fixture_t *fixture = *state;
  numbered_t one = numbered(fixture, 1);
  start_tracer(fixture);
  start(&one, say_number);
  async_immediate_stop(&one.immediate);
  run(fixture);
  assert_string_equal(fixture->trace.text,
                      "init(#1 Immediate root) destroy(#1)");
}

static void stop_itself(async_immediate_t *immediate) {
  async_immediate_stop(immediate);
  say_number(immediate);
}

static void test_stop_inside_its_own_callback_does_nothing(void **state) {
  fixture_t *fixture = *state;
  numbered_t one = numbered(fixture, 1), two = numbered(fixture, 2);
  start_tracer(fixture);
  start(&one, stop_itself);
  start(&two, say_number);
  trace_clear(&fixture->trace);
  run(fixture);
  assert_string_equal(fixture->trace.text,
                      "before(#1) imm1 after(#1) before(#2) imm2 after(#2) "
                      "destroy(#1) destroy(#2)");
}

static void test_stop_of_what_never_started_does_nothing(void **state) {
  fixture_t *fixture = *state;
  numbered_t one = numbered(fixture, 1);
  async_immediate_stop(&one.immediate);
  start(&one, say_number);
  run(fixture);
  async_immediate_stop(&one.immediate);
  assert_string_equal(fixture->trace.text, "imm1");
}

static void stop_other(async_immediate_t *immediate) {
  numbered_t *numbered = (numbered_t *)immediate;
  say_number(immediate);
  async_immediate_stop(&numbered->other->immediate);
}

static void test_stopped_by_the_one_before_it_does_not_run(void **state) {
  fixture_t *fixture = *state;
  numbered_t one = numbered(fixture, 1), two = numbered(fixture, 2),
             three = numbered(fixture, 3);
  one.other = &two;
  start(&one, stop_other);
  start(&two, say_number);
  start(&three, say_number);
  run(fixture);
  assert_string_equal(fixture->trace.text, "imm1 imm3");
}

static void stop_and_start_other(async_immediate_t *immediate) {
  stop_other(immediate);
  start_other(immediate);
}

static void test_restarted_by_the_one_before_it_runs_next_turn(void **state) {
  fixture_t *fixture = *state;
  numbered_t one = numbered(fixture, 1), two = numbered(fixture, 2),
             three = numbered(fixture, 3);
  one.other = &two;
  start(&one, stop_and_start_other);
  start(&two, say_number);
  start(&three, say_number);
  run(fixture);
  assert_string_equal(fixture->trace.text, "imm1 imm1 imm3 imm2");
}

static void stop_and_free_other(async_immediate_t *immediate) {
  numbered_t *numbered = (numbered_t *)immediate;
  stop_other(immediate);
  free(numbered->other);
}

static void test_stopped_immediate_may_be_freed_at_once(void **state) {
  fixture_t *fixture = *state;
  numbered_t one = numbered(fixture, 1), three = numbered(fixture, 3);
  one.other = malloc(sizeof(*one.other));
  assert_non_null(one.other);
  *one.other = numbered(fixture, 2);
  start(&one, stop_and_free_other);
  start(one.other, say_number);
  start(&three, say_number);
  run(fixture);
  assert_string_equal(fixture->trace.text, "imm1 imm3");
}

static void test_unref_lets_the_loop_end(void **state) {
  fixture_t *fixture = *state;
  numbered_t one = numbered(fixture, 1);
  start(&one, say_number);
  assert_true(async_immediate_has_ref(&one.immediate));
  assert_true(uv_loop_alive(&fixture->loop));
  async_immediate_unref(&one.immediate);
  async_immediate_unref(&one.immediate);
  assert_false(async_immediate_has_ref(&one.immediate));
  assert_false(uv_loop_alive(&fixture->loop));
  run(fixture);
  assert_string_equal(fixture->trace.text, "");
  async_immediate_stop(&one.immediate);
}

static void test_ref_after_unref_keeps_the_loop(void **state) {
  fixture_t *fixture = *state;
  numbered_t one = numbered(fixture, 1);
  start(&one, say_number);
  async_immediate_unref(&one.immediate);
  async_immediate_ref(&one.immediate);
  assert_true(async_immediate_has_ref(&one.immediate));
  run(fixture);
  assert_string_equal(fixture->trace.text, "imm1");
  assert_false(uv_loop_alive(&fixture->loop));
}

static void test_unreferenced_one_runs_beside_a_referenced(void **state) {
  fixture_t *fixture = *state;
  numbered_t one = numbered(fixture, 1), two = numbered(fixture, 2);
  start(&one, say_number);
  async_immediate_unref(&one.immediate);
  start(&two, say_number);
  run(fixture);
  assert_string_equal(fixture->trace.text, "imm1 imm2");
}

static void test_stopping_a_referenced_one_leaves_the_others_alone(
    void **state) {
  fixture_t *fixture = *state;
  numbered_t one = numbered(fixture, 1), two = numbered(fixture, 2);
  start(&one, say_number);
  start(&two, say_number);
  async_immediate_stop(&one.immediate);
  assert_true(uv_loop_alive(&fixture->loop));
  run(fixture);
  assert_string_equal(fixture->trace.text, "imm2");
}

static void ask_without_a_loop(void *arg) {
  static async_immediate_t immediate;
  (void)async_env_open(ASYNC_ENV_WORKER, "no loop");
  *(int *)arg = async_immediate_start(&immediate, say_number);
  (void)async_env_detach();
}

static void test_immediate_needs_a_loop(void **state) {
  (void)state;
  int error = 0;
  run_on_thread(ask_without_a_loop, &error);
  assert_int_equal(error, UV_EINVAL);
}

/* The recorded order of Node: a tick after each callback, also in the middle
 * of timers and of immediates. */
static void say_tick_1(void *arg) {
  trace_add(arg, "tick1");
}

static void say_micro_1(void *arg) {
  trace_add(arg, "micro1");
}

static void say_timer_tick(void *arg) {
  trace_add(arg, "tickT1");
}

static void say_t1(scoped_timer_t *timer) {
  trace_add(timer->arg, "t1");
  (void)async_next_tick(say_timer_tick, timer->arg);
}

static void say_t2(scoped_timer_t *timer) {
  trace_add(timer->arg, "t2");
}

static void say_and_queue(async_immediate_t *immediate) {
  numbered_t *numbered = (numbered_t *)immediate;
  say_number(immediate);
  (void)async_queue_microtask(say_micro_1, numbered->trace);
  (void)async_next_tick(say_tick_1, numbered->trace);
}

static void test_ticks_come_between_timers_and_immediates(void **state) {
  fixture_t *fixture = *state;
  scoped_timer_t t1, t2;
  numbered_t one = numbered(fixture, 1), two = numbered(fixture, 2);
  start(&one, say_and_queue);
  start(&two, say_number);
  scoped_timer_start(&t1, &fixture->loop, say_t1, &fixture->trace);
  scoped_timer_start(&t2, &fixture->loop, say_t2, &fixture->trace);
  run(fixture);
  assert_string_equal(fixture->trace.text,
                      "t1 tickT1 t2 imm1 tick1 micro1 imm2");
}

static void start_other_and_run_the_loop(async_immediate_t *immediate) {
  start_other(immediate);
  uv_run(async_env_loop(), UV_RUN_NOWAIT);
}

/* The rest of its turn is neither lost nor passed over. */
static void test_loop_inside_an_immediate_runs_the_rest_too(void **state) {
  fixture_t *fixture = *state;
  numbered_t one = numbered(fixture, 1), two = numbered(fixture, 2),
             three = numbered(fixture, 3);
  one.other = &three;
  start(&one, start_other_and_run_the_loop);
  start(&two, say_number);
  run(fixture);
  assert_string_equal(fixture->trace.text, "imm1 imm2 imm3");
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_on_loop(test_immediate_is_a_resource),
      cmocka_unit_test_on_loop(test_immediate),
      cmocka_unit_test_on_loop(test_immediates_run_in_order),
      cmocka_unit_test_on_loop(test_immediate_started_by_an_immediate_waits),
      cmocka_unit_test_on_loop(test_started_immediate_is_busy),
      cmocka_unit_test_on_loop(test_finished_immediate_may_start_again),
      cmocka_unit_test_on_loop(test_immediate_may_be_freed_in_its_own_tick),
      cmocka_unit_test_on_loop(test_top_level_clearimmediate),
      cmocka_unit_test_on_loop(test_stop_inside_its_own_callback_does_nothing),
      cmocka_unit_test_on_loop(test_stop_of_what_never_started_does_nothing),
      cmocka_unit_test_on_loop(test_stopped_by_the_one_before_it_does_not_run),
      cmocka_unit_test_on_loop(
          test_restarted_by_the_one_before_it_runs_next_turn),
      cmocka_unit_test_on_loop(test_stopped_immediate_may_be_freed_at_once),
      cmocka_unit_test_on_loop(test_unref_lets_the_loop_end),
      cmocka_unit_test_on_loop(test_ref_after_unref_keeps_the_loop),
      cmocka_unit_test_on_loop(test_unreferenced_one_runs_beside_a_referenced),
      cmocka_unit_test_on_loop(
          test_stopping_a_referenced_one_leaves_the_others_alone),
      cmocka_unit_test_on_loop(test_loop_inside_an_immediate_runs_the_rest_too),
      cmocka_unit_test_on_loop(test_immediate_needs_a_loop),
      cmocka_unit_test_on_loop(test_ticks_come_between_timers_and_immediates),
  };
  return test_main(tests, argc, argv);
}
