/* The end of a frame and of a binding, which are one piece of memory: it goes
 * with the later of them. */
#include "frame_end.h"
#include "env.h"
#include "frame_count.h"
#include "hot.h"
#include "request_count.h"
#include "thread_cancel.h"

/* What is counted of a thread goes up on that thread, or apart. */
ASYNCSCOPE__HOT void count(asyncscope__counter_t *here,
                           _Atomic uint64_t *elsewhere,
                           const async_env_t *maker, const async_env_t *env) {
  if (ASYNCSCOPE__LIKELY(maker == env))
    asyncscope__counter_add(here, 1);
  else
    atomic_fetch_add_explicit(elsewhere, 1, memory_order_relaxed);
}

void asyncscope__frame_clear_marks(async_context_frame_t *frame) {
  for (uint32_t i = 0; i < ASYNC_CONTEXT_KEYS_MAX / 64; i++)
    atomic_store_explicit(&frame->disabled[i], 0, memory_order_relaxed);
  atomic_store_explicit(&frame->marked, 0, memory_order_relaxed);
}

ASYNCSCOPE__HOT void free_piece(async_context_frame_t *frame,
                                async_env_t *env) {
  async_env_t *maker = frame->maker;
  asyncscope__frame_give_piece(frame, env);
  asyncscope__piece_gone(maker, env);
}

ASYNCSCOPE__HOT void drop_account(asyncscope__binding_t *binding,
                                  const async_env_t *env) {
  if (asyncscope__holds_as_owner(binding, env))
    asyncscope__request_drop_own(binding->account);
  else
    asyncscope__request_release(binding->account);
}

/* Nobody is to be told of it any more. */
ASYNCSCOPE__HOT void forget(async_context_frame_t *frame, async_env_t *env) {
  async_env_t *maker = frame->maker;
  if (frame->made.account != NULL)
    drop_account(&frame->made, env);
  count(&maker->counters.stores_released, &maker->stores_released_elsewhere,
        maker, env);
  free_piece(frame, env);
}

/* It may not end the environment of the thread; where there is none it may open
 * one. */
ASYNCSCOPE__HOT void call_release(const asyncscope__binding_t *binding) {
  __attribute__((cleanup(asyncscope__call_end), unused)) async_env_t *calling =
      asyncscope__call_begin(asyncscope__env);
  binding->release(binding->store);
}

ASYNCSCOPE__HOT void forget_told(asyncscope__binding_t **binding) {
  forget(asyncscope__frame_of(*binding), asyncscope__env);
}

/* The release may end the thread. */
ASYNCSCOPE__HOT void tell(asyncscope__binding_t *binding) {
  __attribute__((cleanup(forget_told))) asyncscope__binding_t *told = binding;
  call_release(told);
}

/* A release of the user's runs at home. */
ASYNCSCOPE__APART static void tell_at_home(asyncscope__binding_t *binding) {
  async_env_t *maker = asyncscope__frame_of(binding)->maker;
  int cancel = asyncscope__cancel_hold();
  if (maker == asyncscope__env ||
      !asyncscope__inbox_post(&maker->inbox, binding))
    tell(binding);
  asyncscope__cancel_allow(cancel);
}

ASYNCSCOPE__HOT void binding_last(asyncscope__binding_t *binding,
                                  async_env_t *env) {
  if (ASYNCSCOPE__UNLIKELY(binding->key == ASYNCSCOPE__KEY_NONE))
    free_piece(asyncscope__frame_of(binding), env);
  else if (binding->release == NULL)
    forget(asyncscope__frame_of(binding), env);
  else if (binding->quick_release &&
           asyncscope__frame_of(binding)->maker == env)
    tell(binding);
  else
    tell_at_home(binding);
}

void asyncscope__binding_last(asyncscope__binding_t *binding) {
  binding_last(binding, asyncscope__env);
}

ASYNCSCOPE__APART static void tell_all(asyncscope__binding_t *binding) {
  int cancel = asyncscope__cancel_hold();
  while (binding != NULL) {
    asyncscope__binding_t *next = binding->next;
    tell(binding);
    binding = next;
  }
  asyncscope__cancel_allow(cancel);
}

/* Only what has a release is sent home. */
void asyncscope__bindings_return(async_env_t *env) {
  asyncscope__binding_t *binding = asyncscope__inbox_take(&env->inbox);
  if (binding != NULL)
    tell_all(binding);
}

/* What a frame holds beside the binding that it was made with. */
ASYNCSCOPE__APART static void release_others(async_context_frame_t *frame) {
  asyncscope__tree_release(frame->tree);
  asyncscope__tree_release(frame->folded);
  if (frame->own != NULL && frame->own != &frame->made)
    asyncscope__binding_release(frame->own);
}

/* What of forget() is left then. */
ASYNCSCOPE__HOT void forget_plain(async_context_frame_t *frame,
                                  async_env_t *env) {
  async_request_t *account = frame->made.account;
  if (ASYNCSCOPE__LIKELY(account != NULL && account->env == env))
    asyncscope__request_drop_own(account);
  else if (account != NULL)
    asyncscope__request_release(account);
  asyncscope__counter_add(&env->counters.stores_released, 1);
  asyncscope__frame_give_piece(frame, env);
  env->frame_memory.alive_here--;
}

ASYNCSCOPE__APART static void end_plain(async_context_frame_t *frame,
                                        async_env_t *env) {
  asyncscope__binding_t *binding = &frame->made;
  if (ASYNCSCOPE__UNLIKELY(frame->tree != NULL || frame->folded != NULL))
    release_others(frame);
  asyncscope__counter_add(&env->counters.frames_released, 1);
  if (ASYNCSCOPE__UNLIKELY(binding->release != NULL &&
                           !binding->quick_release)) {
    tell_at_home(binding);
    return;
  }
  if (binding->release != NULL)
    call_release(binding);
  forget_plain(frame, env);
}

ASYNCSCOPE__APART static void end_any(async_context_frame_t *frame) {
  if (frame->tree != NULL || frame->folded != NULL ||
      frame->own != &frame->made)
    release_others(frame);
  /* Not before: a release there may have opened the environment. */
  async_env_t *env = asyncscope__env, *maker = frame->maker;
  count(&maker->counters.frames_released, &maker->frames_released_elsewhere,
        maker, env);
  if (asyncscope__let_go(&frame->made.references))
    binding_last(&frame->made, env);
}

void asyncscope__frame_end(async_context_frame_t *frame) {
  async_env_t *env = asyncscope__env;
  if (ASYNCSCOPE__UNLIKELY(!asyncscope__frame_is_plain(frame, env)))
    end_any(frame);
  else if (!asyncscope__frame_is_alone(frame))
    end_plain(frame, env);
  else
    asyncscope__frame_end_alone(frame, env);
}
