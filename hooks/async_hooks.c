#include "asyncscope/async_hooks.h"

#include "asyncscope/async_allocator.h"
#include "env.h"
#include "error.h"
#include "hot.h"
#include "thread_cancel.h"

async_id_t async_hooks_execution_async_id(void) {
  async_env_t *env = asyncscope__env;
  if (env == NULL)
    return ASYNC_ID_NONE;
  asyncscope__entry_t *top = asyncscope__stack_top(&env->stack);
  return top == NULL ? ASYNC_ID_ROOT : top->async_id;
}

async_id_t async_hooks_trigger_async_id(void) {
  async_env_t *env = asyncscope__env;
  asyncscope__entry_t *top =
      env == NULL ? NULL : asyncscope__stack_top(&env->stack);
  return top == NULL ? ASYNC_ID_NONE : top->trigger_async_id;
}

async_resource_t *async_hooks_execution_async_resource(void) {
  async_env_t *env = asyncscope__env;
  if (env == NULL)
    return NULL;
  asyncscope__entry_t *top = asyncscope__stack_top(&env->stack);
  return top == NULL || top->resource == NULL ? &env->root : top->resource;
}

static const async_hook_callbacks_t no_callbacks = {.init = NULL};

async_hook_callbacks_t async_hook_callbacks_extend(
    const async_hook_callbacks_t *base, const async_hook_callbacks_t *added) {
  if (base == NULL)
    base = &no_callbacks;
  if (added == NULL)
    return *base;
  return (async_hook_callbacks_t){
      .init = added->init != NULL ? added->init : base->init,
      .before = added->before != NULL ? added->before : base->before,
      .after = added->after != NULL ? added->after : base->after,
      .destroy = added->destroy != NULL ? added->destroy : base->destroy,
      .promise_resolve = added->promise_resolve != NULL
                             ? added->promise_resolve
                             : base->promise_resolve};
}

int async_hook_init(async_hook_t *hook, const async_hook_callbacks_t *callbacks,
                    void *data) {
  hook->callbacks = callbacks == NULL ? no_callbacks : *callbacks;
  hook->data = data;
  hook->track_promises = true;
  return callbacks != NULL ? 0
                           : asyncscope__fail(UV_EINVAL, "callbacks is NULL");
}

int async_hook_set_track_promises(async_hook_t *hook, bool track_promises) {
  if (!track_promises && hook->callbacks.promise_resolve != NULL)
    return asyncscope__fail(UV_EINVAL, "promise_resolve needs trackPromises");
  hook->track_promises = track_promises;
  return 0;
}

static size_t position(const asyncscope__hook_list_t *list,
                       const async_hook_t *hook) {
  size_t place = 0;
  while (place < list->count && list->entries[place].hook != hook)
    place++;
  return place;
}

/* The list in force once no event runs. */
static const asyncscope__hook_list_t *coming(const asyncscope__hooks_t *hooks) {
  return &hooks->lists[hooks->changed ? !hooks->active : hooks->active];
}

static void find_only(asyncscope__hooks_t *hooks) {
  const asyncscope__hook_list_t *list = &hooks->lists[hooks->active];
  hooks->only = list->count == 1 && !hooks->uncut ? list->entries : NULL;
}

static void count_wanted(asyncscope__hooks_t *hooks) {
  const asyncscope__hook_list_t *list = &hooks->lists[hooks->active];
  hooks->wanted = (asyncscope__hook_wanted_t){0};
  for (size_t i = 0; i < list->count; i++) {
    const async_hook_callbacks_t *callbacks = &list->entries[i].callbacks;
    hooks->wanted.init += callbacks->init != NULL;
    hooks->wanted.before += callbacks->before != NULL;
    hooks->wanted.after += callbacks->after != NULL;
    hooks->wanted.destroy += callbacks->destroy != NULL;
    hooks->wanted.promise_resolve += callbacks->promise_resolve != NULL;
  }
  find_only(hooks);
}

static int reserve(asyncscope__hook_list_t *list, size_t capacity) {
  if (list->capacity >= capacity)
    return 0;
  asyncscope__hook_entry_t *entries =
      async_realloc(list->entries, capacity * sizeof(*entries));
  if (entries == NULL)
    return asyncscope__fail(UV_ENOMEM, "no memory for %zu hooks", capacity);
  list->entries = entries;
  list->capacity = capacity;
  return 0;
}

static void copy_list(asyncscope__hook_list_t *to,
                      const asyncscope__hook_list_t *from) {
  for (size_t i = 0; i < from->count; i++)
    to->entries[i] = from->entries[i];
  to->count = from->count;
}

/* The list that enable and disable may change now: the one in force while no
 * event runs, else the other one, begun as its copy. */
static asyncscope__hook_list_t *changeable(asyncscope__hooks_t *hooks) {
  if (hooks->running == 0)
    return &hooks->lists[hooks->active];
  asyncscope__hook_list_t *next = &hooks->lists[!hooks->active];
  if (!hooks->changed)
    copy_list(next, &hooks->lists[hooks->active]);
  hooks->changed = true;
  return next;
}

/* Both lists always have room for the same number of hooks, so that a copy from
 * one to the other needs no memory. Events read `entries` anew for each hook,
 * so it may move while they run. */
static int reserve_both(asyncscope__hooks_t *hooks, size_t count) {
  size_t capacity = count < 4 ? 4 : count + count / 2;
  if (hooks->lists[0].capacity >= count && hooks->lists[1].capacity >= count)
    return 0;
  int error = reserve(&hooks->lists[0], capacity);
  if (error == 0)
    error = reserve(&hooks->lists[1], capacity);
  find_only(hooks);
  return error;
}

