/* The clock over a counter and a system clock of the test's own. */
#include "hooks_fixture.h"

#include <uv.h>

static uint64_t fake_cycles(void);
static uint64_t fake_ns(void);
#define ASYNCSCOPE__CYCLES fake_cycles
#define uv_hrtime          fake_ns
#include "../../../hooks/clock.c"
#undef uv_hrtime

#define START_NS  UINT64_C(5000000000)
#define STEP_NS   UINT64_C(10000)
#define SECOND_NS UINT64_C(1000000000)

/* The simulated machine: `true_ns` goes on by `cost_ns` with each reading of
 * the system's clock. */
static struct machine_s {
  uint64_t true_ns, cost_ns;
  double cycles_per_ns;
  uint64_t cycles_ahead; /* what was added, by somebody who set the counter */
  bool stopped;
  uint64_t stopped_at;
  uint64_t readings;
} machine;

static uint64_t fake_cycles(void) {
  if (machine.stopped)
    return machine.stopped_at;
  return (uint64_t)((double)machine.true_ns * machine.cycles_per_ns) +
         machine.cycles_ahead;
}

static uint64_t fake_ns(void) {
  machine.readings++;
  uint64_t ns = machine.true_ns + machine.cost_ns / 2;
  machine.true_ns += machine.cost_ns;
  return ns;
}

static void start(double cycles_per_ns) {
  machine = (struct machine_s){
      .true_ns = START_NS, .cost_ns = 20, .cycles_per_ns = cycles_per_ns};
}

static uint64_t apart(uint64_t a_ns, uint64_t b_ns) {
  return a_ns > b_ns ? a_ns - b_ns : b_ns - a_ns;
}

/* Reads for so long; returns the last answer. Counts what was wrong. */
static uint64_t read_for(asyncscope__clock_t *clock, uint64_t last_ns,
                         uint64_t for_ns, int *wrong) {
  uint64_t end_ns = machine.true_ns + for_ns;
  while (machine.true_ns < end_ns) {
    machine.true_ns += STEP_NS;
    uint64_t now_ns = asyncscope__clock_now(clock, last_ns);
    *wrong += now_ns < last_ns ||
              apart(now_ns, machine.true_ns) > ASYNCSCOPE__CLOCK_ERROR_NS;
    last_ns = now_ns;
  }
  return last_ns;
}

static void stays_near(double cycles_per_ns) {
  asyncscope__clock_t clock;
  int wrong = 0;
  start(cycles_per_ns);
  asyncscope__clock_init(&clock, true);
  read_for(&clock, 0, SECOND_NS, &wrong);
  assert_int_equal(wrong, 0);
  assert_true(clock.trusted_cycles > 0);
  assert_int_equal(clock.failures, 0);
}

static void a_counter_of_any_rate_is_converted(void **state) {
  (void)state;
  stays_near(3.7);
  stays_near(1.0);
  stays_near(0.025);
}

static void the_system_is_asked_once_a_millisecond_where_there_is_trust(
    void **state) {
  (void)state;
  asyncscope__clock_t clock;
  int wrong = 0;
  start(2.5);
  asyncscope__clock_init(&clock, true);
  uint64_t last_ns = read_for(&clock, 0, SECOND_NS, &wrong);
  uint64_t before = machine.readings;
  read_for(&clock, last_ns, SECOND_NS, &wrong);
  assert_in_range(machine.readings - before, 900, 1100);
  assert_int_equal(wrong, 0);
}

static void without_a_counter_every_answer_is_the_systems(void **state) {
  (void)state;
  asyncscope__clock_t clock;
  int wrong = 0;
  start(2.5);
  asyncscope__clock_init(&clock, false);
  read_for(&clock, 0, SECOND_NS / 10, &wrong);
  assert_int_equal(clock.trusted_cycles, 0);
  assert_in_range(machine.readings, SECOND_NS / 10 / STEP_NS - 100,
                  SECOND_NS / 10 / STEP_NS);
  assert_int_equal(wrong, 0);
}

