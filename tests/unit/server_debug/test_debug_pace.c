/* How fast young records are read. Times are given, not taken. */
#include "debug_fixture.h"
#include "pace.h"

#define NOW_NS   (UINT64_C(1000) * DEBUG_PACE_YOUNG_NS)
#define TURN_NS  ((uint64_t)DEBUG_PACE_BURST * DEBUG_PACE_NS)
#define ANOTHERS 1000 /* the number of a thread that is not this one */

static const async_resource_info_t young = {.created_ns = NOW_NS};
static const async_resource_info_t old = {.created_ns =
                                              NOW_NS - DEBUG_PACE_YOUNG_NS};

static void read_times(debug_pace_t *pace, uint32_t thread,
                       const async_resource_info_t *info, size_t times) {
  for (size_t i = 0; i < times; i++)
    asyncscope__debug_pace_read(pace, thread, info, 1);
}

static void young_records_of_others_spend_a_turn(void **state) {
  scene_t *scene = *state;
  debug_pace_t pace = {0};
  assert_true(asyncscope__debug_pace_begin(&pace, NOW_NS));
  read_times(&pace, ANOTHERS, &young, DEBUG_PACE_BURST - 1);
  assert_false(asyncscope__debug_pace_is_spent(&pace));
  asyncscope__debug_pace_missed(&pace, ANOTHERS);
  assert_true(asyncscope__debug_pace_is_spent(&pace));
  asyncscope__debug_pace_end(&pace, scene->debug, NOW_NS);
  assert_false(asyncscope__debug_pace_begin(&pace, NOW_NS + TURN_NS - 1));
  assert_true(asyncscope__debug_pace_begin(&pace, NOW_NS + TURN_NS));
  assert_false(asyncscope__debug_pace_is_spent(&pace));
}

static void old_and_own_records_are_read_at_will(void **state) {
  scene_t *scene = *state;
  debug_pace_t pace = {0};
  asyncscope__debug_pace_begin(&pace, NOW_NS);
  read_times(&pace, ANOTHERS, &old, 2 * DEBUG_PACE_BURST);
  read_times(&pace, scene->thread, &young, 2 * DEBUG_PACE_BURST);
  assert_false(asyncscope__debug_pace_is_spent(&pace));
  asyncscope__debug_pace_end(&pace, scene->debug, NOW_NS);
  assert_true(asyncscope__debug_pace_begin(&pace, NOW_NS));
}

static void readers_wait_behind_each_other(void **state) {
  scene_t *scene = *state;
  debug_pace_t paces[3] = {0};
  for (size_t i = 0; i < 3; i++) {
    asyncscope__debug_pace_begin(&paces[i], NOW_NS);
    read_times(&paces[i], ANOTHERS, &young, DEBUG_PACE_BURST);
    asyncscope__debug_pace_end(&paces[i], scene->debug, NOW_NS);
    assert_int_equal(paces[i].resume_ns, NOW_NS + (i + 1) * TURN_NS);
  }
}

static void who_keeps_no_pace_waits_for_nothing(void **state) {
  (void)state;
  read_times(NULL, ANOTHERS, &young, 2 * DEBUG_PACE_BURST);
  asyncscope__debug_pace_missed(NULL, ANOTHERS);
  assert_false(asyncscope__debug_pace_is_spent(NULL));
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_of_scene(young_records_of_others_spend_a_turn),
      cmocka_unit_test_of_scene(old_and_own_records_are_read_at_will),
      cmocka_unit_test_of_scene(readers_wait_behind_each_other),
      cmocka_unit_test_of_scene(who_keeps_no_pace_waits_for_nothing),
  };
  return test_main(tests, argc, argv);
}
