/* The promise itself: its making, its state and who waits for it. What runs is
 * in promise_job.c, how it ends in promise_end.c. All of it happens on one
 * thread. */
#include "asyncscope/async_promise.h"

#include "account.h"
#include "asyncscope/async_allocator.h"
#include "env.h"
#include "error.h"
#include "frame_count.h"
#include "resource.h"

/* calloc() of glibc does not take from what it keeps at hand, malloc() does. */
async_promise_t *asyncscope__promise_new(const async_site_t *site) {
  async_promise_t *promise = async_malloc(sizeof(*promise));
  if (promise == NULL)
    return NULL;
  *promise = (async_promise_t){.references = 1,
                               .thread = asyncscope__env->thread,
                               .site = site,
                               .async_id = ASYNC_ID_UNSET,
                               .trigger_async_id = ASYNC_ID_UNSET};
  promise->last = &promise->reactions;
  return promise;
}

/* One made before any hook gets its id when it is first needed, without an
 * init. Its trigger is then what runs: the one who settles it; nobody where its
 * job begins or ends, as no scope calls a job; and nobody as a parent. */
static async_id_t id_of(async_promise_t *promise, async_id_t trigger_async_id) {
  if (promise->async_id == ASYNC_ID_UNSET) {
    promise->async_id = async_resource_reserve_id();
    promise->trigger_async_id = trigger_async_id;
  }
  return promise->async_id;
}

int asyncscope__promise_track(async_promise_t *promise,
                              async_promise_t *parent) {
  if (!asyncscope__env->hooks.promises)
    return 0;
  async_resource_options_t options = {.flags = ASYNCSCOPE__RESOURCE_PROMISE};
  if (parent != NULL) {
    asyncscope__resource_is_cause(&parent->resource);
    options.flags |= ASYNC_RESOURCE_TRIGGER | ASYNCSCOPE__RESOURCE_CAUSE_KNOWN;
    options.trigger_async_id = id_of(parent, ASYNC_ID_NONE);
  }
  int error = async_resource_init_at(promise->site, &promise->resource,
                                     "PROMISE", &options);
  if (error != 0)
    return error;
  promise->async_id = promise->resource.async_id;
  promise->trigger_async_id =
      async_resource_trigger_async_id(&promise->resource);
  return 0;
}

int async_promise_create_at(const async_site_t *site,
                            async_promise_t **ret_promise) {
  if (asyncscope__env == NULL)
    return asyncscope__fail(UV_EINVAL, "this thread has no environment");
  async_promise_t *promise = asyncscope__promise_new(site);
  if (promise == NULL)
    return asyncscope__fail(UV_ENOMEM, "no memory for a promise");
  int error = asyncscope__promise_track(promise, NULL);
  if (error != 0)
    async_promise_release(promise);
  else
    *ret_promise = promise;
  return error;
}

static void queue_reactions(async_promise_t *promise) {
  asyncscope__reaction_t *reaction = asyncscope__reactions_take(promise);
  while (reaction != NULL) {
    asyncscope__reaction_t *next = reaction->next;
    asyncscope__reaction_waits_no_more(reaction, promise);
    reaction->promise = async_promise_retain(promise);
    asyncscope__reaction_queue(reaction);
    reaction = next;
  }
}

static void emit_resolve(async_promise_t *promise) {
  async_env_t *env = asyncscope__env;
  asyncscope__emit_promise_resolve(
      &env->hooks, id_of(promise, asyncscope__default_trigger(
                                      env, async_hooks_execution_async_id())));
}

/* While the hooks are told it is still pending, as in Node: what they ask for
 * comes behind what was asked for before. */
void asyncscope__promise_settle(async_promise_t *promise,
                                async_promise_state_t state, void *result,
                                asyncscope__held_t *held) {
  async_env_t *env = asyncscope__env;
  promise->decided = true;
  if (env != NULL && env->hooks.resolves)
    emit_resolve(promise);
  promise->state = state;
  promise->result = result;
  promise->held = asyncscope__held_retain(held);
  if (env == NULL)
    return;
  if (state == ASYNC_PROMISE_REJECTED && !promise->handled)
    asyncscope__rejections_add(promise);
  queue_reactions(promise);
}

