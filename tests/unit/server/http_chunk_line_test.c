#include "http_chunk_line.h"
#include "test_main.h"

#include <string.h>

/* In two reads, cut after `cut` bytes. */
static http_chunk_line_result_t read_cut(http_chunk_line_t *line,
                                         const char *text, size_t cut) {
  size_t read = 0;
  http_chunk_line_result_t result =
      http_chunk_line_read(line, text, cut, &read);
  if (result == HTTP_CHUNK_LINE_MORE) {
    result = http_chunk_line_read(line, text + cut, strlen(text) - cut, &read);
  }
  return result;
}

/* Wherever it is cut. */
static void assert_size(const char *text, uint64_t size_bytes) {
  for (size_t cut = 0; cut <= strlen(text); cut++) {
    http_chunk_line_t line = {0};
    assert_int_equal(read_cut(&line, text, cut), HTTP_CHUNK_LINE_END);
    assert_int_equal(line.size_bytes, size_bytes);
  }
}

static void assert_bad(const char *text) {
  for (size_t cut = 0; cut <= strlen(text); cut++) {
    http_chunk_line_t line = {0};
    assert_int_equal(read_cut(&line, text, cut), HTTP_CHUNK_LINE_BAD);
  }
}

static void a_size_is_hexadecimal(void **state) {
  (void)state;
  assert_size("0\r\n", 0);
  assert_size("1a3F\r\n", 0x1a3f);
  assert_size("000000000000000000001\r\n", 1);
  assert_size("ffffffffffffffff\r\n", UINT64_MAX);
}

static void a_size_has_64_bits(void **state) {
  (void)state;
  assert_bad("10000000000000000\r\n");
  assert_bad("fffffffffffffffff\r\n");
}

static void what_is_no_size_is_bad(void **state) {
  (void)state;
  assert_bad("g\r\n");
  assert_bad("+1\r\n");
  assert_bad("-1\r\n");
  assert_bad(" 1\r\n");
  assert_bad("1 \r\n");
  assert_bad("0x1\r\n");
  assert_bad(";a\r\n");
  assert_bad("\r\n");
}

static void a_line_ends_with_two_bytes(void **state) {
  (void)state;
  assert_bad("1\n");
  assert_bad("1\r1");
  assert_bad("1;a\n");
  assert_bad("1;a=\"\n\"\r\n");
}

static void extensions_are_left_out(void **state) {
  (void)state;
  assert_size("5;a\r\n", 5);
  assert_size("5;a=b;c;d=\"e\"\r\n", 5);
  assert_size("5 ;\ta = b ; c\t;d= \"x;\\\"\xff y\"\r\n", 5);
}

static void what_is_no_extension_is_bad(void **state) {
  (void)state;
  assert_bad("5;\r\n");
  assert_bad("5;a=\r\n");
  assert_bad("5;=b\r\n");
  assert_bad("5 a\r\n");
  assert_bad("5;a b\r\n");
  assert_bad("5;a=b c\r\n");
  assert_bad("5;a=\"b\"c\r\n");
  assert_bad("5;a=\"b\x01\"\r\n");
  assert_bad("5;a=\"\\\r\n\"\r\n");
  assert_bad("5;a \r\n");
}

static void what_follows_a_line_is_left(void **state) {
  http_chunk_line_t line = {0};
  size_t read = 0;
  (void)state;
  assert_int_equal(http_chunk_line_read(&line, "1\r\nx\r\n", 6, &read),
                   HTTP_CHUNK_LINE_END);
  assert_int_equal(read, 3);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_size_is_hexadecimal),
      cmocka_unit_test(a_size_has_64_bits),
      cmocka_unit_test(what_is_no_size_is_bad),
      cmocka_unit_test(a_line_ends_with_two_bytes),
      cmocka_unit_test(extensions_are_left_out),
      cmocka_unit_test(what_is_no_extension_is_bad),
      cmocka_unit_test(what_follows_a_line_is_left),
  };
  return test_main(tests, argc, argv);
}