static void the_systems_clock_may_be_slewed(void **state) {
  (void)state;
  asyncscope__clock_t clock;
  int wrong = 0;
  uint64_t last_ns = 0;
  start(2.5);
  asyncscope__clock_init(&clock, true);
  for (int i = 0; i < 100; i++) {
    uint64_t cycles = fake_cycles();
    machine.cycles_per_ns *= i % 2 == 0 ? 1.0005 : 1 / 1.0005;
    machine.cycles_ahead += cycles - fake_cycles();
    last_ns = read_for(&clock, last_ns, SECOND_NS / 20, &wrong);
  }
  assert_int_equal(wrong, 0);
}

static void a_counter_that_is_set_is_not_believed(void **state) {
  (void)state;
  asyncscope__clock_t clock;
  int wrong = 0;
  start(2.5);
  asyncscope__clock_init(&clock, true);
  uint64_t last_ns = read_for(&clock, 0, SECOND_NS, &wrong);
  machine.cycles_ahead -= (uint64_t)(2.5 * (double)SECOND_NS);
  last_ns = read_for(&clock, last_ns, SECOND_NS, &wrong);
  assert_int_equal(wrong, 0);
  assert_true(clock.counts);
  assert_true(clock.trusted_cycles > 0);
}

static void a_counter_that_fails_again_and_again_is_given_up(void **state) {
  (void)state;
  asyncscope__clock_t clock;
  int wrong = 0;
  uint64_t last_ns = 0;
  start(2.5);
  asyncscope__clock_init(&clock, true);
  for (int i = 0; i < 10; i++) {
    last_ns = read_for(&clock, last_ns, SECOND_NS, &wrong);
    machine.cycles_ahead -= UINT64_C(2500000) * 1000;
  }
  assert_int_equal(wrong, 0);
  assert_false(clock.counts);
  uint64_t before = machine.readings;
  read_for(&clock, last_ns, 100 * STEP_NS, &wrong);
  assert_true(machine.readings - before >= 99);
}

static void a_counter_that_stands_still_is_seen_through(void **state) {
  (void)state;
  asyncscope__clock_t clock;
  uint64_t last_ns = 0;
  int wrong = 0;
  start(2.5);
  machine.stopped = true;
  machine.stopped_at = 12345;
  asyncscope__clock_init(&clock, true);
  read_for(&clock, last_ns, SECOND_NS, &wrong);
  assert_int_equal(wrong, 0);
  assert_int_equal(clock.trusted_cycles, 0);
}

static void a_thread_that_slept_for_days_is_right_at_once(void **state) {
  (void)state;
  asyncscope__clock_t clock;
  int wrong = 0;
  start(3.7);
  asyncscope__clock_init(&clock, true);
  uint64_t last_ns = read_for(&clock, 0, SECOND_NS, &wrong);
  machine.true_ns += 86400 * 3 * SECOND_NS;
  read_for(&clock, last_ns, SECOND_NS, &wrong);
  assert_int_equal(wrong, 0);
  assert_true(clock.trusted_cycles > 0);
}

/* What one thread has been told is the past of all others, but for the error.
 * They began at different times. */
static void two_threads_agree(void **state) {
  (void)state;
  asyncscope__clock_t one, other;
  int wrong = 0;
  start(2.999);
  asyncscope__clock_init(&one, true);
  uint64_t one_ns = read_for(&one, 0, SECOND_NS / 7, &wrong);
  asyncscope__clock_init(&other, true);
  uint64_t other_ns = 0;
  for (int i = 0; i < 100000; i++) {
    machine.true_ns += 3777;
    one_ns = asyncscope__clock_now(&one, one_ns);
    other_ns = asyncscope__clock_now(&other, other_ns);
    wrong += other_ns + 2 * ASYNCSCOPE__CLOCK_ERROR_NS < one_ns;
  }
  assert_int_equal(wrong, 0);
}

int main(int argc, char **argv) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_counter_of_any_rate_is_converted),
      cmocka_unit_test(
          the_system_is_asked_once_a_millisecond_where_there_is_trust),
      cmocka_unit_test(without_a_counter_every_answer_is_the_systems),
      cmocka_unit_test(the_systems_clock_may_be_slewed),
      cmocka_unit_test(a_counter_that_is_set_is_not_believed),
      cmocka_unit_test(a_counter_that_fails_again_and_again_is_given_up),
      cmocka_unit_test(a_counter_that_stands_still_is_seen_through),
      cmocka_unit_test(a_thread_that_slept_for_days_is_right_at_once),
      cmocka_unit_test(two_threads_agree),
  };
  return test_main(tests, argc, argv);
}
