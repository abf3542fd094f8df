#include "debug_fixture.h"

#include "asyncscope/async_request.h"
#include <stdio.h>
#include <string.h>

/* Begins a request with an account; it ends in its test. */
static async_request_t *begin(uint64_t number, const char *name,
                              const char *route) {
  const async_request_trace_t trace = {.trace_id = {0xabc, 0xdef},
                                       .span_id = 0x123};
  const async_request_options_t options = {.number = number,
                                           .name = name,
                                           .name_bytes = strlen(name),
                                           .route = route,
                                           .trace = &trace};
  async_request_t *request;
  assert_int_equal(async_request_begin(&options, &request), 0);
  return request;
}

static const json_t *first(const json_t *document) {
  return json_array_get(json_object_get(document, "requests"), 0);
}

static void a_request_in_flight_shows_its_account(void **state) {
  scene_t *scene = *state;
  async_request_t *request = begin(7, "GET /a", "/a");
  make_for(scene, "HTTPINCOMINGMESSAGE", 1, 7);
  async_request_add_bytes(request, 10, 20);
  json_t *document = ask_json(scene, "/debug/requests");
  const json_t *shown = first(document);
  const json_t *cost = json_object_get(shown, "cost");
  assert_string_equal(json_text_of(shown, "state"), "active");
  assert_string_equal(json_text_of(shown, "route"), "/a");
  assert_string_equal(json_text_of(shown, "traceId"),
                      "0000000000000abc0000000000000def");
  assert_string_equal(json_text_of(shown, "spanId"), "0000000000000123");
  assert_int_equal(json_integer_of(cost, "bytesIn"), 10);
  assert_int_equal(json_integer_of(cost, "bytesOut"), 20);
  json_decref(document);
  assert_int_equal(async_request_end(request, 200), 0);
}

static void a_request_without_an_account_shows_what_lives(void **state) {
  scene_t *scene = *state;
  make_for(scene, "HTTPINCOMINGMESSAGE", 1, 7);
  json_t *document = ask_json(scene, "/debug/requests");
  assert_null(json_object_get(first(document), "cost"));
  assert_int_equal(json_integer_of(first(document), "live"), 1);
  json_decref(document);
}

static void the_last_to_end_stands_first(void **state) {
  scene_t *scene = *state;
  async_request_t *requests[3];
  for (uint64_t i = 0; i < 3; i++)
    requests[i] = begin(10 + i, "GET /x", "/x");
  async_request_end(requests[1], 200);
  async_resource_t *between = make(scene, "A", 1);
  assert_int_equal(async_resource_enter(between), 0);
  async_resource_leave(between);
  async_request_end(requests[0], 500);
  json_t *document = ask_json(scene, "/debug/requests?state=finished");
  assert_int_equal(json_integer_of(document, "matched"), 2);
  assert_string_equal(json_text_of(first(document), "requestId"), "r10");
  assert_string_equal(json_text_of(first(document), "state"), "finished");
  assert_int_equal(json_integer_of(first(document), "status"), 500);
  json_decref(document);
  document =
      ask_json(scene, "/debug/requests?state=finished&request=r11&limit=1");
  assert_int_equal(json_integer_of(document, "matched"), 1);
  assert_string_equal(json_text_of(first(document), "requestId"), "r11");
  json_decref(document);
  document = ask_json(scene, "/debug/requests?state=finished&older_than=1h");
  assert_int_equal(json_integer_of(document, "matched"), 0);
  json_decref(document);
  async_request_end(requests[2], 200);
}

static json_int_t ended_ago_us(scene_t *scene, const char *request) {
  json_t *document = ask_json(scene, "/debug/requests/%s", request);
  const json_t *ago =
      json_object_get(json_object_get(document, "request"), "endedAgoUs");
  json_int_t us = ago == NULL ? -1 : json_integer_value(ago);
  json_decref(document);
  return us;
}

static void how_long_ago_one_ended_is_told(void **state) {
  scene_t *scene = *state;
  async_request_t *active = begin(8, "GET /y", "/y");
  async_request_t *request = begin(7, "GET /x", "/x");
  uint64_t before_ns = uv_hrtime();
  async_request_end(request, 200);
  uint64_t after_ns = uv_hrtime();
  json_int_t sooner_us = ended_ago_us(scene, "r7");
  uint64_t between_ns = uv_hrtime();
  json_int_t later_us = ended_ago_us(scene, "r7");
  assert_in_range(sooner_us, 0, (between_ns - before_ns) / 1000);
  assert_in_range(later_us, (between_ns - after_ns) / 1000, INT64_MAX);
  assert_int_equal(ended_ago_us(scene, "r8"), -1);
  async_request_end(active, 200);
}

static void what_ended_one_in_place_of_an_answer_is_named(void **state) {
  scene_t *scene = *state;
  async_request_end(begin(7, "GET /x", "/x"), UV_ECONNRESET);
  json_t *document = ask_json(scene, "/debug/requests?state=finished");
  assert_string_equal(json_text_of(first(document), "error"), "ECONNRESET");
  assert_null(json_object_get(first(document), "status"));
  json_decref(document);
}

