/* Resources counted together: by type, site, path of causes, request or
 * thread. */
#ifndef ASYNCSCOPE_DEBUG_GROUPS_H
#define ASYNCSCOPE_DEBUG_GROUPS_H

#include "lineage.h"
#include "query.h"

/* What belongs to none of so many is counted as others. */
#define DEBUG_GROUPS_MAX 16384

#define DEBUG_GROUP_LOST UINT32_MAX

/* What the resources of a group have in common; the rest is 0. */
typedef struct debug_group_key_s {
  const char *type; /* interned */
  const async_site_t *site;
  uint64_t request;
  uint32_t thread; /* number; ASYNC_THREAD_NONE where it is not by thread */
  uint32_t parent; /* of a path: the group of the cause, or none */
} debug_group_key_t;

typedef struct debug_group_s {
  debug_group_key_t key;
  uint64_t count; /* 0: only an ancestor on a path */
  uint64_t states[DEBUG_STATES];
  uint64_t oldest_us, newest_us;      /* ages */
  uint64_t age_us, run_us, callbacks; /* sums */
  async_ref_t oldest;
} debug_group_t;

typedef struct debug_groups_s {
  debug_group_by_t by;
  debug_group_t *items;
  size_t count, capacity;
  uint32_t *slots; /* a hash table of numbers, + 1 */
  uint64_t others;
} debug_groups_t;

/* Errors: UV_ENOMEM; then there is nothing to finish. */
int asyncscope__debug_groups_init(debug_groups_t *groups, debug_group_by_t by);

/* The number of the group with that key, made where there is none;
 * DEBUG_GROUP_LOST where there are too many. Errors: UV_ENOMEM. */
int asyncscope__debug_groups_find(debug_groups_t *groups,
                                  const debug_group_key_t *key,
                                  uint32_t *ret_group);

/* What tells its group, but for one by path. */
debug_group_key_t asyncscope__debug_group_key(
    debug_group_by_t by, const async_resource_info_t *info);
debug_group_key_t asyncscope__debug_gone_key(debug_group_by_t by,
                                             const debug_gone_t *gone);

/* The resource's group. `lineage` and the resource's node in it are needed for
 * paths alone; its marks are the groups' from the first call on. Errors:
 * UV_ENOMEM. */
int asyncscope__debug_groups_of(debug_groups_t *groups,
                                debug_lineage_t *lineage, uint32_t node,
                                const debug_resource_t *resource,
                                uint32_t *ret_group);

/* The same, and counts the resource in it. */
int asyncscope__debug_groups_add(debug_groups_t *groups,
                                 const debug_capture_t *capture,
                                 debug_lineage_t *lineage, uint32_t node,
                                 const debug_resource_t *resource,
                                 uint32_t *ret_group);

/* Zeroed and finished ones are left alone. */
void asyncscope__debug_groups_finish(debug_groups_t *groups);

/* The group of a node's path. Errors: UV_ENOMEM. */
int asyncscope__debug_path_group(debug_groups_t *groups,
                                 debug_lineage_t *lineage, uint32_t node,
                                 uint32_t *ret_group);

/* The same of a node whose record has been read. */
int asyncscope__debug_path_group_of(debug_groups_t *groups,
                                    debug_lineage_t *lineage, uint32_t node,
                                    const debug_resource_t *resource,
                                    uint32_t *ret_group);

#endif
