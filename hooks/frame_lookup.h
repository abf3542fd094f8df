/* What a frame has under a key. */
#ifndef ASYNCSCOPE_HOOKS_FRAME_LOOKUP_H
#define ASYNCSCOPE_HOOKS_FRAME_LOOKUP_H

#include "frame.h"
#include "hot.h"

/* Who finds the mark finds what was disabled before it. */
ASYNCSCOPE__HOT uint32_t
asyncscope__frame_is_marked(const async_context_frame_t *frame) {
  return atomic_load_explicit(&frame->marked, memory_order_acquire);
}

ASYNCSCOPE__HOT asyncscope__binding_t *asyncscope__frame_find(
    const async_context_frame_t *frame, uint32_t slot) {
  return slot == frame->own_slot ? frame->own
                                 : asyncscope__tree_find(frame->tree, slot);
}

/* Only for a slot that is bound: others have no mark. */
ASYNCSCOPE__HOT bool asyncscope__frame_is_disabled(
    const async_context_frame_t *frame, uint32_t slot) {
  uint64_t marks =
      atomic_load_explicit(&frame->disabled[slot / 64], memory_order_relaxed);
  return (marks >> slot % 64 & 1) != 0;
}

/* What the slot of `key` holds may be another key's: of a finished key, which
 * is all zero, of the one that has the first slot. */
ASYNCSCOPE__HOT asyncscope__binding_t *asyncscope__frame_bound(
    const async_context_frame_t *frame, const async_context_key_t *key) {
  asyncscope__binding_t *binding = asyncscope__frame_find(frame, key->slot);
  return binding != NULL && binding->key == key->id ? binding : NULL;
}

/* The binding that `frame` shows under `key`, or NULL. */
ASYNCSCOPE__HOT asyncscope__binding_t *asyncscope__frame_shown(
    const async_context_frame_t *frame, const async_context_key_t *key) {
  asyncscope__binding_t *binding =
      frame == NULL ? NULL : asyncscope__frame_bound(frame, key);
  return binding != NULL && !asyncscope__frame_is_disabled(frame, key->slot)
             ? binding
             : NULL;
}

#endif
