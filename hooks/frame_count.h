/* How many hold a frame, a node or a binding.
 *
 * As long as one thread has all of them it counts with plain adds. Before
 * another thread can get one it is marked as shared, with all it leads to, and
 * from then on everybody counts atomically. What must stay true:
 * - A reference that leaves this library by a public function is of a shared
 *   frame. What stays inside (the current frame, those of resources, scopes and
 *   jobs), and what async_context_enter() and async_context_frame_swap() give,
 *   never changes threads.
 * - What hangs below something shared is shared.
 * - The mark is never taken back. */
#ifndef ASYNCSCOPE_HOOKS_FRAME_COUNT_H
#define ASYNCSCOPE_HOOKS_FRAME_COUNT_H

#include "frame.h"
#include <stdatomic.h>
#include <stdbool.h>

#define ASYNCSCOPE__SHARED (UINT32_C(1) << 31)

static inline bool asyncscope__is_shared(const _Atomic uint32_t *holders) {
  return (atomic_load_explicit(holders, memory_order_relaxed) &
          ASYNCSCOPE__SHARED) != 0;
}

static inline void asyncscope__hold(_Atomic uint32_t *holders) {
  uint32_t count = atomic_load_explicit(holders, memory_order_relaxed);
  if (__builtin_expect((count & ASYNCSCOPE__SHARED) != 0, 0))
    atomic_fetch_add_explicit(holders, 1, memory_order_relaxed);
  else
    atomic_store_explicit(holders, count + 1, memory_order_relaxed);
}

/* True: that was the last one. Relaxed on the way up, release and acquire on
 * the way down, as for any shared pointer. */
static inline bool asyncscope__let_go(_Atomic uint32_t *holders) {
  uint32_t count = atomic_load_explicit(holders, memory_order_relaxed);
  if (count == 1)
    return true;
  if (__builtin_expect((count & ASYNCSCOPE__SHARED) != 0, 0))
    return atomic_fetch_sub_explicit(holders, 1, memory_order_acq_rel) ==
           (ASYNCSCOPE__SHARED | 1);
  atomic_store_explicit(holders, count - 1, memory_order_relaxed);
  return false;
}

/* Nobody holds it any more. */
void asyncscope__frame_end(async_context_frame_t *frame);

/* NULL is left alone, here and below. */
static inline async_context_frame_t *asyncscope__frame_hold(
    async_context_frame_t *frame) {
  if (frame != NULL)
    asyncscope__hold(&frame->references);
  return frame;
}

static inline void asyncscope__frame_drop(async_context_frame_t *frame) {
  if (frame != NULL && asyncscope__let_go(&frame->references))
    asyncscope__frame_end(frame);
}

static inline void asyncscope__binding_release(asyncscope__binding_t *binding) {
  if (asyncscope__let_go(&binding->references))
    asyncscope__binding_last(binding);
}

static inline asyncscope__node_t *asyncscope__tree_hold(
    asyncscope__node_t *tree) {
  if (tree != NULL)
    asyncscope__hold(&tree->references);
  return tree;
}

/* Marks it. The calling thread holds it, and has all that is not marked yet; or
 * the thread that had it has ended. */
void asyncscope__frame_share(async_context_frame_t *frame);

/* The current frame without its public function: `frame` is taken over, what is
 * returned is the caller's and need not be shared. */
async_context_frame_t *asyncscope__frame_exchange(async_context_frame_t *frame);

#endif
