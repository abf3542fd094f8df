/*
 * The server and a collector: each request is exported, with its work, and what
 * is not is counted.
 */
#include "deadline.h"
#include "e2e_life.h"
#include "e2e_raw.h"
#include "otlp_collector.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static otlp_collector_t collector;

static int setup(void **state) {
  return e2e_setup(state);
}

static int teardown(void **state) {
  int status = e2e_teardown(state);
  otlp_collector_stop(&collector);
  return status;
}

#define cmocka_unit_test_of(function) \
  cmocka_unit_test_setup_teardown(function, setup, teardown)

/* A span waits for no other, or for very long. */
#define AT_ONCE "OTEL_BSP_SCHEDULE_DELAY=1"
#define LATER   "OTEL_BSP_SCHEDULE_DELAY=3600000"

static void start(e2e_t *e2e, const otlp_act_t *acts, size_t count,
                  const char *delay) {
  assert_int_equal(otlp_collector_start(&collector, acts, count), 0);
  e2e_start_with(e2e,
                 (const char *const[]){"--listen", "127.0.0.1:0", "--root",
                                       getenv("ASYNCSCOPE_SOURCE_DIR"),
                                       "--otlp-endpoint", collector.url, NULL},
                 (const char *const[]){"ASYNCSCOPE_CONTEXT_LOSS=1", delay,
                                       "OTEL_SERVICE_NAME=shop", NULL});
}

static const otlp_act_t well[] = {{OTLP_OK, 0}};

static const char *text_of(const json_t *span, const char *name) {
  return e2e_string(span, name);
}

#define TRACE  "0123456789abcdef0123456789abcdef"
#define PARENT "0123456789abcdef"

/* /flow goes through a timer, three file requests and the pool. */
static void a_request_is_exported_with_its_work(void **state) {
  static const char *const fields[] = {
      "traceparent: 00-" TRACE "-" PARENT "-01", NULL};
  e2e_t *e2e = *state;
  start(e2e, well, 1, LATER);
  e2e_send(e2e, 200,
           &(http_request_t){.target = "/flow?ms=1", .fields = fields});
  e2e_stop(e2e);
  json_t *spans = otlp_collector_spans(&collector);
  json_t *server = otlp_span_named(spans, "GET /flow");
  json_t *task = otlp_span_named(spans, "pool task");
  json_t *run = otlp_span_named(spans, "pool run");
  json_t *file = otlp_span_named(spans, "file request");
  assert_true(server != NULL && task != NULL && run != NULL && file != NULL);
  assert_string_equal(text_of(server, "traceId"), TRACE);
  assert_string_equal(text_of(server, "parentSpanId"), PARENT);
  assert_string_equal(text_of(file, "parentSpanId"), text_of(server, "spanId"));
  assert_string_equal(text_of(task, "parentSpanId"), text_of(server, "spanId"));
  assert_string_equal(text_of(run, "parentSpanId"), text_of(task, "spanId"));
  assert_string_equal(otlp_attribute(server, "http.response.status_code"),
                      "200");
  assert_string_equal(otlp_attribute(server, "url.path"), "/flow");
  assert_string_equal(otlp_attribute(server, "asyncscope.request_id"), "r1");
  assert_string_equal(otlp_attribute(run, "code.function.name"), "submit");
  json_decref(spans);
}

/* From the field of a request to each of its spans; nothing of one that is
 * malformed. */
static void the_tracestate_goes_on_to_the_collector(void **state) {
  static const char *const good[] = {"traceparent: 00-" TRACE "-" PARENT "-01",
                                     "tracestate: a=1", "tracestate: b@c=2",
                                     NULL};
  static const char *const bad[] = {"traceparent: 00-" TRACE "-" PARENT "-01",
                                    "tracestate: a=1,B=2", NULL};
  e2e_t *e2e = *state;
  start(e2e, well, 1, LATER);
  e2e_send(e2e, 200,
           &(http_request_t){.target = "/sum?a=1&b=2", .fields = good});
  e2e_send(e2e, 200, &(http_request_t){.target = "/hello", .fields = bad});
  e2e_stop(e2e);
  json_t *spans = otlp_collector_spans(&collector);
  json_t *told = otlp_span_named(spans, "GET /sum");
  json_t *below = otlp_span_named(spans, "pool task");
  json_t *untold = otlp_span_named(spans, "GET /hello");
  assert_true(told != NULL && below != NULL && untold != NULL);
  assert_string_equal(text_of(told, "traceState"), "a=1,b@c=2");
  assert_string_equal(text_of(below, "traceState"), "a=1,b@c=2");
  assert_string_equal(text_of(untold, "traceId"), TRACE);
  assert_null(json_object_get(untold, "traceState"));
  json_decref(spans);
}

