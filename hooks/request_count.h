/* How many hold a request's account.
 *
 * Mostly that is its owner alone, which counts what it holds with plain stores,
 * in `own_references`. `references` counts everybody else's, and one for all of
 * the owner's together as long as there are any. What must stay true:
 * - `own_references` is written by the owner only, and is 0 from the end of its
 *   environment on: then everybody is somebody else.
 * - What the owner has counted there it gives up itself, or moves to
 *   `references` before another thread can: a setting's, when that is marked as
 *   shared (frame_count.h); all of them, when its environment ends.
 * - Nobody gets a reference but from one who holds one. So the owner that gives
 *   up its last and sees no other but its own 1 in `references` is alone with
 *   the account. */
#ifndef ASYNCSCOPE_HOOKS_REQUEST_COUNT_H
#define ASYNCSCOPE_HOOKS_REQUEST_COUNT_H

#include "env.h"
#include "frame_count.h"
#include "hot.h"
#include "request.h"

static inline uint32_t asyncscope__own_references(
    const async_request_t *request) {
  return atomic_load_explicit(&request->own_references, memory_order_relaxed);
}

static inline void asyncscope__set_own_references(async_request_t *request,
                                                  uint32_t count) {
  atomic_store_explicit(&request->own_references, count, memory_order_relaxed);
}

/* All of them; what a thread other than the owner is answered may have changed
 * meanwhile by those that come and go. */
static inline uint32_t asyncscope__request_holders(
    const async_request_t *request) {
  uint32_t own = asyncscope__own_references(request);
  uint32_t others =
      atomic_load_explicit(&request->references, memory_order_relaxed);
  return own == 0 || others == 0 ? others : others - 1 + own;
}

/* `env` is the calling thread's, or NULL. */
static inline void asyncscope__request_hold(const async_env_t *env,
                                            async_request_t *request) {
  uint32_t own = asyncscope__own_references(request);
  bool is_owner = request->env == env;
  if (!is_owner || own == 0)
    atomic_fetch_add_explicit(&request->references, 1, memory_order_relaxed);
  if (is_owner)
    asyncscope__set_own_references(request, own + 1);
}

/* The owner's, of what it has counted itself. */
static inline void asyncscope__request_drop_own(async_request_t *request) {
  uint32_t own = asyncscope__own_references(request) - 1;
  asyncscope__set_own_references(request, own);
  if (own > 0)
    return;
  if (ASYNCSCOPE__LIKELY(atomic_load_explicit(&request->references,
                                              memory_order_acquire) == 1))
    asyncscope__request_gone_here(request);
  else
    asyncscope__request_release(request);
}

/* The owner's: gives up what `flag` says; the element may be free then. */
ASYNCSCOPE__HOT void asyncscope__request_drop(async_request_t *request,
                                              uint32_t flag) {
  uint64_t word = asyncscope__own(&request->flags_and_route) & ~(uint64_t)flag;
  asyncscope__put(&request->flags_and_route, word);
  if ((word & ASYNCSCOPE__REQUEST_HOLDS) == 0)
    asyncscope__request_drop_own(request);
}

/* Whether the account that `binding` holds was counted by `env` as its own. */
static inline bool asyncscope__holds_as_owner(asyncscope__binding_t *binding,
                                              const async_env_t *env) {
  return binding->account->env == env &&
         asyncscope__frame_of(binding)->maker == env &&
         !asyncscope__is_shared(&binding->references);
}

#endif
