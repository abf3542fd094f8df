/* /debug/history: how the process was doing before anybody asked. The tests say
 * what time it is. */
#include "debug.h"
#include "debug_fixture.h"
#include "history.h"
#include "history_point.h"

#include "asyncscope/async_request.h"

#include <string.h>

#define SECOND_NS UINT64_C(1000000000)
#define FLEETING  100000

/* The second that a test is in. */
static uint64_t second;

static void tick(const scene_t *scene) {
  asyncscope__debug_history_sample(scene->debug,
                                   1000 * SECOND_NS + second++ * SECOND_NS);
}

static void tick_on(const scene_t *scene, unsigned seconds) {
  while (seconds-- > 0)
    tick(scene);
}

static json_t *point_of(const json_t *document, const char *scale, size_t at) {
  return json_array_get(json_object_get(document, scale), at);
}

static size_t points_of(const json_t *document, const char *scale) {
  return json_array_size(json_object_get(document, scale));
}

static json_int_t type_of(const json_t *point, const char *type) {
  return json_integer_value(
      json_object_get(json_object_get(point, "byType"), type));
}

static void end_request(uint64_t number, bool failed) {
  const async_request_options_t options = {
      .number = number, .name = "GET /", .name_bytes = 5, .route = "/"};
  async_request_t *request;
  assert_int_equal(async_request_begin(&options, &request), 0);
  if (failed)
    async_request_set_failed(request);
  async_request_end(request, 200);
}

static void a_second_says_how_the_process_was_doing(void **state) {
  scene_t *scene = *state;
  tick(scene);
  make(scene, "KIND", 1);
  make(scene, "KIND", 1);
  make(scene, "OTHER", 1);
  make_internal(scene, "OWN", 1);
  end_request(7, false);
  end_request(8, true);
  tick(scene);
  json_t *document = ask_json(scene, "/debug/history");
  const json_t *point = point_of(document, "seconds", 0);
  assert_int_equal(points_of(document, "seconds"), 1);
  assert_int_equal(json_integer_of(point, "spanUs"), 1000000);
  assert_int_equal(json_integer_of(point, "live"), 3);
  assert_int_equal(type_of(point, "KIND"), 2);
  assert_int_equal(type_of(point, "OTHER"), 1);
  assert_string_equal(json_keys(json_object_get(point, "byType")),
                      "KIND OTHER ");
  assert_int_equal(json_integer_of(point, "finished"), 2);
  assert_int_equal(json_integer_of(point, "failed"), 1);
  assert_int_equal(points_of(document, "minutes"), 0);
  json_decref(document);
}

static void what_was_counted_before_is_of_no_second(void **state) {
  scene_t *scene = *state;
  end_request(7, false);
  tick_on(scene, 3);
  json_t *document = ask_json(scene, "/debug/history");
  assert_int_equal(
      json_integer_of(point_of(document, "seconds", 0), "finished"), 0);
  assert_int_equal(
      json_integer_of(point_of(document, "seconds", 1), "finished"), 0);
  json_decref(document);
}

static void without_samples_there_are_no_points(void **state) {
  scene_t *scene = *state;
  json_t *document = ask_json(scene, "/debug/history");
  assert_int_equal(points_of(document, "seconds"), 0);
  assert_int_equal(points_of(document, "minutes"), 0);
  json_decref(document);
}

static void what_comes_too_soon_is_left_out(void **state) {
  scene_t *scene = *state;
  tick_on(scene, 2);
  asyncscope__debug_history_sample(
      scene->debug, 1000 * SECOND_NS + second * SECOND_NS - SECOND_NS * 6 / 10);
  json_t *document = ask_json(scene, "/debug/history");
  assert_int_equal(points_of(document, "seconds"), 1);
  json_decref(document);
}

/* As where two samplers take turns: what one saw too soon is no part of the
 * mean. */
static void what_comes_too_soon_is_in_no_mean(void **state) {
  scene_t *scene = *state;
  tick(scene);
  async_resource_t *first = make(scene, "KIND", 1);
  async_resource_t *other = make(scene, "KIND", 1);
  asyncscope__debug_history_sample(
      scene->debug, 1000 * SECOND_NS + second * SECOND_NS - SECOND_NS * 6 / 10);
  end(scene, first);
  end(scene, other);
  tick(scene);
  json_t *document = ask_json(scene, "/debug/history");
  assert_int_equal(json_integer_of(point_of(document, "seconds", 0), "live"),
                   0);
  json_decref(document);
}

