/* The environment's inside. Everything is the owning thread's alone but for
 * what is atomic; see async_inspect.c for how others read it. */
#ifndef ASYNCSCOPE_HOOKS_ENV_H
#define ASYNCSCOPE_HOOKS_ENV_H

#include "ancestors.h"
#include "asyncscope/async_env.h"
#include "asyncscope/async_inspect.h"
#include "asyncscope/async_queue.h"
#include "clock.h"
#include "context_loss.h"
#include "counter.h"
#include "failure.h"
#include "findings.h"
#include "frame_memory.h"
#include "hook_list.h"
#include "hot.h"
#include "inbox.h"
#include "loop_health.h"
#include "promise.h"
#include "record.h"
#include "recorder.h"
#include "request.h"
#include "slab.h"
#include "stack.h"
#include "timeouts.h"
#include "type_counts.h"
#include "types.h"

/* asyncscope's own handles on the bound loop. check delivers; idle is active,
 * and so keeps the loop turning without waiting, while something is queued;
 * prepare notes that the loop is about to wait. */
typedef struct asyncscope__loop_s {
  _Atomic(uv_loop_t *) loop; /* NULL: none is bound; others only compare */
  uv_loop_t *open;           /* the same, while something may begin on it */
  uv_prepare_t prepare;
  uv_check_t check;
  uv_idle_t idle;
  /* Scopes open when the poll phase began; none of it is under way: false. */
  size_t polled_depth;
  bool polling;
  bool waiting; /* and no scope was entered since */
  bool lost;    /* it has not come to its end, and nobody runs it any more */
  unsigned closing; /* handles still to be closed, and 1 until all are */
} asyncscope__loop_t;

typedef struct asyncscope__tick_queue_s {
  async_tick_t *first, **last;
} asyncscope__tick_queue_t;

typedef struct asyncscope__immediates_s {
  async_immediate_t queued;  /* head of a ring: for the next check phase */
  async_immediate_t running; /* head of a ring: the rest of this one's */
  size_t referenced;
} asyncscope__immediates_t;

/* Records whose destroy is to be delivered, linked through their slots. A long
 * queue does not wait for the check phase: `flush` delivers it as a microtask.
 */
typedef struct asyncscope__destroy_queue_s {
  uint32_t first;
  asyncscope__record_t *last;
  uint32_t count;
  async_tick_t flush;
} asyncscope__destroy_queue_t;

typedef struct asyncscope__counters_s {
  /* Of each: the program's, asyncscope's own (asyncscope__whose()). */
  asyncscope__counter_t resources_destroyed[2], destroys_pending[2];
  asyncscope__counter_t scopes_entered;
  /* A frame with the store that it was made with counts once where both come
   * or go at one time; what is here besides is of frames, or stores, alone. */
  asyncscope__counter_t frames_with_store_created, frames_with_store_released;
  asyncscope__counter_t frames_created, frames_released, stores_released;
  asyncscope__counter_t loop_iterations;
} asyncscope__counters_t;

struct async_env_s {
  uint32_t thread;
  async_env_kind_t kind;
  int64_t os_tid;
  uint64_t opened_ns;
  _Atomic uint64_t name[ASYNC_ENV_NAME_BYTES / 8];
  asyncscope__slot_t name_slot;
  _Atomic bool ended;

  /* One for the list while not ended, one for each reader's walk, one for all
   * frames and values made here that are not gone. */
  _Atomic uint32_t references;
  async_env_t *next; /* under the list's lock */

  async_id_t next_id;
  async_id_t default_trigger;
  bool internal; /* every resource made is asyncscope's own */
  asyncscope__clock_t clock;
  bool times;      /* the clock is read inside scopes too */
  uint64_t now_ns; /* at the last scope boundary */
  size_t batch;    /* 1 + how deep a scope comes right behind another; or 0 */
  async_context_frame_t *frame;
  bool frame_lent; /* by the innermost scope's resource: no reference is ours */
  uint32_t next_frame;
  async_resource_t root;
  asyncscope__stack_t stack;
  unsigned callbacks_open; /* scopes on the stack opened for a loop */

