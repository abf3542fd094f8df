/* The exporter and a collector: what is sent, and what becomes of it when the
 * other side is down, slow, busy or talks nonsense. */
#include "asyncscope/asyncscope_otlp.h"
#include "otlp_collector.h"
#include "otlp_fixture.h"
#include "raw_socket.h"

#include "asyncscope/async_inspect.h"
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct export_s {
  actor_t actor;
  otlp_collector_t collector;
  asyncscope_otlp_t *otlp;
  uint64_t number;
  uv_sem_t stopped;
} export_t;

static int setup(void **state) {
  static export_t export;
  memset(&export, 0, sizeof(export));
  *state = &export;
  actor_start(&export.actor, ASYNC_ENV_LOOP);
  return uv_sem_init(&export.stopped, 0);
}

static int teardown(void **state) {
  export_t *export = *state;
  asyncscope_otlp_destroy(export->otlp);
  otlp_collector_stop(&export->collector);
  actor_stop(&export->actor);
  uv_sem_destroy(&export->stopped);
  return 0;
}

/* Quick ones, but for what the test sets. */
static asyncscope_otlp_options_t quick(void) {
  return (asyncscope_otlp_options_t){.delay_ms = 1, .retry_first_ms = 1};
}

static void start(export_t *export, asyncscope_otlp_options_t options,
                  const otlp_act_t *acts, size_t count) {
  assert_int_equal(otlp_collector_start(&export->collector, acts, count), 0);
  options.endpoint = export->collector.url;
  assert_int_equal(asyncscope_otlp_start(&options, &export->otlp), 0);
}

static void make_requests(export_t *export, size_t count) {
  for (size_t i = 0; i < count; i++) {
    deed_t deed = {.number = ++export->number, .flags = 1, .status = 200};
    actor_do(&export->actor, deed_do, &deed);
  }
}

static asyncscope_otlp_stats_t stats_of(export_t *export) {
  asyncscope_otlp_stats_t stats;
  asyncscope_otlp_stats(export->otlp, &stats);
  return stats;
}

static const otlp_act_t silence[] = {{NULL, 0}}, consent[] = {{OTLP_OK, 0}};

/* Until the number at `*member` of the stats is `least`; the test has a time of
 * its own. */
#define AWAIT(export, member, least)                    \
  do {                                                  \
    while (stats_of(export).member < (uint64_t)(least)) \
      sched_yield();                                    \
  } while (0)

static void a_request_is_posted_as_json(void **state) {
  asyncscope_otlp_options_t options = quick();
  export_t *export = *state;
  options.headers = "x-tenant=a%20b";
  start(export, options, consent, 1);
  make_requests(export, 1);
  const otlp_received_t *got = otlp_collector_await(&export->collector, 1);
  assert_non_null(got);
  assert_ptr_equal(strstr(got->head, "POST /v1/traces HTTP/1.1\r\n"),
                   got->head);
  assert_non_null(strstr(got->head, "\r\nContent-Type: application/json\r\n"));
  assert_non_null(strstr(got->head, "\r\nx-tenant: a b\r\n"));
  json_t *spans = otlp_collector_spans(&export->collector);
  assert_int_equal(json_array_size(spans), 1);
  assert_string_equal(otlp_attribute(json_array_get(spans, 0), "url.path"),
                      "/it");
  json_decref(spans);
  AWAIT(export, exported, 1);
  assert_false(stats_of(export).failing);
  assert_int_equal(stats_of(export).queued, 0);
}

static void watch(void *otlp) {
  assert_int_equal(asyncscope_otlp_watch(otlp), 0);
}

static void a_watched_thread_that_ends_at_once_is_found(void **state) {
  export_t *export = *state;
  deed_t deed = {.number = 1, .flags = 1};
  actor_t actor;
  start(export, quick(), consent, 1);
  actor_start(&actor, ASYNC_ENV_LOOP);
  actor_do(&actor, watch, export->otlp);
  actor_do(&actor, deed_do, &deed);
  actor_stop(&actor);
  AWAIT(export, exported, 1);
}