static void the_last_sixty_seconds_are_kept(void **state) {
  scene_t *scene = *state;
  tick_on(scene, 101);
  json_t *document = ask_json(scene, "/debug/history");
  assert_int_equal(points_of(document, "seconds"), 60);
  assert_int_equal(json_integer_of(point_of(document, "seconds", 0), "number"),
                   40);
  assert_int_equal(json_integer_of(point_of(document, "seconds", 59), "number"),
                   99);
  json_decref(document);
}

static void the_last_sixty_minutes_are_kept(void **state) {
  scene_t *scene = *state;
  tick_on(scene, 60 * 62 + 1);
  json_t *document = ask_json(scene, "/debug/history");
  assert_int_equal(points_of(document, "minutes"), 60);
  assert_int_equal(json_integer_of(point_of(document, "minutes", 0), "number"),
                   2);
  assert_int_equal(json_integer_of(point_of(document, "minutes", 59), "spanUs"),
                   60000000);
  json_decref(document);
}

/* None in the first half of it, two in the second. */
static void a_minute_has_the_mean_and_all_that_ended(void **state) {
  scene_t *scene = *state;
  tick_on(scene, 31);
  make(scene, "KIND", 1);
  make(scene, "KIND", 1);
  end_request(7, false);
  tick_on(scene, 15);
  end_request(8, false);
  tick_on(scene, 15);
  json_t *document = ask_json(scene, "/debug/history");
  const json_t *minute = point_of(document, "minutes", 0);
  assert_int_equal(json_integer_of(minute, "live"), 1);
  assert_int_equal(type_of(minute, "KIND"), 1);
  assert_int_equal(json_integer_of(minute, "finished"), 2);
  json_decref(document);
}

/* Of type n there are n. */
static void those_of_which_most_lives_are_told_by_name(void **state) {
  static const char *const types[] = {"T1",  "T2",  "T3",  "T4", "T5",
                                      "T6",  "T7",  "T8",  "T9", "T10",
                                      "T11", "T12", "T13", "T14"};
  scene_t *scene = *state;
  tick(scene);
  for (size_t i = 0; i < 14; i++)
    for (size_t j = 0; j <= i; j++)
      make(scene, types[i], 1);
  tick(scene);
  json_t *document = ask_json(scene, "/debug/history");
  const json_t *point = point_of(document, "seconds", 0);
  assert_int_equal(type_of(point, "T14"), 14);
  assert_int_equal(type_of(point, "T3"), 3);
  assert_int_equal(type_of(point, "T2"), 0);
  assert_int_equal(type_of(point, "others"), 3);
  assert_int_equal(json_integer_of(point, "live"), 14 * 15 / 2);
  json_decref(document);
}

static void a_sample_allocates_nothing(void **state) {
  scene_t *scene = *state;
  make(scene, "KIND", 1);
  long before = counting_allocator_calls();
  tick_on(scene, 61);
  assert_int_equal(counting_allocator_calls(), before);
}

/* -- A point out of two readings ------------------------------------------- */

static debug_reading_t before, now;
static const debug_gauges_t none;

static void take_readings(void) {
  before = (debug_reading_t){.at_ns = SECOND_NS};
  for (int i = 0; i < 1000; i++)
    async_histogram_record(&before.turns, 5000000);
  now = before;
  now.at_ns = 2 * SECOND_NS;
}

static void the_lag_is_of_the_turns_in_between(void **state) {
  (void)state;
  take_readings();
  for (int i = 0; i < 990; i++)
    async_histogram_record(&now.turns, 1000);
  for (int i = 0; i < 10; i++)
    async_histogram_record(&now.turns, 1000000);
  debug_point_t point = asyncscope__debug_point(&before, &now, &none, 1);
  assert_in_range(point.lag_p99_ns, 1000, 1125);
  assert_in_range(point.lag_max_ns, 1000000, 1125000);
}

/* Its bucket reaches further. */
static void no_lag_is_longer_than_the_longest_turn(void **state) {
  (void)state;
  before = now = (debug_reading_t){.at_ns = SECOND_NS};
  now.at_ns = 2 * SECOND_NS;
  async_histogram_record(&now.turns, 1000001);
  debug_point_t point = asyncscope__debug_point(&before, &now, &none, 1);
  assert_int_equal(point.lag_p99_ns, 1000001);
  assert_int_equal(point.lag_max_ns, 1000001);
}

