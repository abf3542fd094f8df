/* What is noted when a resource is made, run and ended, beside its record: the
 * recorder's events and the counts that outlive it. */
#ifndef ASYNCSCOPE_HOOKS_ACCOUNT_H
#define ASYNCSCOPE_HOOKS_ACCOUNT_H

#include "record.h"
#include "stack.h"

struct async_env_s;

void asyncscope__account_made(struct async_env_s *env,
                              const asyncscope__record_t *record);

/* The entry takes from its record what is still needed when the scope is left
 * and the record may be gone. */
static inline void asyncscope__account_entered(
    asyncscope__entry_t *entry, const asyncscope__record_t *record) {
  entry->site_and_type = asyncscope__get(&record->site_and_type);
  entry->request = asyncscope__get(&record->request);
  entry->internal = (asyncscope__flags(record) & ASYNCSCOPE__INTERNAL) != 0;
}

/* The scope of `entry`, which is off the stack, was left at env->now_ns. */
void asyncscope__account_left(struct async_env_s *env,
                              const asyncscope__entry_t *entry);

void asyncscope__account_ended(struct async_env_s *env,
                               const asyncscope__record_t *record);

#endif
