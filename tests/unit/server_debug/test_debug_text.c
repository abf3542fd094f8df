#include "debug_fixture.h"
#include "text.h"

#include <string.h>

static void assert_utf8(const char *input, const char *expected) {
  char output[DEBUG_UTF8_BYTES];
  asyncscope__debug_utf8(input, output);
  assert_string_equal(output, expected);
}

static void assert_printable(const char *input, const char *expected,
                             size_t columns) {
  char output[DEBUG_PRINTABLE_BYTES];
  assert_int_equal(asyncscope__debug_printable(input, output), columns);
  assert_string_equal(output, expected);
}

static void assert_duration(uint64_t duration_us, const char *expected) {
  char output[DEBUG_DURATION_BYTES];
  asyncscope__debug_duration(duration_us, output);
  assert_string_equal(output, expected);
}

#define BAD "\xef\xbf\xbd"

static void valid_utf8_is_kept(void **state) {
  (void)state;
  assert_utf8("GET /a", "GET /a");
  assert_utf8("\xc3\xa9\xe2\x82\xac\xf0\x9f\x99\x82",
              "\xc3\xa9\xe2\x82\xac\xf0\x9f\x99\x82");
  assert_utf8("\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf");
  assert_utf8("\xed\x9f\xbf\xee\x80\x80", "\xed\x9f\xbf\xee\x80\x80");
  assert_utf8(NULL, "");
}

static void each_byte_that_is_no_utf8_is_replaced(void **state) {
  (void)state;
  assert_utf8("a\xff"
              "b\x80",
              "a" BAD "b" BAD);
  assert_utf8("\xc0\xaf", BAD BAD);
  assert_utf8("\xc1\xbf", BAD BAD);
  assert_utf8("\xe0\x80\xaf", BAD BAD BAD);
  assert_utf8("\xed\xa0\x80", BAD BAD BAD);
  assert_utf8("\xf4\x90\x80\x80", BAD BAD BAD BAD);
  assert_utf8("\xf5\x80\x80\x80", BAD BAD BAD BAD);
  assert_utf8("\xe2\x82", BAD BAD);
  assert_utf8("\xc3(", BAD "(");
}

static void a_long_text_is_cut_between_characters(void **state) {
  (void)state;
  char input[DEBUG_TEXT_MAX_BYTES + 4];
  char output[DEBUG_UTF8_BYTES];
  memset(input, 'x', sizeof(input));
  input[sizeof(input) - 1] = '\0';
  memcpy(input + DEBUG_TEXT_MAX_BYTES - 1, "\xe2\x82\xac", 3);
  asyncscope__debug_utf8(input, output);
  assert_int_equal(strlen(output), DEBUG_TEXT_MAX_BYTES - 1);
  assert_int_equal(strspn(output, "x"), DEBUG_TEXT_MAX_BYTES - 1);
}

static void the_longest_outputs_fit(void **state) {
  (void)state;
  char input[2 * DEBUG_TEXT_MAX_BYTES];
  char valid[DEBUG_UTF8_BYTES];
  char printable[DEBUG_PRINTABLE_BYTES];
  memset(input, 0x80, sizeof(input));
  input[sizeof(input) - 1] = '\0';
  asyncscope__debug_utf8(input, valid);
  assert_true(strlen(valid) < sizeof(valid));
  assert_int_equal(strlen(valid) % 3, 0);
  asyncscope__debug_printable(input, printable);
  assert_true(strlen(printable) < sizeof(printable));
}

static void what_moves_a_terminal_is_escaped(void **state) {
  (void)state;
  assert_printable("a\nb\r\t", "a\\x0ab\\x0d\\x09", 14);
  assert_printable("\x1b[31m", "\\x1b[31m", 8);
  assert_printable("\x7f", "\\x7f", 4);
  assert_printable("\xc2\x9b", "\\xc2\\x9b", 8);
  assert_printable("\xe2\x80\xae", "\\xe2\\x80\\xae", 12);
  assert_printable("\xe2\x80\xa8", "\\xe2\\x80\\xa8", 12);
  assert_printable("\xff", "\\xff", 4);
}

static void quotes_and_backslashes_are_escaped(void **state) {
  (void)state;
  assert_printable("\"\\", "\\\"\\\\", 4);
}

static void a_character_counts_as_one_column(void **state) {
  (void)state;
  assert_printable("\xc3\xa9\xe2\x82\xac", "\xc3\xa9\xe2\x82\xac", 2);
}

static void durations_have_the_unit_that_reads_best(void **state) {
  (void)state;
  assert_duration(0, "0 us");
  assert_duration(999, "999 us");
  assert_duration(1000, "1.0 ms");
  assert_duration(999999, "999.9 ms");
  assert_duration(1000000, "1.0 s");
  assert_duration(59999999, "59.9 s");
  assert_duration(60000000, "1 m 00 s");
  assert_duration(3599999999, "59 m 59 s");
  assert_duration(3600000000, "1 h 00 m");
  assert_duration(86400000000, "1 d 00 h");
  assert_duration(UINT64_MAX, "213503982 d 08 h");
}

static void a_time_is_rfc_3339(void **state) {
  (void)state;
  char output[DEBUG_TIME_BYTES];
  const struct timespec time = {1763769681, 234999999};
  asyncscope__debug_time(&time, output);
  assert_string_equal(output, "2025-11-22T00:01:21.234Z");
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(valid_utf8_is_kept),
      cmocka_unit_test(each_byte_that_is_no_utf8_is_replaced),
      cmocka_unit_test(a_long_text_is_cut_between_characters),
      cmocka_unit_test(the_longest_outputs_fit),
      cmocka_unit_test(what_moves_a_terminal_is_escaped),
      cmocka_unit_test(quotes_and_backslashes_are_escaped),
      cmocka_unit_test(a_character_counts_as_one_column),
      cmocka_unit_test(durations_have_the_unit_that_reads_best),
      cmocka_unit_test(a_time_is_rfc_3339),
  };
  return test_main(tests, argc, argv);
}