static void a_turn_that_does_not_end_is_lag(void **state) {
  const debug_gauges_t stuck = {.turn_ns = 700000000};
  (void)state;
  take_readings();
  debug_point_t point = asyncscope__debug_point(&before, &now, &stuck, 1);
  assert_int_equal(point.lag_p99_ns, 700000000);
  assert_int_equal(point.lag_max_ns, 700000000);
}

static void where_no_turn_was_there_is_no_lag(void **state) {
  (void)state;
  take_readings();
  debug_point_t point = asyncscope__debug_point(&before, &now, &none, 1);
  assert_int_equal(point.lag_p99_ns, 0);
  assert_int_equal(point.lag_max_ns, 0);
}

static void it_is_as_busy_as_the_busiest_loop(void **state) {
  (void)state;
  take_readings();
  before.loop_count = 2;
  before.loops[0] = (debug_loop_idle_t){4, 100};
  before.loops[1] = (debug_loop_idle_t){5, 200};
  now.loop_count = 3;
  now.loops[0] = (debug_loop_idle_t){4, 100 + SECOND_NS / 4};
  now.loops[1] = (debug_loop_idle_t){5, 200 + SECOND_NS};
  now.loops[2] = (debug_loop_idle_t){6, 0};
  debug_point_t point = asyncscope__debug_point(&before, &now, &none, 1);
  assert_int_equal(point.busy_ppm, 750000);
}

/* A thread has taken what it counted with it. */
static void no_difference_is_below_zero(void **state) {
  (void)state;
  take_readings();
  before.finished = 10;
  before.failed = 5;
  memset(&now.turns, 0, sizeof(now.turns));
  debug_point_t point = asyncscope__debug_point(&before, &now, &none, 1);
  assert_int_equal(point.finished, 0);
  assert_int_equal(point.failed, 0);
  assert_int_equal(point.lag_max_ns, 0);
}

/* -- Reading while points are added ---------------------------------------- */

static debug_history_ring_t ring;

static void add_points(void *arg) {
  (void)arg;
  for (uint64_t i = 0; i < FLEETING; i++) {
    debug_point_t point = {.at_ns = i, .others = i};
    asyncscope__debug_history_add(&ring, &point);
  }
}

static bool is_whole(const debug_point_t *point, uint64_t number) {
  return point->number == number && point->at_ns == number &&
         point->others == number;
}

static void a_point_is_read_whole_or_not_at_all(void **state) {
  uv_thread_t writer;
  debug_point_t point;
  bool whole = true;
  uint64_t end = 0;
  (void)state;
  assert_int_equal(uv_thread_create(&writer, add_points, NULL), 0);
  while (end < FLEETING) {
    uint64_t number = asyncscope__debug_history_from(&ring, 0, &end);
    for (; number < end; number++)
      if (asyncscope__debug_history_read(&ring, number, &point))
        whole = whole && is_whole(&point, number);
  }
  uv_thread_join(&writer);
  assert_true(whole);
  assert_true(asyncscope__debug_history_read(&ring, FLEETING - 1, &point));
  assert_false(asyncscope__debug_history_read(&ring, FLEETING, &point));
  assert_false(asyncscope__debug_history_read(
      &ring, FLEETING - DEBUG_HISTORY_SLOTS, &point));
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_of_scene(a_second_says_how_the_process_was_doing),
      cmocka_unit_test_of_scene(what_was_counted_before_is_of_no_second),
      cmocka_unit_test_of_scene(without_samples_there_are_no_points),
      cmocka_unit_test_of_scene(what_comes_too_soon_is_left_out),
      cmocka_unit_test_of_scene(what_comes_too_soon_is_in_no_mean),
      cmocka_unit_test_of_scene(the_last_sixty_seconds_are_kept),
      cmocka_unit_test_of_scene(the_last_sixty_minutes_are_kept),
      cmocka_unit_test_of_scene(a_minute_has_the_mean_and_all_that_ended),
      cmocka_unit_test_of_scene(those_of_which_most_lives_are_told_by_name),
      cmocka_unit_test_of_scene(a_sample_allocates_nothing),
      cmocka_unit_test(the_lag_is_of_the_turns_in_between),
      cmocka_unit_test(no_lag_is_longer_than_the_longest_turn),
      cmocka_unit_test(a_turn_that_does_not_end_is_lag),
      cmocka_unit_test(where_no_turn_was_there_is_no_lag),
      cmocka_unit_test(it_is_as_busy_as_the_busiest_loop),
      cmocka_unit_test(no_difference_is_below_zero),
      cmocka_unit_test(a_point_is_read_whole_or_not_at_all),
  };
  return test_main(tests, argc, argv);
}
