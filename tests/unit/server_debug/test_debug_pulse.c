/* The pulse in /debug/events: how the process is doing, for who asks. */
#include "debug.h"
#include "events_reader.h"
#include "history.h"
#include "pulse_json.h"
#include "schema_check.h"

#include "asyncscope/async_request.h"

#include <string.h>

/* The first pulse after all that was seen. */
static json_t *pulse(scene_t *scene, const char *query) {
  open_events(scene, query, last_id());
  read_events();
  close_events();
  json_t *document = data_of("pulse");
  assert_schema(document);
  return document;
}

static async_request_t *begin_request(uint64_t number, const char *name) {
  const async_request_options_t options = {.number = number,
                                           .name = name,
                                           .name_bytes = strlen(name),
                                           .route = "/x"};
  async_request_t *request;
  assert_int_equal(async_request_begin(&options, &request), 0);
  return request;
}

static void a_pulse_tells_how_the_process_is_doing(void **state) {
  scene_t *scene = *state;
  make(scene, "KIND", 1);
  make_internal(scene, "OWN", 1);
  async_request_t *active = begin_request(7, "GET /a");
  async_request_t *ended = begin_request(8, "GET /b");
  see(scene, NULL);
  async_request_end(ended, 200);
  json_t *document = pulse(scene, "include=pulse&limit=1");
  const json_t *counts = json_object_get(document, "counts");
  assert_int_equal(json_integer_of(counts, "live"), 1);
  assert_string_equal(json_keys(json_object_get(counts, "byType")), "KIND ");
  assert_non_null(json_named(document, "requests", "requestId", "r7"));
  assert_non_null(json_named(document, "finished", "requestId", "r8"));
  assert_int_equal(length_of(document, "requests"), 1);
  assert_false(json_is_true(json_object_get(document, "stale")));
  json_decref(document);
  async_request_end(active, 200);
}

static void nobody_gets_a_pulse_who_did_not_ask(void **state) {
  scene_t *scene = *state;
  see(scene, NULL);
  make(scene, "KIND", 1);
  json_decref(come_back(scene, NULL));
  assert_null(strstr(reader.text, "event: pulse"));
}

static void of_many_the_counters_are_told(void **state) {
  scene_t *scene = *state;
  see(scene, NULL);
  for (size_t i = 0; i < DEBUG_PULSE_COUNTED + 1; i++)
    make(scene, "KIND", 1);
  make_internal(scene, "OWN", 1);
  json_t *document = pulse(scene, "include=pulse&limit=1");
  const json_t *counts = json_object_get(document, "counts");
  assert_true(json_is_false(json_object_get(counts, "exact")));
  assert_int_equal(json_integer_of(counts, "live"), DEBUG_PULSE_COUNTED + 1);
  assert_int_equal(json_integer_of(json_object_get(counts, "byType"), "KIND"),
                   DEBUG_PULSE_COUNTED + 1);
  assert_string_equal(json_keys(json_object_get(counts, "byType")), "KIND ");
  json_decref(document);
}

static void a_pulse_goes_before_what_changed(void **state) {
  scene_t *scene = *state;
  see(scene, NULL);
  make(scene, "KIND", 1);
  json_decref(pulse(scene, "include=pulse"));
  const char *told = strstr(reader.text, "event: pulse");
  assert_non_null(strstr(told, "event: delta"));
}

static void a_filter_chooses_the_requests_of_a_pulse(void **state) {
  scene_t *scene = *state;
  async_request_t *one = begin_request(7, "GET /a");
  async_request_t *other = begin_request(8, "GET /b");
  see(scene, NULL);
  json_t *document = pulse(scene, "include=pulse&request=r8");
  assert_int_equal(length_of(document, "requests"), 1);
  assert_non_null(json_named(document, "requests", "requestId", "r8"));
  json_decref(document);
  async_request_end(one, 200);
  async_request_end(other, 200);
}

static void tick(const scene_t *scene, uint64_t second) {
  asyncscope__debug_history_sample(scene->debug, (1000 + second) * 1000000000);
}

