#include "http_date.h"
#include "test_main.h"

#include <string.h>

#define NOW 1795662218 /* November 2026 */

static void assert_date(const char *text, time_t seconds) {
  time_t found = 0;
  if (!http_date_parse(http_text(text), NOW, &found)) {
    fail_msg("no date: %s", text);
  }
  assert_int_equal(found, seconds);
}

static void assert_none(const char *text) {
  time_t found = 0;
  if (http_date_parse(http_text(text), NOW, &found)) {
    fail_msg("a date: %s", text);
  }
}

static void all_three_forms_are_read(void **state) {
  (void)state;
  assert_date("Sun, 06 Nov 1994 08:49:37 GMT", 784111777);
  assert_date("Sunday, 06-Nov-94 08:49:37 GMT", 784111777);
  assert_date("Sun Nov  6 08:49:37 1994", 784111777);
  assert_date("Wed Nov 16 08:49:37 1994", 784975777);
}

static void what_is_written_is_read(void **state) {
  static const time_t seconds[] = {0,          951782399, 951782400,
                                   1709164800, NOW,       4107542399};
  char text[HTTP_DATE_BYTES];
  (void)state;
  for (size_t i = 0; i < sizeof(seconds) / sizeof(seconds[0]); i++) {
    http_date_format(seconds[i], text);
    assert_date(text, seconds[i]);
  }
}

/* RFC 9110 5.6.7: more than 50 years ahead is meant for the past. */
static void a_year_of_two_digits_has_a_century(void **state) {
  (void)state;
  assert_date("Saturday, 01-Jan-00 00:00:00 GMT", 946684800);
  assert_date("Wednesday, 01-Jan-76 00:00:00 GMT", 3345062400);
  assert_date("Saturday, 01-Jan-77 00:00:00 GMT", 220924800);
}

static void a_leap_second_is_one_more(void **state) {
  (void)state;
  assert_date("Sat, 31 Dec 2016 23:59:60 GMT", 1483228800);
  assert_none("Sat, 31 Dec 2016 23:59:61 GMT");
}

static void days_that_never_were_are_none(void **state) {
  (void)state;
  assert_date("Thu, 29 Feb 2024 00:00:00 GMT", 1709164800);
  assert_none("Wed, 29 Feb 2023 00:00:00 GMT");
  assert_none("Sun, 00 Nov 1994 08:49:37 GMT");
  assert_none("Sun, 31 Nov 1994 08:49:37 GMT");
  assert_none("Sun, 06 Nov 1994 24:00:00 GMT");
  assert_none("Sun, 06 Nov 1994 08:60:00 GMT");
}

static void what_is_only_like_a_date_is_none(void **state) {
  static const char *const texts[] = {"",
                                      "Sun",
                                      "Sun,",
                                      "Sun, 06 Nov 1994 08:49:37",
                                      "Sun, 06 Nov 1994 08:49:37 UTC",
                                      "Sun, 06 Nov 1994 08:49:37 GMT ",
                                      " Sun, 06 Nov 1994 08:49:37 GMT",
                                      "sun, 06 Nov 1994 08:49:37 GMT",
                                      "Sun, 6 Nov 1994 08:49:37 GMT",
                                      "Sun, 06 nov 1994 08:49:37 GMT",
                                      "Sun, 06 Nov 94 08:49:37 GMT",
                                      "Sun, 06-Nov-94 08:49:37 GMT",
                                      "Sunday, 06 Nov 1994 08:49:37 GMT",
                                      "Sun Nov 6 08:49:37 1994",
                                      "Sun Nov  6 08:49:37 1994 GMT",
                                      "1994-11-06T08:49:37Z",
                                      "784111777"};
  (void)state;
  for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
    assert_none(texts[i]);
  }
}

/* Whatever is cut off at its end, nothing behind it is looked at. */
static void a_date_that_is_cut_off_is_none(void **state) {
  static const char text[] = "Sun, 06 Nov 1994 08:49:37 GMT";
  time_t found;
  (void)state;
  for (size_t size = 0; size < sizeof(text) - 1; size++) {
    assert_false(http_date_parse((http_text_t){text, size}, NOW, &found));
  }
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(all_three_forms_are_read),
      cmocka_unit_test(what_is_written_is_read),
      cmocka_unit_test(a_year_of_two_digits_has_a_century),
      cmocka_unit_test(a_leap_second_is_one_more),
      cmocka_unit_test(days_that_never_were_are_none),
      cmocka_unit_test(what_is_only_like_a_date_is_none),
      cmocka_unit_test(a_date_that_is_cut_off_is_none),
  };
  return test_main(tests, argc, argv);
}
