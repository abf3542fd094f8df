#include "asyncscope/async_context_frame.h"

#include "env.h"
#include "error.h"
#include "frame_count.h"
#include "hot.h"
#include "request_count.h"

async_context_frame_t *async_context_frame_current(void) {
  return asyncscope__env == NULL ? NULL : asyncscope__env->frame;
}

async_context_frame_t *asyncscope__frame_exchange(
    async_context_frame_t *frame) {
  async_env_t *env = asyncscope__env;
  if (env == NULL)
    return frame;
  async_context_frame_t *previous = env->frame;
  if (env->frame_lent)
    asyncscope__frame_hold(previous);
  env->frame_lent = false;
  env->frame = frame;
  return previous;
}

async_context_frame_t *async_context_frame_swap(async_context_frame_t *frame) {
  return asyncscope__frame_exchange(frame);
}

async_context_frame_t *async_context_frame_exchange(
    async_context_frame_t *frame) {
  async_context_frame_t *previous = asyncscope__frame_exchange(frame);
  asyncscope__frame_share(previous);
  return previous;
}

async_context_frame_t *async_context_frame_retain(
    async_context_frame_t *frame) {
  asyncscope__frame_share(frame);
  return asyncscope__frame_hold(frame);
}

void async_context_frame_release(async_context_frame_t *frame) {
  asyncscope__frame_drop(frame);
}

/* What a frame is made from where none is current. */
static const async_context_frame_t nothing;

static uint32_t storage_bit(uint32_t slot) {
  return slot < 32 ? 1u << slot : 0;
}

ASYNCSCOPE__HOT void copy_storages(async_context_frame_t *frame,
                                   const async_context_frame_t *base,
                                   uint32_t slot,
                                   const asyncscope__binding_t *binding) {
  uint32_t bit = storage_bit(slot);
  uint32_t stored = binding != NULL && binding->store != NULL ? bit : 0;
  uint32_t exited = binding != NULL && binding->store == NULL ? bit : 0;
  frame->storages = (base->storages & ~bit) | stored;
  frame->exited = (base->exited & ~bit) | exited;
}

/* The request goes with the binding that gave it: a later one gives another,
 * and where it is replaced or removed by one that gives none, there is none. */
ASYNCSCOPE__HOT void copy_request(async_context_frame_t *frame,
                                  const async_context_frame_t *base,
                                  uint32_t slot,
                                  const asyncscope__binding_t *binding) {
  bool given = binding != NULL && binding->request != 0;
  bool kept = !given && base->request_slot != slot;
  frame->request = given ? binding->request : kept ? base->request : 0;
  frame->account = given ? binding->account : kept ? base->account : NULL;
  frame->request_slot = kept ? base->request_slot : slot;
}

ASYNCSCOPE__APART static void copy_all_disabled(
    async_context_frame_t *frame, const async_context_frame_t *base,
    uint32_t slot) {
  uint32_t given = base->words;
  frame->words = given > slot / 64 ? given : slot / 64 + 1;
  for (uint32_t i = 0; i < frame->words; i++) {
    uint64_t marks = i < given ? atomic_load_explicit(&base->disabled[i],
                                                      memory_order_relaxed)
                               : 0;
    if (i == slot / 64)
      marks &= ~(UINT64_C(1) << slot % 64);
    atomic_store_explicit(&frame->disabled[i], marks, memory_order_relaxed);
  }
}

/* Marks of base hold for the copy too, but for the changed slot's. */
ASYNCSCOPE__HOT void copy_disabled(async_context_frame_t *frame,
                                   const async_context_frame_t *base,
                                   uint32_t slot) {
  if (ASYNCSCOPE__UNLIKELY(base->words > 1 || slot >= 64)) {
    copy_all_disabled(frame, base, slot);
    return;
  }
  uint64_t marks =
      atomic_load_explicit(&base->disabled[0], memory_order_relaxed);
  frame->words = 1;
  atomic_store_explicit(&frame->disabled[0], marks & ~(UINT64_C(1) << slot),
                        memory_order_relaxed);
}

ASYNCSCOPE__HOT bool take_tree(const async_env_t *env,
                               async_context_frame_t *base, uint32_t slot,
                               asyncscope__node_t **ret_tree) {
  if (base != NULL && base->own_slot != slot)
    return asyncscope__frame_fold(env, base, slot, ret_tree);
  *ret_tree = base == NULL ? NULL : asyncscope__tree_hold(base->tree);
  return true;
}

