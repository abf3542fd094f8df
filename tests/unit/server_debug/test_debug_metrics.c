/* /metrics in its two formats. */
#include "debug_fixture.h"
#include "metrics_text.h"

#include "asyncscope/async_request.h"
#include <string.h>

static void live_resources_are_counted_by_type_and_state(void **state) {
  scene_t *scene = *state;
  make(scene, "KIND", 1);
  make(scene, "KIND", 1);
  answer_t answer = ask_text(scene, "/metrics");
  assert_string_equal(answer.content_type,
                      "text/plain; version=0.0.4; charset=utf-8");
  assert_string_equal(
      line_with(answer.text, "asyncscope_resources{type=\"KIND\""),
      "asyncscope_resources{type=\"KIND\",state=\"init\"} 2");
  answer_free(&answer);
}

static void what_was_made_and_ended_is_counted_by_type(void **state) {
  scene_t *scene = *state;
  end(scene, make(scene, "KIND", 1));
  make(scene, "KIND", 1);
  answer_t answer = ask_text(scene, "/metrics");
  assert_string_equal(line_with(answer.text, "created_total{type=\"KIND\""),
                      "asyncscope_resources_created_total{type=\"KIND\"} 2");
  assert_string_equal(line_with(answer.text, "destroyed_total{type=\"KIND\""),
                      "asyncscope_resources_destroyed_total{type=\"KIND\"} 1");
  answer_free(&answer);
}

static void asyncscopes_own_are_in_counts_of_their_own(void **state) {
  scene_t *scene = *state;
  make_internal(scene, "OWN", 1);
  answer_t answer = ask_text(scene, "/metrics");
  assert_null(strstr(answer.text, "_total{type=\"OWN\""));
  assert_non_null(
      strstr(answer.text, "\nasyncscope_internal_resources_created_total 1\n"));
  assert_non_null(strstr(
      answer.text, "\nasyncscope_internal_resources_destroyed_total 0\n"));
  answer_free(&answer);
}

static void callbacks_are_counted_in_buckets(void **state) {
  scene_t *scene = *state;
  async_resource_t *resource = make(scene, "KIND", 1);
  assert_int_equal(async_resource_enter(resource), 0);
  async_resource_leave(resource);
  answer_t answer = ask_text(scene, "/metrics");
  assert_string_equal(
      line_with(answer.text, "_bucket{type=\"KIND\",le=\"+Inf\""),
      "asyncscope_callback_duration_seconds_bucket{type=\"KIND\",le=\"+Inf\"} "
      "1");
  assert_string_equal(
      line_with(answer.text, "duration_seconds_count{type=\"KIND\""),
      "asyncscope_callback_duration_seconds_count{type=\"KIND\"} 1");
  answer_free(&answer);
}

static void requests_are_counted_by_route(void **state) {
  scene_t *scene = *state;
  const async_request_options_t options = {.number = 1, .route = "/user/:id"};
  async_request_t *request;
  assert_int_equal(async_request_begin(&options, &request), 0);
  answer_t answer = ask_text(scene, "/metrics");
  assert_non_null(strstr(answer.text, "\nasyncscope_requests_in_flight 1\n"));
  assert_null(strstr(answer.text, "{route=")); /* none has ended */
  answer_free(&answer);
  assert_int_equal(async_request_end(request, UV_ECONNRESET), 0);
  answer = ask_text(scene, "/metrics");
  assert_string_equal(
      line_with(answer.text, "failed_total{route"),
      "asyncscope_requests_failed_total{route=\"/user/:id\"} 1");
  assert_string_equal(
      line_with(answer.text, "request_duration_seconds_count{route"),
      "asyncscope_request_duration_seconds_count{route=\"/user/:id\"} 1");
  answer_free(&answer);
}

