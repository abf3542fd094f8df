/* A promise from the inside. */
#ifndef ASYNCSCOPE_HOOKS_PROMISE_H
#define ASYNCSCOPE_HOOKS_PROMISE_H

#include "asyncscope/async_promise.h"
#include "asyncscope/async_queue.h"
#include <stdbool.h>

/* A then() that waits for its promise, later its job in the microtask queue.
 * Everything the job needs is taken when it is asked for, so that settling
 * cannot fail. All pointers are owned references, or NULL. With 120 bytes it is
 * of the small pieces that glibc keeps at hand. */
typedef struct asyncscope__reaction_s {
  async_tick_t job; /* first */
  union {
    struct asyncscope__reaction_s *next; /* while it waits, borrowed */
    async_promise_t *promise;            /* behind that: whose result it gets */
  };
  async_promise_t *derived; /* what then() answered */
  async_promise_t *target;  /* adopts the result; derived is a helper or NULL */
  async_promise_t *kept;    /* whose result derived gets, not promise's */
  async_context_frame_t *frame;
  async_promise_cb on_fulfilled, on_rejected;
  struct asyncscope__finally_s *finally; /* owned */
  void *arg;
} asyncscope__reaction_t;

/* A value or reason that is ours, of every promise it passes through: the last
 * of them ends it. It begins what `result` points to, or what that lies in. */
typedef struct asyncscope__held_s {
  uint32_t references;
  void (*end)(struct asyncscope__held_s *held);
} asyncscope__held_t;

struct async_promise_s {
  uint32_t references;
  uint32_t thread;
  async_promise_state_t state;
  bool decided;   /* resolve or reject was called */
  bool handled;   /* somebody asked, so a rejection is theirs */
  bool unhandled; /* its rejection is to be told, whoever asks now */
  bool circular;  /* an adoption made it wait for itself */
  void *result;
  asyncscope__held_t *held; /* owned; NULL: the result is a caller's */
  /* What async_promise_cancel() does while the operation lasts; or NULL. */
  int (*cancel)(struct async_promise_s *promise, void *operation);
  void *operation;
  struct asyncscope__finally_s *finally; /* while its callback runs; or NULL */
  const async_site_t *site;
  async_id_t async_id, trigger_async_id; /* -1 while it has none */
  async_resource_t resource;             /* live while tracked */
  asyncscope__reaction_t *reactions, **last;
  /* Of the environment's that have reactions; meaningless while it has none. */
  async_promise_t *next_awaited, **awaited_link;
  async_promise_t *waits_for; /* borrowed: in whose reactions it is; or NULL */
  async_promise_t *next_rejected;
  async_context_frame_t *rejection_frame; /* owned */
};

/* Rejections that nobody had asked for, each an owned reference. */
typedef struct asyncscope__rejections_s {
  async_promise_t *first, *last;
  async_unhandled_rejection_cb handler;
  void *data;
} asyncscope__rejections_t;

/* A promise without a resource yet: asyncscope__promise_track() gives it one
 * where a hook wants it. `parent` (may be NULL) is its trigger. */
async_promise_t *asyncscope__promise_new(const async_site_t *site);
int asyncscope__promise_track(async_promise_t *promise,
                              async_promise_t *parent);

/* Registers, or queues the job at once when the promise is settled. */
void asyncscope__promise_react(async_promise_t *promise,
                               asyncscope__reaction_t *reaction);
/* The promise that a reaction settles in the end. */
static inline async_promise_t *asyncscope__reaction_waiter(
    const asyncscope__reaction_t *reaction) {
  return reaction->target != NULL ? reaction->target : reaction->derived;
}
/* What a then() made and was told by hand to adopt another one waits for both:
 * for the other, as far as circles go. */
static inline void asyncscope__reaction_waits_no_more(
    const asyncscope__reaction_t *reaction, const async_promise_t *promise) {
  async_promise_t *waiter = asyncscope__reaction_waiter(reaction);
  if (waiter->waits_for == promise)
    waiter->waits_for = NULL;
}
/* Of a pending promise: one more; and all of them, none left. */
void asyncscope__reactions_add(async_promise_t *promise,
                               asyncscope__reaction_t *reaction);
