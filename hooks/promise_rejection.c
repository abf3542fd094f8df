/* Rejections that nobody asked for by the time the microtasks are done. */
#include "asyncscope/async_promise.h"

#include "env.h"
#include "error.h"
#include "frame_count.h"
#include "promise.h"

int async_set_unhandled_rejection_handler(async_unhandled_rejection_cb handler,
                                          void *data) {
  if (asyncscope__env == NULL)
    return asyncscope__fail(UV_EINVAL, "this thread has no environment");
  asyncscope__env->rejections.handler = handler;
  asyncscope__env->rejections.data = data;
  return 0;
}

void asyncscope__rejections_add(async_promise_t *promise) {
  asyncscope__rejections_t *rejections = &asyncscope__env->rejections;
  promise->rejection_frame = asyncscope__frame_hold(asyncscope__env->frame);
  promise->next_rejected = NULL;
  if (rejections->first == NULL)
    rejections->first = promise;
  else
    rejections->last->next_rejected = promise;
  rejections->last = async_promise_retain(promise);
  if (asyncscope__env->callbacks_open == 0)
    asyncscope__loop_wake(asyncscope__env);
}

/* What was uncaught leaves the scope, whether it was entered with a before or
 * not. */
static void settle(async_env_t *env, const asyncscope__promise_scope_t *scope) {
  bool failed = env->failure.pending;
  asyncscope__failure_settle(env, &env->failure);
  if (failed && scope->entered && scope->async_id > ASYNC_ID_NONE &&
      env->hooks.wanted.after > 0)
    asyncscope__emit_after(&env->hooks, scope->async_id, false);
}

static void report(async_env_t *env, async_promise_t *promise) {
  asyncscope__promise_scope_t scope =
      asyncscope__promise_push(promise, promise->rejection_frame);
  if (env->rejections.handler != NULL)
    env->rejections.handler(promise, promise->result, env->rejections.data);
  else
    async_fail("%s", asyncscope__promise_reason_text(promise));
  settle(env, &scope);
  asyncscope__promise_pop(&scope);
}

/* A handler that asks for the next one is too late. */
static void choose(async_promise_t *promise) {
  for (; promise != NULL; promise = promise->next_rejected)
    promise->unhandled = !promise->handled;
}

typedef struct rejected_s {
  async_promise_t *promise;
  size_t depth; /* around its report */
} rejected_t;

/* Also when the end of the thread passes through the handler. */
static void end_rejected(rejected_t *rejected) {
  asyncscope__scopes_leave(asyncscope__env, rejected->depth);
  async_promise_release(rejected->promise);
}

static void settle_rejected(async_env_t *env, async_promise_t *promise) {
  __attribute__((cleanup(end_rejected)))
  rejected_t rejected = {promise, env->stack.depth};
  if (rejected.promise->unhandled)
    report(env, rejected.promise);
}

/* What a handler rejects waits for the ticks and microtasks that it queued:
 * they may still ask for it. */
void asyncscope__rejections_run(async_env_t *env) {
  asyncscope__rejections_t *rejections = &env->rejections;
  async_promise_t *last = rejections->first == NULL ? NULL : rejections->last;
  bool more = last != NULL;
  choose(rejections->first);
  while (more) {
    async_promise_t *promise = rejections->first;
    more = promise != last;
    rejections->first = promise->next_rejected;
    settle_rejected(env, promise);
  }
}

void asyncscope__rejections_drop(async_env_t *env) {
  async_promise_t *promise;
  while ((promise = env->rejections.first) != NULL) {
    env->rejections.first = promise->next_rejected;
    async_promise_release(promise);
  }
}
