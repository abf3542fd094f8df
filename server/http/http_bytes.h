/* What a byte may be part of, looked up in one table. */
#ifndef ASYNCSCOPE_SERVER_HTTP_BYTES_H
#define ASYNCSCOPE_SERVER_HTTP_BYTES_H

#include <stdbool.h>
#include <stddef.h>

enum http_byte_e {
  HTTP_BYTE_TOKEN = 1 << 0,  /* an RFC 9110 token */
  HTTP_BYTE_TEXT = 1 << 1,   /* a field line: HTAB, visible ASCII, obs-text */
  HTTP_BYTE_HOST = 1 << 2,   /* a name in Host, but for percent-escapes */
  HTTP_BYTE_TARGET = 1 << 3, /* visible ASCII; a fragment is never sent */
  HTTP_BYTE_HEX = 1 << 4,
  HTTP_BYTE_PATH = 1 << 5 /* a target up to its query */
};

extern const unsigned char http_bytes[256];

static inline bool http_byte_is(char byte, unsigned classes) {
  return (http_bytes[(unsigned char)byte] & classes) != 0;
}

/* How many bytes from `at` on, up to `end`, are of one of the classes. The end
 * is looked for every four bytes. */
static inline size_t http_bytes_span(const char *at, const char *end,
                                     unsigned classes) {
  const char *begin = at;

  for (; end - at >= 4; at += 4) {
    if (!http_byte_is(at[0], classes))
      return (size_t)(at - begin);
    if (!http_byte_is(at[1], classes))
      return (size_t)(at - begin) + 1;
    if (!http_byte_is(at[2], classes))
      return (size_t)(at - begin) + 2;
    if (!http_byte_is(at[3], classes))
      return (size_t)(at - begin) + 3;
  }
  while (at < end && http_byte_is(*at, classes))
    at++;
  return (size_t)(at - begin);
}

/* The same for what each request has, sixteen at a time where the machine can.
 * The bytes from `from` on may be looked at too. */
size_t http_bytes_text_span(const char *from, const char *at, const char *end);
size_t http_bytes_path_span(const char *from, const char *at, const char *end);
size_t http_bytes_host_span(const char *from, const char *at, const char *end);

#endif