/* A frame like `base` with nothing in `slot` yet: fill_slot() is to follow. */
ASYNCSCOPE__HOT async_context_frame_t *derive(async_env_t *env,
                                              async_context_frame_t *base,
                                              uint32_t slot) {
  asyncscope__node_t *tree;
  if (!take_tree(env, base, slot, &tree))
    return NULL;
  async_context_frame_t *frame =
      asyncscope__piece_take(&env->frame_memory, ASYNCSCOPE__PIECE_FRAME);
  if (frame == NULL) {
    asyncscope__tree_release(tree);
    return NULL;
  }
  atomic_store_explicit(&frame->references, 1, memory_order_relaxed);
  atomic_store_explicit(&frame->made.references, 1, memory_order_relaxed);
  frame->number = ++env->next_frame;
  frame->maker = env;
  frame->own_slot = slot;
  frame->tree = tree;
  frame->folded = NULL;
  copy_disabled(frame, base == NULL ? &nothing : base, slot);
  asyncscope__piece_made(env);
  asyncscope__counter_add(&env->counters.frames_created, 1);
  return frame;
}

/* `binding` (or NULL) is taken over. */
ASYNCSCOPE__HOT void fill_slot(async_context_frame_t *frame,
                               const async_context_frame_t *base,
                               asyncscope__binding_t *binding) {
  if (base == NULL)
    base = &nothing;
  frame->own = binding;
  copy_storages(frame, base, frame->own_slot, binding);
  copy_request(frame, base, frame->own_slot, binding);
}

/* The same with the binding of another frame, or none. */
static async_context_frame_t *derive_with(async_env_t *env,
                                          async_context_frame_t *base,
                                          uint32_t slot,
                                          asyncscope__binding_t *binding) {
  async_context_frame_t *frame = derive(env, base, slot);
  if (frame == NULL)
    return NULL;
  frame->made.key = ASYNCSCOPE__KEY_NONE;
  fill_slot(frame, base, binding);
  return frame;
}

ASYNCSCOPE__HOT asyncscope__binding_t *find(const async_context_frame_t *frame,
                                            uint32_t slot) {
  return slot == frame->own_slot ? frame->own
                                 : asyncscope__tree_find(frame->tree, slot);
}

/* Only for a slot that is bound: others have no mark. */
ASYNCSCOPE__HOT bool is_disabled(const async_context_frame_t *frame,
                                 uint32_t slot) {
  uint64_t marks =
      atomic_load_explicit(&frame->disabled[slot / 64], memory_order_relaxed);
  return (marks >> slot % 64 & 1) != 0;
}

/* What the slot of `key` holds may be another key's: of a finished key, which
 * is all zero, of the one that has the first slot. */
ASYNCSCOPE__HOT asyncscope__binding_t *bound(const async_context_frame_t *frame,
                                             const async_context_key_t *key) {
  asyncscope__binding_t *binding = find(frame, key->slot);
  return binding != NULL && binding->key == key->id ? binding : NULL;
}

/* The binding that `frame` shows under `key`, or NULL. */
ASYNCSCOPE__HOT asyncscope__binding_t *shown(const async_context_frame_t *frame,
                                             const async_context_key_t *key) {
  asyncscope__binding_t *binding = frame == NULL ? NULL : bound(frame, key);
  return binding != NULL && !is_disabled(frame, key->slot) ? binding : NULL;
}

ASYNCSCOPE__HOT bool get(const async_context_frame_t *frame,
                         const async_context_key_t *key, void **ret_store) {
  const asyncscope__binding_t *binding = shown(frame, key);
  if (binding == NULL)
    return false;
  *ret_store = binding->store;
  return true;
}

ASYNCSCOPE__HOT void set_binding(const async_env_t *env,
                                 asyncscope__binding_t *binding,
                                 const async_context_key_t *key,
                                 const async_context_value_t *value) {
  binding->key = key->id;
  binding->store = value->store;
  binding->release = value->release;
  binding->quick_release = value->quick_release;
  binding->request = value->request;
  binding->account = value->account;
  if (value->account != NULL) {
    binding->request = async_request_number(value->account);
    asyncscope__request_hold(env, value->account);
  }
}

ASYNCSCOPE__COLD static int no_memory(void) {
  return asyncscope__fail(UV_ENOMEM, "no memory for a context frame");
}

ASYNCSCOPE__COLD static int no_key(void) {
  return asyncscope__fail(UV_EINVAL, "the key is zeroed or finished");
}

