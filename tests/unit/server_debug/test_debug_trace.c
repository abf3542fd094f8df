/* W3C Trace Context, Level 2. */
#include "asyncscope/asyncscope_trace.h"
#include "test_main.h"

#include <stdio.h>
#include <string.h>
#include <uv.h>

#define TRACE "0af7651916cd43dd8448eb211c80319c"
#define SPAN  "b7ad6b7169203331"
#define GOOD  "00-" TRACE "-" SPAN "-01"

static int parse(const char *text, asyncscope_trace_t *ret_trace) {
  return asyncscope_trace_parse(text, strlen(text), ret_trace);
}

static void a_traceparent_is_read_and_written(void **state) {
  (void)state;
  asyncscope_trace_t trace;
  char text[ASYNCSCOPE_TRACE_TEXT_BYTES];
  assert_int_equal(parse(GOOD, &trace), 0);
  assert_true(trace.trace_id[0] == 0x0af7651916cd43dd);
  assert_true(trace.trace_id[1] == 0x8448eb211c80319c);
  assert_true(trace.span_id == 0xb7ad6b7169203331);
  assert_int_equal(trace.flags, 1);
  asyncscope_trace_format(&trace, text);
  assert_string_equal(text, GOOD);
}

static void a_wrong_traceparent_is_refused(void **state) {
  (void)state;
  static const char *const wrong[] = {
      "",
      "0",
      TRACE,
      "ff-" TRACE "-" SPAN "-01",
      "00-00000000000000000000000000000000-" SPAN "-01",
      "00-" TRACE "-0000000000000000-01",
      "00-0AF7651916cd43dd8448eb211c80319c-" SPAN "-01",
      "00-0af7651916cd43dd8448eb211c80319g-" SPAN "-01",
      "00-" TRACE "-b7ad6b716920333x-01",
      "00-" TRACE "-" SPAN "-0x",
      "0x-" TRACE "-" SPAN "-01",
      "00_" TRACE "-" SPAN "-01",
      "00-" TRACE "_" SPAN "-01",
      "00-" TRACE "-" SPAN "_01",
      "00-" TRACE "-" SPAN "-0",
      "00-" TRACE "-" SPAN "-01-",
      "00-" TRACE "-" SPAN "-01-what",
      "01-" TRACE "-" SPAN "-01what",
      " " GOOD,
  };
  for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
    asyncscope_trace_t trace = {.span_id = 7};
    if (parse(wrong[i], &trace) != UV_EINVAL || trace.span_id != 7)
      fail_msg("accepted or touched: '%s'", wrong[i]);
  }
}

static void every_shorter_traceparent_is_refused(void **state) {
  (void)state;
  asyncscope_trace_t trace;
  for (size_t size = 0; size < sizeof(GOOD) - 1; size++)
    assert_int_equal(asyncscope_trace_parse(GOOD, size, &trace), UV_EINVAL);
}

static void a_later_version_is_read_as_far_as_this_one_goes(void **state) {
  (void)state;
  asyncscope_trace_t trace;
  assert_int_equal(parse("cc-" TRACE "-" SPAN "-01", &trace), 0);
  assert_int_equal(parse("cc-" TRACE "-" SPAN "-01-what", &trace), 0);
  assert_true(trace.span_id == 0xb7ad6b7169203331);
}

static void only_known_flags_are_sent(void **state) {
  (void)state;
  asyncscope_trace_t trace;
  char text[ASYNCSCOPE_TRACE_TEXT_BYTES];
  assert_int_equal(parse("00-" TRACE "-" SPAN "-ff", &trace), 0);
  asyncscope_trace_format(&trace, text);
  assert_string_equal(text, GOOD);
}

static void a_span_stays_in_its_parents_trace(void **state) {
  (void)state;
  asyncscope_trace_source_t source;
  asyncscope_trace_t parent, trace;
  assert_int_equal(asyncscope_trace_source_init(&source), 0);
  assert_int_equal(parse("00-" TRACE "-" SPAN "-00", &parent), 0);
  asyncscope_trace_begin(&source, &parent, &trace);
  assert_memory_equal(trace.trace_id, parent.trace_id, sizeof(trace.trace_id));
  assert_true(trace.parent_id == parent.span_id);
  assert_true(trace.span_id != parent.span_id && trace.span_id != 0);
  assert_int_equal(trace.flags, 0);
}

