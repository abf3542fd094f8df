/* Destroy events are delivered with nothing on the stack: execution and
 * trigger id 0, no frame. What a destroy hook queues is delivered in the same
 * go. The queue runs through the records' slots, so adding cannot fail. */
#include "env.h"
#include "frame_count.h"
#include "record_end.h"

ASYNCSCOPE__HOT asyncscope__record_t *record_at(const async_env_t *env,
                                                uint32_t index) {
  return asyncscope__slab_at(&env->records, index);
}

static void flush(async_tick_t *tick) {
  tick->cb = NULL;
  asyncscope__destroys_deliver(asyncscope__env);
}

void asyncscope__destroys_flush_soon(async_env_t *env) {
  if (env->destroys.flush.cb != NULL)
    return;
  env->destroys.flush.cb = flush;
  asyncscope__job_add(env, &env->destroys.flush);
}

/* The record may be given back and taken again inside the hook, so its place
 * in the queue is left first. */
ASYNCSCOPE__HOT void deliver_first(async_env_t *env) {
  uint32_t index = env->destroys.first;
  asyncscope__record_t *record = record_at(env, index);
  async_id_t async_id = (async_id_t)asyncscope__own(&record->async_id);
  uint32_t flags = asyncscope__flags(record);
  unsigned whose = asyncscope__whose(flags);
  env->destroys.first = record->slot.link;
  env->destroys.count--;
  asyncscope__counter_add(&env->counters.destroys_pending[whose], (uint64_t)-1);
  asyncscope__counter_add(&env->counters.resources_destroyed[whose], 1);
  asyncscope__record_settle(env, index, record, ASYNCSCOPE__DELIVERED);
  asyncscope__emit_destroy(&env->hooks, async_id,
                           (flags & ASYNCSCOPE__PROMISE) != 0);
}

bool asyncscope__destroys_deliver(async_env_t *env) {
  if (env->destroys.first == ASYNCSCOPE__SLAB_NONE)
    return false;
  asyncscope__read_clock(env);
  asyncscope__entry_t nobody = {.async_id = ASYNC_ID_NONE,
                                .entered_ns = env->now_ns};
  if (asyncscope__stack_push(&env->stack, &nobody) != 0)
    return false;
  async_context_frame_t *around = asyncscope__frame_exchange(NULL);
  while (env->destroys.first != ASYNCSCOPE__SLAB_NONE)
    deliver_first(env);
  asyncscope__scope_require(env, ASYNC_ID_NONE);
  asyncscope__frame_drop(asyncscope__frame_exchange(around));
  asyncscope__stack_pop(&env->stack);
  return true;
}
