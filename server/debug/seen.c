#include "seen.h"

#include "asyncscope/async_allocator.h"
#include <stdlib.h>

/* FNV-1a, of words. */
static uint32_t mixed(uint32_t hash, uint64_t value) {
  hash = (hash ^ (uint32_t)value) * UINT32_C(16777619);
  return (hash ^ (uint32_t)(value >> 32)) * UINT32_C(16777619);
}

static uint32_t rest_of(const debug_resource_t *resource) {
  const async_resource_info_t *info = &resource->info;
  uint32_t hash = mixed(UINT32_C(2166136261), resource->state);
  hash = mixed(hash, (uint64_t)info->ref << 1 | (uint64_t)info->internal);
  hash = mixed(hash, info->request);
  hash = mixed(hash, info->frame);
  hash = mixed(hash, info->storages);
  for (const char *byte = info->name; *byte != '\0'; byte++)
    hash = mixed(hash, (unsigned char)*byte);
  return hash;
}

void asyncscope__debug_seen_tell(debug_seen_item_t *item,
                                 const debug_capture_t *capture,
                                 const debug_resource_t *resource) {
  const async_resource_info_t *info = &resource->info;
  *item = (debug_seen_item_t){
      .async_id = info->async_id,
      .thread = info->thread,
      .place = info->place,
      .callbacks = (uint32_t)info->callbacks,
      .run_us = (uint32_t)asyncscope__debug_run_us(capture, resource),
      .rest = rest_of(resource)};
}

int asyncscope__debug_seen_add(debug_seen_t *seen,
                               const debug_capture_t *capture,
                               const debug_resource_t *resource) {
  if (seen->count == DEBUG_SEEN_MAX)
    return UV_E2BIG;
  debug_seen_item_t *items = asyncscope__debug_grow(
      seen->items, seen->count, &seen->capacity, sizeof(*items));
  if (items == NULL)
    return UV_ENOMEM;
  seen->items = items;
  asyncscope__debug_seen_tell(&items[seen->count++], capture, resource);
  return 0;
}

static int compare(const void *left, const void *right) {
  const debug_seen_item_t *a = left, *b = right;
  return asyncscope__debug_compare_refs((async_ref_t){a->thread, a->async_id},
                                        (async_ref_t){b->thread, b->async_id});
}

static void sort(debug_seen_t *seen) {
  if (seen->count > 1)
    qsort(seen->items, seen->count, sizeof(*seen->items), compare);
}

static size_t compare_one(const debug_seen_item_t *before,
                          debug_seen_item_t *now) {
  if (before->callbacks == now->callbacks && before->run_us == now->run_us &&
      before->rest == now->rest)
    return 0;
  *now = *before;
  now->news = DEBUG_CHANGED;
  return 1;
}

size_t asyncscope__debug_seen_compare(debug_seen_t *before, debug_seen_t *now) {
  size_t old = 0, news = 0;
  sort(before);
  sort(now);
  for (size_t i = 0; i < now->count || old < before->count;) {
    int order = i == now->count ? -1
                : old == before->count
                    ? 1
                    : compare(&before->items[old], &now->items[i]);
    if (order == 0) {
      before->items[old].news = DEBUG_SAME;
      news += compare_one(&before->items[old++], &now->items[i++]);
    } else {
      if (order < 0)
        before->items[old++].news = DEBUG_GONE;
      else
        now->items[i++].news = DEBUG_NEW;
      news++;
    }
  }
  return news;
}

void asyncscope__debug_seen_finish(debug_seen_t *seen) {
  async_free(seen->items);
  *seen = (debug_seen_t){.items = NULL};
}