/* The first ones too: they are there before the exporter looks for any. */
static void spans_wait_for_others(void **state) {
  asyncscope_otlp_options_t options = quick();
  export_t *export = *state;
  options.delay_ms = 3600000;
  options.batch_max = 3;
  start(export, options, consent, 1);
  make_requests(export, 2);
  AWAIT(export, queued, 2);
  make_requests(export, 1);
  AWAIT(export, exported, 3);
  assert_int_equal(stats_of(export).batches, 1);
}

/* The same bytes again. */
static void check_again(export_t *export, const otlp_act_t *acts, size_t count,
                        asyncscope_otlp_options_t options) {
  start(export, options, acts, count);
  make_requests(export, 1);
  const otlp_received_t *first = otlp_collector_await(&export->collector, 1);
  const otlp_received_t *last = otlp_collector_await(&export->collector, count);
  assert_non_null(first);
  assert_non_null(last);
  assert_string_equal(first->body, last->body);
  AWAIT(export, exported, 1);
  asyncscope_otlp_stats_t stats = stats_of(export);
  assert_int_equal(stats.batches, 1);
  assert_int_equal(stats.retries, count - 1);
  assert_int_equal(stats.failed + stats.dropped, 0);
}

#define EMPTY(status) "HTTP/1.1 " status "\r\nContent-Length: 0\r\n\r\n"

static void a_busy_collector_is_asked_again(void **state) {
  static const otlp_act_t acts[] = {{EMPTY("503 Busy"), 0},
                                    {EMPTY("502 Bad"), 0},
                                    {EMPTY("504 Late"), 1},
                                    {EMPTY("429 Many"), 0},
                                    {OTLP_OK, 0}};
  check_again(*state, acts, 5, quick());
  assert_string_equal(stats_of(*state).problem, "429");
}

static void garbage_is_no_answer(void **state) {
  static const otlp_act_t acts[] = {
      {"\x01\x02 nonsense\r\n\r\n", 1}, {"", 1}, {OTLP_OK, 0}};
  check_again(*state, acts, 3, quick());
}

static void a_collector_that_does_not_answer_is_given_up(void **state) {
  static const otlp_act_t acts[] = {{NULL, 0}, {OTLP_OK, 0}};
  asyncscope_otlp_options_t options = quick();
  options.timeout_ms = 100;
  check_again(*state, acts, 2, options);
  assert_string_equal(stats_of(*state).problem, "connection timed out");
}

static void a_taken_batch_whose_answer_is_garbage_is_taken(void **state) {
  static const otlp_act_t acts[] = {
      {"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n{\"parti", 1}};
  export_t *export = *state;
  start(export, quick(), acts, 1);
  make_requests(export, 1);
  AWAIT(export, exported, 1);
  assert_int_equal(stats_of(export).retries, 0);
}

static const otlp_act_t patience[] = {{EMPTY("429 Many\r\nRetry-After: 1"), 0},
                                      {OTLP_OK, 0}};

static void check_patience(export_t *export, uint64_t since_ns) {
  assert_non_null(otlp_collector_await(&export->collector, 2));
  assert_true(uv_hrtime() - since_ns > 800000000);
  AWAIT(export, exported, 1);
}

static void the_collector_says_when_to_come_again(void **state) {
  start(*state, quick(), patience, 2);
  uint64_t since_ns = uv_hrtime();
  make_requests(*state, 1);
  check_patience(*state, since_ns);
}

/* The first may not wait that long, and is given up. */
static void the_next_batch_comes_no_sooner(void **state) {
  asyncscope_otlp_options_t options = quick();
  export_t *export = *state;
  options.retry_total_ms = 20;
  start(export, options, patience, 2);
  uint64_t since_ns = uv_hrtime();
  make_requests(export, 1);
  AWAIT(export, failed, 1);
  make_requests(export, 1);
  check_patience(export, since_ns);
}