/* A family names itself in OpenMetrics, its samples in the other format. */
static void openmetrics_is_chosen_by_accept_and_has_an_end(void **state) {
  scene_t *scene = *state;
  answer_t answer =
      ask_accepting(scene->debug, "/metrics",
                    "application/openmetrics-text;version=1.0.0,text/plain;"
                    "version=0.0.4;q=0.5");
  assert_int_equal(answer.status, 200);
  assert_string_equal(
      answer.content_type,
      "application/openmetrics-text; version=1.0.0; charset=utf-8");
  assert_non_null(
      strstr(answer.text, "# TYPE asyncscope_resources_created counter\n"));
  assert_string_equal(answer.text + answer.length - 6, "# EOF\n");
  assert_int_equal(occurrences(answer.text, "# EOF\n"), 1);
  answer_free(&answer);
}

static void a_family_stands_once_and_before_its_samples(void **state) {
  scene_t *scene = *state;
  make(scene, "A", 1);
  make(scene, "B", 1);
  answer_t answer = ask_text(scene, "/metrics");
  assert_int_equal(
      occurrences(answer.text, "# TYPE asyncscope_resources gauge"), 1);
  assert_true(strstr(answer.text, "# TYPE asyncscope_resources gauge") <
              strstr(answer.text, "asyncscope_resources{"));
  answer_free(&answer);
}

static void hostile_types_are_escaped(void **state) {
  scene_t *scene = *state;
  make(scene, "a\"b\\c\nd\xff", 1);
  answer_t answer = ask_text(scene, "/metrics");
  assert_non_null(strstr(answer.text, "{type=\"a\\\"b\\\\c\\nd\xef\xbf\xbd\""));
  answer_free(&answer);
}

/* A thread that stays until it is let go. */
typedef struct staying_s {
  uv_thread_t id;
  uv_sem_t ready, go;
  uint32_t thread;
} staying_t;

/* A loop that nobody has named. */
static void stay(void *arg) {
  staying_t *staying = arg;
  uv_loop_t loop;
  uv_loop_init(&loop);
  async_env_attach(&loop);
  staying->thread = async_env_thread();
  uv_sem_post(&staying->ready);
  uv_sem_wait(&staying->go);
  async_env_detach();
  uv_loop_close(&loop);
}

static void staying_start(staying_t *staying, uv_thread_cb run) {
  assert_int_equal(uv_sem_init(&staying->ready, 0), 0);
  assert_int_equal(uv_sem_init(&staying->go, 0), 0);
  assert_int_equal(uv_thread_create(&staying->id, run, staying), 0);
  uv_sem_wait(&staying->ready);
}

static void staying_stop(staying_t *staying) {
  uv_sem_post(&staying->go);
  uv_thread_join(&staying->id);
  uv_sem_destroy(&staying->ready);
  uv_sem_destroy(&staying->go);
}

static void assert_has_series(const answer_t *answer, const char *series) {
  char line[160];
  snprintf(line, sizeof(line), "\n%s ", series);
  if (occurrences(answer->text, line) != 1)
    fail_msg("%zu of %s", occurrences(answer->text, line), series);
}

static void loops_of_one_name_are_told_apart(void **state) {
  scene_t *scene = *state;
  staying_t first, second;
  char series[128];
  staying_start(&first, stay);
  staying_start(&second, stay);
  answer_t answer = ask_text(scene, "/metrics");
  assert_has_series(&answer,
                    "asyncscope_eventloop_iterations_total{loop=\"loop\"}");
  assert_has_series(&answer,
                    "asyncscope_eventloop_lag_seconds_count{loop=\"loop\"}");
  snprintf(series, sizeof(series),
           "asyncscope_eventloop_iterations_total{loop=\"loop\",thread=\"%u\"}",
           second.thread);
  assert_has_series(&answer, series);
  answer_free(&answer);
  staying_stop(&first);
  staying_stop(&second);
}

