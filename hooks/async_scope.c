/* Entering and leaving a resource's scope.
 *
 * In a scope entered by the program the hooks run in the frame around it; in
 * one opened for a loop's callback they run in the resource's own, as there is
 * none around. The outermost callback scope, not the outermost scope, is where
 * ticks run and failures stop: a program may run its loop inside a scope. The
 * clock is read once at each boundary; in a batch the end of one callback and
 * the beginning of the next are one boundary. */
#include "asyncscope/async_resource.h"

#include "account.h"
#include "env.h"
#include "error.h"
#include "fatal.h"
#include "resource.h"

int asyncscope__scope_push(async_env_t *env, asyncscope__entry_t *entry) {
  if (env->loss_detector.on && entry->record != 0)
    asyncscope__context_loss_entering(env, entry->record - 1);
  if (env->stack.depth > 0 || !env->batch)
    env->now_ns = uv_hrtime();
  entry->entered_ns = env->now_ns;
  int error = asyncscope__stack_push(&env->stack, entry);
  if (error == 0)
    asyncscope__counter_add(&env->counters.scopes_entered, 1);
  return error;
}

static int push(async_env_t *env, async_resource_t *resource, bool callback) {
  if (env == NULL || resource->record == 0 || resource->thread != env->thread)
    return asyncscope__fail(UV_EINVAL,
                            "not a live resource of this thread (id %lld)",
                            (long long)resource->async_id);
  asyncscope__record_t *record =
      asyncscope__slab_at(&env->records, resource->record - 1);
  asyncscope__entry_t entry = {
      .async_id = resource->async_id,
      .trigger_async_id = asyncscope__record_trigger(record, env->thread),
      .resource = resource,
      .record = resource->record,
      .callback = callback,
  };
  asyncscope__account_entered(&entry, record, resource->frame);
  return asyncscope__scope_push(env, &entry);
}

void asyncscope__scope_pop(async_env_t *env,
                           const async_context_frame_t *frame) {
  const asyncscope__entry_t *entry = asyncscope__stack_pop(&env->stack);
  env->callbacks_open -= entry->callback;
  env->now_ns = uv_hrtime();
  asyncscope__account_left(env, entry, frame);
}

void asyncscope__scope_require(async_env_t *env, async_id_t async_id) {
  async_id_t actual = async_hooks_execution_async_id();
  if (env == NULL || env->stack.depth == 0 || actual != async_id)
    asyncscope__fatal_corrupted(actual, async_id);
}

/* The scope holds a frame of its own, as the resource may end inside; unless
 * its frame is lent. */
static async_context_frame_t *frame_for(const async_resource_t *resource) {
  return resource->frame_lent ? resource->frame
                              : async_context_frame_retain(resource->frame);
}

/* The frame around is kept in the entry; `frame` is taken over. */
static void enter_frame(async_env_t *env, async_context_frame_t *frame,
                        bool lent) {
  asyncscope__stack_top(&env->stack)->saved_frame =
      async_context_frame_exchange(frame);
  env->frame_lent = lent;
}

/* What a scope was in at its end, no longer current. */
typedef struct left_s {
  async_context_frame_t *frame;
  bool lent; /* else owned */
} left_t;

static left_t leave_frame(async_env_t *env) {
  left_t left = {.lent = env->frame_lent};
  env->frame_lent = false;
  left.frame = async_context_frame_exchange(
      asyncscope__stack_top(&env->stack)->saved_frame);
  return left;
}

static void pop(async_env_t *env, left_t left) {
  asyncscope__scope_pop(env, left.frame);
  if (!left.lent)
    async_context_frame_release(left.frame);
}

int async_resource_enter(async_resource_t *resource) {
  async_env_t *env = asyncscope__env;
  int error = push(env, resource, false);
  if (error != 0)
    return error;
  async_context_frame_t *frame = frame_for(resource);
  bool lent = resource->frame_lent;
  asyncscope__emit_before(&env->hooks, resource->async_id, false);
  enter_frame(env, frame, lent);
  return 0;
}

static void leave(async_env_t *env, async_id_t async_id) {
  asyncscope__scope_require(env, async_id);
  left_t left = leave_frame(env);
  asyncscope__emit_after(&env->hooks, async_id, false);
  pop(env, left);
}

void async_resource_leave(async_resource_t *resource) {
  leave(asyncscope__env, resource->async_id);
}

/* Scopes without a resource have no frame of their own and tell nobody. */
void asyncscope__scopes_leave(async_env_t *env) {
  const asyncscope__entry_t *top;
  while ((top = asyncscope__stack_top(&env->stack)) != NULL)
    if (top->async_id > ASYNC_ID_NONE)
      leave(env, top->async_id);
    else
      asyncscope__scope_pop(env, NULL);
}

typedef struct guard_s {
  async_id_t async_id;
  size_t depth_around;
  bool returned;
} guard_t;

/* Also runs when a thread's cancellation or a C++ exception passes through:
 * then what was entered inside and not left is left first. */
static void leave_guarded(guard_t *guard) {
  async_env_t *env = asyncscope__env;
  while (!guard->returned && env->stack.depth > guard->depth_around + 1) {
    asyncscope__finding_unbalanced(env);
    leave(env, asyncscope__stack_top(&env->stack)->async_id);
  }
  leave(env, guard->async_id);
}

int async_resource_run_in_async_scope(async_resource_t *resource,
                                      async_scope_cb fn, void *arg) {
  int error = async_resource_enter(resource);
  if (error != 0)
    return error;
  __attribute__((cleanup(leave_guarded))) guard_t guard = {
      .async_id = async_hooks_execution_async_id(),
      .depth_around = asyncscope__env->stack.depth - 1,
  };
  int result = fn(arg);
  guard.returned = true;
  return result;
}

/* Top level is over when a loop calls back: a failure that nobody took there
 * is uncaught, and what was queued there runs first. */
static void end_top_level(async_env_t *env) {
  if (env->stack.depth == 0)
    asyncscope__failure_settle(env, &env->failure);
  asyncscope__ticks_run_due(env);
}

int async_callback_scope_open(async_resource_t *resource) {
  async_env_t *env = asyncscope__env;
  if (env != NULL && env->callbacks_open == 0)
    end_top_level(env);
  int error = push(env, resource, true);
  if (error != 0)
    return error;
  env->callbacks_open++;
  enter_frame(env, frame_for(resource), resource->frame_lent);
  asyncscope__emit_before(&env->hooks, resource->async_id, false);
  return 0;
}

/* A failure stops at the outermost callback of a loop or queue. */
static void close_scope(async_env_t *env, async_id_t async_id) {
  asyncscope__scope_require(env, async_id);
  bool failed = env->callbacks_open == 1 && env->failure.pending;
  if (failed)
    asyncscope__failure_uncaught(env);
  asyncscope__emit_after(&env->hooks, async_id, false);
  pop(env, leave_frame(env));
  if (failed)
    asyncscope__ticks_defer(env);
  else if (env->callbacks_open == 0)
    asyncscope__ticks_run(env);
}

void async_callback_scope_close(async_resource_t *resource) {
  close_scope(asyncscope__env, resource->async_id);
}
