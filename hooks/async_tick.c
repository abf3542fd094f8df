/* Ticks and microtasks: all ticks, then all microtasks, again until both are
 * empty. Each is a resource whose one callback runs in its own scope. */
#include "asyncscope/async_queue.h"

#include "asyncscope/async_allocator.h"
#include "env.h"
#include "error.h"
#include "frame_count.h"
#include "promise.h"
#include "resource.h"

/* A tick in memory of our own, for callers that bring none. */
typedef struct own_tick_s {
  async_tick_t tick; /* first: a tick of ours is cast to this */
  async_callback_cb cb;
  void *arg;
} own_tick_t;

static void append(asyncscope__tick_queue_t *queue, async_tick_t *tick) {
  tick->next = NULL;
  *queue->last = tick;
  queue->last = &tick->next;
}

static async_tick_t *take(asyncscope__tick_queue_t *queue) {
  async_tick_t *tick = queue->first;
  queue->first = tick->next;
  if (queue->first == NULL)
    queue->last = &queue->first;
  return tick;
}

static int start(const async_site_t *site, const char *type,
                 asyncscope__tick_queue_t *queue, async_tick_t *tick,
                 async_tick_cb cb, const async_resource_options_t *options) {
  int error = async_resource_init_at(site, &tick->resource, type, options);
  if (error != 0)
    return error;
  tick->cb = cb;
  append(queue, tick);
  if (asyncscope__env->callbacks_open == 0)
    asyncscope__loop_wake(asyncscope__env);
  return 0;
}

int async_tick_start_at(const async_site_t *site, async_tick_t *tick,
                        async_tick_cb cb,
                        const async_resource_options_t *options) {
  if (asyncscope__env == NULL || cb == NULL)
    return asyncscope__fail(UV_EINVAL, "a tick needs %s",
                            cb == NULL ? "a callback" : "an environment");
  return start(site, "TickObject", &asyncscope__env->ticks, tick, cb, options);
}

static void run_own(async_tick_t *tick) {
  own_tick_t *own = (own_tick_t *)tick;
  own->cb(own->arg);
}

/* Entered or, without memory, in that frame all the same. The frame around is
 * kept in the scope, where the end of the thread finds it; else in
 * `ret_around`. */
static bool enter_nobody(async_env_t *env, async_context_frame_t *frame,
                         async_context_frame_t **ret_around) {
  asyncscope__entry_t nobody = {.async_id = ASYNC_ID_NONE};
  bool entered = asyncscope__scope_push(env, &nobody) == 0;
  async_context_frame_t *around = asyncscope__frame_exchange(frame);
  if (entered)
    env->stack.top->saved_frame = around;
  else
    *ret_around = around;
  return entered;
}

/* The frame that it was left in, the caller's. */
static async_context_frame_t *leave_nobody(async_env_t *env, bool entered,
                                           async_context_frame_t *around) {
  if (!entered)
    return asyncscope__frame_exchange(around);
  asyncscope__scope_require(env, ASYNC_ID_NONE);
  async_context_frame_t *left =
      asyncscope__frame_exchange(env->stack.top->saved_frame);
  asyncscope__scope_pop(env, left);
  return left;
}

static void run_untracked(async_tick_t *tick) {
  async_env_t *env = asyncscope__env;
  async_context_frame_t *around = NULL;
  bool entered = enter_nobody(env, NULL, &around);
  run_own(tick);
  tick->resource.frame = leave_nobody(env, entered, around);
}

static int start_own(const async_site_t *site, const char *type,
                     asyncscope__tick_queue_t *queue, async_callback_cb cb,
                     void *arg) {
  own_tick_t *own = cb == NULL ? NULL : async_calloc(1, sizeof(*own));
  if (own == NULL)
    return asyncscope__fail(
        cb == NULL ? UV_EINVAL : UV_ENOMEM,
        cb == NULL ? "%s needs a callback" : "no memory for a %s", type);
  own->cb = cb;
  own->arg = arg;
  int error = start(site, type, queue, &own->tick, run_own, NULL);
  if (error != 0)
    async_free(own);
  return error;
}