static void assert_pools_are_told_apart(const worker_pool_t *pool) {
  const asyncscope_debug_pool_t pools[] = {{pool, "db"}, {pool, "db"}};
  const asyncscope_debug_options_t options = {.pools = pools, .pool_count = 2};
  asyncscope_debug_t *debug;
  assert_int_equal(asyncscope_debug_create(&options, &debug), 0);
  answer_t answer = ask(debug, "/metrics");
  assert_has_series(&answer, "asyncscope_pool_threads{pool=\"db\"}");
  assert_has_series(&answer,
                    "asyncscope_pool_threads{pool=\"db\",index=\"1\"}");
  assert_has_series(&answer,
                    "asyncscope_pool_run_seconds_sum{pool=\"db\",index=\"1\"}");
  answer_free(&answer);
  asyncscope_debug_destroy(debug);
}

static void pools_of_one_name_are_told_apart(void **state) {
  (void)state;
  uv_loop_t loop;
  worker_pool_t *pool;
  assert_int_equal(uv_loop_init(&loop), 0);
  assert_int_equal(async_env_attach(&loop), 0);
  assert_int_equal(
      worker_pool_create(&(worker_pool_options_t){.threads = 1}, &pool), 0);
  assert_pools_are_told_apart(pool);
  worker_pool_close(pool, false, NULL, NULL);
  uv_run(&loop, UV_RUN_DEFAULT);
  assert_int_equal(async_env_detach(), 0);
  assert_int_equal(uv_loop_close(&loop), 0);
}

/* -- Threads that end -------------------------------------------------------
 */

/* With one resource of a type that nothing else has. */
static void start_gone(other_t *other) {
  *other = (other_t){.kind = ASYNC_ENV_OTHER,
                     .name = "other",
                     .type = "GONE",
                     .cause = {.thread = ASYNC_THREAD_NONE}};
  other_start(other);
}

static void assert_gone_counted(const answer_t *answer) {
  assert_has_series(answer,
                    "asyncscope_resources_created_total{type=\"GONE\"}");
  assert_string_equal(line_with(answer->text, "created_total{type=\"GONE\"}"),
                      "asyncscope_resources_created_total{type=\"GONE\"} 1");
}

static void totals_do_not_fall_when_a_thread_ends(void **state) {
  scene_t *scene = *state;
  other_t other;
  start_gone(&other);
  answer_t answer = ask_text(scene, "/metrics");
  assert_gone_counted(&answer);
  answer_free(&answer);
  other_stop(&other);
  for (size_t i = 0; i < 3; i++) {
    answer = ask_text(scene, "/metrics");
    assert_gone_counted(&answer);
    answer_free(&answer);
  }
}

static json_int_t created(scene_t *scene) {
  json_t *document = ask_json(scene, "/debug");
  json_int_t count =
      json_integer_of(json_object_get(document, "counts"), "created");
  json_decref(document);
  return count;
}

static void expect_created_stays(scene_t *scene) {
  other_t other;
  start_gone(&other);
  json_int_t before = created(scene);
  other_stop(&other);
  assert_int_equal(created(scene), before);
  asyncscope_debug_sample(scene->debug);
  assert_int_equal(created(scene), before);
}

static void what_was_created_stays_so_when_threads_end(void **state) {
  expect_created_stays(*state);
  expect_created_stays(*state);
}

static answer_t ask_after(scene_t *scene, other_t *other) {
  const asyncscope_debug_request_t request = {.path = "/metrics"};
  asyncscope_debug_answer_t late;
  answer_t answer = {.status = 200};
  assert_int_equal(asyncscope_debug_open(scene->debug, &request, &late), 0);
  other_stop(other);
  asyncscope_debug_sample(scene->debug);
  read_stream(late.stream, &answer);
  return answer;
}

/* Its capture has the thread, and what has ended since is in a sum that it does
 * not have. */
static void an_answer_on_its_way_counts_each_once(void **state) {
  scene_t *scene = *state;
  other_t other;
  start_gone(&other);
  answer_t answer = ask_after(scene, &other);
  assert_gone_counted(&answer);
  answer_free(&answer);
}

