/* Copying the live state. Of each environment the records come first, then
 * what it says of itself, then its ancestors: so an age is never negative, and
 * a resource that ended between two of these steps is found among the
 * ancestors. The reference to the environment is all that is held meanwhile. */
#include "snapshot.h"

#include "asyncscope/async_allocator.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

#define BATCH 32

void *asyncscope__debug_grow(void *items, size_t count, size_t *capacity,
                             size_t item_bytes) {
  if (count < *capacity) {
    return items;
  }
  size_t grown = count < 16 ? 16 : count + count / 2;
  if (grown > SIZE_MAX / item_bytes) {
    return NULL;
  }
  void *moved = async_realloc(items, grown * item_bytes);
  if (moved != NULL) {
    *capacity = grown;
  }
  return moved;
}

static int add_resource(debug_snapshot_t *snapshot,
                        const async_resource_info_t *info) {
  debug_resource_t *items =
      asyncscope__debug_grow(snapshot->resources, snapshot->resource_count,
                             &snapshot->resource_capacity, sizeof(*items));
  if (items == NULL) {
    return UV_ENOMEM;
  }
  snapshot->resources = items;
  items[snapshot->resource_count++] = (debug_resource_t){.info = *info};
  return 0;
}

static int add_gone(debug_snapshot_t *snapshot, uint32_t thread,
                    const async_ancestor_info_t *info) {
  debug_gone_t *items =
      asyncscope__debug_grow(snapshot->gone, snapshot->gone_count,
                             &snapshot->gone_capacity, sizeof(*items));
  if (items == NULL) {
    return UV_ENOMEM;
  }
  snapshot->gone = items;
  items[snapshot->gone_count++] = (debug_gone_t){
      .ref = {thread, info->async_id},
      .trigger = info->trigger,
      .type = info->type,
      .site = info->site,
  };
  return 0;
}

static int copy_resources(debug_snapshot_t *snapshot, async_env_t *env) {
  async_resource_info_t batch[BATCH];
  uint32_t cursor = 0;
  size_t count;
  while ((count = async_inspect_resources(env, &cursor, batch, BATCH)) > 0) {
    for (size_t i = 0; i < count; i++) {
      int err = add_resource(snapshot, &batch[i]);
      if (err != 0) {
        return err;
      }
    }
  }
  return 0;
}

static int copy_ancestors(debug_snapshot_t *snapshot, async_env_t *env,
                          uint32_t thread) {
  async_ancestor_info_t batch[BATCH];
  uint32_t cursor = 0;
  size_t count;
  while ((count = async_inspect_ancestors(env, &cursor, batch, BATCH)) > 0) {
    for (size_t i = 0; i < count; i++) {
      int err = add_gone(snapshot, thread, &batch[i]);
      if (err != 0) {
        return err;
      }
    }
  }
  return 0;
}

static int copy_thread(debug_snapshot_t *snapshot, async_env_t *env) {
  debug_thread_t *items =
      asyncscope__debug_grow(snapshot->threads, snapshot->thread_count,
                             &snapshot->thread_capacity, sizeof(*items));
  if (items == NULL) {
    return UV_ENOMEM;
  }
  snapshot->threads = items;
  debug_thread_t *thread = &items[snapshot->thread_count];
  *thread = (debug_thread_t){.first = snapshot->resource_count};
  int err = copy_resources(snapshot, env);
  if (err != 0) {
    return err;
  }
  thread->count = snapshot->resource_count - thread->first;
  async_inspect_env(env, &thread->info);
  thread->captured_ns = async_inspect_now_ns();
  snapshot->thread_count++;
  return copy_ancestors(snapshot, env, thread->info.thread);
}

/* What an environment that has ended leaves behind is nobody's any more. */
static void drop_ended(debug_snapshot_t *snapshot) {
  debug_thread_t *last = &snapshot->threads[snapshot->thread_count - 1];
  if (last->info.ended) {
    snapshot->resource_count = last->first;
    snapshot->thread_count--;
  }
}

