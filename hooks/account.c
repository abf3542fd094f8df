#include "account.h"

static uint32_t is_internal(const asyncscope__record_t *record) {
  return (asyncscope__flags(record) & ASYNCSCOPE__INTERNAL) != 0;
}

/* Not a scope around a run of the loop. */
void asyncscope__account_slow(async_env_t *env,
                              const asyncscope__entry_t *entry,
                              uint64_t own_ns) {
  if (asyncscope__counter_read(&env->loop_health.checked_ns) >
      entry->entered_ns)
    return;
  async_finding_t finding = {
      .code = ASYNC_FINDING_SLOW_CALLBACK,
      .resource = {env->thread, entry->async_id},
      .type = asyncscope__type_name(asyncscope__type_of(entry->site_and_type)),
      .site = asyncscope__site_of(entry->site_and_type),
      .request = entry->request,
      .value = own_ns,
      .internal = asyncscope__whose(entry->marks)};
  asyncscope__finding_report(env, &finding);
}

/* What is at the account's address may be gone, or another's: it is known by
 * its place among this thread's accounts and its number. Others' are not
 * charged. */
void asyncscope__account_charge_left(async_env_t *env,
                                     const asyncscope__entry_t *entry,
                                     uint64_t own_ns) {
  asyncscope__requests_t *requests = asyncscope__requests_of(env);
  if (requests != NULL &&
      asyncscope__slab_has(&requests->accounts, entry->account) &&
      async_request_number(entry->account) == entry->request)
    asyncscope__request_charge(env, entry->account,
                               asyncscope__account_cost(env), own_ns);
}

void asyncscope__account_unrun(async_env_t *env,
                               const asyncscope__record_t *record) {
  uint64_t site = asyncscope__get(&record->site_and_type);
  async_finding_t finding = {
      .code = ASYNC_FINDING_DESTROYED_UNRUN,
      .resource = {env->thread, (async_id_t)asyncscope__get(&record->async_id)},
      .type = asyncscope__type_name(asyncscope__type_of(site)),
      .site = asyncscope__site_of(site),
      .request = asyncscope__get(&record->request),
      .internal = is_internal(record)};
  asyncscope__finding_report(env, &finding);
}
