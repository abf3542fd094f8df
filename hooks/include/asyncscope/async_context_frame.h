/* Node's AsyncContextFrame: an immutable map from key to store.
 *
 *          current frame ---> own binding {key, store}
 *   resource.frame ----^  \-> [ node, 16 slots ] ---> binding ...
 *
 * A frame is reference counted and never changes, but for a mark per key that
 * async_context_frame_disable() sets. Setting a key makes a new frame that
 * shares all other bindings, so a binding lives exactly as long as the last
 * frame that shows it. Lookup follows at most four pointers whatever the
 * number of keys. AsyncLocalStorage (layer als) is the comfortable face of
 * this; use frames themselves to carry a context, not to look into it.
 *
 * Unless a function says otherwise:
 *   Thread: any with an environment.
 *   In hooks: yes.
 *   Errors: UV_ENOMEM, UV_EINVAL without an environment or for a key that is
 *     zeroed or destroyed; then nothing has changed. Nothing is bound to such a
 *     key: a lookup finds nothing, removing and disabling do nothing.
 *   Memory: a frame is counted: what is returned is borrowed or the caller's to
 *     release, as it says; keys are the caller's.
 *   Node: the internal AsyncContextFrame, which these are in C. */
#ifndef ASYNCSCOPE_ASYNC_CONTEXT_FRAME_H
#define ASYNCSCOPE_ASYNC_CONTEXT_FRAME_H

#include "asyncscope/async_types.h"
#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The map: never changed, counted, of the thread that made it. */
typedef struct async_context_frame_s async_context_frame_t;
/* The account of a request: async_request.h. */
typedef struct async_request_s async_request_t;

#define ASYNC_CONTEXT_KEYS_MAX 512 /* keys alive at once in a process */

/* Names one column of the map. The id is never reused, the slot may be. */
typedef struct async_context_key_s {
  /* private */
  uint64_t id;
  uint32_t slot;
} async_context_key_t;

/* Called once for each value set and once when its binding is gone. The
 * release runs on the thread that set the value (posted to its loop where the
 * last drop happens elsewhere), or on the dropping thread when that
 * environment has ended. Never called with a lock held. */
typedef struct async_context_value_s {
  void *store;                  /* whose it is, retain and release say */
  void (*retain)(void *store);  /* may be NULL */
  void (*release)(void *store); /* may be NULL */
  /* `release` has no cancellation point (pthreads(7)) and does not end its
   * thread: the cancellation of a thread need not wait for it. */
  bool quick_release;
  /* Not 0: resources made under frames that show this value belong to the
   * request of this number. */
  uint64_t request;
  /* Not NULL: to this one, and `request` is not looked at; its account is held
   * until the last such frame is gone (async_request.h). */
  async_request_t *account;
} async_context_value_t;

/* Errors: UV_ENOMEM when ASYNC_CONTEXT_KEYS_MAX keys are alive. `name` is
 * copied, cut at 31 bytes, and shown in diagnostics. Thread: any. */
ASYNC_EXTERN int async_context_key_create(const char *name,
                                          async_context_key_t *ret_key);
/* The key is forgotten; frames that still bind it release their stores as
 * usual, and nobody can read them. Thread: any. */
ASYNC_EXTERN void async_context_key_destroy(async_context_key_t *key);

/* The current frame, NULL for the empty one. Borrowed. */
ASYNC_EXTERN async_context_frame_t *async_context_frame_current(void);

/* Makes `frame` current and returns the one before. The caller's reference
 * to `frame` passes to the environment, the returned one to the caller.
 * NULL is the empty frame. Without an environment `frame` is returned. */
ASYNC_EXTERN async_context_frame_t *async_context_frame_exchange(
    async_context_frame_t *frame);

/* The same for what stays on this thread, which costs less: the frame that is
 * returned may be made current again, be a resource's and be released, and is
 * never to be held by another thread. */
ASYNC_EXTERN async_context_frame_t *async_context_frame_swap(
    async_context_frame_t *frame);

/* Count the holders; both accept NULL, any thread. */
ASYNC_EXTERN async_context_frame_t *async_context_frame_retain(
    async_context_frame_t *frame);
ASYNC_EXTERN void async_context_frame_release(async_context_frame_t *frame);

/* A new frame equal to `base` (NULL: empty) but for `key`. The caller owns
 * `*ret_frame`. On an error neither retain nor release was called. */
ASYNC_EXTERN int async_context_frame_with(async_context_frame_t *base,
                                          const async_context_key_t *key,
                                          const async_context_value_t *value,
                                          async_context_frame_t **ret_frame);

/* A new frame equal to `base` but for `key`, which is as `from` shows it: the
 * very same setting, so neither retain nor release is called. */
ASYNC_EXTERN int async_context_frame_with_binding(
    async_context_frame_t *base, const async_context_key_t *key,
    const async_context_frame_t *from, async_context_frame_t **ret_frame);

/* A new frame equal to `base` without `key`; `*ret_frame` may be NULL. */
ASYNC_EXTERN int async_context_frame_without(async_context_frame_t *base,
                                             const async_context_key_t *key,
                                             async_context_frame_t **ret_frame);

/* True, and the store in `ret_store`, when `frame` binds `key` and it was not
 * disabled there. Any thread that holds the frame. */
ASYNC_EXTERN bool async_context_frame_get(const async_context_frame_t *frame,
                                          const async_context_key_t *key,
                                          void **ret_store);

/* Lookup in the current frame. */
ASYNC_EXTERN bool async_context_get(const async_context_key_t *key,
                                    void **ret_store);
/* The same with an answer where nothing is bound: what getStore() costs. */
ASYNC_EXTERN void *async_context_get_or(const async_context_key_t *key,
                                        void *default_value);

/* What was current, and what has taken its place: the references are the
 * caller's, and stay on the thread. */
typedef struct async_context_entered_s {
  /* private */
  async_context_frame_t *installed, *saved;
} async_context_entered_t;

/* Makes a frame equal to the current one but for `key` current. Both cost less
 * than the functions above, as nothing gets to another thread. Pair with
 * async_context_leave(). Errors: those of async_context_frame_with(). */
ASYNC_EXTERN int async_context_enter(const async_context_key_t *key,
                                     const async_context_value_t *value,
                                     async_context_entered_t *ret_entered);

/* Brings back what was current and gives both references up; true. False, and
 * nothing happened: another frame is current, `installed` and `saved` are still
 * the caller's to exchange and release. */
ASYNC_EXTERN bool async_context_leave(const async_context_entered_t *entered);

/* The same without a way back. */
ASYNC_EXTERN int async_context_set(const async_context_key_t *key,
                                   const async_context_value_t *value);

/* From now on `frame` does not show `key`, for everybody who holds this very
 * frame; frames made from it before still do. Cannot fail. */
ASYNC_EXTERN void async_context_frame_disable(async_context_frame_t *frame,
                                              const async_context_key_t *key);

/* The request that resources made under `frame` belong to, 0 for none. */
ASYNC_EXTERN uint64_t
async_context_frame_request(const async_context_frame_t *frame);

#ifdef __cplusplus
}
#endif
#endif
