/* What is refused before anything is done. */
#ifndef ASYNCSCOPE_ALS_REFUSE_H
#define ASYNCSCOPE_ALS_REFUSE_H

#include "asyncscope/async_env.h"
#include "asyncscope/async_local_storage.h"
#include <stdbool.h>
#include <uv.h>

static inline int asyncscope__no_fn(void) {
  return async_error_set(UV_EINVAL, "fn is NULL");
}

/* Initialised and not finished. */
static inline bool asyncscope__storage_lives(
    const async_local_storage_t *storage) {
  return storage->options.name != NULL;
}

static inline int asyncscope__no_storage(void) {
  return async_error_set(UV_EINVAL, "the storage is zeroed or finished");
}

#endif