/* The span that is exported is the one that the answer names. */
static void the_answer_names_the_span(void **state) {
  char value[64];
  e2e_t *e2e = *state;
  start(e2e, well, 1, AT_ONCE);
  e2e_get(e2e, 200, "/hello");
  assert_int_equal(
      http_answer_field(&e2e->answer, "traceresponse", value, sizeof(value)),
      55);
  json_t *spans = otlp_collector_await_spans(&collector, 1);
  json_t *span = json_array_get(spans, 0);
  assert_memory_equal(value + 3, text_of(span, "traceId"), 32);
  assert_memory_equal(value + 36, text_of(span, "spanId"), 16);
  json_decref(spans);
}

static void a_request_that_is_not_sampled_is_not_exported(void **state) {
  static const char *const fields[] = {
      "traceparent: 00-" TRACE "-" PARENT "-00", NULL};
  e2e_t *e2e = *state;
  start(e2e, well, 1, LATER);
  e2e_send(e2e, 200, &(http_request_t){.target = "/hello", .fields = fields});
  e2e_get(e2e, 404, "/nothing");
  e2e_stop(e2e);
  json_t *spans = otlp_collector_spans(&collector);
  json_t *span;
  size_t i;
  assert_non_null(otlp_span_named(spans, "GET"));
  json_array_foreach(spans, i, span) {
    assert_string_not_equal(text_of(span, "traceId"), TRACE);
  }
  json_decref(spans);
}

static void who_reads_the_diagnostics_is_not_exported(void **state) {
  e2e_t *e2e = *state;
  start(e2e, well, 1, LATER);
  e2e_get(e2e, 200, "/debug/tree");
  e2e_get(e2e, 200, "/metrics");
  e2e_get(e2e, 200, "/hello");
  e2e_stop(e2e);
  json_t *spans = otlp_collector_spans(&collector);
  assert_int_equal(json_array_size(spans), 1);
  json_decref(spans);
}

/* It fails when nothing holds up the end of its loop any more. */
static void what_fails_while_the_server_ends_is_exported(void **state) {
  e2e_t *e2e = *state;
  assert_int_equal(otlp_collector_start(&collector, well, 1), 0);
  e2e_start(e2e, "--loops", "1", "--handler-timeout", "0.3", "--otlp-endpoint",
            collector.url);
  int late = e2e_begin_late(e2e);
  e2e_signal(e2e, SIGTERM);
  e2e_raw_await(late, "503");
  close(late);
  assert_int_equal(e2e_exit_code(e2e), 0);
  json_t *spans = otlp_collector_spans(&collector);
  json_t *span = otlp_span_named(spans, "GET /timer");
  assert_non_null(span);
  assert_string_equal(otlp_attribute(span, "http.response.status_code"), "503");
  json_decref(spans);
}

/* Of the name of the resource that a request was sent for. */
static void hostile_paths_are_harmless(void **state) {
  e2e_t *e2e = *state;
  start(e2e, well, 1, LATER);
  e2e_get(e2e, 404, "/%ff%00\"<script>\\");
  e2e_stop(e2e);
  json_t *spans = otlp_collector_spans(&collector);
  assert_string_equal(otlp_attribute(json_array_get(spans, 0), "url.path"),
                      "/%ff%00\"<script>\\");
  json_decref(spans);
}

static json_t *exporter_of(e2e_t *e2e) {
  return json_array_get(
      e2e_array(e2e_get_json(e2e, "/debug?limit=1"), "exporters"), 0);
}

static void await_count(e2e_t *e2e, const char *name, json_int_t least) {
  while (e2e_integer(exporter_of(e2e), name) < least) {
  }
}

static void the_diagnostics_tell_of_the_export(void **state) {
  e2e_t *e2e = *state;
  start(e2e, well, 1, AT_ONCE);
  e2e_get(e2e, 200, "/hello");
  await_count(e2e, "exported", 1);
  json_t *exporter = exporter_of(e2e);
  assert_string_equal(e2e_string(exporter, "name"), "otlp");
  e2e_assert_contains(e2e_string(exporter, "target"), collector.url);
  assert_true(json_is_false(json_object_get(exporter, "failing")));
  e2e_assert_contains(e2e_get(e2e, 200, "/metrics"),
                      "asyncscope_exporter_failing{exporter=\"otlp\"} 0\n");
}

static void without_an_endpoint_there_is_no_exporter(void **state) {
  e2e_t *e2e = *state;
  e2e_start_with(
      e2e, (const char *const[]){"--listen", "127.0.0.1:0", NULL},
      (const char *const[]){"OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:9",
                            "OTEL_SDK_DISABLED=true", NULL});
  assert_int_equal(
      json_array_size(e2e_array(e2e_get_json(e2e, "/debug"), "exporters")), 0);
}

