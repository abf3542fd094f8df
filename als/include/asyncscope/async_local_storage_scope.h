/* node:async_hooks AsyncLocalStorage withScope(): a store for a block instead
 * of for a function.
 *
 *   int handle(void *request) {
 *     ASYNC_LOCAL_STORAGE_SCOPE(scope);
 *     int error = async_local_storage_with_scope(&requests, request, &scope);
 *     ...
 *   }                                           // the store of before is back
 *
 * Scopes of one storage end in the reverse order of their beginning; scopes of
 * different storages do not know each other.
 *
 * Unless a function says otherwise:
 *   Thread: the one that opened the scope.
 *   In hooks: yes.
 *   Errors: UV_ENOMEM, UV_EINVAL; then nothing has changed.
 *   Memory: a scope is the caller's; storage and store must outlive it.
 *   Node: where one is named. */
#ifndef ASYNCSCOPE_ASYNC_LOCAL_STORAGE_SCOPE_H
#define ASYNCSCOPE_ASYNC_LOCAL_STORAGE_SCOPE_H

#include "asyncscope/async_local_storage.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The memory is the caller's. Zero it, or let the macro below do it. */
typedef struct async_local_storage_scope_s {
  /* private */
  async_local_storage_t *storage; /* NULL: not open */
  async_context_frame_t *installed;
  async_context_frame_t *saved;
  void *mark;
} async_local_storage_scope_t;

/* Sets the store until the scope is disposed, here and in all that is started
 * meanwhile. An enter_with() inside is undone with it. An open scope holds the
 * store and what was around it until it is disposed, also when its context has
 * ended before.
 * Errors: UV_ENOMEM, UV_EINVAL (no environment, a storage that is zeroed or
 * finished), UV_EBUSY (the scope is open); nothing has changed.
 * Thread: any with an environment.
 * Node: withScope(store). */
#define async_local_storage_with_scope(...) \
  async_local_storage_with_scope_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_local_storage_with_scope_at(
    const async_site_t *site, async_local_storage_t *storage, void *store,
    async_local_storage_scope_t *scope);

/* Only this storage is as before the scope; what others entered inside stays.
 * Of a scope that is disposed, or that was never opened: 0, and nothing
 * happens.
 * UV_EINVAL where scopes do not end in order; async_error_message() names both
 * by where they were opened:
 *   - an inner scope of the storage is open: it ends as well, so that the store
 *     is that of before this one; disposing the inner one later does nothing;
 *   - the scope is not open in the current context, because what was around it
 *     has ended (a callback, a run()): the context stays as it is;
 *   - the storage was finished meanwhile: the context stays as it is.
 * The scope is closed in any case. Without memory, other storages are put back
 * as well, as by run().
 * Thread: the one that opened it; inside hooks too.
 * Node: RunScope dispose(), which puts back what it remembers in any order. */
ASYNC_EXTERN int async_local_storage_scope_dispose(
    async_local_storage_scope_t *scope);

/* As dispose, for the cleanup attribute: what is wrong is only said by
 * async_error_message(). */
ASYNC_EXTERN void async_local_storage_scope_cleanup(
    async_local_storage_scope_t *scope);

/* Declares a scope that is disposed where the block ends, however it ends.
 * Node: using scope = storage.withScope(store). */
#define ASYNC_LOCAL_STORAGE_SCOPE(scope)                      \
  __attribute__((cleanup(async_local_storage_scope_cleanup))) \
  async_local_storage_scope_t scope = {NULL, NULL, NULL, NULL}

#ifdef __cplusplus
}
#endif
#endif
