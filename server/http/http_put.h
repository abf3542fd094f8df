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
  char digits[HTTP_PUT_UNSIGNED_MAX_BYTES];
  char *end = digits + sizeof(digits);
  char *first = end;

  do {
    *--first = (char)('0' + number % 10);
    number /= 10;
  } while (number > 0);
  while (first < end)
    *at++ = *first++;
  return at;
}

#endif
