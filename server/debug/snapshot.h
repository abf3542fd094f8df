/* The state of all threads, copied into plain structs that no thread changes
 * any more: what every format is made from. */
#ifndef ASYNCSCOPE_DEBUG_SNAPSHOT_H
#define ASYNCSCOPE_DEBUG_SNAPSHOT_H

#include "asyncscope/async_inspect.h"
#include "asyncscope/asyncscope_debug.h"
#include <time.h>

/* The bits of a record say which keys have a store, so many at most. */
#define DEBUG_STORES     32
#define DEBUG_NAME_BYTES 64

typedef enum debug_state_e {
  DEBUG_INIT,   /* has never called back */
  DEBUG_QUEUED, /* waits for a worker */
  DEBUG_RUNNING,
  DEBUG_IDLE, /* has called back, waits for the next time */
  DEBUG_CLOSING,
  DEBUG_DESTROYED
} debug_state_t;

typedef struct debug_resource_s {
  async_resource_info_t info;
  uint64_t since_ns; /* its scope was entered; 0 outside */
  debug_state_t state;
  bool hidden; /* asyncscope's own, not asked for */
} debug_resource_t;

typedef struct debug_thread_s {
  async_env_info_t info;
  uint64_t captured_ns;
  size_t first, count;                 /* in resources */
  size_t first_request, request_count; /* in thread_requests */
} debug_thread_t;

/* A cause that has ended and that something shown still leads to. */
typedef struct debug_gone_s {
  async_ref_t ref;
  async_ref_t trigger; /* thread ASYNC_THREAD_NONE when it is forgotten */
  const char *type;    /* NULL when it is forgotten */
  const async_site_t *site;
  bool reached;
} debug_gone_t;

typedef struct debug_type_s {
  const char *type;
  size_t count;
} debug_type_t;

typedef struct debug_pool_s {
  char name[DEBUG_NAME_BYTES];
  worker_pool_info_t info;
  worker_times_t times; /* of all types */
  worker_times_t types[WORKER_POOL_TYPES_MAX];
  size_t type_count;
} debug_pool_t;

/* All arrays are sorted: by thread number, by (thread, id), by name, by
 * request number; the pools stand as they were given. */
typedef struct debug_snapshot_s {
  char tool_name[DEBUG_NAME_BYTES];
  char command[DEBUG_NAME_BYTES];
  bool internal;
  uint64_t started_ns;         /* the process */
  uint64_t begun_ns, ended_ns; /* the copying */
  struct timespec time;        /* of begun_ns, on the wall */
  debug_thread_t *threads;
  size_t thread_count, thread_capacity;
  debug_resource_t *resources;
  size_t resource_count, resource_capacity;
  size_t hidden_count;
  debug_gone_t *gone; /* before relating: all remembered ancestors */
  size_t gone_count, gone_capacity;
  debug_type_t *types; /* of what is shown */
  size_t type_count, type_capacity;
  uint64_t *requests; /* the request of each shown resource that has one */
  size_t request_count;
  uint64_t *thread_requests; /* for each thread, each of its requests once */
  size_t thread_request_count;
  debug_pool_t *pools;
  size_t pool_count;
  char store_names[DEBUG_STORES][DEBUG_NAME_BYTES];
} debug_snapshot_t;

/* Copies the live state and relates it. Errors: UV_ENOMEM. */
int asyncscope__debug_snapshot_take(const asyncscope_debug_options_t *options,
                                    debug_snapshot_t **ret_snapshot);

/* Frees it; NULL is left alone. It came from async_calloc(), zeroed. */
void asyncscope__debug_snapshot_destroy(debug_snapshot_t *snapshot);

/* Sorts what was copied and derives the rest: states, what is hidden, types,
 * requests, which ancestors are gone. Errors: UV_ENOMEM. */
int asyncscope__debug_snapshot_relate(debug_snapshot_t *snapshot);

/* The part of it that leaves only those `gone` that something shown leads to,
 * the forgotten ones added. Needs sorted resources. Errors: UV_ENOMEM. */
int asyncscope__debug_snapshot_find_gone(debug_snapshot_t *snapshot);

/* NULL where it is not among them. */
debug_resource_t *asyncscope__debug_find_resource(
    const debug_snapshot_t *snapshot, async_ref_t ref);
debug_gone_t *asyncscope__debug_find_gone(const debug_snapshot_t *snapshot,
                                          async_ref_t ref);
debug_thread_t *asyncscope__debug_find_thread(const debug_snapshot_t *snapshot,
                                              uint32_t thread);

/* In the words of the formats; static. */
const char *asyncscope__debug_state_name(debug_state_t state);
const char *asyncscope__debug_kind_name(async_env_kind_t kind);

/* The entry that runs: the innermost of the stack. NULL where nothing runs,
 * and where the stack is deeper than what is published of it. */
const async_stack_entry_t *asyncscope__debug_current(
    const debug_thread_t *thread);

/* How far apart the first and the last thread were captured. */
uint64_t asyncscope__debug_skew_us(const debug_snapshot_t *snapshot);

/* How many shown resources belong to `request`. */
size_t asyncscope__debug_request_live(const debug_snapshot_t *snapshot,
                                      uint64_t request);

/* Whether the resource stands for a request in flight. */
bool asyncscope__debug_is_request(const debug_resource_t *resource);

/* Whether `ref` names a resource: roots and ids never given do not. */
bool asyncscope__debug_is_resource(async_ref_t ref);

/* Below, at or above zero as `a` stands before, at or behind `b`. */
int asyncscope__debug_compare_refs(async_ref_t a, async_ref_t b);

async_ref_t asyncscope__debug_ref(const debug_resource_t *resource);

/* Of its own thread's clock: since it was made, in its callbacks including
 * the running one. */
uint64_t asyncscope__debug_age_us(const debug_snapshot_t *snapshot,
                                  const debug_resource_t *resource);
uint64_t asyncscope__debug_run_us(const debug_snapshot_t *snapshot,
                                  const debug_resource_t *resource);

/* From `from_ns` to `to_ns`, 0 where that is backwards. */
uint64_t asyncscope__debug_elapsed_us(uint64_t from_ns, uint64_t to_ns);

/* `items`, moved where there was no room for one more behind `count`; NULL for
 * want of memory, and then `items` is as it was. */
void *asyncscope__debug_grow(void *items, size_t count, size_t *capacity,
                             size_t item_bytes);

#endif
