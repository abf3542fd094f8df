/* What a collector's answer means, and how long to wait after it. */
#include "otlp_answer.h"
#include "otlp_limits.h"
#include "test_main.h"

#include <string.h>
#include <uv.h>

static void only_what_may_pass_by_is_tried_again(void **state) {
  static const unsigned again[] = {0, 429, 502, 503, 504};
  static const unsigned refused[] = {100, 301, 400, 401, 404,
                                     408, 413, 500, 501};
  (void)state;
  for (size_t i = 0; i < sizeof(again) / sizeof(again[0]); i++)
    assert_int_equal(otlp_verdict(again[i]), OTLP_AGAIN);
  for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
    assert_int_equal(otlp_verdict(refused[i]), OTLP_REFUSED);
  assert_int_equal(otlp_verdict(200), OTLP_TAKEN);
  assert_int_equal(otlp_verdict(202), OTLP_TAKEN);
}

static uint64_t after(const char *value) {
  return otlp_retry_after_ms(http_text(value), 784111777);
}

static void retry_after_is_seconds_or_a_date(void **state) {
  (void)state;
  assert_int_equal(after("0"), 0);
  assert_int_equal(after("7"), 7000);
  assert_int_equal(after("Sun, 06 Nov 1994 08:49:40 GMT"), 3000);
  assert_int_equal(after("Sun, 06 Nov 1994 08:49:30 GMT"), 0);
  assert_int_equal(after(""), 0);
  assert_int_equal(after("-1"), 0);
  assert_int_equal(after("soon"), 0);
}

static void retry_after_has_a_ceiling(void **state) {
  (void)state;
  assert_int_equal(after("99999999999999999999999999"),
                   OTLP_RETRY_AFTER_MAX_S * 1000);
  assert_int_equal(after("Sun, 06 Nov 2044 08:49:30 GMT"),
                   OTLP_RETRY_AFTER_MAX_S * 1000);
}

static uint64_t rejected(const char *body) {
  return otlp_rejected(body, strlen(body), 10);
}

static void rejected_spans_are_counted_and_no_more_than_were_sent(
    void **state) {
  (void)state;
  assert_int_equal(rejected("{}"), 0);
  assert_int_equal(rejected("{\"partialSuccess\":{\"rejectedSpans\":\"3\"}}"),
                   3);
  assert_int_equal(rejected("{\"partialSuccess\":{\"rejectedSpans\":4}}"), 4);
  assert_int_equal(rejected("{\"partialSuccess\":{\"rejectedSpans\":-4}}"), 0);
  assert_int_equal(rejected("{\"partialSuccess\":{\"rejectedSpans\":\"-4\"}}"),
                   0);
  assert_int_equal(rejected("{\"partialSuccess\":{\"rejectedSpans\":99}}"), 10);
  assert_int_equal(rejected("{\"partialSuccess\":{\"rejectedSpans\":\"3\","
                            "\"errorMessage\":\"no\\u0000\"}}"),
                   3);
}

static void garbage_says_nothing_of_rejected_spans(void **state) {
  static const char *const bodies[] = {
      "",
      "{",
      "null",
      "[]",
      "<html>",
      "{\"partialSuccess\":[]}",
      "{\"partialSuccess\":{\"rejectedSpans\":{}}}",
      "{\"partialSuccess\":{\"rejectedSpans\":\"x\"}}"};
  (void)state;
  for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++)
    assert_int_equal(rejected(bodies[i]), 0);
}

static void waiting_doubles_up_to_its_ceiling_by_half_at_random(void **state) {
  (void)state;
  assert_int_equal(otlp_backoff_ms(1, 1000, 30000, 0), 500);
  assert_int_equal(otlp_backoff_ms(1, 1000, 30000, UINT32_MAX), 1000);
  assert_int_equal(otlp_backoff_ms(3, 1000, 30000, UINT32_MAX), 4000);
  assert_int_equal(otlp_backoff_ms(6, 1000, 30000, UINT32_MAX), 30000);
  assert_int_equal(otlp_backoff_ms(4000000000u, 1000, 30000, 0), 15000);
}

static void a_problem_is_a_status_or_an_error(void **state) {
  char text[64];
  (void)state;
  otlp_describe(503, text, sizeof(text));
  assert_string_equal(text, "503 Service Unavailable");
  otlp_describe(UV_ECONNREFUSED, text, sizeof(text));
  assert_string_equal(text, "connection refused");
  otlp_describe(0, text, sizeof(text));
  assert_string_equal(text, "");
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(only_what_may_pass_by_is_tried_again),
      cmocka_unit_test(retry_after_is_seconds_or_a_date),
      cmocka_unit_test(retry_after_has_a_ceiling),
      cmocka_unit_test(rejected_spans_are_counted_and_no_more_than_were_sent),
      cmocka_unit_test(garbage_says_nothing_of_rejected_spans),
      cmocka_unit_test(waiting_doubles_up_to_its_ceiling_by_half_at_random),
      cmocka_unit_test(a_problem_is_a_status_or_an_error),
  };
  return test_main(tests, argc, argv);
}
