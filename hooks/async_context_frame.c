#include "asyncscope/async_context_frame.h"

#include "env.h"
#include "error.h"
#include "frame.h"

async_context_frame_t *async_context_frame_current(void) {
  return asyncscope__env == NULL ? NULL : asyncscope__env->frame;
}

async_context_frame_t *async_context_frame_exchange(
    async_context_frame_t *frame) {
  async_env_t *env = asyncscope__env;
  if (env == NULL)
    return frame;
  async_context_frame_t *previous = env->frame;
  if (env->frame_lent)
    async_context_frame_retain(previous);
  env->frame_lent = false;
  env->frame = frame;
  return previous;
}

async_context_frame_t *async_context_frame_retain(
    async_context_frame_t *frame) {
  if (frame != NULL)
    atomic_fetch_add_explicit(&frame->references, 1, memory_order_relaxed);
  return frame;
}

static void count_released(async_env_t *maker) {
  if (maker == asyncscope__env)
    asyncscope__counter_add(&maker->counters.frames_released, 1);
  else
    atomic_fetch_add_explicit(&maker->frames_released_elsewhere, 1,
                              memory_order_relaxed);
}

void async_context_frame_release(async_context_frame_t *frame) {
  if (frame == NULL || atomic_fetch_sub_explicit(&frame->references, 1,
                                                 memory_order_acq_rel) != 1)
    return;
  async_env_t *maker = frame->maker;
  asyncscope__slots_release(frame->slots, frame->levels);
  asyncscope__piece_give(ASYNCSCOPE__PIECE_FRAME, frame);
  count_released(maker);
  asyncscope__piece_gone(maker);
}

static uint32_t levels_for(uint32_t slot) {
  uint32_t levels = 1;
  while (slot >> 3 * levels != 0)
    levels++;
  return levels;
}

/* The copy of a tree that is lower than its new slot asks for: base's first
 * level becomes a node, the first child of the level above it. */
static bool copy_raised(async_context_frame_t *base, uint32_t levels,
                        uint32_t slot, void *child,
                        void *ret_slots[ASYNCSCOPE__FRAME_WIDTH]) {
  void *slots[ASYNCSCOPE__FRAME_WIDTH];
  uint32_t height = base->levels;
  asyncscope__slots_retain(base->slots, slots);
  while (height < levels && asyncscope__slots_wrap(slots))
    height++;
  bool copied = height == levels &&
                asyncscope__slots_copy(slots, levels, slot, child, ret_slots);
  asyncscope__slots_release(slots, height);
  return copied;
}

static bool copy_slots(async_context_frame_t *base, uint32_t levels,
                       uint32_t slot, void *child,
                       void *ret_slots[ASYNCSCOPE__FRAME_WIDTH]) {
  static void *const empty[ASYNCSCOPE__FRAME_WIDTH];
  if (base != NULL && base->levels < levels)
    return copy_raised(base, levels, slot, child, ret_slots);
  return asyncscope__slots_copy(base == NULL ? empty : base->slots, levels,
                                slot, child, ret_slots);
}

static uint32_t storage_bit(uint32_t slot) {
  return slot < 32 ? 1u << slot : 0;
}

static void copy_storages(async_context_frame_t *frame,
                          const async_context_frame_t *base, uint32_t slot,
                          const asyncscope__binding_t *binding) {
  uint32_t bit = storage_bit(slot);
  frame->storages = (base == NULL ? 0 : base->storages) & ~bit;
  frame->exited = (base == NULL ? 0 : base->exited) & ~bit;
  if (binding != NULL && binding->store != NULL)
    frame->storages |= bit;
  else if (binding != NULL)
    frame->exited |= bit;
}

/* The request goes with the binding that gave it: a later one gives another,
 * and where it is replaced or removed by one that gives none, there is none. */
static void copy_request(async_context_frame_t *frame,
                         const async_context_frame_t *base, uint32_t slot,
                         const asyncscope__binding_t *binding) {
  bool given = binding != NULL && binding->request != 0;
  bool kept = !given && base != NULL && base->request_slot != slot;
  frame->request = given ? binding->request : kept ? base->request : 0;
  frame->account = given ? binding->account : kept ? base->account : NULL;
  frame->request_slot = kept ? base->request_slot : slot;
}

/* Marks of base hold for the copy too, but for the changed slot's. */
static void copy_disabled(async_context_frame_t *frame,
                          const async_context_frame_t *base, uint32_t slot) {
  for (uint32_t i = 0; i < ASYNC_CONTEXT_KEYS_MAX / 64; i++) {
    uint64_t marks = base == NULL ? 0
                                  : atomic_load_explicit(&base->disabled[i],
                                                         memory_order_relaxed);
    if (i == slot / 64)
      marks &= ~(UINT64_C(1) << slot % 64);
    atomic_store_explicit(&frame->disabled[i], marks, memory_order_relaxed);
  }
}

/* A frame like `base` with `child` (a binding or NULL; taken over on success)
 * in `slot`. */