static void what_is_refused_is_not_sent_again(void **state) {
  static const otlp_act_t acts[] = {{EMPTY("400 Bad Request"), 0},
                                    {OTLP_OK, 0}};
  export_t *export = *state;
  start(export, quick(), acts, 2);
  make_requests(export, 1);
  AWAIT(export, failed, 1);
  assert_int_not_equal(stats_of(export).last_lost_ns, 0);
  assert_string_equal(stats_of(export).problem, "400 Bad Request");
  assert_true(stats_of(export).failing);
  make_requests(export, 1);
  AWAIT(export, exported, 1);
  assert_false(stats_of(export).failing);
  assert_int_equal(stats_of(export).retries, 0);
}

static void refused_parts_are_counted(void **state) {
  static const otlp_act_t acts[] = {
      {"HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n"
       "{\"partialSuccess\":{\"rejectedSpans\":\"2\"}}",
       0}};
  asyncscope_otlp_options_t options = quick();
  export_t *export = *state;
  options.batch_max = 5;
  options.delay_ms = 3600000;
  start(export, options, acts, 1);
  make_requests(export, 5);
  AWAIT(export, exported, 3);
  assert_int_equal(stats_of(export).rejected, 2);
}

/* With a port that nobody listens on. */
static void start_closed(export_t *export, asyncscope_otlp_options_t options) {
  char url[64];
  uint16_t port = 0;
  int fd = raw_socket_listen(&port);
  assert_true(fd >= 0);
  close(fd);
  snprintf(url, sizeof(url), "http://127.0.0.1:%u", (unsigned)port);
  options.endpoint = url;
  assert_int_equal(asyncscope_otlp_start(&options, &export->otlp), 0);
}

static void a_collector_that_is_down_is_given_up_in_the_end(void **state) {
  asyncscope_otlp_options_t options = quick();
  export_t *export = *state;
  options.retry_total_ms = 20;
  options.retry_max_ms = 4;
  start_closed(export, options);
  make_requests(export, 1);
  AWAIT(export, failed, 1);
  assert_string_equal(stats_of(export).problem, "connection refused");
  assert_true(stats_of(export).failing);
}

static void a_full_queue_drops_and_counts(void **state) {
  asyncscope_otlp_options_t options = quick();
  export_t *export = *state;
  options.queue_max = 2;
  options.batch_max = 1;
  start(export, options, silence, 1);
  make_requests(export, 1);
  assert_non_null(otlp_collector_await(&export->collector, 1));
  make_requests(export, 5);
  AWAIT(export, dropped, 4);
  asyncscope_otlp_stats_t stats = stats_of(export);
  assert_int_equal(stats.dropped, 4);
  assert_int_equal(stats.queued, stats.queue_max);
  assert_in_range(stats.first_lost_ns, 1, stats.last_lost_ns);
}

static void on_stopped(void *data) {
  uv_sem_post(data);
}

static void a_stop_sends_what_there_is(void **state) {
  asyncscope_otlp_options_t options = quick();
  export_t *export = *state;
  options.delay_ms = 3600000;
  options.batch_max = 2;
  start(export, options, consent, 1);
  make_requests(export, 5);
  asyncscope_otlp_stop(export->otlp, 50000, on_stopped, &export->stopped);
  uv_sem_wait(&export->stopped);
  asyncscope_otlp_stats_t stats = stats_of(export);
  assert_int_equal(stats.exported, 5);
  assert_int_equal(stats.batches, 3);
  assert_int_equal(stats.queued + stats.dropped, 0);
}

