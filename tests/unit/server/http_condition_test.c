/* What the conformance suite cannot ask for: a file of this very second. */
#include "http_condition.h"
#include "http_exchange.h"
#include "test_main.h"

#include <string.h>

#define MODIFIED 784111777 /* the date below */

static bool range_counts(time_t now) {
  static const char text[] = "GET /file HTTP/1.1\r\nHost: a\r\n"
                             "If-Range: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\n";
  const http_limits_t limits = HTTP_LIMITS_DEFAULT;
  const http_validators_t validators = {.etag = "\"a\"", .modified = MODIFIED};
  http_request_t request = {.closed = false};
  size_t read;
  assert_int_equal(
      http_head_read(&request.head, &limits, text, sizeof(text) - 1, &read),
      HTTP_ACCEPTED);
  bool counts = http_condition_range(&request, &validators, now);
  http_head_finish(&request.head);
  return counts;
}

/* Within its second a file may be written to again, and have the same date. */
static void a_date_names_a_state_when_its_second_is_over(void **state) {
  (void)state;
  assert_false(range_counts(MODIFIED));
  assert_true(range_counts(MODIFIED + 1));
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_date_names_a_state_when_its_second_is_over),
  };
  return test_main(tests, argc, argv);
}
