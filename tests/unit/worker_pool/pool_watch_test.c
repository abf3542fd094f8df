/* When a worker that runs dry watches awake. Linked so that the clock and the
 * core are the test's: the room's calls of uv_hrtime() and sched_getcpu() come
 * here first, and each reading of the clock takes `step_ns`. */
#include "test_main.h"
#include "worker_watch.h"

#define SHORT_NS 100000u   /* shorter than a watch */
#define LONG_NS  10000000u /* longer than one */
#define NONE     3u        /* what the sign says where no task is */

int __wrap_sched_getcpu(void);
uint64_t __wrap_uv_hrtime(void);

typedef struct fake_s {
  int core;
  uint64_t now_ns, step_ns;
  unsigned reads;
  atomic_uint sign;
  unsigned task_after; /* so many readings of the clock; 0: none comes */
} fake_t;

static fake_t fake;

int __wrap_sched_getcpu(void) {
  return fake.core;
}

uint64_t __wrap_uv_hrtime(void) {
  fake.now_ns += fake.step_ns;
  if (++fake.reads == fake.task_after)
    atomic_store(&fake.sign, 1);
  return fake.now_ns;
}

static int setup(void **state) {
  static asyncscope__worker_watch_t watch;
  watch = (asyncscope__worker_watch_t){.submitter_core = 0};
  fake = (fake_t){.now_ns = 1000000, .step_ns = 50, .sign = NONE};
  *state = &watch;
  return 0;
}

/* The pool is dry for so long; true: one was to watch at its beginning. */
static bool dry_for(asyncscope__worker_watch_t *watch, uint64_t time_ns) {
  fake.core = 0;
  asyncscope__worker_watch_put(watch);
  fake.core = 1;
  bool watches = asyncscope__worker_watch_begin(watch);
  fake.now_ns += time_ns;
  if (watches)
    asyncscope__worker_watch_end(watch, time_ns >= LONG_NS);
  asyncscope__worker_watch_found(watch);
  return watches;
}

static void nobody_watches_at_first(void **state) {
  assert_false(dry_for(*state, SHORT_NS));
}

static void after_a_short_time_without_tasks_one_watches(void **state) {
  dry_for(*state, SHORT_NS);
  assert_true(dry_for(*state, SHORT_NS));
  assert_true(dry_for(*state, SHORT_NS));
}

static void after_a_long_time_nobody_does(void **state) {
  dry_for(*state, SHORT_NS);
  assert_true(dry_for(*state, LONG_NS));
  assert_false(dry_for(*state, SHORT_NS));
}

static void the_submitters_core_is_left_to_it(void **state) {
  asyncscope__worker_watch_t *watch = *state;
  dry_for(watch, SHORT_NS);
  asyncscope__worker_watch_put(watch);
  assert_false(asyncscope__worker_watch_begin(watch));
  assert_false(watch->on);
}

static void an_unknown_core_is_nobodys(void **state) {
  asyncscope__worker_watch_t *watch = *state;
  dry_for(watch, SHORT_NS);
  fake.core = -1;
  asyncscope__worker_watch_put(watch);
  assert_true(asyncscope__worker_watch_begin(watch));
  assert_true(watch->on);
}

/* How many short times are passed over until one is watched again. */
static int passed_over(asyncscope__worker_watch_t *watch) {
  int count = 0;
  while (!dry_for(watch, SHORT_NS))
    count++;
  return count;
}

static void watching_in_vain_makes_it_rarer(void **state) {
  asyncscope__worker_watch_t *watch = *state;
  dry_for(watch, SHORT_NS);
  for (int i = 0; i < 3; i++)
    asyncscope__worker_watch_end(watch, true);
  assert_int_equal(passed_over(watch), 7);
}

static void a_watch_that_paid_makes_up_for_all(void **state) {
  asyncscope__worker_watch_t *watch = *state;
  dry_for(watch, SHORT_NS);
  for (int i = 0; i < 3; i++)
    asyncscope__worker_watch_end(watch, true);
  passed_over(watch);
  assert_int_equal(passed_over(watch), 0);
  asyncscope__worker_watch_end(watch, true);
  assert_int_equal(passed_over(watch), 1);
}

static void it_is_never_given_up(void **state) {
  asyncscope__worker_watch_t *watch = *state;
  dry_for(watch, SHORT_NS);
  for (int i = 0; i < 40; i++)
    asyncscope__worker_watch_end(watch, true);
  assert_int_equal(passed_over(watch), 1023);
}

static bool look(void) {
  return asyncscope__worker_watch_look(&fake.sign, NONE);
}

static void a_watch_ends_when_a_task_comes(void **state) {
  (void)state;
  fake.task_after = 20;
  assert_true(look());
  assert_int_equal(fake.reads, 20);
}

static void a_task_that_is_there_already_is_seen(void **state) {
  (void)state;
  atomic_store(&fake.sign, 0);
  assert_true(look());
}

static void a_watch_is_over_after_a_while(void **state) {
  (void)state;
  assert_false(look());
  assert_in_range(fake.reads * fake.step_ns, 200000, 201000);
}

static void a_lost_core_ends_the_watch(void **state) {
  (void)state;
  fake.step_ns = 2000;
  assert_false(look());
  assert_int_equal(fake.reads, 2);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(nobody_watches_at_first, setup),
      cmocka_unit_test_setup(after_a_short_time_without_tasks_one_watches,
                             setup),
      cmocka_unit_test_setup(after_a_long_time_nobody_does, setup),
      cmocka_unit_test_setup(the_submitters_core_is_left_to_it, setup),
      cmocka_unit_test_setup(an_unknown_core_is_nobodys, setup),
      cmocka_unit_test_setup(watching_in_vain_makes_it_rarer, setup),
      cmocka_unit_test_setup(a_watch_that_paid_makes_up_for_all, setup),
      cmocka_unit_test_setup(it_is_never_given_up, setup),
      cmocka_unit_test_setup(a_watch_ends_when_a_task_comes, setup),
      cmocka_unit_test_setup(a_task_that_is_there_already_is_seen, setup),
      cmocka_unit_test_setup(a_watch_is_over_after_a_while, setup),
      cmocka_unit_test_setup(a_lost_core_ends_the_watch, setup),
  };
  return test_main(tests, argc, argv);
}