static void answer_one(void *arg) {
  staying_t *staying = arg;
  const async_request_options_t options = {.number = 7, .route = "/gone"};
  async_request_t *request;
  if (async_env_open(ASYNC_ENV_OTHER, "asked") == 0 &&
      async_request_begin(&options, &request) == 0)
    async_request_end(request, UV_ECONNRESET);
  uv_sem_post(&staying->ready);
  uv_sem_wait(&staying->go);
  async_env_detach();
}

static void the_requests_of_a_thread_that_has_ended_stay_counted(void **state) {
  scene_t *scene = *state;
  staying_t staying;
  staying_start(&staying, answer_one);
  for (size_t i = 0; i < 2; i++) {
    answer_t answer = ask_text(scene, "/metrics");
    assert_string_equal(line_with(answer.text, "failed_total{route=\"/gone\""),
                        "asyncscope_requests_failed_total{route=\"/gone\"} 1");
    assert_string_equal(
        line_with(answer.text, "duration_seconds_count{route=\"/gone\""),
        "asyncscope_request_duration_seconds_count{route=\"/gone\"} 1");
    answer_free(&answer);
    if (i == 0)
      staying_stop(&staying);
  }
}

static void a_bucket_holds_all_that_is_not_greater(void **state) {
  (void)state;
  static async_histogram_t histogram;
  static debug_buffer_t buffer;
  metrics_family_t family = {"x", METRICS_HISTOGRAM, "X."};
  metrics_labels_t none = {.used_bytes = 0};
  async_histogram_record(&histogram, 50 * 1000);
  async_histogram_record(&histogram, 2 * 1000 * 1000);
  async_histogram_record(&histogram, UINT64_C(100) * 1000 * 1000 * 1000);
  assert_int_equal(
      asyncscope__metrics_histogram(&buffer, &family, &none, &histogram), 0);
  buffer.bytes[buffer.used_bytes] = '\0';
  assert_non_null(strstr(buffer.bytes, "x_bucket{le=\"0.0001\"} 1\n"));
  assert_non_null(strstr(buffer.bytes, "x_bucket{le=\"0.001\"} 1\n"));
  assert_non_null(strstr(buffer.bytes, "x_bucket{le=\"0.0025\"} 2\n"));
  assert_non_null(strstr(buffer.bytes, "x_bucket{le=\"60\"} 2\n"));
  assert_non_null(strstr(buffer.bytes, "x_bucket{le=\"+Inf\"} 3\n"));
  assert_non_null(strstr(buffer.bytes, "x_count 3\n"));
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_of_scene(live_resources_are_counted_by_type_and_state),
      cmocka_unit_test_of_scene(what_was_made_and_ended_is_counted_by_type),
      cmocka_unit_test_of_scene(asyncscopes_own_are_in_counts_of_their_own),
      cmocka_unit_test_of_scene(callbacks_are_counted_in_buckets),
      cmocka_unit_test_of_scene(requests_are_counted_by_route),
      cmocka_unit_test_of_scene(openmetrics_is_chosen_by_accept_and_has_an_end),
      cmocka_unit_test_of_scene(a_family_stands_once_and_before_its_samples),
      cmocka_unit_test_of_scene(hostile_types_are_escaped),
      cmocka_unit_test_of_scene(loops_of_one_name_are_told_apart),
      cmocka_unit_test(pools_of_one_name_are_told_apart),
      cmocka_unit_test_of_scene(totals_do_not_fall_when_a_thread_ends),
      cmocka_unit_test_of_scene(what_was_created_stays_so_when_threads_end),
      cmocka_unit_test_of_scene(an_answer_on_its_way_counts_each_once),
      cmocka_unit_test_of_scene(
          the_requests_of_a_thread_that_has_ended_stay_counted),
      cmocka_unit_test(a_bucket_holds_all_that_is_not_greater),
  };
  return test_main(tests, argc, argv);
}