void asyncscope__promise_fulfil(async_promise_t *promise, void *value,
                                asyncscope__held_t *held) {
  if (!promise->decided)
    asyncscope__promise_settle(promise, ASYNC_PROMISE_FULFILLED, value, held);
}

/* The reason is the message of Node's TypeError. */
static bool refuse_itself(async_promise_t *promise) {
  return asyncscope__promise_throw(
      promise, "Chaining cycle detected for promise #<Promise>");
}

static bool adopt(async_promise_t *promise, async_promise_t *other) {
  asyncscope__reaction_t *adoption = asyncscope__adoption_new(promise->site);
  if (adoption == NULL)
    return false;
  asyncscope__adoption_queue(adoption, promise, other);
  return true;
}

static int fail_thread(void) {
  return asyncscope__fail(UV_EINVAL, "the promise is another thread's");
}

static int check_thread(const async_promise_t *promise) {
  if (asyncscope__env == NULL)
    return asyncscope__fail(UV_EINVAL, "this thread has no environment");
  return promise->thread == asyncscope__env->thread ? 0 : fail_thread();
}

/* Behind the end of its environment nobody can tell whose it is. */
static int check_settle(const async_promise_t *promise) {
  if (asyncscope__env != NULL)
    return check_thread(promise);
  return asyncscope__env_list_has(promise->thread) ? fail_thread() : 0;
}

int async_promise_resolve(async_promise_t *promise, void *value) {
  int error = check_settle(promise);
  if (error == 0)
    asyncscope__promise_fulfil(promise, value, NULL);
  return error;
}

int async_promise_reject(async_promise_t *promise, void *reason) {
  int error = check_settle(promise);
  if (error == 0 && !promise->decided)
    asyncscope__promise_settle(promise, ASYNC_PROMISE_REJECTED, reason, NULL);
  return error;
}

int async_promise_resolve_with(async_promise_t *promise,
                               async_promise_t *other) {
  int error = check_thread(promise);
  if (error == 0)
    error = check_thread(other);
  if (error != 0)
    return error;
  if (promise != other && asyncscope__finally_answer(promise, other))
    return 0;
  if (promise->decided)
    return 0;
  bool done = promise == other ? refuse_itself(promise) : adopt(promise, other);
  return done ? 0 : asyncscope__fail(UV_ENOMEM, "no memory to adopt a promise");
}

void asyncscope__promise_react(async_promise_t *promise,
                               asyncscope__reaction_t *reaction) {
  promise->handled = true;
  if (promise->state == ASYNC_PROMISE_PENDING) {
    asyncscope__reactions_add(promise, reaction);
    return;
  }
  reaction->promise = async_promise_retain(promise);
  asyncscope__reaction_queue(reaction);
}

int asyncscope__promise_then(const async_site_t *site, async_promise_t *promise,
                             const asyncscope__reaction_t *wanted,
                             async_promise_t **ret_derived) {
  int error = check_thread(promise);
  if (error != 0)
    return error;
  async_promise_t *derived = asyncscope__promise_new(site);
  asyncscope__reaction_t *reaction =
      derived == NULL ? NULL : async_malloc(sizeof(*reaction));
  error = reaction == NULL
              ? asyncscope__fail(UV_ENOMEM, "no memory for a then()")
              : asyncscope__promise_track(derived, promise);
  if (error != 0) {
    async_free(reaction);
    async_promise_release(derived);
    return error;
  }
  *reaction = *wanted;
  reaction->derived = derived;
  reaction->frame = asyncscope__frame_hold(asyncscope__env->frame);
  asyncscope__promise_react(promise, reaction);
  if (ret_derived != NULL)
    *ret_derived = async_promise_retain(derived);
  return 0;
}

