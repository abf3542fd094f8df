/* What runs for promises, as microtasks.
 *
 * Adopting another promise takes two jobs, as in Node: one in the scope of the
 * promise that waits, which asks the other one and so makes a helper where
 * promises are tracked; and the helper's own, which hands the result over. An
 * adopting promise is decided, and what it adopts is the one thing that may
 * settle it; any other job finds a promise that was settled by hand and leaves
 * it so. */
#include "promise.h"

#include "asyncscope/async_allocator.h"
#include "asyncscope/async_fail.h"
#include "env.h"
#include "frame_count.h"
#include <string.h>

void asyncscope__reaction_free(asyncscope__reaction_t *reaction) {
  async_promise_release(reaction->promise);
  async_promise_release(reaction->derived);
  async_promise_release(reaction->target);
  async_promise_release(reaction->kept);
  asyncscope__finally_free(reaction->finally);
  asyncscope__frame_drop(reaction->frame);
  async_free(reaction);
}

/* The message of a failed callback. */
typedef struct failure_s {
  asyncscope__held_t held; /* first */
  char message[];
} failure_t;

static void end_failure(asyncscope__held_t *held) {
  async_free(held);
}

static failure_t *failure_new(const char *message) {
  size_t message_bytes = strlen(message) + 1;
  failure_t *failure = async_malloc(sizeof(*failure) + message_bytes);
  if (failure == NULL)
    return NULL;
  failure->held = (asyncscope__held_t){.references = 1, .end = end_failure};
  memcpy(failure->message, message, message_bytes);
  return failure;
}

const char *asyncscope__promise_reason_text(const async_promise_t *promise) {
  int status = async_promise_reason_status(promise->result);
  if (promise->held != NULL && promise->held->end == end_failure)
    return ((const failure_t *)promise->held)->message;
  return status != 0 ? uv_strerror(status)
                     : "a promise was rejected and nobody handled it";
}

bool asyncscope__promise_throw(async_promise_t *promise, const char *message) {
  failure_t *failure = failure_new(message);
  if (failure == NULL)
    return false;
  asyncscope__promise_settle(promise, ASYNC_PROMISE_REJECTED, failure->message,
                             &failure->held);
  asyncscope__held_release(&failure->held);
  return true;
}

/* A failure is a throw: its message is the reason. */
bool asyncscope__promise_catch(async_promise_t *derived) {
  static char no_memory[] = "a callback failed, and no memory for its message";
  char message[ASYNC_FAILURE_BYTES];
  if (!async_catch(message))
    return false;
  if (!derived->decided && !asyncscope__promise_throw(derived, message))
    async_promise_reject(derived, no_memory);
  return true;
}

/* What became of `promise`, a settled one, becomes of `to`. */
static void pass_on(const async_promise_t *promise, async_promise_t *to) {
  asyncscope__promise_settle(to, promise->state, promise->result,
                             promise->held);
}

/* A reason that is ours, thrown again: rejecting knew nothing of its holder. */
static void hold_reason(const async_promise_t *promise,
                        async_promise_t *derived) {
  if (derived->state == ASYNC_PROMISE_REJECTED && derived->held == NULL &&
      derived->result == promise->result)
    derived->held = asyncscope__held_retain(promise->held);
}

/* What it was given it may answer, and throw again. */
static void call(asyncscope__reaction_t *reaction, async_promise_cb cb) {
  async_promise_t *promise = reaction->promise, *derived = reaction->derived;
  void *value = cb(derived, promise->result, reaction->arg);
  hold_reason(promise, derived);
  if (!asyncscope__promise_catch(derived))
    asyncscope__promise_fulfil(derived, value,
                               value == promise->result ? promise->held : NULL);
}

/* What a finally() waited for may have been rejected: that is the result then.
 */
static async_promise_t *kept_or_rejected(asyncscope__reaction_t *reaction) {
  return reaction->promise->state == ASYNC_PROMISE_FULFILLED
             ? reaction->kept
             : reaction->promise;
}

static void hand_over(const asyncscope__reaction_t *adoption) {
  pass_on(adoption->promise, adoption->target);
  if (adoption->derived != NULL)
    async_promise_resolve(adoption->derived, NULL);
}

