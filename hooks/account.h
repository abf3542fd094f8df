/* What is noted when a resource is made, run and ended, beside its record: the
 * recorder's events and the counts that outlive it. */
#ifndef ASYNCSCOPE_HOOKS_ACCOUNT_H
#define ASYNCSCOPE_HOOKS_ACCOUNT_H

#include "env.h"
#include "frame.h"
#include "histogram.h"
#include "hot.h"
#include "probes.h"

/* `record` was published with `fresh`, in `frame`; `count` is its type's row.
 */
ASYNCSCOPE__HOT void asyncscope__account_made(async_env_t *env,
                                              const asyncscope__fresh_t *fresh,
                                              asyncscope__type_count_t *count) {
  unsigned whose = asyncscope__whose(fresh->flags);
  asyncscope__counter_add(&count->created[whose], 1);
  asyncscope__event_t event = {
      .kind = ASYNC_EVENT_INIT,
      .internal = whose,
      .at_ns = fresh->created_ns,
      .async_id = fresh->async_id,
      .second = asyncscope__event_id(fresh->trigger_async_id,
                                     fresh->trigger_thread >> 11 & 0x7ff),
      .third = (uint64_t)fresh->execution_async_id |
               (uint64_t)(fresh->trigger_thread >> 22)
                   << ASYNCSCOPE__EVENT_ID_BITS,
      .trigger_thread = fresh->trigger_thread & 0x7ff,
      .request = fresh->request,
      .site_and_type = fresh->site_and_type,
  };
  asyncscope__recorder_write(&env->recorder, &event);
  if (fresh->frame != NULL && fresh->frame->account != NULL)
    asyncscope__request_made(env, fresh->frame->account, fresh->type,
                             (uint64_t)fresh->async_id);
}

/* The entry, with `marks` of its own, takes from record and frame what is still
 * needed when the scope is left and they may be gone. */
ASYNCSCOPE__HOT void asyncscope__account_entered(
    asyncscope__entry_t *entry, asyncscope__record_t *record,
    const async_context_frame_t *frame, uint32_t marks) {
  uint32_t flags = asyncscope__flags(record);
  if ((flags & ASYNCSCOPE__OWES) != 0)
    asyncscope__flags_remove(record, ASYNCSCOPE__OWES);
  entry->site_and_type = asyncscope__own(&record->site_and_type);
  entry->marks = marks | (flags & (ASYNCSCOPE__INTERNAL | ASYNCSCOPE__CAUSED));
  entry->request = frame == NULL ? 0 : frame->request;
  entry->account = frame == NULL ? NULL : frame->account;
}

/* For asyncscope__account_left(): what few scopes need. The first one's has
 * left the frame of its request. */
ASYNCSCOPE__COLD void asyncscope__account_charge_left(
    async_env_t *env, const asyncscope__entry_t *entry, uint64_t own_ns);
ASYNCSCOPE__COLD void asyncscope__account_slow(async_env_t *env,
                                               const asyncscope__entry_t *entry,
                                               uint64_t own_ns);

ASYNCSCOPE__HOT void asyncscope__account_write_run(
    async_env_t *env, const asyncscope__entry_t *entry, uint64_t duration_ns) {
  asyncscope__event_t event = {
      .kind = ASYNC_EVENT_RUN,
      .internal = asyncscope__whose(entry->marks),
      .at_ns = entry->entered_ns,
      .async_id = entry->async_id,
      .second = duration_ns,
      .third = (uint64_t)entry[-1].async_id, /* the lowest: the top level's */
      .request = entry->request,
      .site_and_type = entry->site_and_type,
  };
  asyncscope__recorder_write(&env->recorder, &event);
}

static inline enum asyncscope__cost_e asyncscope__account_cost(
    const async_env_t *env) {
  return env->kind == ASYNC_ENV_LOOP ? ASYNCSCOPE__COST_LOOP
                                     : ASYNCSCOPE__COST_WORKER;
}

/* Where the scope is still in a frame of its request, that one is alive. */
ASYNCSCOPE__HOT void asyncscope__account_charge(
    async_env_t *env, const asyncscope__entry_t *entry,
    const async_context_frame_t *frame, uint64_t own_ns) {
  if (ASYNCSCOPE__LIKELY(frame != NULL && frame->account == entry->account &&
                         frame->request == entry->request))
    asyncscope__request_charge(env, entry->account,
                               asyncscope__account_cost(env), own_ns);
  else
    asyncscope__account_charge_left(env, entry, own_ns);
}

