/* The enabled hooks of an environment.
 *
 * Events walk the list in force. While any hook callback runs, enable and
 * disable change a second list, which takes over when the outermost event is
 * done: running and nested events keep what they began with. Both lists have
 * room for all hooks, so that disable never needs memory. */
#ifndef ASYNCSCOPE_HOOKS_HOOK_LIST_H
#define ASYNCSCOPE_HOOKS_HOOK_LIST_H

#include "asyncscope/async_hooks.h"
#include "asyncscope/async_queue.h"
#include "hot.h"
#include <stdbool.h>

typedef struct asyncscope__hook_entry_s {
  async_hook_t *hook; /* only compared */
  async_hook_callbacks_t callbacks;
  void *data;
  bool promises; /* wants events of promises too */
} asyncscope__hook_entry_t;

typedef struct asyncscope__hook_list_s {
  asyncscope__hook_entry_t *entries;
  size_t count, capacity;
} asyncscope__hook_list_t;

/* How many hooks of the list in force want an event: with none, emitting it
 * costs one compare. */
typedef struct asyncscope__hook_wanted_s {
  unsigned init, before, after, destroy, promise_resolve;
} asyncscope__hook_wanted_t;

typedef struct asyncscope__hooks_s {
  asyncscope__hook_list_t lists[2];
  /* The hook of the list in force where that has one, and its callbacks need
   * nothing around them; else NULL. */
  const asyncscope__hook_entry_t *only;
  unsigned active;  /* index of the list in force */
  unsigned running; /* events being delivered, nested ones included */
  bool changed;     /* the other list takes over when running is 0 */
  bool uncut;       /* on a pool's thread: no cancellation in a callback */
  asyncscope__hook_wanted_t wanted;
  /* Promises have ids. As in Node it begins when a hook that tracks them is
   * enabled, and ends when the last hook with callbacks is disabled, by a
   * microtask: what was entered with an id is to be left with it. */
  bool promises, promises_wanted, promises_ending;
  async_tick_t promises_end; /* queued while ending */
  /* And they take one when they are settled: a hook had promise_resolve when
   * one that tracks them was last enabled. */
  bool resolves;
} asyncscope__hooks_t;

void asyncscope__hooks_finish(asyncscope__hooks_t *hooks);
/* The thread is being ended, and no event is being delivered any more: none is
 * enabled from here on. */
void asyncscope__hooks_silence(asyncscope__hooks_t *hooks);

/* Whether any hook is enabled, with callbacks or without. */
static inline bool asyncscope__hooks_any(const asyncscope__hooks_t *hooks) {
  unsigned next = hooks->changed ? !hooks->active : hooks->active;
  return hooks->lists[next].count > 0;
}

/* Of the list in force: what enabled and disabled hooks wait for is over. */
ASYNCSCOPE__COLD void asyncscope__hooks_change(asyncscope__hooks_t *hooks);

ASYNCSCOPE__HOT void asyncscope__hooks_end(asyncscope__hooks_t *hooks) {
  hooks->running--;
  if (ASYNCSCOPE__UNLIKELY(hooks->changed) && hooks->running == 0)
    asyncscope__hooks_change(hooks);
}

void asyncscope__init_to_all(asyncscope__hooks_t *hooks, async_id_t async_id,
                             const char *type, async_id_t trigger_async_id,
                             async_resource_t *resource, bool promise);
void asyncscope__before_to_all(asyncscope__hooks_t *hooks, async_id_t async_id,
                               bool promise);
void asyncscope__after_to_all(asyncscope__hooks_t *hooks, async_id_t async_id,
                              bool promise);
void asyncscope__destroy_to_all(asyncscope__hooks_t *hooks, async_id_t async_id,
                                bool promise);

/* Mostly there is one: then nothing but the arguments is to be kept. `promise`:
 * the event is a promise's. */
#define ASYNCSCOPE__EMIT(hooks, event, promise, ...)             \
  do {                                                           \
    const asyncscope__hook_entry_t *only = (hooks)->only;        \
    if (ASYNCSCOPE__UNLIKELY(only == NULL)) {                    \
      asyncscope__##event##_to_all(hooks, __VA_ARGS__, promise); \
    } else if (only->callbacks.event != NULL &&                  \
               (!(promise) || only->promises)) {                 \
      (hooks)->running++;                                        \
      only->callbacks.event(__VA_ARGS__, only->data);            \
      asyncscope__hooks_end(hooks);                              \
    }                                                            \
  } while (0)

ASYNCSCOPE__HOT void asyncscope__emit_init(
    asyncscope__hooks_t *hooks, async_id_t async_id, const char *type,
    async_id_t trigger_async_id, async_resource_t *resource, bool promise) {
  ASYNCSCOPE__EMIT(hooks, init, promise, async_id, type, trigger_async_id,
                   resource);
}

ASYNCSCOPE__HOT void asyncscope__emit_before(asyncscope__hooks_t *hooks,
                                             async_id_t async_id,
                                             bool promise) {
  ASYNCSCOPE__EMIT(hooks, before, promise, async_id);
}

ASYNCSCOPE__HOT void asyncscope__emit_after(asyncscope__hooks_t *hooks,
                                            async_id_t async_id, bool promise) {
  ASYNCSCOPE__EMIT(hooks, after, promise, async_id);
}

ASYNCSCOPE__HOT void asyncscope__emit_destroy(asyncscope__hooks_t *hooks,
                                              async_id_t async_id,
                                              bool promise) {
  ASYNCSCOPE__EMIT(hooks, destroy, promise, async_id);
}

void asyncscope__emit_promise_resolve(asyncscope__hooks_t *hooks,
                                      async_id_t async_id);

#endif
