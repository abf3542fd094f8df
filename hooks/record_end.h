/* When a record is given back: at the latest of three events. Its destroy was
 * delivered (or nobody wants it), its embedder finished, and its scopes are
 * left, so that whose callback is running can be named until it is over. */
#ifndef ASYNCSCOPE_HOOKS_RECORD_END_H
#define ASYNCSCOPE_HOOKS_RECORD_END_H

#include "account.h"
#include "env.h"
#include "hot.h"

/* The name's place is free again: one of its own, not its request's. */
ASYNCSCOPE__COLD void asyncscope__record_name_give(async_env_t *env,
                                                   uint32_t name);
/* The innermost scope around the topmost one that is the resource's, NULL. */
ASYNCSCOPE__COLD asyncscope__entry_t *asyncscope__scope_around(
    const async_env_t *env, uint64_t async_id);

ASYNCSCOPE__HOT void asyncscope__record_remember(
    async_env_t *env, const asyncscope__record_t *record) {
  if ((asyncscope__flags(record) & ASYNCSCOPE__CAUSED) != 0 ||
      asyncscope__ancestors_named(
          &env->ancestors, (async_id_t)asyncscope__own(&record->async_id)))
    asyncscope__ancestors_add(&env->ancestors, record);
}

ASYNCSCOPE__HOT void asyncscope__record_end(async_env_t *env, uint32_t index,
                                            asyncscope__record_t *record) {
  uint32_t name =
      asyncscope__record_name(asyncscope__own(&record->name_calls_flags));
  if (__builtin_expect(env->loss_detector.on, 0))
    asyncscope__context_loss_ended(env, record);
  asyncscope__record_remember(env, record);
  if (env->latest == record)
    env->latest_id = 0;
  asyncscope__slot_begin(&record->slot);
  asyncscope__put(&record->async_id, 0);
  asyncscope__slot_end(&record->slot);
  if (name != 0 && (name & ASYNCSCOPE__NAME_OF_REQUEST) == 0)
    asyncscope__record_name_give(env, name);
  asyncscope__slab_give(&env->records, index, &record->slot);
}

/* Whether it is entered: then the record is given back when that is left. */
ASYNCSCOPE__HOT bool asyncscope__record_is_kept(
    const async_env_t *env, const asyncscope__record_t *record) {
  uint64_t async_id = asyncscope__own(&record->async_id);
  asyncscope__entry_t *entry = env->stack.top;
  if ((uint64_t)entry->async_id != async_id)
    entry =
        env->stack.depth < 2 ? NULL : asyncscope__scope_around(env, async_id);
  if (entry == NULL || entry->record == 0)
    return false;
  entry->marks |= ASYNCSCOPE__ENDS;
  return true;
}

/* `flags` are added; it is given back where both are there. */
ASYNCSCOPE__HOT void asyncscope__record_settle(async_env_t *env, uint32_t index,
                                               asyncscope__record_t *record,
                                               uint32_t flags) {
  uint32_t both = ASYNCSCOPE__DELIVERED | ASYNCSCOPE__FINISHED;
  uint64_t word = asyncscope__own(&record->name_calls_flags) | flags;
  asyncscope__put(&record->name_calls_flags, word);
  if ((word & both) == both && !asyncscope__record_is_kept(env, record))
    asyncscope__record_end(env, index, record);
}

ASYNCSCOPE__HOT void asyncscope__count_destroyed(async_env_t *env,
                                                 uint32_t flags) {
  asyncscope__counter_add(
      &env->counters.resources_destroyed[asyncscope__whose(flags)], 1);
}

/* Tells of the end of a record of these flags, and answers those that it has
 * then. With no destroy hook enabled nobody can hear of it, so nothing is
 * queued. */
ASYNCSCOPE__HOT uint32_t asyncscope__record_emit(async_env_t *env,
                                                 uint32_t index,
                                                 asyncscope__record_t *record,
                                                 uint32_t flags) {
  asyncscope__account_ended(env, record, flags);
  if (env->hooks.wanted.destroy > 0) {
    asyncscope__destroys_add(env, index, record, flags);
    return ASYNCSCOPE__EMITTED;
  }
  asyncscope__count_destroyed(env, flags);
  return ASYNCSCOPE__EMITTED | ASYNCSCOPE__DELIVERED;
}

#endif
