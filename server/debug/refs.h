/* References to resources. */
#ifndef ASYNCSCOPE_DEBUG_REFS_H
#define ASYNCSCOPE_DEBUG_REFS_H

#include "asyncscope/async_types.h"
#include <stdbool.h>

/* Below, at or above zero as `a` stands before, at or behind `b`. */
static inline int asyncscope__debug_compare_refs(async_ref_t a, async_ref_t b) {
  if (a.thread != b.thread)
    return a.thread < b.thread ? -1 : 1;
  return (a.async_id > b.async_id) - (a.async_id < b.async_id);
}

static inline bool asyncscope__debug_same_ref(async_ref_t a, async_ref_t b) {
  return a.thread == b.thread && a.async_id == b.async_id;
}

/* Whether `ref` names a resource: roots and ids never given do not. */
static inline bool asyncscope__debug_is_resource(async_ref_t ref) {
  return ref.thread != ASYNC_THREAD_NONE && ref.async_id > ASYNC_ID_ROOT;
}

#endif
