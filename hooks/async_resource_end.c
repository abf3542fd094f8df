/* A record is given back at the latest of three events: its destroy was
 * delivered (or nobody wants it), its embedder finished, and its scopes are
 * left, so that whose callback is running can be named until it is over. Until
 * its embedder finished the struct's index is good, so everything after init
 * works without memory. */
#include "asyncscope/async_resource.h"

#include "account.h"
#include "env.h"
#include "error.h"
#include "frame_count.h"
#include "hot.h"

static void give_name_back(async_env_t *env, uint32_t name) {
  if ((name & ASYNCSCOPE__NAME_OF_REQUEST) != 0)
    return;
  asyncscope__slab_give(&env->names, name - 1,
                        asyncscope__slab_at(&env->names, name - 1));
}

ASYNCSCOPE__HOT void remember(async_env_t *env,
                              const asyncscope__record_t *record) {
  if ((asyncscope__flags(record) & ASYNCSCOPE__CAUSED) != 0 ||
      asyncscope__ancestors_named(
          &env->ancestors, (async_id_t)asyncscope__own(&record->async_id)))
    asyncscope__ancestors_add(&env->ancestors, record);
}

ASYNCSCOPE__HOT void record_end(async_env_t *env, uint32_t index,
                                asyncscope__record_t *record) {
  uint32_t name =
      asyncscope__record_name(asyncscope__own(&record->name_calls_flags));
  if (__builtin_expect(env->loss_detector.on, 0))
    asyncscope__context_loss_ended(env, record);
  remember(env, record);
  asyncscope__slot_begin(&record->slot);
  asyncscope__put(&record->async_id, 0);
  asyncscope__slot_end(&record->slot);
  if (name != 0)
    give_name_back(env, name);
  asyncscope__slab_give(&env->records, index, &record->slot);
}

ASYNCSCOPE__HOT void count_destroyed(async_env_t *env, uint32_t flags) {
  asyncscope__counter_add(
      &env->counters.resources_destroyed[asyncscope__whose(flags)], 1);
}

/* Tells of the end of a record of these flags, and answers those that it has
 * then. With no destroy hook enabled nobody can hear of it, so nothing is
 * queued. */
ASYNCSCOPE__HOT uint32_t emit_destroy(async_env_t *env, uint32_t index,
                                      asyncscope__record_t *record,
                                      uint32_t flags) {
  asyncscope__account_ended(env, record, flags);
  if (env->hooks.wanted.destroy > 0) {
    asyncscope__destroys_add(env, index, record, flags);
    return ASYNCSCOPE__EMITTED;
  }
  count_destroyed(env, flags);
  return ASYNCSCOPE__EMITTED | ASYNCSCOPE__DELIVERED;
}

/* How many scopes are searched for one of a resource that ends. It ends in its
 * own or near to it; farther from it the record is given back all the same. */
#define SEARCHED 1024

/* The innermost scope around the topmost one that is the resource's, NULL. */
ASYNCSCOPE__COLD static asyncscope__entry_t *scope_around(
    const async_env_t *env, uint64_t async_id) {
  size_t depth = env->stack.depth - 1;
  asyncscope__entry_t *entry = env->stack.top - 1;
  for (size_t i = 0; i < depth && i < SEARCHED; i++, entry--)
    if ((uint64_t)entry->async_id == async_id)
      return entry;
  return NULL;
}

/* Whether it is entered: then the record is given back when that is left. */
ASYNCSCOPE__HOT bool is_kept(const async_env_t *env,
                             const asyncscope__record_t *record) {
  uint64_t async_id = asyncscope__own(&record->async_id);
  asyncscope__entry_t *entry = env->stack.top;
  if ((uint64_t)entry->async_id != async_id)
    entry = env->stack.depth < 2 ? NULL : scope_around(env, async_id);
  if (entry == NULL || entry->record == 0)
    return false;
  entry->marks |= ASYNCSCOPE__ENDS;
  return true;
}