static async_context_frame_t *derive(async_env_t *env,
                                     async_context_frame_t *base, uint32_t slot,
                                     void *child) {
  async_context_frame_t *frame =
      asyncscope__piece_take(ASYNCSCOPE__PIECE_FRAME);
  if (frame == NULL)
    return NULL;
  uint32_t levels = levels_for(slot);
  frame->levels = base != NULL && base->levels > levels ? base->levels : levels;
  if (!copy_slots(base, frame->levels, slot, child, frame->slots)) {
    asyncscope__piece_give(ASYNCSCOPE__PIECE_FRAME, frame);
    return NULL;
  }
  atomic_store_explicit(&frame->references, 1, memory_order_relaxed);
  frame->number = ++env->next_frame;
  frame->maker = env;
  copy_disabled(frame, base, slot);
  copy_storages(frame, base, slot, child);
  copy_request(frame, base, slot, child);
  asyncscope__piece_made(env);
  asyncscope__counter_add(&env->counters.frames_created, 1);
  return frame;
}

static asyncscope__binding_t *find(const async_context_frame_t *frame,
                                   uint32_t slot) {
  uint32_t levels = frame->levels;
  if (slot >> 3 * levels != 0)
    return NULL;
  void *child = frame->slots[asyncscope__slot_index(slot, levels)];
  while (--levels > 0 && child != NULL)
    child = ((asyncscope__node_t *)child)
                ->slots[asyncscope__slot_index(slot, levels)];
  return child;
}

static bool is_disabled(const async_context_frame_t *frame, uint32_t slot) {
  uint64_t marks =
      atomic_load_explicit(&frame->disabled[slot / 64], memory_order_relaxed);
  return (marks >> slot % 64 & 1) != 0;
}

/* The binding that `frame` shows under `key`, or NULL. */
static asyncscope__binding_t *shown(const async_context_frame_t *frame,
                                    const async_context_key_t *key) {
  if (frame == NULL)
    return NULL;
  asyncscope__binding_t *binding = find(frame, key->slot);
  return binding != NULL && binding->key == key->id &&
                 !is_disabled(frame, key->slot)
             ? binding
             : NULL;
}

int async_context_frame_with(async_context_frame_t *base,
                             const async_context_key_t *key,
                             const async_context_value_t *value,
                             async_context_frame_t **ret_frame) {
  async_env_t *env = asyncscope__env;
  if (env == NULL)
    return asyncscope__fail(UV_EINVAL, "this thread has no environment");
  asyncscope__binding_t *binding = asyncscope__binding_create(env, key, value);
  async_context_frame_t *frame =
      binding == NULL ? NULL : derive(env, base, key->slot, binding);
  if (frame == NULL) {
    asyncscope__binding_discard(binding);
    return asyncscope__fail(UV_ENOMEM, "no memory for a context frame");
  }
  asyncscope__counter_add(&env->counters.stores_created, 1);
  if (value->retain != NULL)
    value->retain(value->store);
  *ret_frame = frame;
  return 0;
}

int async_context_frame_without(async_context_frame_t *base,
                                const async_context_key_t *key,
                                async_context_frame_t **ret_frame) {
  async_env_t *env = asyncscope__env;
  if (env == NULL)
    return asyncscope__fail(UV_EINVAL, "this thread has no environment");
  if (base == NULL || levels_for(key->slot) > base->levels) {
    *ret_frame = async_context_frame_retain(base);
    return 0;
  }
  async_context_frame_t *frame = derive(env, base, key->slot, NULL);
  if (frame == NULL)
    return asyncscope__fail(UV_ENOMEM, "no memory for a context frame");
  *ret_frame = frame;
  return 0;
}

int async_context_frame_with_binding(async_context_frame_t *base,
                                     const async_context_key_t *key,
                                     const async_context_frame_t *from,
                                     async_context_frame_t **ret_frame) {
  async_env_t *env = asyncscope__env;
  asyncscope__binding_t *binding = shown(from, key);
  if (env == NULL || binding == NULL)
    return async_context_frame_without(base, key, ret_frame);
  asyncscope__binding_retain(binding);
  async_context_frame_t *frame = derive(env, base, key->slot, binding);
  if (frame == NULL) {
    asyncscope__binding_release(binding);
    return asyncscope__fail(UV_ENOMEM, "no memory for a context frame");
  }
  *ret_frame = frame;
  return 0;
}

bool async_context_frame_get(const async_context_frame_t *frame,
                             const async_context_key_t *key, void **ret_store) {
  const asyncscope__binding_t *binding = shown(frame, key);
  if (binding == NULL)
    return false;
  *ret_store = binding->store;
  return true;
}

bool async_context_get(const async_context_key_t *key, void **ret_store) {
  async_env_t *env = asyncscope__env;
  return env != NULL && async_context_frame_get(env->frame, key, ret_store);
}

void async_context_frame_disable(async_context_frame_t *frame,
                                 const async_context_key_t *key) {
  if (frame != NULL)
    atomic_fetch_or_explicit(&frame->disabled[key->slot / 64],
                             UINT64_C(1) << key->slot % 64,
                             memory_order_relaxed);
}

uint64_t async_context_frame_request(const async_context_frame_t *frame) {
  return frame == NULL ? 0 : frame->request;
}

async_request_t *async_context_frame_account(
    const async_context_frame_t *frame) {
  return frame == NULL ? NULL : frame->account;
}
