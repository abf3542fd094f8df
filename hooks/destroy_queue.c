/* Destroy events are delivered with nothing on the stack: execution and
 * trigger id 0, no frame. What a destroy hook queues is delivered in the same
 * go. The queue runs through the records' slots, so adding cannot fail. */
#include "env.h"

static asyncscope__record_t *record_at(const async_env_t *env, uint32_t index) {
  return asyncscope__slab_at(&env->records, index);
}

/* As many as in Node. */
#define FLUSH_ABOVE 16384

static void flush(async_tick_t *tick) {
  tick->cb = NULL;
  asyncscope__destroys_deliver(asyncscope__env);
}

static void count_queued(async_env_t *env) {
  if (++env->destroys.count <= FLUSH_ABOVE || env->destroys.flush.cb != NULL)
    return;
  env->destroys.flush.cb = flush;
  asyncscope__job_add(env, &env->destroys.flush);
}

void asyncscope__destroys_add(async_env_t *env, uint32_t index) {
  record_at(env, index)->slot.link = ASYNCSCOPE__SLAB_NONE;
  if (env->destroys.first == ASYNCSCOPE__SLAB_NONE)
    env->destroys.first = index;
  else
    record_at(env, env->destroys.last)->slot.link = index;
  env->destroys.last = index;
  asyncscope__counter_add(&env->counters.destroys_pending, 1);
  asyncscope__loop_wake(env);
  count_queued(env);
}

/* The record may be given back and taken again inside the hook, so its place
 * in the queue is left first. */
static void deliver_first(async_env_t *env) {
  uint32_t index = env->destroys.first;
  asyncscope__record_t *record = record_at(env, index);
  async_id_t async_id = (async_id_t)asyncscope__get(&record->async_id);
  bool promise = (asyncscope__flags(record) & ASYNCSCOPE__PROMISE) != 0;
  env->destroys.first = record->slot.link;
  env->destroys.count--;
  asyncscope__counter_add(&env->counters.destroys_pending, (uint64_t)-1);
  asyncscope__counter_add(&env->counters.resources_destroyed, 1);
  asyncscope__record_settle(env, index, ASYNCSCOPE__DELIVERED);
  asyncscope__emit_destroy(&env->hooks, async_id, promise);
}

bool asyncscope__destroys_deliver(async_env_t *env) {
  if (env->destroys.first == ASYNCSCOPE__SLAB_NONE)
    return false;
  env->now_ns = uv_hrtime();
  asyncscope__entry_t nobody = {.async_id = ASYNC_ID_NONE,
                                .entered_ns = env->now_ns};
  if (asyncscope__stack_push(&env->stack, &nobody) != 0)
    return false;
  async_context_frame_t *around = async_context_frame_exchange(NULL);
  while (env->destroys.first != ASYNCSCOPE__SLAB_NONE)
    deliver_first(env);
  async_context_frame_release(async_context_frame_exchange(around));
  asyncscope__stack_pop(&env->stack);
  return true;
}
