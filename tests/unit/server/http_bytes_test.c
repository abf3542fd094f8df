#include "http_bytes.h"
#include "test_main.h"

#include <stdlib.h>
#include <string.h>

typedef size_t (*span_t)(const char *from, const char *at, const char *end);

typedef struct spans_s {
  span_t span;
  unsigned classes;
} spans_t;

static const spans_t SPANS[] = {{http_bytes_text_span, HTTP_BYTE_TEXT},
                                {http_bytes_path_span, HTTP_BYTE_PATH},
                                {http_bytes_host_span, HTTP_BYTE_HOST}};

/* `size` bytes, all of a block, of which the one at `place` is `byte`; the span
 * begins at each of them. */
static void is_as_long_as_the_table_says(const spans_t *spans, size_t size,
                                         size_t place, int byte) {
  char *bytes = malloc(size);

  memset(bytes, 'a', size);
  bytes[place] = (char)byte;
  for (size_t at = 0; at <= size; at++)
    assert_int_equal(spans->span(bytes, bytes + at, bytes + size),
                     http_bytes_span(bytes + at, bytes + size, spans->classes));
  free(bytes);
}

static void each_byte_ends_a_span_or_does_not(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof(SPANS) / sizeof(SPANS[0]); i++)
    for (int byte = 0; byte < 256; byte++)
      for (size_t place = 0; place < 35; place++)
        is_as_long_as_the_table_says(&SPANS[i], 35, place, byte);
}

static void a_span_may_be_of_any_length(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof(SPANS) / sizeof(SPANS[0]); i++)
    for (size_t size = 1; size < 50; size++)
      for (size_t place = 0; place < size; place++)
        is_as_long_as_the_table_says(&SPANS[i], size, place, '\r');
}

/* What stands there is not part of it. */
static void what_is_before_a_span_does_not_end_it(void **state) {
  static const char text[] = "\r\n?#\x7f\r\n?#\x7f\r\n?#\x7f"
                             "abc\r";

  (void)state;
  for (size_t i = 0; i < sizeof(SPANS) / sizeof(SPANS[0]); i++)
    assert_int_equal(SPANS[i].span(text, text + 15, text + 19), 3);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_byte_ends_a_span_or_does_not),
      cmocka_unit_test(a_span_may_be_of_any_length),
      cmocka_unit_test(what_is_before_a_span_does_not_end_it),
  };
  return test_main(tests, argc, argv);
}