static int copy_threads(debug_snapshot_t *snapshot) {
  async_env_t *env = async_inspect_next(NULL);
  while (env != NULL) {
    int err = copy_thread(snapshot, env);
    if (err != 0) {
      async_inspect_release(env);
      return err;
    }
    drop_ended(snapshot);
    env = async_inspect_next(env);
  }
  return 0;
}

static void copy_pool(const worker_pool_t *from, debug_pool_t *pool) {
  worker_pool_info(from, &pool->info);
  worker_pool_times_total(from, &pool->times);
  while (worker_pool_times(from, pool->type_count,
                           &pool->types[pool->type_count]) == 0) {
    pool->type_count++;
  }
}

static int copy_pools(debug_snapshot_t *snapshot,
                      const asyncscope_debug_options_t *options) {
  if (options->pool_count == 0) {
    return 0;
  }
  snapshot->pools = async_calloc(options->pool_count, sizeof(*snapshot->pools));
  if (snapshot->pools == NULL) {
    return UV_ENOMEM;
  }
  for (size_t i = 0; i < options->pool_count; i++) {
    const char *name = options->pools[i].name;
    debug_pool_t *pool = &snapshot->pools[snapshot->pool_count++];
    snprintf(pool->name, sizeof(pool->name), "%s", name == NULL ? "" : name);
    copy_pool(options->pools[i].pool, pool);
  }
  return 0;
}

static void copy_texts(debug_snapshot_t *snapshot,
                       const asyncscope_debug_options_t *options) {
  const char *tool = options->tool_name;
  const char *command = options->command;
  snprintf(snapshot->tool_name, sizeof(snapshot->tool_name), "%s",
           tool == NULL ? "asyncscope" : tool);
  snprintf(snapshot->command, sizeof(snapshot->command), "%s",
           command == NULL ? program_invocation_short_name : command);
  for (uint32_t slot = 0; slot < DEBUG_STORES; slot++) {
    async_inspect_key_name(slot, snapshot->store_names[slot],
                           sizeof(snapshot->store_names[slot]));
  }
}

/* A process is at least as old as its oldest environment. */
static uint64_t find_start(const debug_snapshot_t *snapshot,
                           uint64_t started_ns) {
  uint64_t earliest_ns = started_ns == 0 ? snapshot->begun_ns : started_ns;
  for (size_t i = 0; i < snapshot->thread_count; i++) {
    uint64_t opened_ns = snapshot->threads[i].info.opened_ns;
    earliest_ns = opened_ns < earliest_ns ? opened_ns : earliest_ns;
  }
  return earliest_ns;
}

static int take(debug_snapshot_t *snapshot,
                const asyncscope_debug_options_t *options) {
  snapshot->internal = options->internal;
  snapshot->begun_ns = async_inspect_now_ns();
  clock_gettime(CLOCK_REALTIME, &snapshot->time);
  copy_texts(snapshot, options);
  int err = copy_threads(snapshot);
  if (err == 0) {
    err = copy_pools(snapshot, options);
  }
  if (err == 0) {
    snapshot->started_ns = find_start(snapshot, options->started_ns);
    err = asyncscope__debug_snapshot_relate(snapshot);
  }
  snapshot->ended_ns = async_inspect_now_ns();
  return err;
}

int asyncscope__debug_snapshot_take(const asyncscope_debug_options_t *options,
                                    debug_snapshot_t **ret_snapshot) {
  debug_snapshot_t *snapshot = async_calloc(1, sizeof(*snapshot));
  if (snapshot == NULL) {
    return UV_ENOMEM;
  }
  int err = take(snapshot, options);
  if (err != 0) {
    asyncscope__debug_snapshot_destroy(snapshot);
    return err;
  }
  *ret_snapshot = snapshot;
  return 0;
}

void asyncscope__debug_snapshot_destroy(debug_snapshot_t *snapshot) {
  if (snapshot == NULL) {
    return;
  }
  async_free(snapshot->threads);
  async_free(snapshot->resources);
  async_free(snapshot->gone);
  async_free(snapshot->types);
  async_free(snapshot->requests);
  async_free(snapshot->thread_requests);
  async_free(snapshot->pools);
  async_free(snapshot);
}
