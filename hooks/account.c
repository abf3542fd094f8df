#include "account.h"

#include "env.h"

static uint32_t is_internal(const asyncscope__record_t *record) {
  return (asyncscope__flags(record) & ASYNCSCOPE__INTERNAL) != 0;
}

void asyncscope__account_made(async_env_t *env,
                              const asyncscope__record_t *record) {
  uint64_t cause = asyncscope__get(&record->trigger_thread_and_frame);
  uint32_t thread = asyncscope__high(cause);
  asyncscope__counter_add(&env->counters.resources_created, 1);
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

void asyncscope__account_left(async_env_t *env,
                              const asyncscope__entry_t *entry) {
  uint64_t duration_ns = env->now_ns - entry->entered_ns;
  asyncscope__entry_t *around = asyncscope__stack_top(&env->stack);
  if (around != NULL)
    around->nested_ns += duration_ns;
  if (entry->record == 0)
    return;
  charge_record(env, entry, duration_ns);
  write_run(env, entry, duration_ns);
}

void asyncscope__account_ended(async_env_t *env,
                               const asyncscope__record_t *record) {
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
