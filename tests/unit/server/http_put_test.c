/* Numbers as text. */
#include "http_put.h"
#include "test_main.h"

#include <inttypes.h>
#include <stdio.h>

static void is_put(uint64_t number) {
  char text[HTTP_PUT_UNSIGNED_MAX_BYTES + 1], expected[sizeof(text)];

  snprintf(expected, sizeof(expected), "%" PRIu64, number);
  *http_put_unsigned(text, number) = '\0';
  assert_string_equal(text, expected);
}

static void a_number_is_put_with_all_its_digits(void **state) {
  uint64_t power = 1;

  (void)state;
  for (unsigned digits = 1; digits < HTTP_PUT_UNSIGNED_MAX_BYTES; digits++) {
    is_put(power - 1);
    is_put(power);
    is_put(power + power / 2 + 7);
    power *= 10;
  }
  is_put(power);
  is_put(UINT64_MAX);
}

static void each_of_the_small_ones_too(void **state) {
  (void)state;
  for (uint64_t number = 0; number < 12000; number++)
    is_put(number);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_number_is_put_with_all_its_digits),
      cmocka_unit_test(each_of_the_small_ones_too),
  };
  return test_main(tests, argc, argv);
}