static void a_stop_has_a_deadline(void **state) {
  asyncscope_otlp_options_t options = quick();
  export_t *export = *state;
  options.delay_ms = 3600000;
  options.retry_first_ms = 3600000;
  options.retry_max_ms = 3600000;
  options.retry_total_ms = 3600000;
  start_closed(export, options);
  make_requests(export, 3);
  asyncscope_otlp_stop(export->otlp, 20, on_stopped, &export->stopped);
  uv_sem_wait(&export->stopped);
  assert_int_equal(stats_of(export).dropped, 3);
  assert_int_equal(stats_of(export).queued, 0);
}

static void a_stop_without_time_drops(void **state) {
  export_t *export = *state;
  start(export, quick(), silence, 1);
  make_requests(export, 1);
  assert_non_null(otlp_collector_await(&export->collector, 1));
  asyncscope_otlp_destroy(export->otlp);
  export->otlp = NULL;
}

static bool is_internal(const char *name) {
  async_env_t *env = NULL;
  async_env_info_t info;
  async_resource_info_t resource;
  bool internal = true;
  size_t count = 0;
  while ((env = async_inspect_next(env)) != NULL) {
    uint32_t cursor = 0;
    async_inspect_env(env, &info);
    while (strcmp(info.name, name) == 0 &&
           async_inspect_resources(env, &cursor, &resource, 1) == 1) {
      internal = internal && resource.internal;
      count++;
    }
  }
  return internal && count > 0;
}

static void what_the_exporter_makes_is_asyncscopes_own(void **state) {
  export_t *export = *state;
  start(export, quick(), silence, 1);
  make_requests(export, 1);
  assert_non_null(otlp_collector_await(&export->collector, 1));
  assert_true(is_internal("otlp"));
}

/* One message for as long as nothing works, and one when it works again. */
static void count_message(void *data, bool wrong, const char *message) {
  atomic_uint *counts = data;
  assert_non_null(strstr(message, "/v1/traces"));
  atomic_fetch_add(&counts[wrong], 1);
}

static void an_operator_is_told_of_changes_alone(void **state) {
  static const otlp_act_t acts[] = {{EMPTY("503 Busy"), 0},
                                    {EMPTY("503 Busy"), 0},
                                    {EMPTY("503 Busy"), 0},
                                    {OTLP_OK, 0}};
  static atomic_uint counts[2];
  asyncscope_otlp_options_t options = quick();
  export_t *export = *state;
  options.on_message = count_message;
  options.data = counts;
  start(export, options, acts, 4);
  make_requests(export, 1);
  AWAIT(export, exported, 1);
  assert_int_equal(atomic_load(&counts[true]), 1);
  assert_int_equal(atomic_load(&counts[false]), 1);
}

#define cmocka_unit_test_of(function) \
  cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_of(a_request_is_posted_as_json),
      cmocka_unit_test_of(a_watched_thread_that_ends_at_once_is_found),
      cmocka_unit_test_of(spans_wait_for_others),
      cmocka_unit_test_of(a_busy_collector_is_asked_again),
      cmocka_unit_test_of(garbage_is_no_answer),
      cmocka_unit_test_of(a_collector_that_does_not_answer_is_given_up),
      cmocka_unit_test_of(a_taken_batch_whose_answer_is_garbage_is_taken),
      cmocka_unit_test_of(the_collector_says_when_to_come_again),
      cmocka_unit_test_of(the_next_batch_comes_no_sooner),
      cmocka_unit_test_of(what_is_refused_is_not_sent_again),
      cmocka_unit_test_of(refused_parts_are_counted),
      cmocka_unit_test_of(a_collector_that_is_down_is_given_up_in_the_end),
      cmocka_unit_test_of(a_full_queue_drops_and_counts),
      cmocka_unit_test_of(a_stop_sends_what_there_is),
      cmocka_unit_test_of(a_stop_has_a_deadline),
      cmocka_unit_test_of(a_stop_without_time_drops),
      cmocka_unit_test_of(what_the_exporter_makes_is_asyncscopes_own),
      cmocka_unit_test_of(an_operator_is_told_of_changes_alone),
  };
  return test_main(tests, argc, argv);
}
