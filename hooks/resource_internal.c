/* Whose a resource is, the program's or asyncscope's own, where that shows only
 * after its beginning. What is counted never goes back: it has ended with the
 * one and begins with the other. */
#include "account.h"
#include "env.h"
#include "error.h"
#include "resource.h"

/* Farther out it is taken for whose it was. */
#define SEARCHED 1024

static void write_end(async_env_t *env, const asyncscope__record_t *record,
                      asyncscope__type_count_t *row) {
  unsigned whose = asyncscope__whose(asyncscope__flags(record));
  asyncscope__event_t event = {
      .kind = ASYNC_EVENT_DESTROY,
      .internal = whose,
      .at_ns = env->now_ns,
      .async_id = (async_id_t)asyncscope__own(&record->async_id),
      .request = asyncscope__own(&record->request),
      .site_and_type = asyncscope__own(&record->site_and_type),
  };
  asyncscope__counter_add(&env->counters.resources_destroyed[whose], 1);
  asyncscope__counter_add(&row->destroyed[whose], 1);
  asyncscope__recorder_write(&env->recorder, &event);
}

/* Not made once more for the account of its request. */
static void write_beginning(async_env_t *env,
                            const asyncscope__record_t *record,
                            asyncscope__type_count_t *row) {
  uint64_t site_and_type = asyncscope__own(&record->site_and_type);
  asyncscope__fresh_t fresh = {
      .async_id = (async_id_t)asyncscope__own(&record->async_id),
      .execution_async_id =
          (async_id_t)asyncscope__own(&record->execution_async_id),
      .trigger_async_id =
          (async_id_t)asyncscope__own(&record->trigger_async_id),
      .trigger_thread =
          asyncscope__high(asyncscope__own(&record->trigger_thread_and_frame)),
      .type = asyncscope__type_of(site_and_type),
      .flags = asyncscope__flags(record),
      .site_and_type = site_and_type,
      .request = asyncscope__own(&record->request),
      .created_ns = env->now_ns};
  asyncscope__account_made(env, &fresh, row);
}

/* What it is in just now is charged when that is left. */
static void mark_scopes(async_env_t *env, async_id_t async_id, bool internal) {
  asyncscope__entry_t *entry = env->stack.top;
  for (size_t i = 0; i < env->stack.depth && i < SEARCHED; i++, entry--)
    if (entry->async_id == async_id)
      entry->marks = (entry->marks & ~(uint32_t)ASYNCSCOPE__INTERNAL) |
                     (internal ? ASYNCSCOPE__INTERNAL : 0);
}

static void change(async_env_t *env, asyncscope__record_t *record,
                   bool internal) {
  asyncscope__type_count_t *row = asyncscope__type_count(
      &env->type_counts,
      asyncscope__type_of(asyncscope__own(&record->site_and_type)));
  asyncscope__near_ns(env);
  write_end(env, record, row);
  if (internal)
    asyncscope__flags_add(record, ASYNCSCOPE__INTERNAL);
  else
    asyncscope__flags_remove(record, ASYNCSCOPE__INTERNAL);
  write_beginning(env, record, row);
  mark_scopes(env, (async_id_t)asyncscope__own(&record->async_id), internal);
}

int async_resource_set_internal(async_resource_t *resource, bool internal) {
  asyncscope__record_t *record = asyncscope__record_of(resource);
  if (record == NULL)
    return asyncscope__not_live_here(resource);
  uint32_t flags = asyncscope__flags(record);
  if ((flags & ASYNCSCOPE__EMITTED) != 0)
    return asyncscope__fail(UV_EALREADY, "resource %lld has ended",
                            (long long)resource->async_id);
  if (asyncscope__whose(flags) != (internal ? 1u : 0u))
    change(asyncscope__env, record, internal);
  return 0;
}
