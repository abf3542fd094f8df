#include "http_query.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

static int hex_digit(char byte) {
  if (byte >= '0' && byte <= '9')
    return byte - '0';
  if (byte >= 'a' && byte <= 'f')
    return byte - 'a' + 10;
  return byte >= 'A' && byte <= 'F' ? byte - 'A' + 10 : -1;
}

/* The byte at `*at`, which moves behind it; -1 for a bad escape. */
static int decode_byte(http_text_t text, size_t *at) {
  char byte = text.at[(*at)++];
  int high, low;

  if (byte != '%')
    return byte == '+' ? ' ' : (unsigned char)byte;
  if (text.size_bytes - *at < 2)
    return -1;
  high = hex_digit(text.at[(*at)++]);
  low = hex_digit(text.at[(*at)++]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

int http_query_decode(http_text_t text, char *ret_bytes, size_t size,
                      size_t *ret_size) {
  size_t count = 0;

  for (size_t at = 0; at < text.size_bytes;) {
    int byte = decode_byte(text, &at);

    if (byte < 0)
      return UV_EINVAL;
    if (count == size)
      return UV_ENOBUFS;
    ret_bytes[count++] = (char)byte;
  }
  *ret_size = count;
  return 0;
}

static bool fail(http_query_t *query, const char *name, const char *what) {
  if (query->error[0] == '\0')
    snprintf(query->error, sizeof(query->error), "%s: %s", name, what);
  return false;
}

/* The parts of the query between `&`; false behind the last. */
static bool next_pair(http_text_t *rest, http_text_t *ret_name,
                      http_text_t *ret_value) {
  http_text_t pair;

  do {
    if (rest->at == NULL)
      return false;
    pair = http_text_cut(rest, '&');
  } while (pair.size_bytes == 0);
  *ret_name = http_text_cut(&pair, '=');
  *ret_value = pair;
  return true;
}

/* How often `name` is there; `ret_value` is the last one's, with `at` NULL
 * where it has no `=`. */
static unsigned find(const http_query_t *query, const char *name,
                     http_text_t *ret_value) {
  http_text_t rest = query->text;
  http_text_t other, value;
  unsigned count = 0;

  while (next_pair(&rest, &other, &value)) {
    if (http_text_equals(other, name)) {
      *ret_value = value;
      count++;
    }
  }
  return count;
}

static bool is_known(http_text_t name, const char *const names[],
                     size_t count) {
  for (size_t i = 0; i < count; i++)
    if (http_text_equals(name, names[i]))
      return true;
  return false;
}

/* The unknown name is the peer's: it is not repeated. */
static bool fail_unknown(http_query_t *query, const char *const names[],
                         size_t count) {
  size_t at = (size_t)snprintf(query->error, sizeof(query->error),
                               "unknown parameter; known here:%s",
                               count == 0 ? " none" : "");

  for (size_t i = 0; i < count && at < sizeof(query->error); i++) {
    at += (size_t)snprintf(query->error + at, sizeof(query->error) - at, "%s%s",
                           i == 0 ? " " : ", ", names[i]);
  }
  return false;
}

bool http_query_check(http_query_t *query, const char *const names[],
                      size_t count) {
  http_text_t rest = query->text;
  http_text_t name, value;

  while (next_pair(&rest, &name, &value))
    if (!is_known(name, names, count))
      return fail_unknown(query, names, count);
  for (size_t i = 0; i < count; i++)
    if (find(query, names[i], &value) > 1)
      return fail(query, names[i], "must be given once");
  return true;
}

static bool parse_integer(const char *text, int64_t *ret_number) {
  char *end;
  intmax_t number;

  if (*text != '-' && (*text < '0' || *text > '9'))
    return false;
  errno = 0;
  number = strtoimax(text, &end, 10);
  *ret_number = (int64_t)number;
  return errno == 0 && *end == '\0' && end != text && number >= INT64_MIN &&
         number <= INT64_MAX;
}

static bool fail_integer(http_query_t *query, const char *name, int64_t min,
                         int64_t max) {
  char what[96];

  snprintf(what, sizeof(what),
           "must be a whole number from %" PRId64 " to %" PRId64, min, max);
  return fail(query, name, what);
}

bool http_query_integer(http_query_t *query, const char *name, int64_t min,
                        int64_t max, int64_t fallback, int64_t *ret_number) {
  http_text_t value = {NULL, 0};
  char text[32];
  size_t size = 0;

  if (query->error[0] != '\0')
    return false;
  *ret_number = fallback;
  if (find(query, name, &value) == 0)
    return true;
  if (http_query_decode(value, text, sizeof(text) - 1, &size) != 0)
    return fail_integer(query, name, min, max);
  text[size] = '\0';
  if (strlen(text) != size || !parse_integer(text, ret_number) ||
      *ret_number < min || *ret_number > max)
    return fail_integer(query, name, min, max);
  return true;
}

static bool decode_string(http_query_t *query, const char *name,
                          http_text_t value, char *ret_value,
                          size_t value_bytes) {
  char what[96];
  size_t size = 0;
  int error = http_query_decode(value, ret_value, value_bytes - 1, &size);

  if (error == UV_EINVAL)
    return fail(query, name, "has a percent-escape that is not valid");
  if (error != 0 || size == 0) {
    snprintf(what, sizeof(what), "must be 1 to %zu bytes long",
             value_bytes - 1);
    return fail(query, name, what);
  }
  if (memchr(ret_value, '\0', size) != NULL)
    return fail(query, name, "must not contain a NUL byte");
  ret_value[size] = '\0';
  return true;
}

bool http_query_string(http_query_t *query, const char *name,
                       const char *fallback, char *ret_value,
                       size_t value_bytes) {
  http_text_t value = {NULL, 0};

  if (query->error[0] != '\0')
    return false;
  if (find(query, name, &value) > 0)
    return decode_string(query, name, value, ret_value, value_bytes);
  snprintf(ret_value, value_bytes, "%s", fallback);
  return true;
}
