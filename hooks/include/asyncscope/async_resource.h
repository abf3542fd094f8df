/* node:async_hooks AsyncResource: anything that is started now and calls back
 * later. Embed one in the struct that stands for the operation.
 *
 * The life of a resource:
 *   1. async_resource_init() gives it an id, captures the current context
 *      frame and fires init.
 *   2. Each callback runs between async_resource_enter() and _leave() (or in
 *      async_resource_run_in_async_scope()): ids and frame are the resource's,
 *      before and after fire around it.
 *   3. async_resource_emit_destroy() queues destroy; delivered by the loop
 *      before the immediates of the iteration, never synchronously.
 *   4. async_resource_finish() ends it: emits destroy where step 3 was left
 *      out, and drops the frame. The memory may be reused at once.
 *   5. Every init is paired with one finish. A resource belongs to the thread
 *      that made it; all functions are that thread's.
 *   6. init may allocate and fail; nothing after it allocates but _enter()
 *      beyond 64 nested scopes and async_resource_set_name().
 *   7. A resource may finish inside its own callback; its scope is left all the
 *      same, by the struct it was finished by. Until then it is still seen, as
 *      one whose destroy was asked for.
 *
 * Unless a function says otherwise:
 *   Thread: the resource's.
 *   In hooks: yes.
 *   Errors: UV_EINVAL (not a live resource of this thread), UV_ENOMEM; then
 *     nothing has happened.
 *   Memory: a resource is the caller's and must not move from init to finish;
 *     what is passed besides is copied or must outlive it.
 *   Node: where one is named. */
#ifndef ASYNCSCOPE_ASYNC_RESOURCE_H
#define ASYNCSCOPE_ASYNC_RESOURCE_H

#include "asyncscope/async_context_frame.h"
#include "asyncscope/async_types.h"
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A resource's part in the struct of who has it: from _init() to _finish(), and
 * not moved between. */
typedef struct async_resource_s {
  void *data; /* public: the embedder's, never touched */
  /* private */
  async_id_t async_id;
  async_context_frame_t *frame;
  uint32_t thread;
  uint32_t record : 31;
  uint32_t frame_lent : 1;
} async_resource_t;

/* Of async_resource_options_t. */
enum async_resource_flags_e {
  ASYNC_RESOURCE_TRIGGER = 1 << 0,        /* trigger_async_id is given */
  ASYNC_RESOURCE_FRAME = 1 << 1,          /* frame is given, NULL for none */
  ASYNC_RESOURCE_EXECUTION_NONE = 1 << 2, /* made outside tracked code */
  ASYNC_RESOURCE_REQUIRE_MANUAL_DESTROY = 1 << 3, /* finish emits nothing */
  ASYNC_RESOURCE_INTERNAL = 1 << 4,   /* asyncscope's own: hidden in /debug */
  ASYNC_RESOURCE_FRAME_LENT = 1 << 5, /* with FRAME: no reference is taken */
  /* To end without having run is a finding (async_finding.h). */
  ASYNC_RESOURCE_OWES_CALLBACK = 1 << 6,
  /* Its name is that of the request in its frame, as long as that is counted
   * on this thread: nothing is copied. */
  ASYNC_RESOURCE_REQUEST_NAME = 1 << 7,
  /* A task of a pool: /debug says that it is queued until it has run. */
  ASYNC_RESOURCE_TASK = 1 << 8
};

/* Zeroed is what holds without options. */
typedef struct async_resource_options_s {
  unsigned flags; /* of async_resource_flags_e */
  /* With ASYNC_RESOURCE_TRIGGER; any id of this thread from -1 up. Without
   * it: the default trigger in force, else the execution id. */
  async_id_t trigger_async_id;
  /* With ASYNC_RESOURCE_FRAME: used in place of the current frame. A reference
   * is taken; or, with ASYNC_RESOURCE_FRAME_LENT, the caller keeps its own
   * until the resource has finished and its scopes are left. */
  async_context_frame_t *frame;
  /* Not NULL: the cause lives on another thread; the trigger id is 0. */
  const async_ref_t *origin;
  /* Not NULL: an id from async_resource_reserve_id() of this thread. That it is
   * another's, or made up, is not noticed, as in Node: what refers to it is
   * ambiguous then, and nothing else suffers. */
  const async_id_t *async_id;
} async_resource_options_t;

