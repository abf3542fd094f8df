/* Looking into a frame. */
#include "asyncscope/async_context_frame.h"

#include "env.h"
#include "frame_lookup.h"

ASYNCSCOPE__HOT bool get(const async_context_frame_t *frame,
                         const async_context_key_t *key, void **ret_store) {
  const asyncscope__binding_t *binding = asyncscope__frame_shown(frame, key);
  if (binding == NULL)
    return false;
  *ret_store = binding->store;
  return true;
}

ASYNCSCOPE__HOT asyncscope__seen_t *place_seen(async_context_frame_t *frame,
                                               uint32_t slot) {
  return &frame->seen[slot % ASYNCSCOPE__SEEN];
}

bool async_context_frame_get(const async_context_frame_t *frame,
                             const async_context_key_t *key, void **ret_store) {
  return get(frame, key, ret_store);
}

ASYNCSCOPE__APART static void *look_for(async_context_frame_t *frame,
                                        const async_context_key_t *key,
                                        void *default_value) {
  const asyncscope__binding_t *binding = asyncscope__frame_shown(frame, key);
  if (binding == NULL)
    return default_value;
  __atomic_store_n(place_seen(frame, key->slot), binding, __ATOMIC_RELAXED);
  return binding->store;
}

__attribute__((aligned(64))) void *async_context_get_or(
    const async_context_key_t *key, void *default_value) {
  const async_env_t *env = asyncscope__env;
  async_context_frame_t *frame = env == NULL ? NULL : env->frame;
  if (frame == NULL)
    return default_value;
  const asyncscope__binding_t *binding =
      __atomic_load_n(place_seen(frame, key->slot), __ATOMIC_RELAXED);
  if (ASYNCSCOPE__LIKELY(
          ((binding->key ^ key->id) | asyncscope__frame_is_marked(frame)) == 0))
    return binding->store;
  return look_for(frame, key, default_value);
}

bool async_context_get(const async_context_key_t *key, void **ret_store) {
  const async_env_t *env = asyncscope__env;
  return env != NULL && get(env->frame, key, ret_store);
}

void async_context_frame_disable(async_context_frame_t *frame,
                                 const async_context_key_t *key) {
  if (frame == NULL || asyncscope__frame_bound(frame, key) == NULL)
    return;
  atomic_fetch_or_explicit(&frame->disabled[key->slot / 64],
                           UINT64_C(1) << key->slot % 64, memory_order_relaxed);
  atomic_store_explicit(&frame->marked, 1, memory_order_release);
}

uint64_t async_context_frame_request(const async_context_frame_t *frame) {
  return frame == NULL ? 0 : frame->request;
}

async_request_t *async_context_frame_account(
    const async_context_frame_t *frame) {
  return frame == NULL ? NULL : frame->account;
}
