/* What run() and with_scope() share. */
#ifndef ASYNCSCOPE_ALS_RUN_H
#define ASYNCSCOPE_ALS_RUN_H

#include "asyncscope/async_local_storage.h"

/* One run() or scope under way. */
typedef struct asyncscope__run_s {
  async_local_storage_t *storage;
  async_context_entered_t entered;
} asyncscope__run_t;

/* A frame like `base` with the storage's store, retained. */
int asyncscope__with_store(async_local_storage_t *storage,
                           async_context_frame_t *base, void *store,
                           async_context_frame_t **ret_frame);

/* run() that sets the store also where it is the one that is seen. */
int asyncscope__run_set(async_local_storage_t *storage, void *store,
                        async_local_storage_cb fn, void *arg);

/* Makes the storage as it was before, and drops what `run` owns. */
void asyncscope__run_leave(asyncscope__run_t *run);

/* `frame` with the mark of the storage's open scope as what `run` saved has it.
 */
int asyncscope__scope_marks_restore(const asyncscope__run_t *run,
                                    async_context_frame_t *frame,
                                    async_context_frame_t **ret_frame);
void asyncscope__scope_marks_finish(async_local_storage_t *storage);

#endif