/* Makes `resource` in the caller's memory and fires init. `type` is copied on
 * first sight; prefix your own types with your project's name. `options` may be
 * NULL. `data` is left as it is.
 * Errors: UV_EINVAL (no environment on this thread; type NULL or empty; trigger
 * below -1 or not below 2^53; an id below 2 or not below 2^53), UV_ENOMEM (also
 * when 65,535 different types are known); then nothing has happened and
 * async_resource_finish() is harmless. Node: new AsyncResource(type, options).
 */
#define async_resource_init(...) \
  async_resource_init_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_resource_init_at(
    const async_site_t *site, async_resource_t *resource, const char *type,
    const async_resource_options_t *options);

/* Takes the next id without making a resource yet; ASYNC_ID_UNSET without an
 * environment. */
ASYNC_EXTERN async_id_t async_resource_reserve_id(void);

/* Enters the resource's scope: its ids become current, before fires (in the
 * frame around, as in Node), then its frame is current. Pair with
 * async_resource_leave() in reverse order. Errors: UV_EINVAL (not a live
 * resource of this thread), UV_ENOMEM (more than 64 deep only); the scope was
 * not entered. */
ASYNC_EXTERN int async_resource_enter(async_resource_t *resource);

/* Fires after and restores ids and frame. A resource that is not the current
 * one is fatal: "async hook stack has become corrupted" and who is who on
 * stderr, exit code 1. */
ASYNC_EXTERN void async_resource_leave(async_resource_t *resource);

/* What runs in a scope; what it returns the caller gets. */
typedef int (*async_scope_cb)(void *arg);

/* Calls fn(arg) in the resource's scope and returns what it returned; or the
 * error of async_resource_enter(), or UV_EINVAL for a NULL fn: then nothing was
 * entered. Works after emit_destroy. An exception of C++ out of fn leaves the
 * scope as a return does, a longjmp() does not.
 * Node: runInAsyncScope(). */
ASYNC_EXTERN int async_resource_run_in_async_scope(async_resource_t *resource,
                                                   async_scope_cb fn,
                                                   void *arg);

/* As enter and leave, for a callback that comes straight from a loop: before
 * and after fire in the resource's own frame, and leaving the outermost one
 * also runs the ticks and microtasks queued meanwhile.
 * Node: node::CallbackScope. */
ASYNC_EXTERN int async_callback_scope_open(async_resource_t *resource);
ASYNC_EXTERN void async_callback_scope_close(async_resource_t *resource);

/* The same, and async_resource_finish() behind the ticks, which must not free
 * the resource: for one that is called once. It may be a copy, and may have
 * been finished inside. Cheaper than the two calls. */
ASYNC_EXTERN void async_callback_scope_close_last(async_resource_t *resource);

/* A function tied to a resource's scope. The memory is the caller's; it must
 * not move while it is bound. */
typedef struct async_bound_s {
  /* private */
  async_resource_t *resource;
  async_resource_t own;
  async_scope_cb fn;
} async_bound_t;

/* `fn` will run in the scope of `resource`, which must outlive the binding.
 * Errors: UV_EINVAL (also for a NULL resource or fn); then async_bound_finish()
 * is harmless. Node: resource.bind(fn). */
ASYNC_EXTERN int async_resource_bind(async_resource_t *resource,
                                     async_scope_cb fn, async_bound_t *bound);

