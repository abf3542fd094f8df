/* W3C Trace Context and Baggage: how a request keeps its name from one server
 * to the next. Texts out of header fields come with their length and are not
 * NUL-terminated; nothing here keeps a pointer to them.
 * Thread: any; inside hooks too. Nothing allocates.
 *
 * Unless a function says otherwise:
 *   Thread: any.
 *   In hooks: yes.
 *   Errors: UV_EINVAL for text that is none.
 *   Memory: all of it is the caller's; nothing is kept.
 *   Node: has none. */
#ifndef ASYNCSCOPE_ASYNCSCOPE_TRACE_H
#define ASYNCSCOPE_ASYNCSCOPE_TRACE_H

#include "asyncscope/async_types.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ASYNCSCOPE_TRACE_SAMPLED 1u /* a bit of flags; mask, do not compare */

/* Zeroed is none. */
typedef struct asyncscope_trace_s {
  uint64_t trace_id[2]; /* the first sixteen hexadecimal digits, the others */
  uint64_t span_id;     /* of the one who holds this */
  uint64_t parent_id;   /* span id of the one who sent it here; 0: none */
  uint8_t flags;        /* bit 0: sampled */
} asyncscope_trace_t;

/* Reads the value of a traceparent field: who sent the request stands in
 * span_id. Versions above 00 are read as far as 00 goes.
 * Errors: UV_EINVAL, also where the field was there twice: give no text, or
 * an empty one. Then begin a new trace, and do not read tracestate. */
ASYNC_EXTERN int asyncscope_trace_parse(const char *text, size_t text_bytes,
                                        asyncscope_trace_t *ret_trace);

#define ASYNCSCOPE_TRACE_TEXT_BYTES 56 /* with the final NUL */

/* The value to send: version 00. */
ASYNC_EXTERN void asyncscope_trace_format(
    const asyncscope_trace_t *trace,
    char ret_text[ASYNCSCOPE_TRACE_TEXT_BYTES]);

/* Where ids come from: each thread has its own. Not for secrets. */
typedef struct asyncscope_trace_source_s {
  uint64_t state[4]; /* private */
} asyncscope_trace_source_t;

/* Seeds it from the system. Errors: those of uv_random(). */
ASYNC_EXTERN int asyncscope_trace_source_init(
    asyncscope_trace_source_t *source);

/* A span of its own: within the trace of `parent`, or, where that is NULL or
 * zeroed, within a new one that is sampled. `parent` may be `ret_trace`. */
ASYNC_EXTERN void asyncscope_trace_begin(asyncscope_trace_source_t *source,
                                         const asyncscope_trace_t *parent,
                                         asyncscope_trace_t *ret_trace);

/* More than these, and a tracestate is not valid. */
#define ASYNCSCOPE_TRACESTATE_BYTES   2048
#define ASYNCSCOPE_TRACESTATE_MEMBERS 32

/* Whether a tracestate (the fields joined by ",") may be sent on, unchanged. A
 * wrong member spoils the whole. */
ASYNC_EXTERN bool asyncscope_tracestate_is_valid(const char *text,
                                                 size_t text_bytes);

/* What a baggage has room for. */
#define ASYNCSCOPE_BAGGAGE_BYTES   8192
#define ASYNCSCOPE_BAGGAGE_MEMBERS 180

/* Members that may be sent on, joined by "," and unchanged but for the space
 * around them. Zeroed is an empty one. */
typedef struct asyncscope_baggage_s {
  char text[ASYNCSCOPE_BAGGAGE_BYTES]; /* without a final NUL */
  size_t text_bytes;                   /* of `text` */
  unsigned members;                    /* in it */
} asyncscope_baggage_t;

/* Adds the members of one field, in their order. Left out are those that are
 * malformed and those for which there is no room; the others are kept. */
ASYNC_EXTERN void asyncscope_baggage_add(asyncscope_baggage_t *baggage,
                                         const char *field, size_t field_bytes);

/* Copies the value of the first member with this key, percent-decoded, cut at
 * value_bytes - 1 and NUL-terminated; false where there is none. The bytes are
 * anybody's: they may be no UTF-8, and hold a NUL. */
ASYNC_EXTERN bool asyncscope_baggage_get(const char *text, size_t text_bytes,
                                         const char *key, char *ret_value,
                                         size_t value_bytes);

#ifdef __cplusplus
}
#endif
#endif
