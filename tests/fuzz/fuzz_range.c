/* What asks for a part, or for what has changed: the size of the whole, a line
 * each of Range, entity-tag and date; then the head of a request with
 * conditions. */
#include "fuzz.h"

#include "http_condition.h"
#include "http_date.h"
#include "http_etag.h"
#include "http_exchange.h"
#include "http_range.h"
#include <stdlib.h>
#include <string.h>

#define NOW 1795000000

static const http_limits_t limits = HTTP_LIMITS_DEFAULT;

static void check_ranges(http_text_t value, uint64_t size_bytes) {
  http_ranges_t ranges;
  uint64_t sum = 0;
  if (http_range_parse(value, size_bytes, &ranges) != HTTP_RANGE_PARTIAL) {
    return;
  }
  FUZZ_CHECK(ranges.count > 0 && ranges.count <= HTTP_RANGES_MAX);
  for (unsigned i = 0; i < ranges.count; i++) {
    const http_range_t *range = &ranges.ranges[i];
    FUZZ_CHECK(range->first <= range->last && range->last < size_bytes);
    FUZZ_CHECK(size_bytes - sum >= range->last - range->first + 1);
    sum += range->last - range->first + 1;
  }
}

static void check_etag(http_text_t text) {
  if (http_etag_valid(text) && memchr(text.at, '\0', text.size_bytes) == NULL) {
    char *etag = strndup(text.at, text.size_bytes);
    FUZZ_CHECK(etag != NULL);
    FUZZ_CHECK(http_etag_in(text, etag, false));
    FUZZ_CHECK(http_etag_in(text, etag, true) == (etag[0] == '"'));
    free(etag);
  }
  http_etag_in(text, "\"a\"", true);
  http_etag_in(text, "W/\"a\"", false);
}

static void check_date(http_text_t text) {
  char formatted[HTTP_DATE_BYTES];
  time_t read, again;
  if (!http_date_parse(text, NOW, &read)) {
    return;
  }
  http_date_format(read, formatted);
  FUZZ_CHECK(strnlen(formatted, sizeof(formatted)) == sizeof(formatted) - 1);
  FUZZ_CHECK(http_date_parse(http_text(formatted), NOW, &again));
  FUZZ_CHECK(read == again);
}

static void ignore(void *arg, const char *bytes, size_t size) {
  (void)arg;
  (void)bytes;
  (void)size;
}

static void check_conditions(const char *bytes, size_t size) {
  static http_request_t request;
  const http_validators_t validators = {.etag = "\"a\"", .modified = NOW - 60};
  size_t read;
  memset(&request, 0, sizeof(request));
  http_parser_init(&request.parser, &request.head, &limits, ignore, NULL);
  if (http_head_read(&request.head, &limits, bytes, size, &read) ==
          HTTP_ACCEPTED &&
      request.head.complete &&
      http_parser_head(&request.parser) == HTTP_ACCEPTED) {
    http_condition_check(&request, &validators, NOW);
    http_condition_range(&request, &validators, NOW);
  }
  http_head_finish(&request.head);
}

static void with_line(fuzz_input_t *input, void (*check)(http_text_t text)) {
  size_t length;
  char *line = fuzz_line_bytes(input, &length);
  check((http_text_t){line, length});
  free(line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  fuzz_input_t input = {(const char *)data, size};
  uint64_t size_bytes = fuzz_number(&input);
  size_t length;
  char *line = fuzz_line_bytes(&input, &length);
  check_ranges((http_text_t){line, length}, size_bytes);
  check_ranges((http_text_t){line, length}, size_bytes % 100);
  free(line);
  with_line(&input, check_etag);
  with_line(&input, check_date);
  check_conditions(input.at, input.size_bytes);
  return 0;
}
