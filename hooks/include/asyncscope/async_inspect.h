/* Reading every thread's environment from any thread, at any time, without
 * stopping its owner: diagnostics are built on this.
 *
 * Consistency is per record: a record is never torn; what lives through the
 * whole walk is seen exactly once; what starts or ends meanwhile may or may
 * not be seen. Copy a batch, then format: nothing here is held between two
 * calls but the reference to the environment.
 * Thread: any, also one without an environment, also inside hooks.
 *
 * Unless a function says otherwise:
 *   Thread: any, also one without an environment.
 *   In hooks: yes.
 *   Errors: UV_ENOENT behind the last.
 *   Memory: an environment is counted; what is copied is the caller's, types
 *     and sites live as long as the process.
 *   Node: has none. */
#ifndef ASYNCSCOPE_ASYNC_INSPECT_H
#define ASYNCSCOPE_ASYNC_INSPECT_H

#include "asyncscope/async_env.h"
#include "asyncscope/async_histogram.h"
#include "asyncscope/async_resource.h"
#include "asyncscope/async_types.h"
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The environment of a thread, counted by who reads it. */
typedef struct async_env_s async_env_t;

/* Walks the environments in the order of their thread numbers: NULL gives the
 * first, each call gives up `previous` and returns a reference to the next,
 * or NULL. An environment that ended stays readable while it is referenced. */
ASYNC_EXTERN async_env_t *async_inspect_next(async_env_t *previous);

/* Takes one more reference, to come back to an environment after the walk. */
ASYNC_EXTERN async_env_t *async_inspect_retain(async_env_t *env);

/* Gives up a reference, to end a walk early. NULL is left alone. */
ASYNC_EXTERN void async_inspect_release(async_env_t *env);

/* Scopes of a stack that others can read, from the outermost on. */
#define ASYNC_STACK_PUBLISHED 64

/* A scope that was entered and not left. */
typedef struct async_stack_entry_s {
  async_id_t async_id;         /* whose scope it is */
  async_id_t trigger_async_id; /* of that resource */
  uint64_t since_ns;  /* entered at, in the scale of async_inspect_now_ns() */
  uint64_t nested_ns; /* of that in scopes inside it that were left */
  uint64_t request;   /* whose time it is, 0 for none */
} async_stack_entry_t;

/* A thread, as it was when it was asked about: each number by itself. */
typedef struct async_env_info_s {
  uint32_t thread;       /* its number: from 0 on, never given again */
  async_env_kind_t kind; /* what it is for */
  char name[ASYNC_ENV_NAME_BYTES]; /* with the final NUL */
  int64_t os_tid;                  /* as the system, ps and gdb number it */
  bool ended;                      /* nothing of it will change any more */
  uint64_t opened_ns;              /* in the scale of async_inspect_now_ns() */
  /* The execution stack, outermost first; the root is not counted. Of a
   * deeper stack the first ASYNC_STACK_PUBLISHED entries. */
  size_t stack_depth;
  async_stack_entry_t stack[ASYNC_STACK_PUBLISHED]; /* as far as it goes */
  /* Since the environment was opened; what asyncscope has made for itself is
   * counted apart, as internal. */
  uint64_t resources_created;
  uint64_t internal_created;                        /* of asyncscope's own */
  uint64_t resources_destroyed, internal_destroyed; /* delivered */
  uint64_t destroys_pending, internal_pending;      /* queued now */
  uint64_t scopes_entered;                          /* left or not */
  uint64_t frames_created, frames_released;         /* context frames */
  uint64_t stores_created, stores_released;         /* values set under keys */
  uint64_t loop_iterations;                         /* of every loop it bound */
  /* Memory, now: of the slabs, in which there may be room; and of the recorder,
   * whose pages are taken when they are written first. */
  uint64_t record_bytes;   /* of resources, dead or alive */
  uint64_t name_bytes;     /* of those that were given one */
  uint64_t request_bytes;  /* of accounts of requests, in flight or kept */
  uint64_t recorder_bytes; /* of the ring of events */
} async_env_info_t;

/* What is known of an environment now.
 * Thread: any that holds a reference. */
ASYNC_EXTERN void async_inspect_env(async_env_t *env,
                                    async_env_info_t *ret_info);

/* What is kept of one resource, beside the async_resource_t in its own struct;
 * and of its name, where it has one. */
ASYNC_EXTERN size_t async_inspect_bytes_per_resource(void);
ASYNC_EXTERN size_t async_inspect_bytes_per_name(void);

/* How the bound loop is doing, as its thread published it at the last check
 * phase (once in each iteration); but for what says that it is of now. */
typedef struct async_loop_info_s {
  uint64_t attached_ns; /* 0: no loop is bound, or no more */
  uint64_t checked_ns;  /* the last check phase; 0: none yet */
  uint64_t iterations;  /* as loop_iterations of the environment */
  /* Of now: spent waiting for events, the wait that is going on included, in
   * all loops that the thread has bound. No answer is less than one before. */
  uint64_t idle_ns;
  /* Of now: how much of the time since it was bound was not spent so, from 0 to
   * 1. A loop that is stuck in a callback is busy. 0 where no loop is bound. */
  double utilization;
  /* Of now: how long the iteration under way has been busy, which is what has
   * come in since has to wait. 0 while it waits, and where no loop is bound. */
  uint64_t turn_ns;
  /* It waits for events now: nothing tracked runs, and the poll phase has begun
   * without a check phase since. Also while a callback runs there that is not
   * tracked. */
  bool waiting;
  /* How many of the scopes of the stack were open when the poll phase began
   * that it is in: the loop is being run inside of them. 0 elsewhere. */
  size_t scopes_around;
  uint64_t active_handles, active_requests; /* libuv's own count */
  bool has_events;                 /* libuv 1.45 and later count them */
  uint64_t events, events_waiting; /* handled; there before it asked */
} async_loop_info_t;