/* `flags` are added; it is given back where both are there. */
ASYNCSCOPE__HOT void settle(async_env_t *env, uint32_t index,
                            asyncscope__record_t *record, uint32_t flags) {
  uint32_t both = ASYNCSCOPE__DELIVERED | ASYNCSCOPE__FINISHED;
  uint64_t word = asyncscope__own(&record->name_calls_flags) | flags;
  asyncscope__put(&record->name_calls_flags, word);
  if ((word & both) == both && !is_kept(env, record))
    record_end(env, index, record);
}

/* It may be entered once more farther out. */
void asyncscope__record_left(async_env_t *env,
                             const asyncscope__entry_t *entry) {
  asyncscope__record_t *record = asyncscope__record_at(env, entry->record);
  if (env->stack.depth == 0 || !is_kept(env, record))
    record_end(env, entry->record - 1, record);
}

void asyncscope__record_delivered(async_env_t *env, uint32_t index,
                                  asyncscope__record_t *record) {
  settle(env, index, record, ASYNCSCOPE__DELIVERED);
}

int async_resource_emit_destroy(async_resource_t *resource) {
  async_env_t *env = asyncscope__env;
  asyncscope__record_t *record = asyncscope__record_in(env, resource);
  if (record == NULL)
    return asyncscope__fail(UV_EINVAL,
                            "not a live resource of this thread (id %lld)",
                            (long long)resource->async_id);
  uint32_t flags = asyncscope__flags(record);
  if ((flags & ASYNCSCOPE__EMITTED) != 0)
    return asyncscope__fail(UV_EALREADY,
                            "destroy of resource %lld was emitted before",
                            (long long)resource->async_id);
  uint32_t index = resource->record - 1;
  asyncscope__flags_add(record, emit_destroy(env, index, record, flags));
  return 0;
}

/* Finish is to emit nothing. */
ASYNCSCOPE__COLD static uint32_t deliver_unheard(async_env_t *env,
                                                 asyncscope__record_t *record,
                                                 uint32_t flags) {
  asyncscope__account_ended(env, record, flags);
  count_destroyed(env, flags);
  return ASYNCSCOPE__DELIVERED;
}

ASYNCSCOPE__HOT void finish_record(async_env_t *env, uint32_t index,
                                   asyncscope__record_t *record) {
  uint32_t flags = asyncscope__flags(record);
  uint32_t then = ASYNCSCOPE__FINISHED;
  if ((flags & (ASYNCSCOPE__EMITTED | ASYNCSCOPE__MANUAL)) == 0)
    then |= emit_destroy(env, index, record, flags);
  else if ((flags & ASYNCSCOPE__EMITTED) == 0)
    then |= deliver_unheard(env, record, flags);
  settle(env, index, record, then);
}

/* After the end of its environment only the frame can be let go: the record
 * went with the environment. The threads that do so may be several. Until then
 * the resource is its own thread's to finish. */
ASYNCSCOPE__COLD static void finish_elsewhere(async_resource_t *resource) {
  async_context_frame_t *frame = resource->frame_lent ? NULL : resource->frame;
  if (asyncscope__env_list_has(resource->thread)) {
    asyncscope__fail(UV_EINVAL, "resource %lld is of thread %u, which lives",
                     (long long)resource->async_id, (unsigned)resource->thread);
    return;
  }
  resource->frame = NULL;
  resource->record = 0;
  asyncscope__frame_share(frame);
  asyncscope__frame_drop(frame);
}

void async_resource_finish(async_resource_t *resource) {
  if (resource == NULL || resource->record == 0)
    return;
  async_env_t *env = asyncscope__env;
  asyncscope__record_t *record = asyncscope__record_in(env, resource);
  if (record == NULL) {
    finish_elsewhere(resource);
    return;
  }
  async_context_frame_t *frame = resource->frame_lent ? NULL : resource->frame;
  resource->frame = NULL;
  finish_record(env, resource->record - 1, record);
  resource->record = 0;
  asyncscope__frame_drop(frame);
}
