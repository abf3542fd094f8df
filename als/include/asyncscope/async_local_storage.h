/* node:async_hooks AsyncLocalStorage: state that follows a request through
 * every callback it causes, across threads too.
 *
 * A storage is one key of the context frame (async_context_frame.h). It
 * belongs to the process: any thread may use it, each sees its own current
 * frame. Stores are the caller's pointers; with `retain` and `release` a
 * store is released exactly when the last resource that can still see it is
 * gone. The semantics are AsyncContextFrame's, as of Node 24 and later. */
#ifndef ASYNCSCOPE_ASYNC_LOCAL_STORAGE_H
#define ASYNCSCOPE_ASYNC_LOCAL_STORAGE_H

#include "asyncscope/async_context_frame.h"
#include "asyncscope/async_resource.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct async_local_storage_options_s {
  const char *name;    /* shown in diagnostics; copied; NULL is "" */
  void *default_value; /* what get_store answers outside of any run */
  /* Called once per run or enter_with, and once when that setting can no
   * longer be seen: on the thread that set it, or on the dropping thread
   * after that one's environment ended. Either may be NULL. */
  void (*retain)(void *store);
  void (*release)(void *store);
  /* Not NULL: the number of the request a store stands for, asked once when
   * the store is set; diagnostics group resources by it. */
  uint64_t (*request)(const void *store);
} async_local_storage_options_t;

typedef struct async_local_storage_s {
  /* private */
  async_context_key_t key;
  async_local_storage_options_t options;
} async_local_storage_t;

typedef int (*async_local_storage_cb)(void *arg);

/* `options` may be NULL, and is copied. Errors: UV_ENOMEM (512 storages
 * alive). Thread: any. Node: new AsyncLocalStorage(options). */
ASYNC_EXTERN int
async_local_storage_init(async_local_storage_t *storage,
                         const async_local_storage_options_t *options);

/* Nobody may use the storage any more; stores still held by frames are
 * released when those go. NULL and zeroed are left alone. Thread: any. */
ASYNC_EXTERN void async_local_storage_finish(async_local_storage_t *storage);

/* Calls fn(arg) with `store` as the store, for fn and all it starts, and
 * returns what fn returned. Afterwards only this storage is as before: what
 * another storage's enter_with() did inside fn stays.
 * Running with the store that is current calls fn and changes nothing.
 * Errors: UV_ENOMEM, UV_EINVAL (no environment); fn was not called.
 * Thread: any with an environment; inside hooks too. Node: run(). */
ASYNC_EXTERN int async_local_storage_run(async_local_storage_t *storage,
                                         void *store,
                                         async_local_storage_cb fn, void *arg);

/* Calls fn(arg) with no store: get_store answers NULL there, even where there
 * is a default value. Otherwise as run. Node: exit(). */
ASYNC_EXTERN int async_local_storage_exit(async_local_storage_t *storage,
                                          async_local_storage_cb fn, void *arg);

/* Sets the store for the rest of the current scope and all it starts.
 * Errors: UV_ENOMEM, UV_EINVAL; nothing has changed. Node: enterWith(). */
ASYNC_EXTERN int async_local_storage_enter_with(async_local_storage_t *storage,
                                                void *store);

/* The current store, else the default value. Borrowed: valid while the
 * current scope is. Thread: any; inside hooks too. Node: getStore(). */
ASYNC_EXTERN void *
async_local_storage_get_store(const async_local_storage_t *storage);

/* The current frame no longer shows the store, to all who hold this frame.
 * A later run() or enter_with() works again. Node: disable(). */
ASYNC_EXTERN void async_local_storage_disable(async_local_storage_t *storage);

/* The name given at init, "" for none. Lives as long as the storage. */
ASYNC_EXTERN const char *
async_local_storage_name(const async_local_storage_t *storage);

/* All storages as they are now, to be restored around a call later. Makes a
 * resource `bound-anonymous-fn` as Node does. Memory is the caller's. */
typedef struct async_local_storage_snapshot_s {
  /* private */
  async_resource_t resource;
} async_local_storage_snapshot_t;

/* Errors: those of async_resource_init(). Thread: the environment's.
 * Node: AsyncLocalStorage.snapshot(). */
#define async_local_storage_snapshot(snapshot)                                 \
  async_local_storage_snapshot_at(ASYNC_SITE(), snapshot)
ASYNC_EXTERN int
async_local_storage_snapshot_at(const async_site_t *site,
                                async_local_storage_snapshot_t *snapshot);

/* fn(arg) in the captured context, any number of times; returns what fn
 * returned. Thread: the one that took the snapshot. */
ASYNC_EXTERN int
async_local_storage_snapshot_run(async_local_storage_snapshot_t *snapshot,
                                 async_local_storage_cb fn, void *arg);

/* Lets go of the captured context. NULL and zeroed are left alone. */
ASYNC_EXTERN void
async_local_storage_snapshot_finish(async_local_storage_snapshot_t *snapshot);

/* A function bound to the context of now. Node: AsyncLocalStorage.bind(). */
typedef struct async_local_storage_bound_s {
  /* private */
  async_local_storage_snapshot_t snapshot;
  async_local_storage_cb fn;
} async_local_storage_bound_t;

#define async_local_storage_bind(bound, fn)                                    \
  async_local_storage_bind_at(ASYNC_SITE(), bound, fn)
ASYNC_EXTERN int async_local_storage_bind_at(const async_site_t *site,
                                             async_local_storage_bound_t *bound,
                                             async_local_storage_cb fn);
ASYNC_EXTERN int
async_local_storage_bound_call(async_local_storage_bound_t *bound, void *arg);
ASYNC_EXTERN void
async_local_storage_bound_finish(async_local_storage_bound_t *bound);

#ifdef __cplusplus
}
#endif
#endif
