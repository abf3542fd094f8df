/* What is noted when a resource is made, run and ended, beside its record: the
 * recorder's events and the counts that outlive it. */
#ifndef ASYNCSCOPE_HOOKS_ACCOUNT_H
#define ASYNCSCOPE_HOOKS_ACCOUNT_H

#include "env.h"
#include "frame.h"

/* `frame` is the resource's, here and below. */
void asyncscope__account_made(async_env_t *env,
                              const asyncscope__record_t *record,
                              const async_context_frame_t *frame);

/* The entry takes from record and frame what is still needed when the scope is
 * left and they may be gone. */
static inline void asyncscope__account_entered(
    asyncscope__entry_t *entry, asyncscope__record_t *record,
    const async_context_frame_t *frame) {
  uint32_t flags = asyncscope__flags(record);
  if ((flags & ASYNCSCOPE__OWES) != 0)
    asyncscope__flags_remove(record, ASYNCSCOPE__OWES);
  entry->site_and_type = asyncscope__get(&record->site_and_type);
  entry->request = async_context_frame_request(frame);
  entry->internal = (flags & ASYNCSCOPE__INTERNAL) != 0;
  if (frame == NULL || frame->account == NULL)
    return;
  entry->account = frame->account;
  if (frame->account->env == asyncscope__env)
    entry->own_account = frame->account->index + 1;
}

/* The scope of `entry`, which is off the stack, was left at env->now_ns, when
 * it was in `frame`. */
void asyncscope__account_left(async_env_t *env,
                              const asyncscope__entry_t *entry,
                              const async_context_frame_t *frame);

void asyncscope__account_ended(async_env_t *env,
                               const asyncscope__record_t *record);

void asyncscope__account_begun(async_env_t *env,
                               const async_request_t *request);
void asyncscope__account_finished(async_env_t *env,
                                  const async_request_t *request);

#endif
