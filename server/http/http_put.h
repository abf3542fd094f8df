/* Text into memory that has room for it: each answers where the next goes. */
#ifndef ASYNCSCOPE_SERVER_HTTP_PUT_H
#define ASYNCSCOPE_SERVER_HTTP_PUT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline char *http_put(char *at, const void *bytes, size_t size) {
  memcpy(at, bytes, size);
  return at + size;
}

/* Of a literal the compiler knows the size. */
#define HTTP_PUT(at, literal)       http_put(at, literal, sizeof(literal) - 1)

#define HTTP_PUT_UNSIGNED_MAX_BYTES 20

extern const char http_put_pairs[100][2]; /* "00" to "99" */

static inline size_t http_put_digits(uint64_t number) {
  for (size_t digits = 0;; digits += 4, number /= 10000) {
    if (number < 10)
      return digits + 1;
    if (number < 100)
      return digits + 2;
    if (number < 1000)
      return digits + 3;
    if (number < 10000)
      return digits + 4;
  }
}

/* From its end, two digits at a time. */
static inline char *http_put_unsigned(char *at, uint64_t number) {
  char *end = at + http_put_digits(number), *to = end;

  for (; number >= 10; number /= 100) {
    to -= 2;
    memcpy(to, http_put_pairs[number % 100], 2);
  }
  if (to > at)
    *at = (char)('0' + number);
  return end;
}

#endif
