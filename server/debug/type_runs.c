#include "type_runs.h"

#include "asyncscope/async_allocator.h"
#include <string.h>

/* NULL for want of memory; behind the last possible one everything is added
 * up there. */
static debug_type_run_t *find(debug_type_runs_t *types, const char *type) {
  size_t at = 0;
  while (at < types->count && strcmp(types->items[at].type, type) != 0)
    at++;
  if (at < types->count)
    return &types->items[at];
  if (at == DEBUG_TYPE_RUNS_MAX)
    return &types->items[at - 1];
  debug_type_run_t *items = asyncscope__debug_grow(
      types->items, at, &types->capacity, sizeof(*items));
  if (items == NULL)
    return NULL;
  types->items = items;
  types->count++;
  memset(&items[at], 0, sizeof(items[at]));
  items[at].type = at == DEBUG_TYPE_RUNS_MAX - 1 ? "others" : type;
  return &items[at];
}

int asyncscope__debug_type_runs_add(debug_type_runs_t *types,
                                    async_env_t *env) {
  async_type_info_t info;
  for (size_t i = 0; async_inspect_type(env, i, &info, NULL) == 0; i++) {
    if (info.created == 0)
      continue;
    debug_type_run_t *type = find(types, info.type);
    if (type == NULL)
      return UV_ENOMEM;
    async_inspect_type(env, i, &info, &type->run);
    type->created += info.created;
    type->destroyed += info.destroyed;
  }
  return 0;
}

int asyncscope__debug_type_runs_join(debug_type_runs_t *types,
                                     const debug_type_runs_t *more) {
  for (size_t i = 0; i < more->count; i++) {
    debug_type_run_t *type = find(types, more->items[i].type);
    if (type == NULL)
      return UV_ENOMEM;
    async_histogram_add(&type->run, &more->items[i].run);
    type->created += more->items[i].created;
    type->destroyed += more->items[i].destroyed;
  }
  return 0;
}

void asyncscope__debug_type_runs_finish(debug_type_runs_t *types) {
  async_free(types->items);
  *types = (debug_type_runs_t){.items = NULL};
}
