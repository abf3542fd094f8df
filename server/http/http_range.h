/* Range, in bytes (RFC 9110 14). */
#ifndef ASYNCSCOPE_SERVER_HTTP_RANGE_H
#define ASYNCSCOPE_SERVER_HTTP_RANGE_H

#include "http_limits.h"
#include "http_text.h"
#include <stdint.h>

typedef struct http_range_s {
  uint64_t first, last; /* both are part of it */
} http_range_t;

typedef struct http_ranges_s {
  unsigned count;
  http_range_t ranges[HTTP_RANGES_MAX]; /* in the order they were asked for */
} http_ranges_t;

typedef enum http_range_result_e {
  HTTP_RANGE_IGNORED,      /* answer with the whole: 200 */
  HTTP_RANGE_PARTIAL,      /* 206 */
  HTTP_RANGE_UNSATISFIABLE /* 416: no part of what was asked for is there */
} http_range_result_t;

/* Reads the value of a Range for something of `size_bytes`. Ignored are other
 * units, what is not well-formed, more than HTTP_RANGES_MAX ranges, and such
 * as together are longer than the whole. */
http_range_result_t http_range_parse(http_text_t value, uint64_t size_bytes,
                                     http_ranges_t *ret_ranges);

#endif