static void begin_promises(asyncscope__hooks_t *hooks) {
  const asyncscope__hook_list_t *list = coming(hooks);
  size_t place = 0;
  while (place < list->count &&
         list->entries[place].callbacks.promise_resolve == NULL)
    place++;
  hooks->promises = hooks->promises_wanted = true;
  hooks->resolves = place < list->count;
}

static void end_promises(async_tick_t *job) {
  (void)job;
  asyncscope__hooks_t *hooks = &asyncscope__env->hooks;
  hooks->promises_ending = false;
  hooks->promises &= hooks->promises_wanted;
  hooks->resolves &= hooks->promises_wanted;
}

static void end_promises_later(async_env_t *env) {
  asyncscope__hooks_t *hooks = &env->hooks;
  hooks->promises_wanted = false;
  if (!hooks->promises || hooks->promises_ending)
    return;
  hooks->promises_ending = true;
  hooks->promises_end.cb = end_promises;
  asyncscope__job_add(env, &hooks->promises_end);
}

static bool has_callbacks(const asyncscope__hook_entry_t *entry) {
  const async_hook_callbacks_t *callbacks = &entry->callbacks;
  return callbacks->init != NULL || callbacks->before != NULL ||
         callbacks->after != NULL || callbacks->destroy != NULL ||
         callbacks->promise_resolve != NULL;
}

/* Of those that are left in `list`; one without callbacks is the last where
 * there is none at all. */
static bool was_last(const asyncscope__hook_list_t *list,
                     const asyncscope__hook_entry_t *disabled) {
  size_t place = 0;
  while (place < list->count && !has_callbacks(&list->entries[place]))
    place++;
  return place == list->count && (place == 0 || has_callbacks(disabled));
}

int async_hook_enable(async_hook_t *hook) {
  async_env_t *env = asyncscope__env;
  if (env == NULL)
    return asyncscope__fail(UV_EINVAL, "this thread has no environment");
  asyncscope__hooks_t *hooks = &env->hooks;
  const asyncscope__hook_list_t *now = coming(hooks);
  if (position(now, hook) < now->count)
    return 0;
  int error = reserve_both(hooks, now->count + 1);
  if (error != 0)
    return error;
  asyncscope__hook_list_t *list = changeable(hooks);
  list->entries[list->count++] = (asyncscope__hook_entry_t){
      hook, hook->callbacks, hook->data, hook->track_promises};
  if (hooks->running == 0)
    count_wanted(hooks);
  if (hook->track_promises)
    begin_promises(hooks);
  return 0;
}

void async_hook_disable(async_hook_t *hook) {
  async_env_t *env = asyncscope__env;
  if (env == NULL)
    return;
  asyncscope__hook_list_t *list = changeable(&env->hooks);
  size_t place = position(list, hook);
  if (place == list->count)
    return;
  asyncscope__hook_entry_t disabled = list->entries[place];
  list->count--;
  for (; place < list->count; place++)
    list->entries[place] = list->entries[place + 1];
  if (env->hooks.running == 0)
    count_wanted(&env->hooks);
  if (was_last(list, &disabled))
    end_promises_later(env);
}

void asyncscope__hooks_finish(asyncscope__hooks_t *hooks) {
  async_free(hooks->lists[0].entries);
  async_free(hooks->lists[1].entries);
  *hooks = (asyncscope__hooks_t){0};
}

void asyncscope__hooks_silence(asyncscope__hooks_t *hooks) {
  hooks->lists[0].count = 0;
  hooks->lists[1].count = 0;
  hooks->running = 0;
  asyncscope__hooks_change(hooks);
}

void asyncscope__hooks_change(asyncscope__hooks_t *hooks) {
  hooks->changed = false;
  hooks->active = !hooks->active;
  count_wanted(hooks);
}

#define CALL(entry, callback, promise, ...)                    \
  do {                                                         \
    if ((entry)->callbacks.callback != NULL &&                 \
        (!(promise) || (entry)->promises))                     \
      (entry)->callbacks.callback(__VA_ARGS__, (entry)->data); \
  } while (0)

/* Calls one callback of every hook that has it and wants the event. */
#define EMIT_TO_ALL(hooks, callback, promise, ...)                          \
  do {                                                                      \
    int cancel = (hooks)->uncut ? asyncscope__cancel_hold() : 0;            \
    const asyncscope__hook_list_t *list = &(hooks)->lists[(hooks)->active]; \
    (hooks)->running++;                                                     \
    for (size_t i = 0; i < list->count; i++)                                \
      CALL(&list->entries[i], callback, promise, __VA_ARGS__);              \
    asyncscope__hooks_end(hooks);                                           \
    if ((hooks)->uncut)                                                     \
      asyncscope__cancel_allow(cancel);                                     \
  } while (0)

void asyncscope__init_to_all(asyncscope__hooks_t *hooks, async_id_t async_id,
                             const char *type, async_id_t trigger_async_id,
                             async_resource_t *resource, bool promise) {
  EMIT_TO_ALL(hooks, init, promise, async_id, type, trigger_async_id, resource);
}

#define DEFINE_TO_ALL(event)                                             \
  void asyncscope__##event##_to_all(asyncscope__hooks_t *hooks,          \
                                    async_id_t async_id, bool promise) { \
    EMIT_TO_ALL(hooks, event, promise, async_id);                        \
  }

DEFINE_TO_ALL(before)
DEFINE_TO_ALL(after)
DEFINE_TO_ALL(destroy)

void asyncscope__emit_promise_resolve(asyncscope__hooks_t *hooks,
                                      async_id_t async_id) {
  if (hooks->wanted.promise_resolve > 0)
    EMIT_TO_ALL(hooks, promise_resolve, true, async_id);
}
