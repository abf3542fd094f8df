/* node:timers/promises setInterval(): one promise for each time it fires. */
#include "asyncscope/async_timers_promises.h"
#include "uv_fixture.h"

typedef struct rounds_s {
  async_interval_t *interval;
  unsigned fulfilled, rejected, enough;
  void *last;
  async_promise_t *promise;
} rounds_t;

static void ask(rounds_t *rounds);

static void *on_fired(async_promise_t *derived, void *value, void *arg) {
  rounds_t *rounds = arg;
  (void)derived;
  rounds->last = value;
  if (++rounds->fulfilled < rounds->enough) {
    ask(rounds);
  } else {
    async_interval_destroy(rounds->interval);
  }
  return NULL;
}

static void *on_ended(async_promise_t *derived, void *reason, void *arg) {
  rounds_t *rounds = arg;
  (void)derived;
  rounds->rejected++;
  rounds->last = reason;
  return NULL;
}

static void ask(rounds_t *rounds) {
  async_promise_t *promise = NULL;
  if (async_interval_next(rounds->interval, &promise) == 0) {
    (void)async_promise_then(promise, on_fired, on_ended, rounds, NULL);
  }
  async_promise_release(promise);
}

static void open_interval(uv_fixture_t *fixture, rounds_t *rounds,
                          char *value) {
  assert_int_equal(
      async_interval_create(&fixture->loop, 1, value, &rounds->interval), 0);
}

static void each_time_it_fires_fulfils_one(void **state) {
  uv_fixture_t *fixture = *state;
  char value[] = "value";
  rounds_t rounds = {.enough = 3};
  open_interval(fixture, &rounds, value);
  ask(&rounds);
  uv_fixture_run(fixture);
  assert_int_equal(rounds.fulfilled, 3);
  assert_ptr_equal(rounds.last, value);
  assert_int_equal(recorder_count(&fixture->recorder, RECORDED_INIT, "Timeout"),
                   1);
  assert_counts(fixture, "Timeout", 0, 1, 3, 3, 1);
}

static void stop_counting(async_uv_timer_t *timer) {
  unsigned *left = timer->data;
  if (--*left == 0) {
    async_uv_close((async_uv_handle_t *)timer, NULL);
  }
}

/* It fires as often as another timer of its interval. */
static void what_was_missed_is_answered_at_once(void **state) {
  uv_fixture_t *fixture = *state;
  rounds_t rounds = {.enough = 1};
  async_uv_timer_t other;
  async_promise_t *promises[3] = {NULL};
  unsigned left = 4;
  open_interval(fixture, &rounds, NULL);
  assert_int_equal(async_interval_next(rounds.interval, &promises[0]), 0);
  assert_int_equal(async_uv_timer_init(&fixture->loop, &other), 0);
  other.data = &left;
  assert_int_equal(async_uv_timer_start(&other, stop_counting, 1, 1), 0);
  async_interval_set_ref(rounds.interval, false);
  uv_fixture_run(fixture);
  for (int i = 1; i < 3; i++) {
    assert_int_equal(async_interval_next(rounds.interval, &promises[i]), 0);
    assert_int_equal(async_promise_state(promises[i]), ASYNC_PROMISE_FULFILLED);
  }
  async_interval_destroy(rounds.interval);
  for (int i = 0; i < 3; i++) {
    async_promise_release(promises[i]);
  }
  uv_fixture_run(fixture);
}

static void only_one_may_wait(void **state) {
  uv_fixture_t *fixture = *state;
  rounds_t rounds = {.enough = 1};
  async_promise_t *promise = NULL;
  open_interval(fixture, &rounds, NULL);
  ask(&rounds);
  assert_int_equal(async_interval_next(rounds.interval, &promise), UV_EBUSY);
  assert_null(promise);
  uv_fixture_run(fixture);
  assert_int_equal(rounds.fulfilled, 1);
}

static void the_end_rejects_what_waits(void **state) {
  uv_fixture_t *fixture = *state;
  rounds_t rounds = {.enough = 1};
  open_interval(fixture, &rounds, NULL);
  ask(&rounds);
  async_interval_destroy(rounds.interval);
  async_interval_destroy(NULL);
  uv_fixture_run(fixture);
  assert_int_equal(rounds.fulfilled, 0);
  assert_int_equal(rounds.rejected, 1);
  assert_int_equal(async_promise_reason_status(rounds.last), UV_ECANCELED);
  assert_counts(fixture, "Timeout", 0, 1, 0, 0, 1);
}