/* A failed one is kept twice by its thread. */
static void none_is_listed_twice(void **state) {
  scene_t *scene = *state;
  async_request_t *request = begin(7, "GET /x", "/x");
  async_request_set_failed(request);
  async_request_end(request, 200);
  json_t *document = ask_json(scene, "/debug/requests?state=finished");
  assert_int_equal(json_integer_of(document, "matched"), 1);
  assert_true(json_is_true(json_object_get(first(document), "failed")));
  json_decref(document);
}

static void routes_have_their_latencies(void **state) {
  scene_t *scene = *state;
  for (uint64_t i = 0; i < 5; i++) {
    async_request_t *request = begin(20 + i, "GET /", i < 3 ? "/a" : "/b");
    async_request_end(request, i == 0 ? -1 : 200);
  }
  json_t *document = ask_json(scene, "/debug/requests?state=finished");
  const json_t *route = json_named(document, "routes", "route", "/a");
  const json_t *buckets = json_object_get(route, "buckets");
  json_int_t sum = 0;
  assert_int_equal(json_integer_of(route, "finished"), 3);
  assert_int_equal(json_integer_of(route, "failed"), 1);
  assert_int_equal(json_array_size(buckets), 10);
  for (size_t i = 0; i < 10; i++)
    sum += json_integer_of(json_array_get(buckets, i), "count");
  assert_int_equal(
      sum, json_integer_of(json_object_get(route, "latencyUs"), "count"));
  json_decref(document);
}

/* One is made before it has a route: that of none has nothing to tell. */
static void a_route_that_nothing_ended_on_is_not_listed(void **state) {
  scene_t *scene = *state;
  async_request_end(begin(7, "GET /a", "/a"), 200);
  json_t *document = ask_json(scene, "/debug/requests?state=finished");
  const json_t *routes = json_object_get(document, "routes");
  assert_int_equal(json_array_size(routes), 1);
  assert_string_equal(json_text_of(json_array_get(routes, 0), "route"), "/a");
  json_decref(document);
}

static void one_request_is_shown_with_what_lives_for_it(void **state) {
  scene_t *scene = *state;
  async_request_t *request = begin(7, "GET /a", "/a");
  async_resource_t *own = make_for(scene, "Timeout", 1, 7);
  make_for(scene, "Timeout", 1, 8);
  json_t *document = ask_json(scene, "/debug/requests/r7");
  assert_int_equal(json_integer_of(document, "matched"), 1);
  assert_non_null(json_named(document, "resources", "key", key_of(own)));
  assert_string_equal(
      json_text_of(json_object_get(document, "request"), "name"), "GET /a");
  json_decref(document);
  async_request_end(request, 200);
  document = ask_json(scene, "/debug/requests/7");
  assert_string_equal(
      json_text_of(json_object_get(document, "request"), "state"), "finished");
  json_decref(document);
  json_decref(ask_error(scene, 404, "/debug/requests/r9"));
  json_decref(ask_error(scene, 404, "/debug/requests/x"));
}

static void states_are_asked_for_one_at_a_time(void **state) {
  scene_t *scene = *state;
  json_decref(ask_error(scene, 400, "/debug/requests?state=active,finished"));
  json_decref(ask_json(scene, "/debug/requests?state=active"));
}

/* A loop that has been run. */
static void a_loop_shows_how_it_is_doing(void **state) {
  (void)state;
  uv_loop_t loop;
  assert_int_equal(uv_loop_init(&loop), 0);
  assert_int_equal(async_env_attach(&loop), 0);
  uv_run(&loop, UV_RUN_NOWAIT);
  answer_t answer = ask_alone("/debug/loops");
  json_t *document = answer_json(&answer);
  const json_t *shown = json_object_get(
      json_array_get(json_object_get(document, "loops"), 0), "loop");
  const json_t *utilization = json_object_get(shown, "utilization");
  assert_true(json_real_value(utilization) >= 0 &&
              json_real_value(utilization) <= 1);
  json_integer_of(shown, "idleUs");
  json_integer_of(json_object_get(shown, "lagUs"), "count");
  json_decref(document);
  assert_int_equal(async_env_detach(), 0);
  assert_int_equal(uv_loop_close(&loop), 0);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_of_scene(a_request_in_flight_shows_its_account),
      cmocka_unit_test_of_scene(a_request_without_an_account_shows_what_lives),
      cmocka_unit_test_of_scene(the_last_to_end_stands_first),
      cmocka_unit_test_of_scene(how_long_ago_one_ended_is_told),
      cmocka_unit_test_of_scene(what_ended_one_in_place_of_an_answer_is_named),
      cmocka_unit_test_of_scene(none_is_listed_twice),
      cmocka_unit_test_of_scene(routes_have_their_latencies),
      cmocka_unit_test_of_scene(a_route_that_nothing_ended_on_is_not_listed),
      cmocka_unit_test_of_scene(one_request_is_shown_with_what_lives_for_it),
      cmocka_unit_test_of_scene(states_are_asked_for_one_at_a_time),
      cmocka_unit_test(a_loop_shows_how_it_is_doing),
  };
  return test_main(tests, argc, argv);
}
