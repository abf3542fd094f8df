/* node:async_hooks: where am I, why, and who watches.
 *
 * Everything here acts on the calling thread's environment.
 *
 * Unless a function says otherwise:
 *   Thread: any, about itself.
 *   In hooks: yes.
 *   Errors: UV_EINVAL without an environment.
 *   Memory: a hook is the caller's, and stays while it is enabled; what is
 *     returned is borrowed.
 *   Node: where one is named. */
#ifndef ASYNCSCOPE_ASYNC_HOOKS_H
#define ASYNCSCOPE_ASYNC_HOOKS_H

#include "asyncscope/async_resource.h"
#include "asyncscope/async_types.h"
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The id of the resource whose callback runs: ASYNC_ID_ROOT at top level,
 * ASYNC_ID_NONE where nobody's does: in destroy hooks, in init hooks of what
 * comes from outside, in microtasks and promise callbacks while those are no
 * resources, and on a thread without an environment.
 * Thread: any.
 * Node: executionAsyncId(). */
ASYNC_EXTERN async_id_t async_hooks_execution_async_id(void);

/* The id of what caused the running callback. In a connection callback it is
 * the new connection's. 0 at top level, where nobody's callback runs, and where
 * the cause lives on another thread: see async_resource_origin().
 * Thread: any.
 * Node: triggerAsyncId(). */
ASYNC_EXTERN async_id_t async_hooks_trigger_async_id(void);

/* The running resource, the very one init was given. At top level, and where
 * nobody's callback runs, one resource per thread, of which only `data` may be
 * used; NULL without an environment. Borrowed: memory that the program gives
 * away in its callback (of a tick, an immediate, a request, a task) is not to
 * be touched by this pointer behind that, in after either.
 * Thread: any.
 * Node: executionAsyncResource(). */
ASYNC_EXTERN async_resource_t *async_hooks_execution_async_resource(void);

/* Callbacks of one hook; any may be NULL. `data` is the hook's. They run
 * synchronously where the event happens, so they must not block, and they may
 * call everything but what says that it is not for hooks. What makes a resource
 * there calls init again, inside of itself, so a hook that does must know when
 * to stop. The cancellation of a pool's thread waits until they have returned.
 * `type` lives as long as the process. */
typedef struct async_hook_callbacks_s {
  /* `resource` is being made: its id and trigger can be read, the struct it is
   * embedded in may not be filled yet. */
  void (*init)(async_id_t async_id, const char *type,
               async_id_t trigger_async_id, async_resource_t *resource,
               void *data);
  /* Around each callback of the resource: before it, */
  void (*before)(async_id_t async_id, void *data);
  /* and after it, also when it failed. */
  void (*after)(async_id_t async_id, void *data);
  /* Queued by the end of the resource, delivered later with execution and
   * trigger id 0; the resource's memory may be gone. */
  void (*destroy)(async_id_t async_id, void *data);
  /* A promise is being fulfilled or rejected: it is still pending, and what
   * asks for it here comes behind those who asked before. */
  void (*promise_resolve)(async_id_t async_id, void *data);
} async_hook_callbacks_t;

/* The callbacks of `base` under those of `added`: each that `added` leaves NULL
 * is `base`'s. Either may be NULL, for none. Nothing is kept of either; the
 * answer may be a base again. All are called with the one `data` of the hook:
 * where a base has data of its own, that is the first member of what is added.
 * One that replaces another may call it, as an overriding method calls super:
 *
 *   static const async_hook_callbacks_t base = {.init = on_init,
 *                                               .destroy = on_destroy};
 *   static const async_hook_callbacks_t added = {.before = on_before,
 *                                                .after = on_after};
 *   async_hook_callbacks_t all = async_hook_callbacks_extend(&base, &added);
 *   async_hook_init(&hook, &all, data);
 *
 * Thread: any.
 * Node: createHook() of an object that inherits its callbacks. */
ASYNC_EXTERN async_hook_callbacks_t async_hook_callbacks_extend(
    const async_hook_callbacks_t *base, const async_hook_callbacks_t *added);

typedef struct async_hook_s {
  /* private */
  async_hook_callbacks_t callbacks;
  void *data;
  bool track_promises;
} async_hook_t;

/* Makes a disabled hook in the caller's memory. The callbacks are copied:
 * changing `callbacks` later has no effect.
 * Errors: UV_EINVAL when `callbacks` is NULL, and only then; the hook is one
 * without callbacks.
 * Thread: any.
 * Node: createHook(). */
ASYNC_EXTERN int async_hook_init(async_hook_t *hook,
                                 const async_hook_callbacks_t *callbacks,
                                 void *data);

/* Whether the hook, from its next enable on, is told of promises: true after
 * init. Promises become resources while a hook that tracks them is enabled.
 * Errors: UV_EINVAL for false with a promise_resolve callback.
 * Thread: any.
 * Node: createHook({trackPromises}). */
ASYNC_EXTERN int async_hook_set_track_promises(async_hook_t *hook,
                                               bool track_promises);

/* From the next event on the hook is called, after those enabled before it.
 * Enabling an enabled hook does nothing. Inside a hook or a nested event the
 * events now running keep the list they began with. The memory of `hook`
 * must stay until it is disabled.
 * Errors: UV_ENOMEM, UV_EINVAL without an environment; nothing is changed.
 * Thread: the one whose events it is to see. Node: asyncHook.enable(). */
ASYNC_EXTERN int async_hook_enable(async_hook_t *hook);

/* From the next event on the hook is not called; inside a hook the events now
 * running still call it. Disabling a disabled hook does nothing.
 * Thread: the one that enabled it.
 * Node: asyncHook.disable(). */
ASYNC_EXTERN void async_hook_disable(async_hook_t *hook);

/* One row of the table of resource types that libuv families and asyncscope
 * itself emit. */
typedef struct async_wrap_provider_s {
  const char *name; /* "TCPWRAP"; static */
  unsigned number;  /* that of Node */
} async_wrap_provider_t;

/* The table in Node 26's order and numbers, static. `ret_count` is set to its
 * length.
 * Thread: any.
 * Node: asyncWrapProviders. */
ASYNC_EXTERN const async_wrap_provider_t *async_hooks_async_wrap_providers(
    size_t *ret_count);

#ifdef __cplusplus
}
#endif
#endif
