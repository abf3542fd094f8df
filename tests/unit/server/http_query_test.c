#include "http_query.h"
#include "test_main.h"

#include <string.h>

static const char *const NAMES[] = {"ms", "path"};

static void begin(http_query_t *query, const char *text) {
  http_query_init(query, http_text(text), NAMES, 2);
}

static void an_absent_number_has_its_fallback(void **state) {
  http_query_t query;
  int64_t number;

  (void)state;
  begin(&query, "");
  assert_true(http_query_integer(&query, "ms", 0, 9, 5, &number));
  assert_int_equal(number, 5);
}

static void numbers_are_read_up_to_their_ends(void **state) {
  http_query_t query;
  int64_t number;

  (void)state;
  begin(&query, "ms=-9223372036854775808");
  assert_true(
      http_query_integer(&query, "ms", INT64_MIN, INT64_MAX, 0, &number));
  assert_int_equal(number, INT64_MIN);
  begin(&query, "ms=9223372036854775808");
  assert_false(
      http_query_integer(&query, "ms", INT64_MIN, INT64_MAX, 0, &number));
}

static void a_bad_number_is_named_with_its_range(void **state) {
  static const char *const bad[] = {"ms=",   "ms",      "ms=x",  "ms=1x",
                                    "ms=10", "ms=-1",   "ms=+1", "ms= 1",
                                    "ms=%",  "ms=1%00", "ms=0x1"};
  http_query_t query;
  int64_t number;

  (void)state;
  for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
    begin(&query, bad[i]);
    assert_false(http_query_integer(&query, "ms", 0, 9, 5, &number));
    assert_string_equal(query.error, "ms: must be a whole number from 0 to 9");
  }
}

static void text_is_decoded(void **state) {
  http_query_t query;
  char value[16];

  (void)state;
  begin(&query, "ms=1&path=a%2Fb+c%c3%A4");
  assert_true(http_query_string(&query, "path", "", value, sizeof(value)));
  assert_string_equal(value, "a/b c\xc3\xa4");
}

static void text_has_no_nul_bad_escape_or_excess(void **state) {
  static const char *const bad[] = {"path=a%00b", "path=%zz", "path=%a",
                                    "path=",      "path",     "path=12345678"};
  http_query_t query;
  char value[8];

  (void)state;
  for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
    begin(&query, bad[i]);
    assert_false(http_query_string(&query, "path", "", value, sizeof(value)));
    assert_memory_equal(query.error, "path: ", 6);
  }
}

static void an_unknown_parameter_lists_the_known_ones(void **state) {
  http_query_t query;

  (void)state;
  begin(&query, "m=1");
  assert_string_equal(query.error, "unknown parameter; known here: ms, path");
}

static void a_parameter_is_given_once(void **state) {
  http_query_t query;

  (void)state;
  begin(&query, "ms=1&ms=1");
  assert_string_equal(query.error, "ms: must be given once");
}

static void the_first_error_is_kept(void **state) {
  http_query_t query;
  int64_t number;
  char value[8];

  (void)state;
  begin(&query, "ms=x&path=%zz");
  assert_false(http_query_integer(&query, "ms", 0, 9, 5, &number));
  assert_false(http_query_string(&query, "path", "", value, sizeof(value)));
  assert_memory_equal(query.error, "ms: ", 4);
}

static void empty_parts_are_left_out(void **state) {
  http_query_t query;
  int64_t number;

  (void)state;
  begin(&query, "&&ms=3&");
  assert_true(http_query_integer(&query, "ms", 0, 9, 5, &number));
  assert_int_equal(number, 3);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_absent_number_has_its_fallback),
      cmocka_unit_test(numbers_are_read_up_to_their_ends),
      cmocka_unit_test(a_bad_number_is_named_with_its_range),
      cmocka_unit_test(text_is_decoded),
      cmocka_unit_test(text_has_no_nul_bad_escape_or_excess),
      cmocka_unit_test(an_unknown_parameter_lists_the_known_ones),
      cmocka_unit_test(a_parameter_is_given_once),
      cmocka_unit_test(the_first_error_is_kept),
      cmocka_unit_test(empty_parts_are_left_out),
  };
  return test_main(tests, argc, argv);
}
