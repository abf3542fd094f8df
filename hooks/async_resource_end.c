/* The end of a resource: emitted, and finished. Until its embedder finished the
 * struct's index is good, so everything after init works without memory. */
#include "asyncscope/async_resource.h"

#include "account.h"
#include "env.h"
#include "error.h"
#include "frame_count.h"
#include "hot.h"
#include "record_end.h"
#include "resource.h"

void asyncscope__record_name_give(async_env_t *env, uint32_t name) {
  asyncscope__slab_give(&env->names, name - 1,
                        asyncscope__slab_at(&env->names, name - 1));
}

/* How many scopes are searched for one of a resource that ends. It ends in its
 * own or near to it; farther from it the record is given back all the same. */
#define SEARCHED 1024

/* The innermost scope around the topmost one that is the resource's, NULL. */
asyncscope__entry_t *asyncscope__scope_around(const async_env_t *env,
                                              uint64_t async_id) {
  size_t depth = env->stack.depth - 1;
  asyncscope__entry_t *entry = env->stack.top - 1;
  for (size_t i = 0; i < depth && i < SEARCHED; i++, entry--)
    if ((uint64_t)entry->async_id == async_id)
      return entry;
  return NULL;
}

/* It may be entered once more farther out. */
void asyncscope__record_left(async_env_t *env,
                             const asyncscope__entry_t *entry) {
  asyncscope__record_t *record = asyncscope__record_at(env, entry->record);
  if (env->stack.depth == 0 || !asyncscope__record_is_kept(env, record))
    asyncscope__record_end(env, entry->record - 1, record);
}

int async_resource_emit_destroy(async_resource_t *resource) {
  async_env_t *env = asyncscope__env;
  asyncscope__record_t *record = asyncscope__record_in(env, resource);
  if (record == NULL)
    return asyncscope__not_live_here(resource);
  uint32_t flags = asyncscope__flags(record);
  if ((flags & ASYNCSCOPE__EMITTED) != 0)
    return asyncscope__fail(UV_EALREADY,
                            "destroy of resource %lld was emitted before",
                            (long long)resource->async_id);
  uint32_t index = resource->record - 1;
  asyncscope__flags_add(record,
                        asyncscope__record_emit(env, index, record, flags));
  return 0;
}

/* Finish is to emit nothing. */
ASYNCSCOPE__COLD static uint32_t deliver_unheard(async_env_t *env,
                                                 asyncscope__record_t *record,
                                                 uint32_t flags) {
  asyncscope__account_ended(env, record, flags);
  asyncscope__count_destroyed(env, flags);
  return ASYNCSCOPE__DELIVERED;
}

ASYNCSCOPE__HOT void finish_record(async_env_t *env, uint32_t index,
                                   asyncscope__record_t *record) {
  uint32_t flags = asyncscope__flags(record);
  uint32_t then = ASYNCSCOPE__FINISHED;
  if (ASYNCSCOPE__LIKELY((flags & (ASYNCSCOPE__EMITTED | ASYNCSCOPE__MANUAL)) ==
                         0))
    then |= asyncscope__record_emit(env, index, record, flags);
  else if ((flags & ASYNCSCOPE__EMITTED) == 0)
    then |= deliver_unheard(env, record, flags);
  asyncscope__record_settle(env, index, record, then);
}

/* A copy of it has ended it. */
static void forget(async_resource_t *resource) {
  resource->frame = NULL;
  resource->record = 0;
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
  forget(resource);
  asyncscope__frame_share(frame);
  asyncscope__frame_drop(frame);
}

ASYNCSCOPE__COLD static void finish_what_is_left(const async_env_t *env,
                                                 async_resource_t *resource) {
  if (env != NULL && resource->thread == env->thread)
    forget(resource);
  else
    finish_elsewhere(resource);
}

void async_resource_finish(async_resource_t *resource) {
  if (resource == NULL || resource->record == 0)
    return;
  async_env_t *env = asyncscope__env;
  asyncscope__record_t *record = asyncscope__record_in(env, resource);
  if (ASYNCSCOPE__UNLIKELY(record == NULL)) {
    finish_what_is_left(env, resource);
    return;
  }
  async_context_frame_t *frame = resource->frame_lent ? NULL : resource->frame;
  resource->frame = NULL;
  finish_record(env, resource->record - 1, record);
  resource->record = 0;
  asyncscope__frame_drop(frame);
}
