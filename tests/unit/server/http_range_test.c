#include "http_range.h"
#include "test_main.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* "0-4 7-9", or a word for what is no part. */
static void assert_ranges(const char *value, uint64_t size_bytes,
                          const char *expected) {
  static const char *const words[] = {"ignored", "", "unsatisfiable"};
  http_ranges_t ranges;
  char text[512] = "";
  http_range_result_t result =
      http_range_parse(http_text(value), size_bytes, &ranges);
  for (unsigned i = 0; i < ranges.count && result == HTTP_RANGE_PARTIAL; i++) {
    size_t at = strlen(text);
    snprintf(text + at, sizeof(text) - at, "%s%" PRIu64 "-%" PRIu64,
             i == 0 ? "" : " ", ranges.ranges[i].first, ranges.ranges[i].last);
  }
  assert_string_equal(result == HTTP_RANGE_PARTIAL ? text : words[result],
                      expected);
}

static void ranges_are_cut_at_the_end(void **state) {
  (void)state;
  assert_ranges("bytes=0-4", 10, "0-4");
  assert_ranges("bytes=0-9", 10, "0-9");
  assert_ranges("bytes=0-10", 10, "0-9");
  assert_ranges("bytes=9-", 10, "9-9");
  assert_ranges("bytes=10-", 10, "unsatisfiable");
}

static void suffixes_count_from_the_end(void **state) {
  (void)state;
  assert_ranges("bytes=-1", 10, "9-9");
  assert_ranges("bytes=-10", 10, "0-9");
  assert_ranges("bytes=-11", 10, "0-9");
  assert_ranges("bytes=-0", 10, "unsatisfiable");
}

static void nothing_of_nothing_is_there(void **state) {
  (void)state;
  assert_ranges("bytes=0-", 0, "unsatisfiable");
  assert_ranges("bytes=-5", 0, "unsatisfiable");
}

static void numbers_beyond_64_bits_are_the_largest(void **state) {
  (void)state;
  assert_ranges("bytes=1-18446744073709551616", 10, "1-9");
  assert_ranges("bytes=18446744073709551616-", 10, "unsatisfiable");
  assert_ranges("bytes=-99999999999999999999999", 10, "0-9");
  assert_ranges("bytes=0-18446744073709551614", UINT64_MAX,
                "0-18446744073709551614");
}

static void lists_may_have_empty_elements(void **state) {
  (void)state;
  assert_ranges("bytes=,0-1 ,\t, 5-6,", 10, "0-1 5-6");
  assert_ranges("bytes=,", 10, "ignored");
}

static void only_what_is_there_of_a_list_is_given(void **state) {
  (void)state;
  assert_ranges("bytes=0-1,20-30,8-", 10, "0-1 8-9");
  assert_ranges("bytes=20-30,40-", 10, "unsatisfiable");
}

static void a_list_longer_than_the_whole_is_ignored(void **state) {
  (void)state;
  assert_ranges("bytes=0-4,5-9", 10, "0-4 5-9");
  assert_ranges("bytes=0-4,4-9", 10, "ignored");
  assert_ranges("bytes=0-,0-", 10, "ignored");
}

static void sixteen_ranges_are_enough(void **state) {
  char value[256] = "bytes=0-0";
  (void)state;
  for (size_t i = 1; i < HTTP_RANGES_MAX; i++) {
    strncat(value, ",0-0", sizeof(value) - strlen(value) - 1);
  }
  http_ranges_t ranges;
  assert_int_equal(http_range_parse(http_text(value), 100, &ranges),
                   HTTP_RANGE_PARTIAL);
  assert_int_equal(ranges.count, HTTP_RANGES_MAX);
  strncat(value, ",0-0", sizeof(value) - strlen(value) - 1);
  assert_ranges(value, 100, "ignored");
}

static void what_is_not_well_formed_is_ignored(void **state) {
  static const char *const values[] = {
      "",          "bytes",      "bytes=",     "bytes 0-1",    "bytes=a-b",
      "bytes=0",   "bytes=-",    "bytes=0-1x", "bytes=0--1",   "bytes=--1",
      "bytes=1-0", "bytes=0-1;", "octets=0-1", "bytes= = 0-1", "=0-1"};
  (void)state;
  for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
    assert_ranges(values[i], 10, "ignored");
  }
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(ranges_are_cut_at_the_end),
      cmocka_unit_test(suffixes_count_from_the_end),
      cmocka_unit_test(nothing_of_nothing_is_there),
      cmocka_unit_test(numbers_beyond_64_bits_are_the_largest),
      cmocka_unit_test(lists_may_have_empty_elements),
      cmocka_unit_test(only_what_is_there_of_a_list_is_given),
      cmocka_unit_test(a_list_longer_than_the_whole_is_ignored),
      cmocka_unit_test(sixteen_ranges_are_enough),
      cmocka_unit_test(what_is_not_well_formed_is_ignored),
  };
  return test_main(tests, argc, argv);
}