/* It may have been settled by hand. */
static void pass_through(const async_promise_t *promise,
                         async_promise_t *derived) {
  if (!derived->decided)
    pass_on(promise, derived);
}

static void react(asyncscope__reaction_t *reaction) {
  async_promise_cb cb = reaction->promise->state == ASYNC_PROMISE_FULFILLED
                            ? reaction->on_fulfilled
                            : reaction->on_rejected;
  if (reaction->target != NULL) {
    hand_over(reaction);
  } else if (reaction->finally != NULL) {
    asyncscope__finally_call(reaction);
  } else if (reaction->kept != NULL) {
    pass_on(kept_or_rejected(reaction), reaction->derived);
  } else if (cb != NULL) {
    call(reaction, cb);
  } else {
    pass_through(reaction->promise, reaction->derived);
  }
}

/* The promise whose job it is. */
static async_promise_t *whose(const asyncscope__reaction_t *reaction) {
  return reaction->derived != NULL ? reaction->derived : reaction->target;
}

typedef struct reacting_s {
  asyncscope__reaction_t *reaction;
  size_t depth; /* around it */
} reacting_t;

/* Also runs when the end of the thread passes through: then the promise is
 * still there while its scope is left. */
static void end_reaction(reacting_t *reacting) {
  asyncscope__scopes_leave(asyncscope__env, reacting->depth);
  asyncscope__reaction_free(reacting->reaction);
}

static void run_reaction(async_tick_t *job) {
  asyncscope__reaction_t *reaction = (asyncscope__reaction_t *)job;
  __attribute__((cleanup(end_reaction), unused))
  reacting_t reacting = {reaction, asyncscope__env->stack.depth};
  asyncscope__promise_scope_t scope =
      asyncscope__promise_enter(whose(reaction), reaction->frame);
  react(reaction);
  asyncscope__promise_leave(&scope);
}

void asyncscope__reaction_queue(asyncscope__reaction_t *reaction) {
  reaction->job.cb = run_reaction;
  asyncscope__job_add(asyncscope__env, &reaction->job);
}

/* Where promises are not tracked Node makes no helper: the second job is the
 * waiting promise's own. */
static void drop_helper(asyncscope__reaction_t *adoption) {
  async_promise_release(adoption->derived);
  adoption->derived = NULL;
}

/* The first of the two jobs; its reaction goes on as the second one. */
static void run_adoption(async_tick_t *job) {
  asyncscope__reaction_t *reaction = (asyncscope__reaction_t *)job;
  async_promise_t *other = reaction->promise, *adopting = reaction->target;
  reaction->promise = NULL;
  asyncscope__promise_scope_t scope =
      asyncscope__promise_enter(adopting, reaction->frame);
  if (asyncscope__env->hooks.promises)
    asyncscope__promise_track(reaction->derived, other);
  else
    drop_helper(reaction);
  asyncscope__promise_react(other, reaction);
  asyncscope__circle_mark(adopting);
  asyncscope__promise_leave(&scope);
  async_promise_release(other);
}

asyncscope__reaction_t *asyncscope__adoption_new(const async_site_t *site) {
  asyncscope__reaction_t *reaction = async_calloc(1, sizeof(*reaction));
  if (reaction == NULL)
    return NULL;
  reaction->derived = asyncscope__promise_new(site);
  if (reaction->derived != NULL)
    return reaction;
  async_free(reaction);
  return NULL;
}

void asyncscope__adoption_queue(asyncscope__reaction_t *adoption,
                                async_promise_t *derived,
                                async_promise_t *promise) {
  derived->decided = true;
  promise->handled = true;
  adoption->target = async_promise_retain(derived);
  adoption->promise = async_promise_retain(promise);
  adoption->frame = asyncscope__frame_hold(asyncscope__env->frame);
  adoption->job.cb = run_adoption;
  asyncscope__job_add(asyncscope__env, &adoption->job);
}

void asyncscope__promise_job_drop(async_tick_t *job) {
  if (job->cb == run_reaction || job->cb == run_adoption)
    asyncscope__reaction_free((asyncscope__reaction_t *)job);
}
