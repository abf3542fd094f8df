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
#include "frame_count.h"
#include "hot.h"
#include "probes.h"
#include "record_end.h"
#include "resource.h"

/* In a batch the scope before ended just now. */
ASYNCSCOPE__HOT uint64_t clock_at_entry(async_env_t *env) {
  size_t depth = env->stack.depth;
  if (ASYNCSCOPE__UNLIKELY(env->loop.waiting))
    asyncscope__loop_waited(env);
  else if (depth + 1 != env->batch && (depth == 0 || env->times))
    return asyncscope__read_clock(env);
  return env->now_ns;
}

/* The entry at stack_next() is filled but for the time. */
ASYNCSCOPE__HOT void open_scope(async_env_t *env, asyncscope__entry_t *entry) {
  entry->entered_ns = clock_at_entry(env);
  asyncscope__stack_commit(&env->stack, entry);
  asyncscope__counter_add(&env->counters.scopes_entered, 1);
}

ASYNCSCOPE__COLD static void look_for_loss(async_env_t *env, uint32_t record) {
  if (record != 0)
    asyncscope__context_loss_entering(env, record - 1);
}

int asyncscope__scope_push(async_env_t *env, const asyncscope__entry_t *entry) {
  if (env->loss_detector.on)
    look_for_loss(env, entry->record);
  asyncscope__entry_t *next = asyncscope__stack_next(&env->stack);
  if (next == NULL)
    return UV_ENOMEM;
  *next = *entry;
  open_scope(env, next);
  return 0;
}

/* The scope, or NULL: UV_ENOMEM. */
ASYNCSCOPE__HOT asyncscope__entry_t *push(async_env_t *env,
                                          async_resource_t *resource,
                                          asyncscope__record_t *record,
                                          bool callback) {
  if (ASYNCSCOPE__UNLIKELY(env->loss_detector.on))
    look_for_loss(env, resource->record);
  asyncscope__entry_t *entry = asyncscope__stack_next(&env->stack);
  if (entry == NULL)
    return NULL;
  async_id_t async_id = resource->async_id;
  uint32_t index = resource->record;
  const async_context_frame_t *frame = resource->frame;
  entry->async_id = async_id;
  entry->trigger_async_id = asyncscope__record_trigger(record, env->thread);
  entry->resource = resource;
  entry->saved_frame = NULL;
  entry->nested_ns = 0;
  entry->record = index;
  asyncscope__account_entered(entry, record, frame,
                              callback ? ASYNCSCOPE__CALLBACK : 0);
  open_scope(env, entry);
  return entry;
}

ASYNCSCOPE__HOT asyncscope__entry_t *pop_entry(async_env_t *env) {
  asyncscope__entry_t *entry = asyncscope__stack_take(&env->stack);
  env->callbacks_open -= (entry->marks & ASYNCSCOPE__CALLBACK) != 0;
  if (env->times)
    asyncscope__read_clock(env);
  return entry;
}

void asyncscope__scope_pop(async_env_t *env,
                           const async_context_frame_t *frame) {
  asyncscope__account_left(env, pop_entry(env), frame, false);
}

void asyncscope__scope_require(async_env_t *env, async_id_t async_id) {
  async_id_t actual = async_hooks_execution_async_id();
  if (env == NULL || env->stack.depth == 0 || actual != async_id)
    asyncscope__fatal_corrupted(actual, async_id);
}

/* At top level there is no scope to leave: the root's id is current there, and
 * the program can lay its hands on the root. */
ASYNCSCOPE__HOT void require(async_env_t *env, async_id_t async_id) {
  if (ASYNCSCOPE__UNLIKELY(env == NULL || env->stack.depth == 0 ||
                           asyncscope__execution_id(env) != async_id))
    asyncscope__scope_require(env, async_id);
}

/* The scope holds a frame of its own, as the resource may end inside; unless
 * its frame is lent. The frame around is kept in the entry. */
ASYNCSCOPE__HOT async_context_frame_t *hold_frame(
    const async_resource_t *resource) {
  async_context_frame_t *frame = resource->frame;
  if (!resource->frame_lent)
    asyncscope__frame_hold(frame);
  return frame;
}

ASYNCSCOPE__HOT void enter_frame(async_env_t *env, asyncscope__entry_t *entry,
                                 async_context_frame_t *frame, bool lent) {
  async_context_frame_t *around = env->frame;
  if (env->frame_lent)
    asyncscope__frame_hold(around);
  entry->saved_frame = around;
  env->frame = frame;
  env->frame_lent = lent;
}

/* What a scope was in at its end, no longer current. */
typedef struct left_s {
  async_context_frame_t *frame;
  bool lent; /* else owned */
} left_t;

ASYNCSCOPE__HOT left_t leave_frame(async_env_t *env) {
  left_t left = {env->frame, env->frame_lent};
  env->frame = env->stack.top->saved_frame;
  env->frame_lent = false;
  return left;
}

/* `last` as in asyncscope__account_left(). */
ASYNCSCOPE__HOT void pop(async_env_t *env, left_t left, bool last) {
  asyncscope__account_left(env, pop_entry(env), left.frame, last);
  if (!left.lent)
    asyncscope__frame_drop(left.frame);
}