int async_promise_then_at(const async_site_t *site, async_promise_t *promise,
                          async_promise_cb on_fulfilled,
                          async_promise_cb on_rejected, void *arg,
                          async_promise_t **ret_derived) {
  asyncscope__reaction_t wanted = {
      .on_fulfilled = on_fulfilled, .on_rejected = on_rejected, .arg = arg};
  return asyncscope__promise_then(site, promise, &wanted, ret_derived);
}

async_promise_state_t async_promise_state(const async_promise_t *promise) {
  return promise->state;
}

void *async_promise_result(const async_promise_t *promise) {
  return promise->result;
}

async_id_t async_promise_async_id(const async_promise_t *promise) {
  return promise->async_id;
}

static asyncscope__entry_t entry_for(async_promise_t *promise,
                                     const async_context_frame_t *frame) {
  asyncscope__entry_t entry = {
      .async_id = promise->async_id,
      .trigger_async_id = promise->trigger_async_id,
      .resource = &promise->resource,
      .record = promise->resource.record,
  };
  if (entry.record != 0)
    asyncscope__account_entered(
        &entry, asyncscope__record_at(asyncscope__env, entry.record), frame, 0);
  return entry;
}

static asyncscope__promise_scope_t push(async_promise_t *promise,
                                        async_context_frame_t *frame,
                                        bool with_ids) {
  async_env_t *env = asyncscope__env;
  asyncscope__entry_t entry = {.async_id = ASYNC_ID_NONE};
  if (with_ids)
    entry = entry_for(promise, frame);
  asyncscope__promise_scope_t scope = {.promise = promise,
                                       .async_id = entry.async_id};
  scope.entered = asyncscope__scope_push(env, &entry) == 0;
  async_context_frame_t *around =
      asyncscope__frame_exchange(asyncscope__frame_hold(frame));
  if (scope.entered)
    asyncscope__stack_top(&env->stack)->saved_frame = around;
  else
    scope.saved_frame = around;
  return scope;
}

asyncscope__promise_scope_t asyncscope__promise_push(
    async_promise_t *promise, async_context_frame_t *frame) {
  return push(promise, frame, promise->async_id != ASYNC_ID_UNSET);
}

void asyncscope__promise_pop(const asyncscope__promise_scope_t *scope) {
  async_env_t *env = asyncscope__env;
  async_context_frame_t *around = scope->saved_frame;
  if (scope->entered) {
    asyncscope__scope_require(env, scope->async_id);
    around = asyncscope__stack_top(&env->stack)->saved_frame;
  }
  async_context_frame_t *frame = asyncscope__frame_exchange(around);
  if (scope->entered)
    asyncscope__scope_pop(env, frame);
  asyncscope__frame_drop(frame);
}

static bool has_events(const asyncscope__promise_scope_t *scope) {
  return scope->entered && scope->async_id != ASYNC_ID_NONE;
}

asyncscope__promise_scope_t asyncscope__promise_enter(
    async_promise_t *promise, async_context_frame_t *frame) {
  bool tracked = asyncscope__env->hooks.promises;
  if (tracked)
    id_of(promise, ASYNC_ID_NONE);
  asyncscope__promise_scope_t scope = push(promise, frame, tracked);
  if (has_events(&scope))
    asyncscope__emit_before(&asyncscope__env->hooks, scope.async_id, true);
  return scope;
}

/* A hook enabled inside hears of the end, so the promise needs an id then. */
void asyncscope__promise_leave(const asyncscope__promise_scope_t *scope) {
  asyncscope__hooks_t *hooks = &asyncscope__env->hooks;
  if (scope->entered && (has_events(scope) || hooks->promises)) {
    asyncscope__scope_require(asyncscope__env, scope->async_id);
    asyncscope__emit_after(hooks, id_of(scope->promise, ASYNC_ID_NONE), true);
  }
  asyncscope__promise_pop(scope);
}
