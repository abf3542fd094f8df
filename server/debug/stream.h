/* An answer being pulled. */
#ifndef ASYNCSCOPE_DEBUG_STREAM_H
#define ASYNCSCOPE_DEBUG_STREAM_H

#include "endpoint.h"
#include "pace.h"
#include "refusal.h"

#define DEBUG_FORMATS_MAX 8 /* of an endpoint */

#define DEBUG_FIELD_BYTES 24 /* a number, as the value of a header field */

struct asyncscope_debug_stream_s {
  const debug_format_t *format;
  void *state;
  asyncscope_debug_t *debug;
  debug_pace_t pace;
  int status; /* 1: there is more; 0: at the end; below: failed for good */
  debug_query_t query;
  debug_refusal_t refusal;
  const char *format_names[DEBUG_FORMATS_MAX + 1]; /* for a refusal */
  char covers_us[DEBUG_FIELD_BYTES], dropped[DEBUG_FIELD_BYTES];
  debug_buffer_t buffer;
};

/* One without a format yet: async_free() is its end until it has one. NULL for
 * want of memory. */
asyncscope_debug_stream_t *asyncscope__debug_stream_create(
    asyncscope_debug_t *debug);

#endif