int async_resource_enter(async_resource_t *resource) {
  async_env_t *env = asyncscope__env;
  asyncscope__record_t *record = asyncscope__record_in(env, resource);
  if (record == NULL)
    return asyncscope__not_live_here(resource);
  async_id_t async_id = resource->async_id;
  if (push(env, resource, record, false) == NULL)
    return UV_ENOMEM;
  ASYNCSCOPE__PROBE1(before, async_id);
  async_context_frame_t *frame = hold_frame(resource);
  bool lent = resource->frame_lent;
  if (env->hooks.wanted.before > 0)
    asyncscope__emit_before(&env->hooks, async_id, false);
  enter_frame(env, env->stack.top, frame, lent);
  return 0;
}

ASYNCSCOPE__HOT void leave(async_env_t *env, async_id_t async_id) {
  require(env, async_id);
  ASYNCSCOPE__PROBE1(after, async_id);
  left_t left = leave_frame(env);
  if (env->hooks.wanted.after > 0)
    asyncscope__emit_after(&env->hooks, async_id, false);
  pop(env, left, false);
}

void async_resource_leave(async_resource_t *resource) {
  leave(asyncscope__env, resource->async_id);
}

/* Of scopes without a resource nobody is told. */
static void leave_topmost(async_env_t *env) {
  async_id_t async_id = env->stack.top->async_id;
  if (async_id > ASYNC_ID_NONE)
    leave(env, async_id);
  else
    pop(env, leave_frame(env), false);
}

void asyncscope__scopes_leave(async_env_t *env, size_t depth) {
  while (env->stack.depth > depth)
    leave_topmost(env);
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
    leave_topmost(env);
  }
  leave(env, guard->async_id);
}

int async_resource_run_in_async_scope(async_resource_t *resource,
                                      async_scope_cb fn, void *arg) {
  if (ASYNCSCOPE__UNLIKELY(fn == NULL))
    return asyncscope__fail(UV_EINVAL, "fn is NULL");
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

void asyncscope__top_level_end(async_env_t *env) {
  if (env->failure.pending)
    asyncscope__failure_settle_at_top(env);
  if (asyncscope__ticks_wanted(env))
    asyncscope__ticks_run_due(env);
}

int async_callback_scope_open(async_resource_t *resource) {
  async_env_t *env = asyncscope__env;
  if (env != NULL && env->callbacks_open == 0 && asyncscope__ticks_wanted(env))
    asyncscope__top_level_end(env);
  asyncscope__record_t *record = asyncscope__record_in(env, resource);
  if (record == NULL)
    return asyncscope__not_live_here(resource);
  asyncscope__entry_t *entry = push(env, resource, record, true);
  if (entry == NULL)
    return UV_ENOMEM;
  ASYNCSCOPE__PROBE1(before, resource->async_id);
  env->callbacks_open++;
  enter_frame(env, entry, hold_frame(resource), resource->frame_lent);
  if (env->hooks.wanted.before > 0)
    asyncscope__emit_before(&env->hooks, resource->async_id, false);
  return 0;
}

/* A failure stops at the outermost callback of a loop or queue. */
ASYNCSCOPE__HOT void close_scope(async_env_t *env, async_id_t async_id) {
  require(env, async_id);
  ASYNCSCOPE__PROBE1(after, async_id);
  bool failed = env->callbacks_open == 1 && env->failure.pending;
  if (ASYNCSCOPE__UNLIKELY(failed))
    asyncscope__failure_uncaught(env);
  if (env->hooks.wanted.after > 0)
    asyncscope__emit_after(&env->hooks, async_id, false);
  pop(env, leave_frame(env), false);
  if (ASYNCSCOPE__UNLIKELY(failed))
    asyncscope__ticks_defer(env);
  else if (env->callbacks_open == 0 && asyncscope__ticks_wanted(env))
    asyncscope__ticks_run(env);
}

void asyncscope__callback_scope_close(async_id_t async_id) {
  close_scope(asyncscope__env, async_id);
}

void async_callback_scope_close(async_resource_t *resource) {
  close_scope(asyncscope__env, resource->async_id);
}

/* Whether somebody may be called between after and the end of the record, or
 * the record does not end there. */
ASYNCSCOPE__HOT bool ends_apart(const async_env_t *env,
                                const async_resource_t *resource,
                                const asyncscope__record_t *record) {
  return env->hooks.wanted.after > 0 || env->hooks.wanted.destroy > 0 ||
         asyncscope__ticks_wanted(env) || env->frame != resource->frame ||
         (asyncscope__flags(record) &
          (ASYNCSCOPE__EMITTED | ASYNCSCOPE__MANUAL)) != 0;
}

/* The resource, or who has lent it, holds the frame longer than the scope. */
ASYNCSCOPE__HOT void end_in_one(async_env_t *env,
                                const async_resource_t *resource,
                                asyncscope__record_t *record) {
  require(env, resource->async_id);
  ASYNCSCOPE__PROBE1(after, resource->async_id);
  pop(env, leave_frame(env), true);
  uint32_t index = resource->record - 1, flags = asyncscope__flags(record);
  asyncscope__record_settle(
      env, index, record,
      ASYNCSCOPE__FINISHED |
          asyncscope__record_emit(env, index, record, flags));
}

void async_callback_scope_close_last(async_resource_t *resource) {
  async_env_t *env = asyncscope__env;
  asyncscope__record_t *record = asyncscope__record_in(env, resource);
  if (record == NULL || ends_apart(env, resource, record)) {
    close_scope(env, resource->async_id);
    async_resource_finish(resource);
    return;
  }
  async_context_frame_t *frame = resource->frame_lent ? NULL : resource->frame;
  end_in_one(env, resource, record);
  resource->frame = NULL;
  resource->record = 0;
  asyncscope__frame_drop(frame);
}