  _Atomic uint32_t readers; /* announced; no memory goes back meanwhile */
  asyncscope__slab_t records, names;
  /* The record made last, until it ends; id 0: there is none. What is made is
   * mostly what is entered and ended next. */
  asyncscope__record_t *latest;
  async_id_t latest_id;
  uint32_t latest_place; /* index + 1 */
  asyncscope__ancestors_t ancestors;
  asyncscope__type_cache_t types;
  asyncscope__counters_t counters;
  asyncscope__type_counts_t type_counts;
  asyncscope__recorder_t recorder;
  asyncscope__findings_t findings;
  _Atomic(asyncscope__requests_t *) requests; /* NULL before the first */
  async_requests_kept_t requests_kept;        /* where it says so itself */
  bool keeps_own;
  /* Dropped by other threads: the only counts they raise. */
  _Atomic uint64_t frames_released_elsewhere, stores_released_elsewhere;

  asyncscope__hooks_t hooks;
  asyncscope__failure_t failure;
  asyncscope__loss_detector_t loss_detector;
  asyncscope__destroy_queue_t destroys;
  asyncscope__tick_queue_t ticks, microtasks;
  bool ticks_running;
  /* A callback or a tick has failed: the ticks wait for the end of the next
   * callback, for the next destroy events or, where there are none, for the
   * check phase. */
  bool ticks_deferred;
  asyncscope__rejections_t rejections;
  async_promise_t *awaited; /* the promises that have reactions */
  asyncscope__immediates_t immediates;
  asyncscope__timeouts_t timeouts;
  asyncscope__frame_memory_t frame_memory;
  asyncscope__inbox_t inbox;
  asyncscope__loop_t loop;
  asyncscope__loop_health_t loop_health;
  async_env_cleanup_t *cleanups;
  unsigned calling; /* releases and cleanup hooks run, so many */
  bool ending; /* nothing may begin any more that the loop would wait for */
  struct async_worker_s *worker;      /* whose thread this is, or NULL */
  struct async_uv_tracked_s *handles; /* the tracked ones that are open */
};

/* initial-exec: one load, in the shared library too. */
extern _Thread_local async_env_t *asyncscope__env
    __attribute__((tls_model("initial-exec")));

/* 0, or UV_EINVAL when `loop` is not the one bound to the calling thread's
 * environment; the message names both threads. */
static inline int asyncscope__check_thread(const uv_loop_t *loop);
ASYNCSCOPE__COLD int asyncscope__not_this_thread(const uv_loop_t *loop);
/* The same for what a program gives as a loop: a thread that has none would
 * take NULL for its own. */
int asyncscope__check_given(const uv_loop_t *loop);
/* The same for what is to begin on `loop`: also UV_ECANCELED when the
 * environment is ending. */
int asyncscope__check_loop(const uv_loop_t *loop);
/* The same for what begins often; `loop` is not NULL. */
static inline int asyncscope__check_begin(const uv_loop_t *loop);
/* For what ends: 0, or UV_EINVAL when `loop` is bound to another thread's
 * environment. One that is bound to none is libuv's alone, with its handles. */
int asyncscope__check_not_elsewhere(const uv_loop_t *loop);
/* Whether this is the thread of a worker that is to end: what watches, or waits
 * for a time, is not called any more. */
bool asyncscope__is_stopping(void);

static inline int asyncscope__check_thread(const uv_loop_t *loop) {
  const async_env_t *env = asyncscope__env;
  return ASYNCSCOPE__LIKELY(env != NULL &&
                            atomic_load_explicit(&env->loop.loop,
                                                 memory_order_relaxed) == loop)
             ? 0
             : asyncscope__not_this_thread(loop);
}

static inline int asyncscope__check_begin(const uv_loop_t *loop) {
  const async_env_t *env = asyncscope__env;
  return ASYNCSCOPE__LIKELY(env != NULL && env->loop.open == loop)
             ? 0
             : asyncscope__check_loop(loop);
}

static inline asyncscope__requests_t *asyncscope__requests_of(
    const async_env_t *env) {
  return atomic_load_explicit(&env->requests, memory_order_acquire);
}

static inline uint64_t asyncscope__read_clock(async_env_t *env) {
  env->now_ns = asyncscope__clock_now(&env->clock, env->now_ns);
  return env->now_ns;
}

/* Inside a scope and in a batch the time of the last boundary is near enough: a
 * clock read costs more than most of what happens there. */
