#include "account.h"

static uint32_t is_internal(const asyncscope__record_t *record) {
  return (asyncscope__flags(record) & ASYNCSCOPE__INTERNAL) != 0;
}

/* Where the scope is still in a frame of its request, that one is alive. Else
 * it is found by its place and number, which only its own thread can do. */
static async_request_t *account_of(const async_env_t *env,
                                   const asyncscope__entry_t *entry,
                                   const async_context_frame_t *frame) {
  if (frame != NULL && frame->account == entry->account &&
      frame->request == entry->request)
    return entry->account;
  async_request_t *own =
      entry->own_account == 0
          ? NULL
          : asyncscope__slab_peek(&asyncscope__requests_of(env)->accounts,
                                  entry->own_account - 1);
  return own != NULL && async_request_number(own) == entry->request ? own
                                                                    : NULL;
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

void asyncscope__account_charge(async_env_t *env,
                                const asyncscope__entry_t *entry,
                                const async_context_frame_t *frame,
                                uint64_t own_ns) {
  async_request_t *request = account_of(env, entry, frame);
  if (request != NULL)
    asyncscope__request_charge(env, request,
                               env->kind == ASYNC_ENV_LOOP
                                   ? ASYNCSCOPE__COST_LOOP
                                   : ASYNCSCOPE__COST_WORKER,
                               own_ns);
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

void asyncscope__account_begun(async_env_t *env,
                               const async_request_t *request) {
  asyncscope__event_t event = {
      .kind = ASYNC_EVENT_REQUEST_BEGIN,
      .at_ns = asyncscope__get(&request->started_ns),
      .async_id = asyncscope__execution_id(env),
      .request = async_request_number(request),
  };
  asyncscope__recorder_write(&env->recorder, &event);
}

void asyncscope__account_finished(async_env_t *env,
                                  const async_request_t *request) {
  uint64_t ended_ns = asyncscope__get(&request->ended_ns);
  asyncscope__event_t event = {
      .kind = ASYNC_EVENT_REQUEST_END,
      .at_ns = ended_ns,
      .async_id = asyncscope__execution_id(env),
      .second = ended_ns - asyncscope__get(&request->started_ns),
      .execution_async_id = (async_id_t)asyncscope__get(&request->status),
      .request = async_request_number(request),
  };
  asyncscope__recorder_write(&env->recorder, &event);
}