asyncscope__reaction_t *asyncscope__reactions_take(async_promise_t *promise);
/* Behind each adoption: marks the circle that it has closed, if it has. */
void asyncscope__circle_mark(async_promise_t *adopting);
void asyncscope__reaction_queue(asyncscope__reaction_t *reaction);
/* A job that left the queue without running; one that is not a promise's is
 * left alone. */
void asyncscope__promise_job_drop(async_tick_t *job);
void asyncscope__reaction_free(asyncscope__reaction_t *reaction);
/* The job that makes a promise adopt another one, with its helper; NULL without
 * memory. Queuing it decides `derived`. */
asyncscope__reaction_t *asyncscope__adoption_new(const async_site_t *site);
void asyncscope__adoption_queue(asyncscope__reaction_t *adoption,
                                async_promise_t *derived,
                                async_promise_t *promise);

/* Registers `wanted`; takes over what is in it only when it answers 0. */
int asyncscope__promise_then(const async_site_t *site, async_promise_t *promise,
                             const asyncscope__reaction_t *wanted,
                             async_promise_t **ret_derived);

/* A callback of finally(), and what follows it. */
typedef struct asyncscope__finally_s asyncscope__finally_t;
void asyncscope__finally_call(asyncscope__reaction_t *reaction);
void asyncscope__finally_free(asyncscope__finally_t *finally);
/* While its callback runs it answers `other`: derived, unless it was settled
 * before, is settled when that is. False when it has answered, or runs not. */
bool asyncscope__finally_answer(async_promise_t *derived,
                                async_promise_t *other);

/* Decides, fires promise_resolve, and queues what waits. `held` (may be NULL)
 * is what `result` is part of; a reference is taken. */
void asyncscope__promise_settle(async_promise_t *promise,
                                async_promise_state_t state, void *result,
                                asyncscope__held_t *held);

/* When a callback failed `derived` is rejected, unless it was decided; answers
 * whether one did. */
bool asyncscope__promise_catch(async_promise_t *derived);

/* Rejects one that is not decided yet, with a copy of `message` as the reason.
 * False without memory: nothing was decided. */
bool asyncscope__promise_throw(async_promise_t *promise, const char *message);

/* Fulfils one that is not decided yet. */
void asyncscope__promise_fulfil(async_promise_t *promise, void *value,
                                asyncscope__held_t *held);

typedef struct asyncscope__promise_scope_s {
  async_promise_t *promise; /* borrowed: its job holds it */
  async_id_t async_id;
  bool entered;                       /* false: no memory, only the frame */
  async_context_frame_t *saved_frame; /* owned, when it is not entered */
} asyncscope__promise_scope_t;

/* A scope in `frame` with the promise's ids, or 0 and 0 where it has none.
 * Hooks hear nothing of push and pop. Without memory for a scope (more than 64
 * deep) what is called still has its frame. A scope that is not the current one
 * when it ends is fatal. */
asyncscope__promise_scope_t asyncscope__promise_push(
    async_promise_t *promise, async_context_frame_t *frame);
void asyncscope__promise_pop(const asyncscope__promise_scope_t *scope);
/* The scope of one of its jobs, with before and after. While promises are
 * tracked it gets its id now if it has none; while they are not, its ids are 0
 * and 0 here. */
asyncscope__promise_scope_t asyncscope__promise_enter(
    async_promise_t *promise, async_context_frame_t *frame);
void asyncscope__promise_leave(const asyncscope__promise_scope_t *scope);

asyncscope__held_t *asyncscope__held_retain(asyncscope__held_t *held);
void asyncscope__held_release(asyncscope__held_t *held);

/* What an unhandled rejection is called: the message it was thrown with, what a
 * status means, or that a promise was rejected. */
const char *asyncscope__promise_reason_text(const async_promise_t *promise);

struct async_env_s;
/* Nobody is called any more: those that wait let go of each other. */
void asyncscope__promises_end(struct async_env_s *env);
void asyncscope__rejections_add(async_promise_t *promise);
void asyncscope__rejections_run(struct async_env_s *env);
/* Nobody is told any more. */
void asyncscope__rejections_drop(struct async_env_s *env);

#endif