static inline uint64_t asyncscope__near_ns(async_env_t *env) {
  return ASYNCSCOPE__UNLIKELY(env->stack.depth == 0 && env->batch != 1)
             ? asyncscope__read_clock(env)
             : env->now_ns;
}

/* What async_hooks_execution_async_id() answers on the environment's thread. */
static inline async_id_t asyncscope__execution_id(const async_env_t *env) {
  return env->stack.top->async_id;
}

/* The owner's way to a record that is taken. */
static inline asyncscope__record_t *asyncscope__record_at(
    const async_env_t *env, uint32_t record) {
  return asyncscope__slab_at(&env->records, record - 1);
}

/* NULL for place 0, and when the record has ended: it may be another's by now,
 * or its memory given back. */
ASYNCSCOPE__HOT asyncscope__record_t *asyncscope__record_find(
    const async_env_t *env, uint32_t place, async_id_t async_id) {
  if (ASYNCSCOPE__LIKELY(env->latest_id == async_id &&
                         env->latest_place == place))
    return env->latest;
  asyncscope__record_t *record =
      place == 0 ? NULL : asyncscope__slab_find(&env->records, place - 1);
  return record != NULL &&
                 asyncscope__own(&record->async_id) == (uint64_t)async_id
             ? record
             : NULL;
}

/* NULL when it is finished, zeroed or another thread's; or when it was ended by
 * a copy, as a tick that has run: its record may be another's by now. */
ASYNCSCOPE__HOT asyncscope__record_t *asyncscope__record_in(
    const async_env_t *env, const async_resource_t *resource) {
  return ASYNCSCOPE__UNLIKELY(env == NULL || resource->thread != env->thread)
             ? NULL
             : asyncscope__record_find(env, resource->record,
                                       resource->async_id);
}

static inline asyncscope__record_t *asyncscope__record_of(
    const async_resource_t *resource) {
  return asyncscope__record_in(asyncscope__env, resource);
}

/* `env` is the calling thread's, or NULL. */
static inline asyncscope__frame_memory_t *asyncscope__frame_memory_of(
    async_env_t *env) {
  return env == NULL ? NULL : &env->frame_memory;
}

static inline void asyncscope__piece_made(async_env_t *maker) {
  maker->frame_memory.alive_here++;
}

static inline void asyncscope__piece_gone(async_env_t *maker,
                                          const async_env_t *env) {
  if (ASYNCSCOPE__LIKELY(env != NULL && maker == env))
    maker->frame_memory.alive_here--;
  else
    asyncscope__piece_gone_elsewhere(maker);
}

/* Around a call of the program's that needs the environment behind it; `env`
 * may be NULL. The second, a cleanup, runs also when the end of the thread
 * passes through. */
static inline async_env_t *asyncscope__call_begin(async_env_t *env) {
  if (env != NULL)
    env->calling++;
  return env;
}
static inline void asyncscope__call_end(async_env_t **env) {
  if (*env != NULL)
    (*env)->calling--;
}

/* The list of environments: list_add also gives out the thread number. */
void asyncscope__env_list_add(async_env_t *env);
void asyncscope__env_list_remove(async_env_t *env);
/* Whether the environment of that number has not ended yet. */
bool asyncscope__env_list_has(uint32_t thread);
void asyncscope__env_unref(async_env_t *env);

/* The bound loop turns at least once more, without waiting. */
void asyncscope__loop_wake(async_env_t *env);
/* Nothing queued any more may be the reason for that. */
void asyncscope__loop_rest(async_env_t *env);
int asyncscope__loop_open(async_env_t *env, uv_loop_t *loop);
/* The first scope since the loop began to poll is entered. */
ASYNCSCOPE__COLD void asyncscope__loop_waited(async_env_t *env);
/* Turns the loop until its handles are closed. */
void asyncscope__loop_close(async_env_t *env);

/* `entry`, the scope that the ended record was kept for, is off the stack. */
void asyncscope__record_left(async_env_t *env,
                             const asyncscope__entry_t *entry);

/* Closes the open tracked handles that are not closing. */
void asyncscope__handles_close(async_env_t *env);
/* They stay open, and are nobody's: closing them later is harmless. */
void asyncscope__handles_forget(async_env_t *env);