static void an_unwell_collector_does_no_harm(void **state) {
  static const otlp_act_t acts[] = {
      {"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", 0},
      {"nonsense\r\n\r\n", 1},
      {OTLP_OK, 0}};
  e2e_t *e2e = *state;
  start(e2e, acts, 3, AT_ONCE);
  e2e_get(e2e, 200, "/hello");
  await_count(e2e, "exported", 1);
  assert_int_equal(e2e_integer(exporter_of(e2e), "retries"), 2);
  e2e_stop(e2e);
  char *text = server_process_stderr(&e2e->server);
  e2e_assert_contains(text, "asyncscope: otlp: cannot export to http://");
  e2e_assert_contains(text, "asyncscope: otlp: exporting again to http://");
  free(text);
}

/* Nobody answers: the drain takes no longer than it may, and ends well. */
static void a_collector_that_hangs_does_not_hold_up_the_end(void **state) {
  static const otlp_act_t acts[] = {{NULL, 0}};
  e2e_t *e2e = *state;
  start(e2e, acts, 1, AT_ONCE);
  e2e_get(e2e, 200, "/hello");
  assert_non_null(otlp_collector_await(&collector, 1));
  e2e_stop(e2e);
}

/* The time of the drain is not for the loops alone. */
static void the_end_of_the_drain_is_one_for_the_export_too(void **state) {
  static const otlp_act_t acts[] = {{NULL, 0}};
  e2e_t *e2e = *state;
  assert_int_equal(otlp_collector_start(&collector, acts, 1), 0);
  e2e_start_with(e2e,
                 (const char *const[]){"--listen", "127.0.0.1:0",
                                       "--drain-timeout", "0.1",
                                       "--otlp-endpoint", collector.url, NULL},
                 (const char *const[]){AT_ONCE, NULL});
  e2e_get(e2e, 200, "/hello");
  assert_non_null(otlp_collector_await(&collector, 1));
  deadline_t without_it = deadline_in(3000);
  e2e_signal(e2e, SIGTERM);
  assert_int_equal(e2e_exit_code(e2e), 0);
  assert_true(deadline_left_ms(without_it) > 0);
}

static void a_wrong_endpoint_is_refused(void **state) {
  static const char *const endpoints[] = {"https://a:4318", "collector:4318",
                                          ""};
  e2e_t *e2e = *state;
  for (size_t i = 0; i < sizeof(endpoints) / sizeof(endpoints[0]); i++) {
    char *text = NULL;
    int code = e2e_refused(e2e, &text, "--otlp-endpoint", endpoints[i]);
    assert_int_equal(code, 2);
    e2e_assert_contains(text, "--otlp-endpoint must be ");
    free(text);
  }
}

static void a_wrong_variable_is_named(void **state) {
  e2e_t *e2e = *state;
  char *text = NULL;
  int code = e2e_refused_with(
      e2e, (const char *const[]){"--listen", "127.0.0.1:0", NULL},
      (const char *const[]){"OTEL_EXPORTER_OTLP_TIMEOUT=soon", NULL}, &text);
  assert_int_equal(code, 2);
  e2e_assert_contains(text, "OTEL_EXPORTER_OTLP_TIMEOUT must be ");
  free(text);
  code = e2e_refused_with(
      e2e, (const char *const[]){"--listen", "127.0.0.1:0", NULL},
      (const char *const[]){"OTEL_BSP_MAX_QUEUE_SIZE=0", NULL}, &text);
  assert_int_equal(code, 2);
  e2e_assert_contains(text, "OTEL_BSP_MAX_QUEUE_SIZE must be ");
  free(text);
  code = e2e_refused_with(
      e2e, (const char *const[]){"--listen", "127.0.0.1:0", NULL},
      (const char *const[]){"OTEL_EXPORTER_OTLP_ENDPOINT=https://a", NULL},
      &text);
  assert_int_equal(code, 1);
  e2e_assert_contains(text, "cannot export to https://a: the URL is none");
  free(text);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_of(a_request_is_exported_with_its_work),
      cmocka_unit_test_of(the_tracestate_goes_on_to_the_collector),
      cmocka_unit_test_of(the_answer_names_the_span),
      cmocka_unit_test_of(a_request_that_is_not_sampled_is_not_exported),
      cmocka_unit_test_of(who_reads_the_diagnostics_is_not_exported),
      cmocka_unit_test_of(what_fails_while_the_server_ends_is_exported),
      cmocka_unit_test_of(hostile_paths_are_harmless),
      cmocka_unit_test_of(the_diagnostics_tell_of_the_export),
      cmocka_unit_test_of(without_an_endpoint_there_is_no_exporter),
      cmocka_unit_test_of(an_unwell_collector_does_no_harm),
      cmocka_unit_test_of(a_collector_that_hangs_does_not_hold_up_the_end),
      cmocka_unit_test_of(the_end_of_the_drain_is_one_for_the_export_too),
      cmocka_unit_test_of(a_wrong_endpoint_is_refused),
      cmocka_unit_test_of(a_wrong_variable_is_named),
  };
  return test_main(tests, argc, argv);
}