int async_next_tick_at(const async_site_t *site, async_callback_cb cb,
                       void *arg) {
  if (asyncscope__env == NULL)
    return asyncscope__fail(UV_EINVAL, "this thread has no environment");
  return start_own(site, "TickObject", &asyncscope__env->ticks, cb, arg);
}

/* With no hook and no frame there is nothing to tell and nothing to carry: the
 * microtask takes no id and runs as from nowhere. */
static int start_untracked(async_env_t *env, async_callback_cb cb, void *arg) {
  own_tick_t *own = async_calloc(1, sizeof(*own));
  if (own == NULL)
    return asyncscope__fail(UV_ENOMEM, "no memory for a Microtask");
  own->cb = cb;
  own->arg = arg;
  own->tick.cb = run_untracked;
  asyncscope__job_add(env, &own->tick);
  return 0;
}

int async_queue_microtask_at(const async_site_t *site, async_callback_cb cb,
                             void *arg) {
  async_env_t *env = asyncscope__env;
  if (env == NULL)
    return asyncscope__fail(UV_EINVAL, "this thread has no environment");
  if (cb != NULL && env->frame == NULL && !asyncscope__hooks_any(&env->hooks))
    return start_untracked(env, cb, arg);
  return start_own(site, "Microtask", &env->microtasks, cb, arg);
}

typedef struct run_s {
  async_env_t *env;
  bool microtask;
  async_resource_t ended; /* a copy: the callback may free or reuse the tick */
  async_tick_t *own; /* of ours: the running resource until its scope ends */
  size_t depth;      /* of its callback, in its scope if it has one */
  bool entered, returned;
} run_t;

/* The handler runs in the tick's scope. */
static void settle_failed_tick(async_env_t *env) {
  if (!env->failure.pending || env->callbacks_open > 0)
    return;
  env->ticks_deferred = true;
  asyncscope__failure_settle(env, &env->failure);
}

/* The handler runs when the microtask's scope is left, with no id current, in
 * the frame it was queued with; `frame` is taken over. */
static void settle_failed_microtask(async_env_t *env,
                                    async_context_frame_t *frame) {
  async_context_frame_t *around = NULL;
  bool entered = enter_nobody(env, frame, &around);
  asyncscope__failure_settle(env, &env->failure);
  asyncscope__frame_drop(leave_nobody(env, entered, around));
}

static void free_own(async_tick_t *own) {
  if (own != NULL && own->cb == run_untracked)
    asyncscope__frame_drop(own->resource.frame);
  async_free(own);
}

static bool microtask_failed(const run_t *run) {
  return run->microtask && run->env->failure.pending &&
         run->env->callbacks_open == 0;
}

/* One that is not tracked was queued with none, and leaves what it entered. */
static async_context_frame_t *take_frame(run_t *run) {
  async_context_frame_t *frame = NULL;
  if (run->own != NULL && run->own->cb == run_untracked) {
    frame = run->own->resource.frame;
    run->own->resource.frame = NULL;
    return frame;
  }
  return asyncscope__frame_hold(run->ended.frame);
}

/* Then what failed is named, outside of its scope: it is kept until then. */
static bool ends_the_program(const run_t *run) {
  return run->microtask && run->env->failure.pending &&
         run->env->failure.handler == NULL;
}

/* What the end of the thread has left open inside; that of what has no resource
 * begins with a scope of ours. */
static void leave_inner(const run_t *run) {
  async_env_t *env = run->env;
  while (run->entered && env->stack.depth > run->depth) {
    asyncscope__finding_unbalanced(env);
    asyncscope__scopes_leave(env, env->stack.depth - 1);
  }
  asyncscope__scopes_leave(env, run->depth);
}

