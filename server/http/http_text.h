/* A piece of text inside a longer one: not NUL-terminated, borrowed. */
#ifndef ASYNCSCOPE_SERVER_HTTP_TEXT_H
#define ASYNCSCOPE_SERVER_HTTP_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

typedef struct http_text_s {
  const char *at;
  size_t size_bytes;
} http_text_t;

static inline http_text_t http_text(const char *text) {
  return (http_text_t){text, strlen(text)};
}

static inline bool http_text_equals(http_text_t text, const char *other) {
  return text.size_bytes == strlen(other) &&
         memcmp(text.at, other, text.size_bytes) == 0;
}

/* The same for ASCII letters of either case. */
bool http_text_equals_nocase(http_text_t text, const char *other);

/* One or more characters of an RFC 9110 token and nothing else. */
bool http_text_is_token(http_text_t text);

/* Bytes that have a place in the value of a field. */
bool http_text_is_field_value(http_text_t text);
bool http_is_field_value(const char *text);

/* Cuts off what stands before the first `separator` and returns it; `rest`
 * keeps what stands behind it. Without a separator everything is returned and
 * `rest->at` is NULL. */
http_text_t http_text_cut(http_text_t *rest, char separator);

/* Without spaces and tabs at both ends. */
http_text_t http_text_trim(http_text_t text);

#endif