static json_int_t number_of(const json_t *document, size_t at) {
  return json_integer_of(
      json_array_get(json_object_get(document, "seconds"), at), "number");
}

static void the_first_pulse_tells_the_last_point(void **state) {
  scene_t *scene = *state;
  for (uint64_t i = 0; i <= 120; i++)
    tick(scene, i);
  see(scene, NULL);
  json_t *document = pulse(scene, "include=pulse&limit=1");
  assert_int_equal(length_of(document, "seconds"), 1);
  assert_int_equal(number_of(document, 0), 119);
  assert_int_equal(length_of(document, "minutes"), 1);
  json_decref(document);
}

/* One more of the same stream. */
static json_t *next_pulse_of(pulse_json_t *told, const debug_capture_t *capture,
                             const debug_query_t *query) {
  debug_buffer_t text = {.used_bytes = 0};
  assert_int_equal(asyncscope__pulse_json_begin(told, capture, query, 0, false),
                   0);
  while (asyncscope__debug_document_step(told, &text) > 0) {
  }
  asyncscope__pulse_json_finish(told);
  json_t *document = json_loadb(text.bytes, text.used_bytes, 0, NULL);
  assert_non_null(document);
  return document;
}

static json_t *next_pulse(pulse_json_t *told, const debug_capture_t *capture) {
  static const debug_query_t query = {.limit = 1};
  return next_pulse_of(told, capture, &query);
}

/* The youngest first, of which one ended before the pulse before. */
static void an_end_is_told_in_whatever_order(void **state) {
  static const debug_query_t query = {.limit = 100,
                                      .given = DEBUG_TAKES(DEBUG_PARAM_SORT),
                                      .order = {.by = DEBUG_SORT_AGE}};
  static pulse_json_t told;
  scene_t *scene = *state;
  debug_capture_t capture;
  async_request_t *older = begin_request(7, "GET /a");
  async_request_end(begin_request(8, "GET /b"), 200);
  assert_int_equal(asyncscope__debug_capture_init(&capture, scene->debug, NULL),
                   0);
  json_decref(next_pulse_of(&told, &capture, &query));
  async_request_end(older, 200);
  json_t *document = next_pulse_of(&told, &capture, &query);
  assert_non_null(json_named(document, "finished", "requestId", "r7"));
  assert_int_equal(length_of(document, "finished"), 1);
  json_decref(document);
  asyncscope__debug_capture_finish(&capture);
}

static void each_pulse_tells_the_points_since_the_one_before(void **state) {
  scene_t *scene = *state;
  static pulse_json_t told;
  debug_capture_t capture;
  assert_int_equal(asyncscope__debug_capture_init(&capture, scene->debug, NULL),
                   0);
  tick(scene, 0);
  tick(scene, 1);
  json_decref(next_pulse(&told, &capture));
  tick(scene, 2);
  tick(scene, 3);
  json_t *document = next_pulse(&told, &capture);
  assert_int_equal(length_of(document, "seconds"), 2);
  assert_int_equal(number_of(document, 0), 1);
  assert_int_equal(number_of(document, 1), 2);
  json_decref(document);
  document = next_pulse(&told, &capture);
  assert_int_equal(length_of(document, "seconds"), 0);
  json_decref(document);
  asyncscope__debug_capture_finish(&capture);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_of_scene(a_pulse_tells_how_the_process_is_doing),
      cmocka_unit_test_of_scene(nobody_gets_a_pulse_who_did_not_ask),
      cmocka_unit_test_of_scene(of_many_the_counters_are_told),
      cmocka_unit_test_of_scene(a_pulse_goes_before_what_changed),
      cmocka_unit_test_of_scene(a_filter_chooses_the_requests_of_a_pulse),
      cmocka_unit_test_of_scene(the_first_pulse_tells_the_last_point),
      cmocka_unit_test_of_scene(an_end_is_told_in_whatever_order),
      cmocka_unit_test_of_scene(
          each_pulse_tells_the_points_since_the_one_before),
  };
  return test_main(tests, argc, argv);
}