/* `fn` will run in a new resource of `type` (NULL: bound-anonymous-fn) made
 * here, in the current frame. Errors: those of async_resource_init(), UV_EINVAL
 * for a NULL fn; then async_bound_finish() is harmless.
 * Node: AsyncResource.bind(fn, type). */
#define async_bind(...) async_bind_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_bind_at(const async_site_t *site, async_scope_cb fn,
                               const char *type, async_bound_t *bound);

/* Calls fn(arg) in its scope, any number of times, and returns what it
 * returned; or the error of async_resource_enter(). */
ASYNC_EXTERN int async_bound_call(async_bound_t *bound, void *arg);

/* Ends the binding, and the resource async_bind() made. Zeroed and finished
 * ones are left alone. */
ASYNC_EXTERN void async_bound_finish(async_bound_t *bound);

/* Queues destroy. Cannot fail for want of memory.
 * Errors: UV_EALREADY when it was emitted before (hooks do not fire again),
 * UV_EINVAL when not a resource of this thread. Node: emitDestroy(). */
ASYNC_EXTERN int async_resource_emit_destroy(async_resource_t *resource);

/* The last release: see the life of a resource, 4. NULL, zeroed and finished
 * resources are left alone. On another thread, which may finish it when its own
 * has none any more, nothing happens while its environment lives; then the
 * error message says so. */
ASYNC_EXTERN void async_resource_finish(async_resource_t *resource);

/* Node: asyncId(), triggerAsyncId(). -1 for a zeroed or finished resource; of a
 * tick or an immediate that has run the first still answers its id, and so does
 * async_resource_ref(). */
ASYNC_EXTERN async_id_t async_resource_async_id(const async_resource_t *);
ASYNC_EXTERN async_id_t
async_resource_trigger_async_id(const async_resource_t *);

/* Its own name among all threads; {ASYNC_THREAD_NONE, ASYNC_ID_UNSET} for a
 * zeroed or finished one. Thread: any that keeps it from ending. */
ASYNC_EXTERN async_ref_t async_resource_ref(const async_resource_t *);

/* What caused the resource, with its thread: the trigger here, or the origin
 * elsewhere that was given at init. */
ASYNC_EXTERN async_ref_t async_resource_origin(const async_resource_t *);

/* The type given at init; lives as long as the process; "" when finished. */
ASYNC_EXTERN const char *async_resource_type(const async_resource_t *);

/* Where it was made; lives as long as the process; NULL when finished. In an
 * init hook that is where the program asked for it. */
ASYNC_EXTERN const async_site_t *async_resource_site(const async_resource_t *);

#define ASYNC_RESOURCE_NAME_BYTES 56 /* with the final NUL */

/* A short text beside the type in diagnostics: a request line, a path. Copied
 * and cut at ASYNC_RESOURCE_NAME_BYTES - 1; bytes are kept as they are, so
 * whoever shows them must escape them. Errors: UV_ENOMEM, UV_EINVAL. */
ASYNC_EXTERN int async_resource_set_name(async_resource_t *resource,
                                         const char *name, size_t name_bytes);

/* Whose it is from now on, asyncscope's own or the program's, where that shows
 * only after its init: a connection, for one, on which the diagnostics are
 * read. Diagnostics, which tell of the two apart, count it as ended with the
 * one and as made with the other; hooks hear nothing. Also in its own scope.
 * Errors: UV_EINVAL when not a resource of this thread, UV_EALREADY when its
 * destroy was emitted. */
ASYNC_EXTERN int async_resource_set_internal(async_resource_t *resource,
                                             bool internal);

/* Until the matching close, what is made without a trigger of its own on this
 * thread has this one; returns the one in force before, for the close.
 * Node: the internal defaultTriggerAsyncIdScope(). */
ASYNC_EXTERN async_id_t
async_default_trigger_scope_open(async_id_t trigger_async_id);
ASYNC_EXTERN void async_default_trigger_scope_close(async_id_t previous);

#ifdef __cplusplus
}
#endif
#endif
