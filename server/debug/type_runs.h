/* What all threads together have made, run and ended, by type. */
#ifndef ASYNCSCOPE_DEBUG_TYPE_RUNS_H
#define ASYNCSCOPE_DEBUG_TYPE_RUNS_H

#include "capture.h"

#define DEBUG_TYPE_RUNS_MAX 256 /* those beyond are together "others" */

typedef struct debug_type_run_s {
  const char *type; /* interned */
  uint64_t created, destroyed;
  async_histogram_t run; /* nanoseconds in each callback */
} debug_type_run_t;

/* Zeroed is empty. */
typedef struct debug_type_runs_s {
  debug_type_run_t *items;
  size_t count, capacity;
} debug_type_runs_t;

/* Adds what the thread of `env` has counted. Errors: UV_ENOMEM. */
int asyncscope__debug_type_runs_add(debug_type_runs_t *types, async_env_t *env);

/* Adds all of `more`. Errors: UV_ENOMEM. */
int asyncscope__debug_type_runs_join(debug_type_runs_t *types,
                                     const debug_type_runs_t *more);

/* Zeroed and finished ones are left alone. */
void asyncscope__debug_type_runs_finish(debug_type_runs_t *types);

#endif
