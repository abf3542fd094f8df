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

static inline char *http_put_unsigned(char *at, uint64_t number) {
  uint64_t power = 10;
  size_t digits = 1;

  for (; digits < HTTP_PUT_UNSIGNED_MAX_BYTES && power <= number; digits++)
    power *= 10;
  for (size_t i = digits; i > 0; i--) {
    at[i - 1] = (char)('0' + number % 10);
    number /= 10;
  }
  return at + digits;
}

#endif
