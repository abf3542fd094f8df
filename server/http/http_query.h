/* Parameters of a query, decoded and typed. The first thing that is wrong is
 * remembered as a sentence that begins with the parameter's name; after it
 * every function answers false, so that a handler asks once at the end. */
#ifndef ASYNCSCOPE_SERVER_HTTP_QUERY_H
#define ASYNCSCOPE_SERVER_HTTP_QUERY_H

#include "http_text.h"
#include <stdint.h>

#define HTTP_QUERY_ERROR_BYTES 192

typedef struct http_query_s {
  http_text_t text;
  char error[HTTP_QUERY_ERROR_BYTES]; /* read-only; "" while all is well */
} http_query_t;

/* `names` is every parameter there may be, `count` of them; any other, or one
 * given twice, is an error that lists them. `text` must stay. */
static inline bool http_query_init(http_query_t *query, http_text_t text,
                                   const char *const names[], size_t count);

/* A whole number from `min` to `max`; `fallback` when it is absent. */
bool http_query_integer(http_query_t *query, const char *name, int64_t min,
                        int64_t max, int64_t fallback, int64_t *ret_number);

/* Text of 1 byte to `value_bytes` - 1, NUL-terminated, none inside; `fallback`
 * when it is absent. */
bool http_query_string(http_query_t *query, const char *name,
                       const char *fallback, char *ret_value,
                       size_t value_bytes);

/* Decodes percent-escapes and `+`. Errors: UV_EINVAL (a bad escape),
 * UV_ENOBUFS (more than `size` bytes). */
int http_query_decode(http_text_t text, char *ret_bytes, size_t size,
                      size_t *ret_size);

/* Private: the same for a query that is not empty. */
bool http_query_check(http_query_t *query, const char *const names[],
                      size_t count);

static inline bool http_query_init(http_query_t *query, http_text_t text,
                                   const char *const names[], size_t count) {
  query->text = text;
  query->error[0] = '\0';
  return text.size_bytes == 0 || http_query_check(query, names, count);
}

#endif
