/* node:async_hooks AsyncLocalStorage: state that follows a request through
 * every callback it causes, across threads too.
 *
 * A storage is one key of the context frame (async_context_frame.h). It
 * belongs to the process: any thread may use it, each sees its own current
 * frame. Stores are the caller's pointers; with `retain` and `release` a
 * store is released exactly when the last resource that can still see it is
 * gone. The semantics are AsyncContextFrame's, as of Node 24 and later.
 *
 * Unless a function says otherwise:
 *   Thread: any with an environment.
 *   In hooks: yes.
 *   Errors: UV_ENOMEM; UV_EINVAL without an environment, for a NULL fn, and for
 *     a storage that is zeroed or finished, which is none: it reads as empty
 *     and nothing can be set. Then fn was not called and nothing has changed.
 *   Memory: a storage is the caller's and must outlive its runs; stores are the
 *     caller's, but for `release`.
 *   Node: where one is named. */
#ifndef ASYNCSCOPE_ASYNC_LOCAL_STORAGE_H
#define ASYNCSCOPE_ASYNC_LOCAL_STORAGE_H

#include "asyncscope/async_context_frame.h"
#include "asyncscope/async_resource.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Zeroed is a valid set of options: no name, no default, nothing to release. */
typedef struct async_local_storage_options_s {
  const char *name;    /* shown in diagnostics; copied; NULL is "" */
  void *default_value; /* what get_store answers outside of any run */
  /* Called once per setting of a store, never for NULL, and once when that
   * setting can no longer be seen: on the thread that set it, or on the
   * dropping thread after that one's environment ended. Settings are run()
   * with another store than the current one, enter_with() and with_scope();
   * what a return brings back is not set again. Either may be NULL. `release`
   * alone takes the store over: set each store once only. */
  void (*retain)(void *store);
  void (*release)(void *store); /* what retain took */
  /* `release` has no cancellation point (pthreads(7)) and does not end its
   * thread: the cancellation of a thread need not wait for it, which costs more
   * than most of them. */
  bool quick_release;
  /* Not NULL: the number of the request a store stands for, asked once when
   * the store is set; diagnostics group resources by it. */
  uint64_t (*request)(const void *store);
  /* Not NULL: asked instead of `request`, for the account of the request
   * (async_request.h); its answer may be NULL. */
  async_request_t *(*account)(const void *store);
} async_local_storage_options_t;

typedef struct async_local_storage_s {
  /* private */
  async_context_key_t key;
  async_local_storage_options_t options;
  async_context_key_t *scope_marks; /* atomic; made by the first scope */
} async_local_storage_t;

/* What runs under a store; what it returns the caller gets. */
typedef int (*async_local_storage_cb)(void *arg);

/* `options` may be NULL; it is copied, the name too.
 * Errors: UV_ENOMEM (also when ASYNC_CONTEXT_KEYS_MAX storages are alive); then
 * `storage` is zeroed.
 * Thread: any.
 * Node: new AsyncLocalStorage(options). */
ASYNC_EXTERN int async_local_storage_init(
    async_local_storage_t *storage,
    const async_local_storage_options_t *options);

/* Nobody may use the storage any more, nor be inside its run(); stores still
 * held by frames are released when those go. NULL and zeroed are left alone.
 * Thread: any. */
ASYNC_EXTERN void async_local_storage_finish(async_local_storage_t *storage);

/* Calls fn(arg) with `store` as the store, for fn and all it starts, and
 * returns what fn returned. Afterwards only this storage is as before: what
 * another storage's enter_with() did inside fn stays. Running with the store
 * that get_store() answers already, the default value too, calls fn and changes
 * nothing, so that an enter_with() inside fn stays.
 * Out of memory at the end, other storages are put back as well.
 * An exception of C++ out of fn ends it as a return does. A longjmp() does not:
 * the store stays, and what holds it is never given back.
 * Node: run(). */
ASYNC_EXTERN int async_local_storage_run(async_local_storage_t *storage,
                                         void *store, async_local_storage_cb fn,
                                         void *arg);

/* run() with NULL: get_store answers NULL in fn and in all it starts, even
 * where there is a default value. Where it answers NULL already, that is all.
 * Node: exit(). */
ASYNC_EXTERN int async_local_storage_exit(async_local_storage_t *storage,
                                          async_local_storage_cb fn, void *arg);

/* Sets the store for the rest of the current scope and all it starts; at top
 * level, until the thread's environment ends.
 * Node: enterWith(). */
ASYNC_EXTERN int async_local_storage_enter_with(async_local_storage_t *storage,
                                                void *store);

/* The current store, else the default value. Borrowed: valid while the current
 * scope is. NULL of a storage that is zeroed or finished.
 * Thread: any.
 * Node: getStore(). */
ASYNC_EXTERN void *async_local_storage_get_store(
    const async_local_storage_t *storage);

/* Back to the default value, here and in all that was started in the very
 * context of now. What was started in another context keeps its store, and a
 * run() around that had shadowed a store brings that one back at its end. A
 * later run() or enter_with() works again. Nothing happens to a storage that is
 * zeroed or finished.
 * Thread: any.
 * Node: disable(). */
ASYNC_EXTERN void async_local_storage_disable(async_local_storage_t *storage);

/* The name given at init, "" for none and when finished. Lives as long as the
 * storage.
 * Thread: any.
 * Node: the name property. */
ASYNC_EXTERN const char *async_local_storage_name(
    const async_local_storage_t *storage);

/* All storages as they are now, to be restored around a call later. Makes a
 * resource `bound-anonymous-fn` as Node does. Memory is the caller's. */
typedef struct async_local_storage_snapshot_s {
  /* private */
  async_resource_t resource;
} async_local_storage_snapshot_t;

/* Errors: those of async_resource_init(); then _finish() is harmless.
 * Node: AsyncLocalStorage.snapshot(). */
#define async_local_storage_snapshot(...) \
  async_local_storage_snapshot_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_local_storage_snapshot_at(
    const async_site_t *site, async_local_storage_snapshot_t *snapshot);

/* Calls fn(arg) in the captured context, any number of times, and returns what
 * fn returned, or the error of async_resource_enter(). What fn enters is
 * dropped when it returns.
 * Thread: the one that took the snapshot. */
ASYNC_EXTERN int async_local_storage_snapshot_run(
    async_local_storage_snapshot_t *snapshot, async_local_storage_cb fn,
    void *arg);

/* Lets go of the captured context, also from inside its own fn. NULL and
 * zeroed are left alone. Thread: the one that took the snapshot. */
ASYNC_EXTERN void async_local_storage_snapshot_finish(
    async_local_storage_snapshot_t *snapshot);

/* A function bound to the context of now: a snapshot that knows what to call.
 * Errors, threads and memory as of the snapshot functions; a finished one
 * answers UV_EINVAL.
 * Node: AsyncLocalStorage.bind(). */
typedef struct async_local_storage_bound_s {
  /* private */
  async_local_storage_snapshot_t snapshot;
  async_local_storage_cb fn;
} async_local_storage_bound_t;

/* Ties fn to the context of now; calls it there with `arg`, any number of
 * times; and lets go of the context. */
#define async_local_storage_bind(...) \
  async_local_storage_bind_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_local_storage_bind_at(const async_site_t *site,
                                             async_local_storage_bound_t *bound,
                                             async_local_storage_cb fn);
ASYNC_EXTERN int async_local_storage_bound_call(
    async_local_storage_bound_t *bound, void *arg);
ASYNC_EXTERN void async_local_storage_bound_finish(
    async_local_storage_bound_t *bound);

#ifdef __cplusplus
}
#endif
#endif
