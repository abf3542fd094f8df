#include "asyncscope/async_context_frame.h"

#include "env.h"
#include "error.h"
#include "frame_count.h"
#include "frame_end.h"
#include "frame_lookup.h"
#include "hot.h"
#include "request_count.h"

async_context_frame_t *async_context_frame_current(void) {
  return asyncscope__env == NULL ? NULL : asyncscope__env->frame;
}

async_context_frame_t *asyncscope__frame_exchange(
    async_context_frame_t *frame) {
  async_env_t *env = asyncscope__env;
  if (ASYNCSCOPE__UNLIKELY(env == NULL))
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

/* Of no key. */
static const asyncscope__binding_t unbound = {.key = UINT64_MAX};

static uint64_t storage_bit(uint32_t slot) {
  return slot < 32 ? UINT64_C(1) << slot : 0;
}

ASYNCSCOPE__HOT void copy_storages(async_context_frame_t *frame,
                                   const async_context_frame_t *base,
                                   uint32_t slot,
                                   const asyncscope__binding_t *binding) {
  uint64_t bit = storage_bit(slot);
  uint64_t others = base->exited_and_storages & ~(bit | bit << 32);
  uint64_t own = binding == NULL ? 0 : binding->store != NULL ? bit : bit << 32;
  frame->exited_and_storages = others | own;
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

/* Marks of base hold for the copy too, but for the changed slot's. */
ASYNCSCOPE__COLD static void copy_marks(async_context_frame_t *frame,
                                        const async_context_frame_t *base,
                                        uint32_t slot) {
  for (uint32_t i = 0; i < ASYNC_CONTEXT_KEYS_MAX / 64; i++) {
    uint64_t marks =
        atomic_load_explicit(&base->disabled[i], memory_order_relaxed);
    if (i == slot / 64)
      marks &= ~(UINT64_C(1) << slot % 64);
    atomic_store_explicit(&frame->disabled[i], marks, memory_order_relaxed);
  }
  atomic_store_explicit(&frame->marked, 1, memory_order_relaxed);
}

/* In new memory, with nothing in `slot` yet: fill_slot() is to follow. `tree`,
 * which is taken over, has all others. */
ASYNCSCOPE__HOT void begin(async_env_t *env, async_context_frame_t *frame,
                           uint32_t slot, asyncscope__node_t *tree) {
  atomic_store_explicit(&frame->references, 1, memory_order_relaxed);
  atomic_store_explicit(&frame->made.references, 1, memory_order_relaxed);
  frame->number = ++env->next_frame;
  frame->maker = env;
  frame->own_slot = slot;
  frame->tree = tree;
  frame->folded = NULL;
}

/* A frame like `base`. */
ASYNCSCOPE__HOT async_context_frame_t *derive_on(
    async_env_t *env, const async_context_frame_t *base, uint32_t slot,
    asyncscope__node_t *tree) {
  async_context_frame_t *frame =
      asyncscope__piece_take(&env->frame_memory, ASYNCSCOPE__PIECE_FRAME);
  if (ASYNCSCOPE__UNLIKELY(frame == NULL)) {
    asyncscope__tree_release(tree);
    return NULL;
  }
  begin(env, frame, slot, tree);
  if (base != NULL && ASYNCSCOPE__UNLIKELY(asyncscope__frame_is_marked(base)))
    copy_marks(frame, base, slot);
  return frame;
}

ASYNCSCOPE__APART static async_context_frame_t *derive_from_other(
    async_env_t *env, async_context_frame_t *base, uint32_t slot) {
  asyncscope__node_t *tree;
  return asyncscope__frame_fold(env, base, slot, &tree)
             ? derive_on(env, base, slot, tree)
             : NULL;
}

ASYNCSCOPE__HOT async_context_frame_t *derive(async_env_t *env,
                                              async_context_frame_t *base,
                                              uint32_t slot) {
  if (base == NULL)
    return derive_on(env, NULL, slot, NULL);
  return base->own_slot == slot
             ? derive_on(env, base, slot, asyncscope__tree_hold(base->tree))
             : derive_from_other(env, base, slot);
}

/* `binding` (or NULL) is taken over. */
ASYNCSCOPE__HOT void fill_slot(async_context_frame_t *frame,
                               const async_context_frame_t *base,
                               asyncscope__binding_t *binding) {
  if (base == NULL)
    base = &nothing;
  frame->own = binding;
#pragma GCC unroll 8
  for (size_t i = 0; i < ASYNCSCOPE__SEEN; i++)
    frame->seen[i] = binding == NULL ? &unbound : binding;
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
  asyncscope__counter_add(&env->counters.frames_created, 1);
  asyncscope__piece_made(env);
  frame->made.key = ASYNCSCOPE__KEY_NONE;
  fill_slot(frame, base, binding);
  return frame;
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
    binding->request = asyncscope__get(&value->account->number);
    asyncscope__request_hold(env, value->account);
  }
}

ASYNCSCOPE__COLD static int no_memory(void) {
  return asyncscope__fail(UV_ENOMEM, "no memory for a context frame");
}

ASYNCSCOPE__COLD static int no_key(void) {
  return asyncscope__fail(UV_EINVAL, "the key is zeroed or finished");
}

/* `frame` has begun. */
ASYNCSCOPE__HOT void set_value(async_env_t *env, async_context_frame_t *frame,
                               const async_context_frame_t *base,
                               const async_context_key_t *key,
                               const async_context_value_t *value) {
  set_binding(env, &frame->made, key, value);
  fill_slot(frame, base, &frame->made);
  asyncscope__counter_add(&env->counters.frames_with_store_created, 1);
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
  set_value(env, frame, base, key, value);
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
ASYNCSCOPE__HOT void enter(async_env_t *env, async_context_frame_t *frame,
                           async_context_entered_t *ret_entered) {
  async_context_frame_t *around = env->frame;
  if (env->frame_lent)
    asyncscope__frame_hold(around);
  *ret_entered = (async_context_entered_t){frame, around};
  env->frame = frame;
  env->frame_lent = true;
}

ASYNCSCOPE__APART static int enter_any(async_env_t *env,
                                       const async_context_key_t *key,
                                       const async_context_value_t *value,
                                       async_context_entered_t *ret_entered) {
  async_context_frame_t *frame = NULL;
  if (env == NULL)
    return no_env();
  int error = make_with(env, env->frame, key, value, &frame);
  if (error == 0)
    enter(env, frame, ret_entered);
  return error;
}

/* Whether a frame like the current one needs no call: what lies around calls
 * would be the better part of it. */
ASYNCSCOPE__HOT bool is_ready(const async_env_t *env,
                              const async_context_key_t *key,
                              const async_context_value_t *value) {
  return env != NULL && env->frame != NULL &&
         env->frame_memory.free[ASYNCSCOPE__PIECE_FRAME].first != NULL &&
         key->id != ASYNCSCOPE__KEY_NONE &&
         ((uintptr_t)value->retain | (env->frame->own_slot ^ key->slot) |
          asyncscope__frame_is_marked(env->frame)) == 0;
}

int async_context_enter(const async_context_key_t *key,
                        const async_context_value_t *value,
                        async_context_entered_t *ret_entered) {
  async_env_t *env = asyncscope__env;
  if (!is_ready(env, key, value))
    return enter_any(env, key, value, ret_entered);
  async_context_frame_t *around = env->frame;
  async_context_frame_t *frame =
      asyncscope__piece_reuse(&env->frame_memory, ASYNCSCOPE__PIECE_FRAME);
  begin(env, frame, key->slot, asyncscope__tree_hold(around->tree));
  set_value(env, frame, around, key, value);
  enter(env, frame, ret_entered);
  return 0;
}

/* It is lent, unless it was left and entered again inside. */
bool async_context_leave(const async_context_entered_t *entered) {
  async_env_t *env = asyncscope__env;
  if (env == NULL || env->frame != entered->installed)
    return false;
  async_context_frame_t *installed = entered->installed;
  bool lent = env->frame_lent;
  env->frame_lent = false;
  env->frame = entered->saved;
  if (ASYNCSCOPE__UNLIKELY(!lent))
    asyncscope__frame_drop(installed);
  if (asyncscope__let_go(&installed->references))
    asyncscope__frame_end_in(installed, env);
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
    return no_env();
  if (base == NULL || asyncscope__frame_bound(base, key) == NULL) {
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
  asyncscope__binding_t *binding = asyncscope__frame_shown(from, key);
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
