/* The query of a request: its escapes, its names, its values. */
#include "fuzz.h"

#include "http_query.h"
#include <stdlib.h>
#include <string.h>

static const char *const names[] = {"a", "ms", "path"};

/* What a client is answered: ours, and nothing of its own. */
static void check_error(const http_query_t *query) {
  size_t length = strnlen(query->error, sizeof(query->error));
  FUZZ_CHECK(length < sizeof(query->error));
  for (size_t i = 0; i < length; i++) {
    FUZZ_CHECK(query->error[i] >= ' ' && query->error[i] <= '~');
  }
}

static void check_query(http_text_t text) {
  http_query_t query;
  int64_t number = 0;
  char value[16];
  bool well = http_query_init(&query, text, names, 3);
  FUZZ_CHECK(well == (query.error[0] == '\0'));
  if (http_query_integer(&query, "ms", -5, 1000, 7, &number)) {
    FUZZ_CHECK(number >= -5 && number <= 1000);
  }
  if (http_query_string(&query, "path", "fallback", value, sizeof(value))) {
    size_t length = strnlen(value, sizeof(value));
    FUZZ_CHECK(length > 0 && length < sizeof(value));
  }
  check_error(&query);
}

static void check_decode(http_text_t text) {
  size_t decoded = 0, too_many = 0;
  char *bytes = malloc(text.size_bytes + 1);
  char none[1];
  FUZZ_CHECK(bytes != NULL);
  int error = http_query_decode(text, bytes, text.size_bytes, &decoded);
  FUZZ_CHECK(error != 0 || decoded <= text.size_bytes);
  if (error == 0 && decoded > 1) {
    FUZZ_CHECK(http_query_decode(text, none, 1, &too_many) != 0);
  }
  free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  fuzz_input_t input = {(const char *)data, size};
  size_t length;
  char *bytes = fuzz_rest_bytes(&input, &length);
  http_text_t text = {bytes, length};
  check_query(text);
  check_decode(text);
  free(bytes);
  return 0;
}
