#include "remembered.h"

#include "asyncscope/async_allocator.h"
#include "refs.h"
#include "resource.h"
#include <stdlib.h>

#define BATCH 32

debug_gone_t asyncscope__debug_forgotten(async_ref_t ref) {
  const async_ref_t nothing = {ASYNC_THREAD_NONE, ASYNC_ID_UNSET};
  return (debug_gone_t){.ref = ref, .trigger = nothing, .execution = nothing};
}

static debug_gone_t gone_of(uint32_t thread,
                            const async_ancestor_info_t *info) {
  async_ref_t execution = asyncscope__debug_execution_of(
      thread, info->trigger, info->execution_async_id);
  return (debug_gone_t){.ref = {thread, info->async_id},
                        .trigger = info->trigger,
                        .execution = execution,
                        .type = info->type,
                        .site = info->site};
}

static int add(debug_remembered_t *remembered, const debug_gone_t *gone) {
  if (remembered->count == DEBUG_REMEMBERED_MAX)
    return 0;
  debug_gone_t *items =
      asyncscope__debug_grow(remembered->items, remembered->count,
                             &remembered->capacity, sizeof(*items));
  if (items == NULL)
    return UV_ENOMEM;
  remembered->items = items;
  items[remembered->count++] = *gone;
  return 0;
}

static int add_thread(debug_remembered_t *remembered,
                      const debug_thread_t *thread) {
  async_ancestor_info_t infos[BATCH];
  uint32_t cursor = 0;
  size_t count;
  int error = 0;
  while (error == 0 && (count = async_inspect_ancestors(thread->env, &cursor,
                                                        infos, BATCH)) > 0)
    for (size_t i = 0; i < count && error == 0; i++) {
      debug_gone_t gone = gone_of(thread->info.thread, &infos[i]);
      error = add(remembered, &gone);
    }
  return error;
}

static int compare(const void *a, const void *b) {
  return asyncscope__debug_compare_refs(((const debug_gone_t *)a)->ref,
                                        ((const debug_gone_t *)b)->ref);
}

int asyncscope__debug_remembered_init(debug_remembered_t *remembered,
                                      const debug_capture_t *capture) {
  int error = 0;
  *remembered = (debug_remembered_t){.items = NULL};
  for (size_t i = 0; i < capture->thread_count && error == 0; i++)
    error = add_thread(remembered, &capture->threads[i]);
  if (error != 0)
    asyncscope__debug_remembered_finish(remembered);
  else if (remembered->count > 1)
    qsort(remembered->items, remembered->count, sizeof(*remembered->items),
          compare);
  return error;
}

static int compare_ref(const void *key, const void *item) {
  return asyncscope__debug_compare_refs(*(const async_ref_t *)key,
                                        ((const debug_gone_t *)item)->ref);
}

debug_gone_t *asyncscope__debug_remembered_find(
    const debug_remembered_t *remembered, async_ref_t ref) {
  return remembered->count == 0
             ? NULL
             : bsearch(&ref, remembered->items, remembered->count,
                       sizeof(*remembered->items), compare_ref);
}

void asyncscope__debug_remembered_finish(debug_remembered_t *remembered) {
  async_free(remembered->items);
  *remembered = (debug_remembered_t){.items = NULL};
}