/* The scope's resource may have ended inside, and a loop been run. */
ASYNCSCOPE__HOT void asyncscope__account_run_record(
    async_env_t *env, const asyncscope__entry_t *entry, uint64_t duration_ns) {
  asyncscope__record_t *record =
      asyncscope__record_find(env, entry->record, entry->async_id);
  if (record != NULL)
    asyncscope__record_add_run(record, duration_ns);
}

/* The scope of `entry`, which was taken off the stack, was left at env->now_ns,
 * when it was in `frame`. It is charged when nobody sees it there any more.
 * `last`: its record goes right behind it, too, unless it is entered farther
 * out. */
ASYNCSCOPE__HOT void asyncscope__account_left(
    async_env_t *env, asyncscope__entry_t *entry,
    const async_context_frame_t *frame, bool last) {
  asyncscope__entry_t *around = entry - 1;
  uint64_t duration_ns = env->now_ns - entry->entered_ns;
  around->nested_ns += duration_ns;
  asyncscope__stack_popped(&env->stack, around->nested_ns);
  if (ASYNCSCOPE__UNLIKELY(entry->record == 0))
    return;
  uint64_t own_ns = duration_ns - entry->nested_ns;
  if (entry->account != NULL)
    asyncscope__account_charge(env, entry, frame, own_ns);
  if (ASYNCSCOPE__UNLIKELY(own_ns >=
                           asyncscope__counter_read(&env->findings.slow_ns)))
    asyncscope__account_slow(env, entry, own_ns);
  if (ASYNCSCOPE__LIKELY(env->times && !asyncscope__whose(entry->marks)))
    asyncscope__histogram_record(
        &asyncscope__type_count(&env->type_counts,
                                asyncscope__type_of(entry->site_and_type))
             ->run_ns,
        duration_ns);
  bool ends = (entry->marks & ASYNCSCOPE__ENDS) != 0;
  if (ASYNCSCOPE__LIKELY(!ends) &&
      (!last || env->stack.depth > 0)) /* else nobody can see it */
    asyncscope__account_run_record(env, entry, duration_ns);
  asyncscope__account_write_run(env, entry, duration_ns);
  if (ASYNCSCOPE__UNLIKELY(ends))
    asyncscope__record_left(env, entry);
}

/* It has ended and owed a callback. */
ASYNCSCOPE__COLD void asyncscope__account_unrun(
    async_env_t *env, const asyncscope__record_t *record);

/* `flags` are the record's. */
ASYNCSCOPE__HOT void asyncscope__account_ended(
    async_env_t *env, const asyncscope__record_t *record, uint32_t flags) {
  uint64_t site_and_type = asyncscope__own(&record->site_and_type);
  asyncscope__counter_add(
      &asyncscope__type_count(&env->type_counts,
                              asyncscope__type_of(site_and_type))
           ->destroyed[asyncscope__whose(flags)],
      1);
  if ((flags & ASYNCSCOPE__OWES) != 0)
    asyncscope__account_unrun(env, record);
  asyncscope__event_t event = {
      .kind = ASYNC_EVENT_DESTROY,
      .internal = asyncscope__whose(flags),
      .at_ns = env->now_ns,
      .async_id = (async_id_t)asyncscope__own(&record->async_id),
      .request = asyncscope__own(&record->request),
      .site_and_type = site_and_type,
  };
  ASYNCSCOPE__PROBE1(destroy, event.async_id);
  asyncscope__recorder_write(&env->recorder, &event);
}

ASYNCSCOPE__HOT void asyncscope__account_begun(async_env_t *env,
                                               const async_request_t *request) {
  asyncscope__event_t event = {
      .kind = ASYNC_EVENT_REQUEST_BEGIN,
      .at_ns = asyncscope__own(&request->started_ns),
      .async_id = asyncscope__execution_id(env),
      .request = asyncscope__own(&request->number),
  };
  asyncscope__recorder_write(&env->recorder, &event);
}

ASYNCSCOPE__HOT void asyncscope__account_finished(
    async_env_t *env, const async_request_t *request, uint64_t took_ns,
    int status) {
  asyncscope__event_t event = {
      .kind = ASYNC_EVENT_REQUEST_END,
      .at_ns = asyncscope__own(&request->ended_ns),
      .async_id = asyncscope__execution_id(env),
      .second = took_ns,
      .third = (uint32_t)status,
      .request = asyncscope__own(&request->number),
  };
  asyncscope__recorder_write(&env->recorder, &event);
}

#endif