/* See make_with(). */
ASYNCSCOPE__HOT int make_from(async_env_t *env, async_context_frame_t *base,
                              const async_context_key_t *key,
                              const async_context_value_t *value,
                              async_context_frame_t **ret_frame) {
  if (ASYNCSCOPE__UNLIKELY(key->id == ASYNCSCOPE__KEY_NONE))
    return no_key();
  async_context_frame_t *frame = derive(env, base, key->slot);
  if (ASYNCSCOPE__UNLIKELY(frame == NULL))
    return no_memory();
  set_binding(env, &frame->made, key, value);
  fill_slot(frame, base, &frame->made);
  asyncscope__counter_add(&env->counters.stores_created, 1);
  if (value->retain != NULL)
    value->retain(value->store);
  *ret_frame = frame;
  return 0;
}

/* A frame like `base` with a new binding, neither of them shared. Inlined for
 * none, as where a context begins, too: then nothing is copied. */
ASYNCSCOPE__HOT int make_with(async_env_t *env, async_context_frame_t *base,
                              const async_context_key_t *key,
                              const async_context_value_t *value,
                              async_context_frame_t **ret_frame) {
  return base == NULL ? make_from(env, NULL, key, value, ret_frame)
                      : make_from(env, base, key, value, ret_frame);
}

ASYNCSCOPE__COLD static int no_env(void) {
  return asyncscope__fail(UV_EINVAL, "this thread has no environment");
}

int async_context_frame_with(async_context_frame_t *base,
                             const async_context_key_t *key,
                             const async_context_value_t *value,
                             async_context_frame_t **ret_frame) {
  async_env_t *env = asyncscope__env;
  int error =
      env == NULL ? no_env() : make_with(env, base, key, value, ret_frame);
  if (error == 0)
    asyncscope__frame_share(*ret_frame);
  return error;
}

/* What was current is held; the new frame is lent to the environment. */
int async_context_enter(const async_context_key_t *key,
                        const async_context_value_t *value,
                        async_context_entered_t *ret_entered) {
  async_env_t *env = asyncscope__env;
  if (env == NULL)
    return no_env();
  int error = make_with(env, env->frame, key, value, &ret_entered->installed);
  if (error != 0)
    return error;
  if (env->frame_lent)
    asyncscope__frame_hold(env->frame);
  ret_entered->saved = env->frame;
  env->frame = ret_entered->installed;
  env->frame_lent = true;
  return 0;
}

/* It is lent, unless it was left and entered again inside. */
bool async_context_leave(const async_context_entered_t *entered) {
  async_env_t *env = asyncscope__env;
  if (env == NULL || env->frame != entered->installed)
    return false;
  bool lent = env->frame_lent;
  env->frame_lent = false;
  env->frame = entered->saved;
  if (!lent)
    asyncscope__frame_drop(entered->installed);
  asyncscope__frame_drop(entered->installed);
  return true;
}

int async_context_set(const async_context_key_t *key,
                      const async_context_value_t *value) {
  async_env_t *env = asyncscope__env;
  async_context_frame_t *frame = NULL;
  if (env == NULL)
    return no_env();
  int error = make_with(env, env->frame, key, value, &frame);
  if (error == 0)
    asyncscope__frame_drop(asyncscope__frame_exchange(frame));
  return error;
}

int async_context_frame_without(async_context_frame_t *base,
                                const async_context_key_t *key,
                                async_context_frame_t **ret_frame) {
  async_env_t *env = asyncscope__env;
  if (env == NULL)
    return asyncscope__fail(UV_EINVAL, "this thread has no environment");
  if (base == NULL || bound(base, key) == NULL) {
    *ret_frame = async_context_frame_retain(base);
    return 0;
  }
  async_context_frame_t *frame = derive_with(env, base, key->slot, NULL);
  if (frame == NULL)
    return no_memory();
  asyncscope__frame_share(frame);
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
  asyncscope__hold(&binding->references);
  async_context_frame_t *frame = derive_with(env, base, key->slot, binding);
  if (frame == NULL) {
    asyncscope__binding_release(binding);
    return no_memory();
  }
  asyncscope__frame_share(frame);
  *ret_frame = frame;
  return 0;
}

bool async_context_frame_get(const async_context_frame_t *frame,
                             const async_context_key_t *key, void **ret_store) {
  return get(frame, key, ret_store);
}

void *async_context_get_or(const async_context_key_t *key,
                           void *default_value) {
  const async_env_t *env = asyncscope__env;
  const asyncscope__binding_t *binding =
      env == NULL ? NULL : shown(env->frame, key);
  return binding == NULL ? default_value : binding->store;
}

bool async_context_get(const async_context_key_t *key, void **ret_store) {
  const async_env_t *env = asyncscope__env;
  return env != NULL && get(env->frame, key, ret_store);
}

void async_context_frame_disable(async_context_frame_t *frame,
                                 const async_context_key_t *key) {
  if (frame != NULL && bound(frame, key) != NULL)
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
