/* How most frames end, without a call. Conditions that mostly hold together are
 * one branch each. */
#ifndef ASYNCSCOPE_HOOKS_FRAME_END_H
#define ASYNCSCOPE_HOOKS_FRAME_END_H

#include "env.h"
#include "frame_count.h"
#include "frame_lookup.h"
#include "hot.h"

/* Made here with a binding of its own, which goes with it: as most are. */
ASYNCSCOPE__HOT bool asyncscope__frame_is_plain(
    const async_context_frame_t *frame, const async_env_t *env) {
  uint32_t holders =
      atomic_load_explicit(&frame->made.references, memory_order_relaxed);
  return (((uintptr_t)frame->maker ^ (uintptr_t)env) |
          ((uintptr_t)frame->own ^ (uintptr_t)&frame->made) | (holders ^ 1)) ==
         0;
}

/* Such a one that holds nothing but a store that nobody is to be told of. */
ASYNCSCOPE__HOT bool asyncscope__frame_is_alone(
    const async_context_frame_t *frame) {
  return ((uintptr_t)frame->tree | (uintptr_t)frame->folded |
          (uintptr_t)frame->made.release | (uintptr_t)frame->made.account |
          asyncscope__frame_is_marked(frame)) == 0;
}

ASYNCSCOPE__COLD void asyncscope__frame_clear_marks(
    async_context_frame_t *frame);

/* Back to where memory for frames comes from; `env` may be NULL. */
ASYNCSCOPE__HOT void asyncscope__frame_give_piece(async_context_frame_t *frame,
                                                  async_env_t *env) {
  if (ASYNCSCOPE__UNLIKELY(asyncscope__frame_is_marked(frame)))
    asyncscope__frame_clear_marks(frame);
  asyncscope__piece_give(asyncscope__frame_memory_of(env),
                         ASYNCSCOPE__PIECE_FRAME, frame);
}

ASYNCSCOPE__HOT void asyncscope__frame_end_alone(async_context_frame_t *frame,
                                                 async_env_t *env) {
  asyncscope__counter_add(&env->counters.frames_with_store_released, 1);
  asyncscope__piece_give(&env->frame_memory, ASYNCSCOPE__PIECE_FRAME, frame);
}

/* Nobody holds it any more. */
ASYNCSCOPE__HOT void asyncscope__frame_end_in(async_context_frame_t *frame,
                                              async_env_t *env) {
  if (ASYNCSCOPE__LIKELY(asyncscope__frame_is_plain(frame, env) &&
                         asyncscope__frame_is_alone(frame)))
    asyncscope__frame_end_alone(frame, env);
  else
    asyncscope__frame_end(frame);
}

#endif
