#include "groups.h"

#include "asyncscope/async_allocator.h"
#include <string.h>

#define SLOTS (4 * DEBUG_GROUPS_MAX) /* a power of two */

int asyncscope__debug_groups_init(debug_groups_t *groups, debug_group_by_t by) {
  *groups = (debug_groups_t){.by = by};
  groups->slots = async_calloc(SLOTS, sizeof(*groups->slots));
  return groups->slots == NULL ? UV_ENOMEM : 0;
}

void asyncscope__debug_groups_finish(debug_groups_t *groups) {
  async_free(groups->items);
  async_free(groups->slots);
  *groups = (debug_groups_t){.items = NULL};
}

static uint64_t mixed(uint64_t hash, uint64_t value) {
  hash = (hash ^ value) * UINT64_C(0x9e3779b97f4a7c15);
  return hash ^ hash >> 29;
}

static uint64_t hash_of(const debug_group_key_t *key) {
  uint64_t hash = mixed(0, (uint64_t)(uintptr_t)key->type);
  hash = mixed(hash, key->site == NULL ? 0 : key->site->line);
  hash = mixed(hash, key->request);
  return mixed(hash, (uint64_t)key->thread << 32 | key->parent);
}

static bool same_text(const char *a, const char *b) {
  return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* A line of a header is one site for each source that includes it. */
static bool same_site(const async_site_t *a, const async_site_t *b) {
  return a == b ||
         (a != NULL && b != NULL && a->line == b->line &&
          same_text(a->file, b->file) && same_text(a->function, b->function));
}

static bool same_key(const debug_group_key_t *a, const debug_group_key_t *b) {
  return a->type == b->type && a->request == b->request &&
         a->thread == b->thread && a->parent == b->parent &&
         same_site(a->site, b->site);
}

static int add_group(debug_groups_t *groups, const debug_group_key_t *key,
                     uint32_t *slot) {
  debug_group_t *items = asyncscope__debug_grow(
      groups->items, groups->count, &groups->capacity, sizeof(*items));
  if (items == NULL)
    return UV_ENOMEM;
  groups->items = items;
  items[groups->count] = (debug_group_t){.key = *key};
  *slot = (uint32_t)++groups->count;
  return 0;
}

int asyncscope__debug_groups_find(debug_groups_t *groups,
                                  const debug_group_key_t *key,
                                  uint32_t *ret_group) {
  size_t at = hash_of(key) % SLOTS;
  uint32_t *slot = &groups->slots[at];
  int error = 0;
  while (*slot != 0 && !same_key(&groups->items[*slot - 1].key, key)) {
    at = (at + 1) % SLOTS;
    slot = &groups->slots[at];
  }
  if (*slot == 0 && groups->count < DEBUG_GROUPS_MAX)
    error = add_group(groups, key, slot);
  *ret_group = *slot == 0 ? DEBUG_GROUP_LOST : *slot - 1;
  return error;
}

debug_group_key_t asyncscope__debug_group_key(
    debug_group_by_t by, const async_resource_info_t *info) {
  debug_group_key_t key = {.thread = ASYNC_THREAD_NONE,
                           .parent = DEBUG_GROUP_LOST};
  if (by == DEBUG_GROUP_TYPE || by == DEBUG_GROUP_SITE)
    key.type = info->type;
  if (by == DEBUG_GROUP_SITE)
    key.site = info->site;
  if (by == DEBUG_GROUP_REQUEST)
    key.request = info->request;
  if (by == DEBUG_GROUP_THREAD)
    key.thread = info->thread;
  return key;
}

debug_group_key_t asyncscope__debug_gone_key(debug_group_by_t by,
                                             const debug_gone_t *gone) {
  const async_resource_info_t info = {
      .thread = gone->ref.thread, .type = gone->type, .site = gone->site};
  return asyncscope__debug_group_key(by, &info);
}

static void count(debug_group_t *group, const debug_capture_t *capture,
                  const debug_resource_t *resource) {
  uint64_t age_us = asyncscope__debug_age_us(capture, resource);
  if (group->count == 0 || age_us > group->oldest_us) {
    group->oldest_us = age_us;
    group->oldest = asyncscope__debug_ref(&resource->info);
  }
  if (group->count == 0 || age_us < group->newest_us)
    group->newest_us = age_us;
  group->count++;
  group->states[resource->state]++;
  group->age_us += age_us;
  group->run_us += asyncscope__debug_run_us(capture, resource);
  group->callbacks += resource->info.callbacks;
}

int asyncscope__debug_groups_of(debug_groups_t *groups,
                                debug_lineage_t *lineage, uint32_t node,
                                const debug_resource_t *resource,
                                uint32_t *ret_group) {
  debug_group_key_t key =
      asyncscope__debug_group_key(groups->by, &resource->info);
  *ret_group = DEBUG_GROUP_LOST;
  if (groups->by != DEBUG_GROUP_PATH)
    return asyncscope__debug_groups_find(groups, &key, ret_group);
  return node == DEBUG_NODE_NONE
             ? 0
             : asyncscope__debug_path_group_of(groups, lineage, node, resource,
                                               ret_group);
}

int asyncscope__debug_groups_add(debug_groups_t *groups,
                                 const debug_capture_t *capture,
                                 debug_lineage_t *lineage, uint32_t node,
                                 const debug_resource_t *resource,
                                 uint32_t *ret_group) {
  int error =
      asyncscope__debug_groups_of(groups, lineage, node, resource, ret_group);
  if (error == 0 && *ret_group != DEBUG_GROUP_LOST)
    count(&groups->items[*ret_group], capture, resource);
  else
    groups->others += error == 0;
  return error;
}