/* The busy time of each iteration, from one check phase to the next without
 * the waiting, in nanoseconds, is added to `sum` (may be NULL): what came in
 * meanwhile had to wait that long. What a program does between two runs of
 * its loop counts as busy. */
ASYNC_EXTERN void async_inspect_loop(async_env_t *env,
                                     async_loop_info_t *ret_info,
                                     async_histogram_t *sum);

/* A live resource, copied from its record. */
typedef struct async_resource_info_s {
  uint32_t thread;     /* which thread has it */
  uint32_t place;      /* where its record lies, for async_inspect_resource() */
  async_id_t async_id; /* unique on that thread */
  async_id_t trigger_async_id;   /* 0 where the cause is on another thread */
  async_id_t execution_async_id; /* what ran when it was made */
  async_ref_t trigger;           /* the cause with its thread */
  const char *type;              /* lives as long as the process */
  const async_site_t *site;      /* where it was made; static */
  char name[ASYNC_RESOURCE_NAME_BYTES]; /* "" for none */
  uint64_t created_ns; /* in the scale of async_inspect_now_ns() */
  uint64_t run_ns;    /* in its callbacks that have ended; three days at most */
  uint32_t callbacks; /* that have ended */
  uint32_t frame;     /* the frame's number on its thread, 0 for none */
  uint32_t storages;  /* bit n: the key in slot n has a store (n < 32) */
  uint64_t request;   /* 0 for none */
  bool internal;      /* asyncscope's own */
  bool ref;           /* keeps its loop alive */
  bool owes;          /* a callback, and has run none yet */
  bool task;          /* made with ASYNC_RESOURCE_TASK */
  bool closing;       /* a handle whose close callback is still to come */
  bool destroyed;     /* ended: destroy is queued, or was delivered */
} async_resource_info_t;

/* Copies up to `max` live records from `*cursor` on (0 to begin), moves the
 * cursor behind them and returns how many; 0 at the end. The order is the
 * slab's, not the ids'. */
ASYNC_EXTERN size_t async_inspect_resources(async_env_t *env, uint32_t *cursor,
                                            async_resource_info_t *ret_infos,
                                            size_t max);

/* Copies the record at `place` again; false when it is no longer that of
 * `async_id`. */
ASYNC_EXTERN bool async_inspect_resource(async_env_t *env, uint32_t place,
                                         async_id_t async_id,
                                         async_resource_info_t *ret_info);

/* A resource that ended and was seen to cause others (it was running, is the
 * handle of a request or connection, or was given as a trigger): kept so that a
 * chain of causes can be followed, the last ASYNC_ANCESTORS_KEPT of each
 * thread. */
#define ASYNC_ANCESTORS_KEPT 1024

/* What is remembered of one; the fields are those of async_resource_info_t. */
typedef struct async_ancestor_info_s {
  async_id_t async_id;           /* unique on its thread */
  async_id_t execution_async_id; /* what ran when it was made */
  async_ref_t trigger;           /* the cause with its thread */
  const char *type;              /* lives as long as the process */
  const async_site_t *site;      /* where it was made; static */
  uint64_t created_ns;           /* in the scale of async_inspect_now_ns() */
  uint32_t storages;             /* as in async_resource_info_t */
} async_ancestor_info_t;

/* As async_inspect_resources(), over the remembered ancestors. */
ASYNC_EXTERN size_t async_inspect_ancestors(async_env_t *env, uint32_t *cursor,
                                            async_ancestor_info_t *ret_infos,
                                            size_t max);

/* What the thread has made, run and ended of one type: of the program, and for
 * asyncscope itself. */
typedef struct async_type_info_s {
  const char *type;            /* lives as long as the process */
  uint64_t created, destroyed; /* destroyed: ended, delivered or not */
  uint64_t internal_created, internal_destroyed; /* of asyncscope's own */
} async_type_info_t;

/* Type `index` of the thread, in the order of their first sight; those beyond
 * 255 are together "others". UV_ENOENT behind the last. How long each of the
 * program's scopes took, in nanoseconds, is added to `sum` (may be NULL). */
ASYNC_EXTERN int async_inspect_type(async_env_t *env, size_t index,
                                    async_type_info_t *ret_info,
                                    async_histogram_t *sum);

/* The name of the key in slot `slot`, "" when none. */
ASYNC_EXTERN void async_inspect_key_name(uint32_t slot, char *ret_name,
                                         size_t name_bytes);

/* Monotonic nanoseconds, the scale of every time here. */
ASYNC_EXTERN uint64_t async_inspect_now_ns(void);

#ifdef __cplusplus
}
#endif
#endif