/* The cleanup hooks run; behind them nothing begins any more. */
void asyncscope__cleanups_run(async_env_t *env);
/* loop_end.c: the loop is the environment's own and has stopped. Cleanup hooks
 * run, then every handle on the loop is closed and every request waited for, so
 * that async_env_detach() leaves a loop that can be closed. Outside of every
 * scope. False where requests are still out at `deadline_ns`, in the scale of
 * uv_hrtime(); 0: it waits as long as they take. */
bool asyncscope__loop_end(async_env_t *env, uint64_t deadline_ns);

/* A scope with any ids; the record, where there is one, is charged for the
 * time, and so is the request. Hooks and frame are the caller's to handle:
 * `frame` is the one the scope was in at its end, still held. */
int asyncscope__scope_push(async_env_t *env, const asyncscope__entry_t *entry);
void asyncscope__scope_pop(async_env_t *env,
                           const async_context_frame_t *frame);
/* The thread is being ended and its stack unwound: leaves every scope above
 * `depth`, by what its entry says of it, as its resource may be gone. */
void asyncscope__scopes_leave(async_env_t *env, size_t depth);
/* Fatal when `async_id` is not the topmost scope's. */
void asyncscope__scope_require(async_env_t *env, async_id_t async_id);

/* The trigger of what is made without one of its own. */
static inline async_id_t asyncscope__default_trigger(
    const async_env_t *env, async_id_t execution_async_id) {
  return env->default_trigger != ASYNC_ID_UNSET ? env->default_trigger
                                                : execution_async_id;
}

/* Ticks, microtasks, immediates and destroy events. */
void asyncscope__ticks_run(async_env_t *env);
void asyncscope__ticks_run_due(async_env_t *env); /* unless deferred */
void asyncscope__ticks_defer(async_env_t *env);
bool asyncscope__ticks_pending(const async_env_t *env);
/* Whether asyncscope__ticks_run() has anything to do. */
static inline bool asyncscope__ticks_wanted(const async_env_t *env) {
  return ASYNCSCOPE__UNLIKELY(env->ticks.first != NULL ||
                              env->microtasks.first != NULL ||
                              env->rejections.first != NULL ||
                              env->failure.pending || env->ticks_deferred);
}
/* Top level is over when a loop calls back: what failed there is uncaught, and
 * what was queued there runs, before anything is decided by what it may change.
 */
ASYNCSCOPE__COLD void asyncscope__top_level_end(async_env_t *env);
static inline void asyncscope__top_level_over(async_env_t *env) {
  if (asyncscope__ticks_wanted(env) && env->callbacks_open == 0)
    asyncscope__top_level_end(env);
}
/* None of them runs any more: behind the end of the environment. */
void asyncscope__ticks_drop(async_env_t *env);
/* A microtask without a resource of its own: a promise's job. */
void asyncscope__job_add(async_env_t *env, async_tick_t *job);
void asyncscope__immediates_init(async_env_t *env);
/* False when the ticks are still to be run: there were none, or the last one
 * failed. */
bool asyncscope__immediates_run(async_env_t *env);
/* None can run any more: there is no loop. */
void asyncscope__immediates_stop(async_env_t *env);
/* As many as in Node. */
#define ASYNCSCOPE__DESTROYS_FLUSHED 16384

void asyncscope__destroys_flush_soon(async_env_t *env);

/* `flags` are the record's. The loop knows of what is queued by the first of
 * it. */
ASYNCSCOPE__HOT void asyncscope__destroys_add(async_env_t *env, uint32_t index,
                                              asyncscope__record_t *record,
                                              uint32_t flags) {
  asyncscope__destroy_queue_t *queue = &env->destroys;
  record->slot.link = ASYNCSCOPE__SLAB_NONE;
  if (ASYNCSCOPE__UNLIKELY(queue->first == ASYNCSCOPE__SLAB_NONE)) {
    queue->first = index;
    asyncscope__loop_wake(env);
  } else {
    queue->last->slot.link = index;
  }
  queue->last = record;
  asyncscope__counter_add(
      &env->counters.destroys_pending[asyncscope__whose(flags)], 1);
  if (ASYNCSCOPE__UNLIKELY(++queue->count > ASYNCSCOPE__DESTROYS_FLUSHED))
    asyncscope__destroys_flush_soon(env);
}
/* Whether there were any to tell of. */
bool asyncscope__destroys_deliver(async_env_t *env);

#endif
