/* Which ancestors are gone. A chain of causes is followed from what is shown
 * until it meets something shown, something reached before, or its end: each
 * ancestor is passed once, so cycles and long chains cost no more than their
 * length. Resources that are hidden are passed as if they were not there. */
#include "snapshot.h"

#include "asyncscope/async_allocator.h"
#include <stdlib.h>

/* A growing array, of `gone` itself or of what has to be added to it. */
typedef struct gone_list_s {
  debug_gone_t *items;
  size_t count, capacity;
} gone_list_t;

static int compare_gone(const void *a, const void *b) {
  return asyncscope__debug_compare_refs(((const debug_gone_t *)a)->ref,
                                        ((const debug_gone_t *)b)->ref);
}

static void sort_gone(debug_gone_t *items, size_t count) {
  if (count > 1) {
    qsort(items, count, sizeof(*items), compare_gone);
  }
}

static int push(gone_list_t *list, const debug_gone_t *gone) {
  debug_gone_t *items = asyncscope__debug_grow(list->items, list->count,
                                               &list->capacity, sizeof(*items));
  if (items == NULL) {
    return UV_ENOMEM;
  }
  list->items = items;
  items[list->count++] = *gone;
  return 0;
}

static int forget(gone_list_t *forgotten, async_ref_t ref) {
  const debug_gone_t gone = {
      .ref = ref,
      .trigger = {ASYNC_THREAD_NONE, ASYNC_ID_UNSET},
      .reached = true,
  };
  return push(forgotten, &gone);
}

/* `steps` ends a cycle of hidden resources. */
static int follow(debug_snapshot_t *snapshot, gone_list_t *forgotten,
                  async_ref_t ref) {
  size_t steps = snapshot->hidden_count + 1;
  while (asyncscope__debug_is_resource(ref)) {
    debug_resource_t *live = asyncscope__debug_find_resource(snapshot, ref);
    if (live != NULL && (!live->hidden || --steps == 0)) {
      return 0;
    }
    debug_gone_t *gone = asyncscope__debug_find_gone(snapshot, ref);
    if (live == NULL && gone == NULL) {
      return forget(forgotten, ref);
    }
    if (live == NULL && gone->reached) {
      return 0;
    }
    if (live == NULL) {
      gone->reached = true;
    }
    ref = live != NULL ? live->info.trigger : gone->trigger;
  }
  return 0;
}

static async_ref_t execution_of(const debug_resource_t *resource) {
  return (async_ref_t){resource->info.thread,
                       resource->info.execution_async_id};
}

static int follow_all(debug_snapshot_t *snapshot, gone_list_t *forgotten) {
  int err = 0;
  for (size_t i = 0; i < snapshot->resource_count && err == 0; i++) {
    const debug_resource_t *resource = &snapshot->resources[i];
    if (!resource->hidden) {
      err = follow(snapshot, forgotten, resource->info.trigger);
    }
    if (!resource->hidden && err == 0) {
      err = follow(snapshot, forgotten, execution_of(resource));
    }
  }
  return err;
}

static void keep_reached(debug_snapshot_t *snapshot) {
  size_t kept = 0;
  for (size_t i = 0; i < snapshot->gone_count; i++) {
    if (snapshot->gone[i].reached) {
      snapshot->gone[kept++] = snapshot->gone[i];
    }
  }
  snapshot->gone_count = kept;
}

/* Each once, though many may have led to it. */
static int add_forgotten(gone_list_t *gone, gone_list_t *forgotten) {
  int err = 0;
  sort_gone(forgotten->items, forgotten->count);
  for (size_t i = 0; i < forgotten->count && err == 0; i++) {
    const debug_gone_t *item = &forgotten->items[i];
    if (i == 0 || compare_gone(item, item - 1) != 0) {
      err = push(gone, item);
    }
  }
  sort_gone(gone->items, gone->count);
  return err;
}

static int merge(debug_snapshot_t *snapshot, gone_list_t *forgotten) {
  gone_list_t gone = {snapshot->gone, snapshot->gone_count,
                      snapshot->gone_capacity};
  int err = add_forgotten(&gone, forgotten);
  snapshot->gone = gone.items;
  snapshot->gone_count = gone.count;
  snapshot->gone_capacity = gone.capacity;
  return err;
}

int asyncscope__debug_snapshot_find_gone(debug_snapshot_t *snapshot) {
  gone_list_t forgotten = {NULL, 0, 0};
  sort_gone(snapshot->gone, snapshot->gone_count);
  int err = follow_all(snapshot, &forgotten);
  if (err == 0) {
    keep_reached(snapshot);
    err = merge(snapshot, &forgotten);
  }
  async_free(forgotten.items);
  return err;
}