/* Also runs when the end of the thread passes through. */
static void end_run(run_t *run) {
  if (!run->returned)
    leave_inner(run);
  if (!run->microtask)
    settle_failed_tick(run->env);
  bool failed = microtask_failed(run);
  async_context_frame_t *frame = failed ? take_frame(run) : NULL;
  if (!ends_the_program(run))
    async_resource_finish(&run->ended);
  if (run->entered)
    async_resource_leave(&run->ended);
  if (failed)
    settle_failed_microtask(run->env, frame);
  async_resource_finish(&run->ended);
  free_own(run->own);
}

/* The scope is not one of a loop's callback: leaving it must not start the
 * queues again. */
static void run(async_env_t *env, async_tick_t *tick, bool microtask) {
  __attribute__((cleanup(end_run))) run_t run = {
      .env = env,
      .microtask = microtask,
      .ended = tick->resource,
      .own = tick->cb == run_own || tick->cb == run_untracked ? tick : NULL};
  if (run.ended.record != 0) {
    run.entered = async_resource_enter(&tick->resource) == 0;
    asyncscope__resource_hand_over(&tick->resource, &run.ended);
  }
  run.depth = env->stack.depth;
  tick->cb(tick);
  run.returned = true;
}

void asyncscope__job_add(async_env_t *env, async_tick_t *job) {
  job->resource.record = 0;
  append(&env->microtasks, job);
  if (env->callbacks_open == 0)
    asyncscope__loop_wake(env);
}

bool asyncscope__ticks_pending(const async_env_t *env) {
  return env->ticks.first != NULL || env->microtasks.first != NULL ||
         env->rejections.first != NULL;
}

/* One that the program brought is the program's. */
static void drop(async_tick_t *tick) {
  if (tick->cb != run_own && tick->cb != run_untracked) {
    asyncscope__promise_job_drop(tick);
    return;
  }
  async_resource_finish(&tick->resource);
  async_free(tick);
}

void asyncscope__ticks_drop(async_env_t *env) {
  while (env->ticks.first != NULL)
    drop(take(&env->ticks));
  while (env->microtasks.first != NULL)
    drop(take(&env->microtasks));
}

static void run_round(async_env_t *env) {
  while (env->ticks.first != NULL && !env->ticks_deferred)
    run(env, take(&env->ticks), false);
  while (env->microtasks.first != NULL && !env->ticks_deferred)
    run(env, take(&env->microtasks), true);
  if (env->ticks.first == NULL && !env->ticks_deferred)
    asyncscope__rejections_run(env);
}

void asyncscope__ticks_defer(async_env_t *env) {
  env->ticks_deferred = true;
  if (asyncscope__ticks_pending(env))
    asyncscope__loop_wake(env);
}

void asyncscope__ticks_run_due(async_env_t *env) {
  asyncscope__failure_settle_at_top(env);
  if (!env->ticks_deferred)
    asyncscope__ticks_run(env);
}

typedef struct queues_s {
  async_env_t *env;
  size_t depth; /* around them */
} queues_t;

/* The end of the thread may have passed through the handler of a failure, or of
 * a rejection. */
static void stop_running(queues_t *queues) {
  queues->env->ticks_running = false;
  asyncscope__scopes_leave(queues->env, queues->depth);
}

/* A callback scope inside a tick does not run the ones behind it. What failed
 * at top level is nobody's here. The end of a thread inside a tick leaves those
 * behind it to whoever closes the environment. */
void asyncscope__ticks_run(async_env_t *env) {
  if (env->ticks_running)
    return;
  asyncscope__failure_settle_at_top(env);
  __attribute__((cleanup(stop_running), unused))
  queues_t running = {env, env->stack.depth};
  env->ticks_running = true;
  env->ticks_deferred = false;
  while (!env->ticks_deferred && asyncscope__ticks_pending(env))
    run_round(env);
  if (env->ticks_deferred)
    asyncscope__loop_wake(env);
}