static void a_span_without_a_parent_begins_a_sampled_trace(void **state) {
  (void)state;
  asyncscope_trace_source_t source;
  asyncscope_trace_t none = {0}, one, other;
  assert_int_equal(asyncscope_trace_source_init(&source), 0);
  asyncscope_trace_begin(&source, NULL, &one);
  asyncscope_trace_begin(&source, &none, &other);
  assert_true((one.trace_id[0] | one.trace_id[1]) != 0);
  assert_true(one.trace_id[0] != other.trace_id[0]);
  assert_true(one.parent_id == 0 && other.parent_id == 0);
  assert_int_equal(one.flags, ASYNCSCOPE_TRACE_SAMPLED);
}

static void two_sources_do_not_repeat_each_other(void **state) {
  (void)state;
  asyncscope_trace_source_t left, right;
  asyncscope_trace_t one, other;
  assert_int_equal(asyncscope_trace_source_init(&left), 0);
  assert_int_equal(asyncscope_trace_source_init(&right), 0);
  asyncscope_trace_begin(&left, NULL, &one);
  asyncscope_trace_begin(&right, NULL, &other);
  assert_true(one.trace_id[0] != other.trace_id[0]);
}

static bool is_valid(const char *text) {
  return asyncscope_tracestate_is_valid(text, strlen(text));
}

static void a_tracestate_of_the_grammar_is_valid(void **state) {
  (void)state;
  static const char *const good[] = {
      "foo=1",           "foo=1,bar=2",      "foo=1 \t , \t bar=2, \t baz=3",
      "foo=1,",          "foo=1,,,bar=2",    "foo= leading space",
      "foo-_*/bar=bar4", "0tenant@system=1",
  };
  for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
    if (!is_valid(good[i]))
      fail_msg("refused: '%s'", good[i]);
}

static void a_wrong_member_spoils_a_tracestate(void **state) {
  (void)state;
  static const char *const wrong[] = {
      "",         ",",         "foo",
      "foo=",     "=1",        "foo=1=2",
      "Foo=1",    "foo =1",    "foo@=1,bar=2",
      "@foo=1",   "_a@b=1",    "-a@b=1",
      "0foo=1",   "a@b@c=1",   "foo=\x01",
      "foo=\x7f", "foo=1,bar", "fw529a3039@dt=FfAAAA==",
  };
  for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
    if (is_valid(wrong[i]))
      fail_msg("accepted: '%s'", wrong[i]);
}

static void a_tracestate_has_at_most_32_members(void **state) {
  (void)state;
  char text[256] = "";
  size_t used = 0;
  for (unsigned i = 0; i < ASYNCSCOPE_TRACESTATE_MEMBERS; i++)
    used += (size_t)snprintf(text + used, sizeof(text) - used, "k%u=1,", i);
  assert_true(is_valid(text));
  snprintf(text + used, sizeof(text) - used, "z=1");
  assert_false(is_valid(text));
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_traceparent_is_read_and_written),
      cmocka_unit_test(a_wrong_traceparent_is_refused),
      cmocka_unit_test(every_shorter_traceparent_is_refused),
      cmocka_unit_test(a_later_version_is_read_as_far_as_this_one_goes),
      cmocka_unit_test(only_known_flags_are_sent),
      cmocka_unit_test(a_span_stays_in_its_parents_trace),
      cmocka_unit_test(a_span_without_a_parent_begins_a_sampled_trace),
      cmocka_unit_test(two_sources_do_not_repeat_each_other),
      cmocka_unit_test(a_tracestate_of_the_grammar_is_valid),
      cmocka_unit_test(a_wrong_member_spoils_a_tracestate),
      cmocka_unit_test(a_tracestate_has_at_most_32_members),
  };
  return test_main(tests, argc, argv);
}