static void cancelling_what_waits_ends_it(void **state) {
  uv_fixture_t *fixture = *state;
  rounds_t rounds = {.enough = 1};
  async_promise_t *promise = NULL;
  open_interval(fixture, &rounds, NULL);
  assert_int_equal(async_interval_next(rounds.interval, &promise), 0);
  assert_int_equal(async_promise_catch(promise, on_ended, &rounds, NULL), 0);
  assert_int_equal(async_promise_cancel(promise), 0);
  async_promise_release(promise);
  assert_int_equal(async_interval_next(rounds.interval, &promise),
                   UV_ECANCELED);
  uv_fixture_run(fixture);
  assert_int_equal(rounds.rejected, 1);
  async_interval_destroy(rounds.interval);
}

static void one_that_was_never_asked_starts_nothing(void **state) {
  uv_fixture_t *fixture = *state;
  rounds_t rounds = {.enough = 1};
  open_interval(fixture, &rounds, NULL);
  uv_fixture_run(fixture);
  async_interval_destroy(rounds.interval);
  uv_fixture_run(fixture);
  assert_int_equal(recorder_count(&fixture->recorder, RECORDED_INIT, "Timeout"),
                   0);
}

static void an_unreferenced_one_lets_the_loop_end(void **state) {
  uv_fixture_t *fixture = *state;
  rounds_t rounds = {.enough = 2};
  open_interval(fixture, &rounds, NULL);
  async_interval_set_ref(rounds.interval, false);
  ask(&rounds);
  assert_int_equal(uv_loop_alive(&fixture->loop), 0);
  async_interval_set_ref(rounds.interval, true);
  uv_fixture_run(fixture);
  assert_int_equal(rounds.fulfilled, 2);
}

static void the_environment_may_end_before_it(void **state) {
  uv_fixture_t *fixture = *state;
  rounds_t rounds = {.enough = 1};
  open_interval(fixture, &rounds, NULL);
  ask(&rounds);
  assert_int_equal(async_env_detach(), 0);
  assert_int_equal(rounds.fulfilled + rounds.rejected, 0);
  assert_int_equal(uv_run(&fixture->loop, UV_RUN_DEFAULT), 0);
  async_interval_destroy(rounds.interval);
  assert_int_equal(async_env_attach(&fixture->loop), 0);
}

static void a_wait_may_be_unreferenced(void **state) {
  uv_fixture_t *fixture = *state;
  async_promise_t *timer = NULL, *immediate = NULL, *other = NULL;
  assert_int_equal(async_scheduler_wait(&fixture->loop, 1, &timer), 0);
  assert_int_equal(async_timers_promise_set_ref(timer, false), 0);
  assert_int_equal(uv_loop_alive(&fixture->loop), 0);
  assert_int_equal(async_scheduler_yield(&immediate), 0);
  assert_int_equal(async_timers_promise_set_ref(immediate, false), 0);
  assert_int_equal(uv_loop_alive(&fixture->loop), 0);
  assert_int_equal(async_timers_promise_set_ref(immediate, true), 0);
  assert_int_equal(async_timers_promise_set_ref(timer, true), 0);
  uv_fixture_run(fixture);
  assert_int_equal(async_promise_state(timer), ASYNC_PROMISE_FULFILLED);
  assert_int_equal(async_promise_state(immediate), ASYNC_PROMISE_FULFILLED);
  assert_int_equal(async_timers_promise_set_ref(timer, true), UV_EINVAL);
  assert_int_equal(async_promise_create(&other), 0);
  assert_int_equal(async_timers_promise_set_ref(other, true), UV_EINVAL);
  async_promise_release(timer);
  async_promise_release(immediate);
  async_promise_release(other);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_uv(each_time_it_fires_fulfils_one),
      cmocka_unit_test_uv(what_was_missed_is_answered_at_once),
      cmocka_unit_test_uv(only_one_may_wait),
      cmocka_unit_test_uv(the_end_rejects_what_waits),
      cmocka_unit_test_uv(cancelling_what_waits_ends_it),
      cmocka_unit_test_uv(one_that_was_never_asked_starts_nothing),
      cmocka_unit_test_uv(an_unreferenced_one_lets_the_loop_end),
      cmocka_unit_test_uv(the_environment_may_end_before_it),
      cmocka_unit_test_uv(a_wait_may_be_unreferenced),
  };
  return test_main(tests, argc, argv);
}
