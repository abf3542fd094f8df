#include "account.h"

static uint32_t is_internal(const asyncscope__record_t *record) {
  return (asyncscope__flags(record) & ASYNCSCOPE__INTERNAL) != 0;
}

static void write_init(async_env_t *env, const asyncscope__record_t *record) {
  uint64_t cause = asyncscope__get(&record->trigger_thread_and_frame);
  uint32_t thread = asyncscope__high(cause);
  asyncscope__event_t event = {
      .kind = ASYNC_EVENT_INIT,
      .internal = is_internal(record),
      .at_ns = asyncscope__get(&record->created_ns),
      .async_id = (async_id_t)asyncscope__get(&record->async_id),
      .second = asyncscope__event_id(
          (async_id_t)asyncscope__get(&record->trigger_async_id),
          thread >> 11 & 0x7ff),
      .execution_async_id =
          (async_id_t)asyncscope__get(&record->execution_async_id),
      .trigger_thread = thread,
      .request = asyncscope__get(&record->request),
      .site_and_type = asyncscope__get(&record->site_and_type),
  };
  asyncscope__recorder_write(&env->recorder, &event);
}

void asyncscope__account_made(async_env_t *env,
                              const asyncscope__record_t *record,
                              const async_context_frame_t *frame) {
  uint32_t type = asyncscope__type_of(asyncscope__get(&record->site_and_type));
  asyncscope__counter_add(&env->counters.resources_created, 1);
  asyncscope__counter_add(
      &asyncscope__type_count(&env->type_counts, type)->created, 1);
  if (frame != NULL && frame->account != NULL)
    asyncscope__request_made(env, frame->account, type,
                             asyncscope__get(&record->async_id));
  write_init(env, record);
}

static void write_run(async_env_t *env, const asyncscope__entry_t *entry,
                      uint64_t duration_ns) {
  const asyncscope__entry_t *around = asyncscope__stack_top(&env->stack);
  asyncscope__event_t event = {
      .kind = ASYNC_EVENT_RUN,
      .internal = entry->internal,
      .at_ns = entry->entered_ns,
      .async_id = entry->async_id,
      .second = duration_ns,
      .execution_async_id = around == NULL ? ASYNC_ID_ROOT : around->async_id,
      .request = entry->request,
      .site_and_type = entry->site_and_type,
  };
  asyncscope__recorder_write(&env->recorder, &event);
}

/* The record may be another resource's by now, or its memory given back: the
 * scope's resource may have ended inside, and a loop been run. */
static void charge_record(async_env_t *env, const asyncscope__entry_t *entry,
                          uint64_t duration_ns) {
  asyncscope__record_t *record =
      asyncscope__slab_peek(&env->records, entry->record - 1);
  if (record != NULL &&
      asyncscope__get(&record->async_id) == (uint64_t)entry->async_id)
    asyncscope__record_add_run(record, duration_ns);
}

/* Where the scope is still in a frame of its request, that one is alive. Else
 * it is found by its place and number, which only its own thread can do. */
static async_request_t *account_of(const async_env_t *env,
                                   const asyncscope__entry_t *entry,
                                   const async_context_frame_t *frame) {
  if (entry->account == NULL)
    return NULL;
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
static void check_slow(async_env_t *env, const asyncscope__entry_t *entry,
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
      .internal = entry->internal};
  asyncscope__finding_report(env, &finding);
}

static void charge_request(async_env_t *env, const asyncscope__entry_t *entry,
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

void asyncscope__account_left(async_env_t *env,
                              const asyncscope__entry_t *entry,
                              const async_context_frame_t *frame) {
  uint64_t duration_ns = env->now_ns - entry->entered_ns;
  asyncscope__entry_t *around = asyncscope__stack_top(&env->stack);
  if (around != NULL)
    around->nested_ns += duration_ns;
  if (entry->record == 0)
    return;
  uint64_t own_ns = duration_ns - entry->nested_ns;
  charge_request(env, entry, frame, own_ns);
  if (own_ns >= asyncscope__counter_read(&env->findings.slow_ns))
    check_slow(env, entry, own_ns);
  async_histogram_record(
      &asyncscope__type_count(&env->type_counts,
                              asyncscope__type_of(entry->site_and_type))
           ->run_ns,
      duration_ns);
  charge_record(env, entry, duration_ns);
  write_run(env, entry, duration_ns);
}

static void report_unrun(async_env_t *env, const asyncscope__record_t *record) {
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

void asyncscope__account_ended(async_env_t *env,
                               const asyncscope__record_t *record) {
  uint32_t type = asyncscope__type_of(asyncscope__get(&record->site_and_type));
  asyncscope__counter_add(
      &asyncscope__type_count(&env->type_counts, type)->destroyed, 1);
  if ((asyncscope__flags(record) & ASYNCSCOPE__OWES) != 0)
    report_unrun(env, record);
  asyncscope__event_t event = {
      .kind = ASYNC_EVENT_DESTROY,
      .internal = is_internal(record),
      .at_ns = env->now_ns,
      .async_id = (async_id_t)asyncscope__get(&record->async_id),
      .request = asyncscope__get(&record->request),
      .site_and_type = asyncscope__get(&record->site_and_type),
  };
  asyncscope__recorder_write(&env->recorder, &event);
}

void asyncscope__account_begun(async_env_t *env,
                               const async_request_t *request) {
  asyncscope__event_t event = {
      .kind = ASYNC_EVENT_REQUEST_BEGIN,
      .at_ns = asyncscope__get(&request->started_ns),
      .async_id = async_hooks_execution_async_id(),
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
      .async_id = async_hooks_execution_async_id(),
      .second = ended_ns - asyncscope__get(&request->started_ns),
      .execution_async_id = (async_id_t)asyncscope__get(&request->status),
      .request = async_request_number(request),
  };
  asyncscope__recorder_write(&env->recorder, &event);
}
