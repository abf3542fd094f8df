/*
 * One request through a timer, a file and the pool: what each hop sees.
 */
#include "debug_snapshot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FLOW "/flow?ms=5&path=README.md&a=42&b=100"

static json_t *flow(e2e_t *e2e, const char *loops) {
  e2e_start(e2e, "--loops", loops, "--workers", "4", "--root",
            getenv("ASYNCSCOPE_SOURCE_DIR"));
  json_t *hops = e2e_get_json(e2e, FLOW);
  assert_true(json_array_size(hops) >= 4);
  return hops;
}

static json_t *hop_named(const json_t *hops, const char *name) {
  size_t i = 0;
  json_t *hop = NULL;
  json_array_foreach(hops, i, hop) {
    if (strcmp(e2e_string(hop, "hop"), name) == 0) {
      return hop;
    }
  }
  fail_msg("no hop %s in %s", name, json_dumps(hops, 0));
  return NULL;
}

static void flow_sees_one_request_id_at_every_hop(void **state) {
  json_t *hops = flow(*state, "1");
  const char *id = e2e_string(json_array_get(hops, 0), "requestId");
  assert_true(strlen(id) > 0);
  for (size_t i = 1; i < json_array_size(hops); i++) {
    assert_string_equal(e2e_string(json_array_get(hops, i), "requestId"), id);
  }
}

static void flow_visits_timer_file_pool_and_answer(void **state) {
  json_t *hops = flow(*state, "1");
  static const char *const names[] = {"timer", "file", "pool", "answer"};
  for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
    hop_named(hops, names[i]);
  }
}

static void flow_runs_its_pool_hop_on_another_thread(void **state) {
  json_t *hops = flow(*state, "1");
  json_int_t loop = e2e_integer(hop_named(hops, "timer"), "thread");
  json_int_t worker = e2e_integer(hop_named(hops, "pool"), "thread");
  assert_int_not_equal(worker, loop);
  assert_int_equal(e2e_integer(hop_named(hops, "answer"), "thread"), loop);
}

/* A worker counts its ids by itself: its first task has a small id, and 0 for
 * a trigger, which lives on the loop's thread. */
static void flow_gives_the_pool_hop_an_id_of_its_own_thread(void **state) {
  json_t *pool = hop_named(flow(*state, "1"), "pool");
  json_int_t id = e2e_integer(pool, "executionAsyncId");
  assert_in_range(id, 2, 8);
  assert_int_equal(e2e_integer(pool, "asyncId"), id);
  assert_int_equal(e2e_integer(pool, "triggerAsyncId"), 0);
}

static void flow_executes_each_hop_in_its_own_resource(void **state) {
  json_t *hops = flow(*state, "1");
  size_t i = 0;
  size_t other = 0;
  json_t *hop = NULL;
  json_array_foreach(hops, i, hop) {
    json_int_t id = e2e_integer(hop, "executionAsyncId");
    assert_true(id > 1);
    for (other = 0; other < i; other++) {
      json_t *before = json_array_get(hops, other);
      assert_false(e2e_integer(before, "thread") ==
                       e2e_integer(hop, "thread") &&
                   e2e_integer(before, "executionAsyncId") == id);
    }
  }
}

/* Each hop was caused by the one before; the pool's, on its other thread, by
 * the task that the answer is run for. */
static void flow_tells_what_caused_each_hop(void **state) {
  json_t *hops = flow(*state, "1");
  json_t *answer = hop_named(hops, "answer");
  char origin[64];
  assert_int_equal(e2e_integer(hop_named(hops, "timer"), "triggerAsyncId"),
                   e2e_integer(hop_named(hops, "request"), "executionAsyncId"));
  assert_int_equal(e2e_integer(hop_named(hops, "file"), "triggerAsyncId"),
                   e2e_integer(hop_named(hops, "timer"), "executionAsyncId"));
  assert_int_equal(e2e_integer(answer, "triggerAsyncId"),
                   e2e_integer(hop_named(hops, "file"), "executionAsyncId"));
  snprintf(origin, sizeof(origin), "%lld:%lld",
           (long long)e2e_integer(answer, "thread"),
           (long long)e2e_integer(answer, "executionAsyncId"));
  assert_string_equal(e2e_string(hop_named(hops, "pool"), "origin"), origin);
}

static void flow_works_with_defaults_alone(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, "--root", getenv("ASYNCSCOPE_SOURCE_DIR"));
  assert_true(json_array_size(e2e_get_json(e2e, "/flow")) >= 4);
}

static void flow_logs_one_line_with_its_request_id(void **state) {
  e2e_t *e2e = *state;
  char id[64];
  json_t *hops = flow(e2e, "1");
  snprintf(id, sizeof(id), "%s",
           e2e_string(json_array_get(hops, 0), "requestId"));
  e2e_stop(e2e);
  char *log = server_process_stderr(&e2e->server);
  e2e_assert_contains(log, id);
  const char *line = strstr(log, "/flow");
  assert_non_null(line);
  assert_null(strstr(line + 1, "/flow"));
  free(log);
}

static void flow_leaves_nothing_behind(void **state) {
  e2e_t *e2e = *state;
  flow(e2e, "1");
  debug_assert_quiet(e2e, 1);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_of_server(flow_sees_one_request_id_at_every_hop),
      cmocka_unit_test_of_server(flow_visits_timer_file_pool_and_answer),
      cmocka_unit_test_of_server(flow_runs_its_pool_hop_on_another_thread),
      cmocka_unit_test_of_server(
          flow_gives_the_pool_hop_an_id_of_its_own_thread),
      cmocka_unit_test_of_server(flow_executes_each_hop_in_its_own_resource),
      cmocka_unit_test_of_server(flow_tells_what_caused_each_hop),
      cmocka_unit_test_of_server(flow_works_with_defaults_alone),
      cmocka_unit_test_of_server(flow_logs_one_line_with_its_request_id),
      cmocka_unit_test_of_server(flow_leaves_nothing_behind),
  };
  return test_main(tests, argc, argv);
}
