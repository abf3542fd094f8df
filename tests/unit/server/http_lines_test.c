#include "http_lines.h"
#include "test_main.h"

#include <string.h>

static http_lines_result_t read_lines(const char *text, bool fields) {
  http_lines_t lines = {.fields = fields};
  http_lines_result_t result = HTTP_LINES_MORE;
  size_t size = strlen(text);

  for (size_t at = 0; at < size && result != HTTP_LINES_BAD;) {
    size_t read = 0;

    result = http_lines_read(&lines, text + at, size - at, &read);
    at += read;
  }
  return result;
}

static http_lines_result_t read_text(const char *text) {
  return read_lines(text, false);
}

static void the_empty_line_ends_the_section(void **state) {
  (void)state;
  assert_int_equal(read_text("a: b\r\n\r\n"), HTTP_LINES_END);
  assert_int_equal(read_text("\r\n"), HTTP_LINES_END);
}

static void a_section_without_it_goes_on(void **state) {
  (void)state;
  assert_int_equal(read_text("a: b\r\n"), HTTP_LINES_LINE);
  assert_int_equal(read_text("a: b\r\n\r"), HTTP_LINES_MORE);
}

static void a_bare_line_feed_is_bad(void **state) {
  (void)state;
  assert_int_equal(read_text("a: b\n"), HTTP_LINES_BAD);
  assert_int_equal(read_text("a: b\r\n\n"), HTTP_LINES_BAD);
}

static void a_bare_carriage_return_is_bad(void **state) {
  (void)state;
  assert_int_equal(read_text("a: b\rc\r\n"), HTTP_LINES_BAD);
  assert_int_equal(read_text("a: b\r\r\n"), HTTP_LINES_BAD);
}

static void control_bytes_are_bad_but_for_tabs(void **state) {
  (void)state;
  assert_int_equal(read_text("a: b\x01\r\n"), HTTP_LINES_BAD);
  assert_int_equal(read_text("a: b\x7f\r\n"), HTTP_LINES_BAD);
  assert_int_equal(read_text("a: b\tc\r\n\r\n"), HTTP_LINES_END);
}

static void bytes_beyond_ascii_are_text(void **state) {
  (void)state;
  assert_int_equal(read_text("a: \xff\r\n\r\n"), HTTP_LINES_END);
}

static void folded_lines_are_bad(void **state) {
  (void)state;
  assert_int_equal(read_text("a: b\r\n c\r\n"), HTTP_LINES_BAD);
  assert_int_equal(read_text("a: b\r\n\tc\r\n"), HTTP_LINES_BAD);
}

static void a_field_line_is_a_token_and_a_colon(void **state) {
  static const char *const bad[] = {": b\r\n",   "a\r\n",      "a \r\n",
                                    "a : b\r\n", "a[]: b\r\n", "\xff: b\r\n",
                                    "a\t: b\r\n"};

  (void)state;
  for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
    assert_int_equal(read_lines(bad[i], true), HTTP_LINES_BAD);
  assert_int_equal(read_lines("a-b: c: d\r\ne:\r\n\r\n", true), HTTP_LINES_END);
}

static void each_line_is_counted_once(void **state) {
  http_lines_t lines = {0};
  const char *text = "a: b\r\nc: d\r\n\r\n";
  size_t read = 0;

  (void)state;
  while (*text != '\0') {
    http_lines_read(&lines, text, 1, &read);
    text += read;
  }
  assert_int_equal(lines.count, 2);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_empty_line_ends_the_section),
      cmocka_unit_test(a_section_without_it_goes_on),
      cmocka_unit_test(a_bare_line_feed_is_bad),
      cmocka_unit_test(a_bare_carriage_return_is_bad),
      cmocka_unit_test(control_bytes_are_bad_but_for_tabs),
      cmocka_unit_test(bytes_beyond_ascii_are_text),
      cmocka_unit_test(folded_lines_are_bad),
      cmocka_unit_test(a_field_line_is_a_token_and_a_colon),
      cmocka_unit_test(each_line_is_counted_once),
  };
  return test_main(tests, argc, argv);
}
