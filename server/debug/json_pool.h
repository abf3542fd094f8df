/* Worker pools in a JSON document. */
#ifndef ASYNCSCOPE_DEBUG_JSON_POOL_H
#define ASYNCSCOPE_DEBUG_JSON_POOL_H

#include "capture.h"
#include "json_writer.h"

/* What the pool says of itself now; with `histograms` its times have their
 * buckets. A new reference, or NULL for want of memory. */
json_t *asyncscope__json_pool(const asyncscope_debug_pool_t *pool,
                              bool histograms);

/* A part (document.h): the elements of an array that is open; `*at` is 0 at
 * first. */
int asyncscope__debug_write_pool(const debug_capture_t *capture, size_t *at,
                                 bool histograms, json_writer_t *writer);

#endif
