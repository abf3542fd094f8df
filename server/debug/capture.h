/* The threads of the process at one moment, and the way to their records.
 *
 * A capture is small whatever lives: it holds a reference to each environment
 * and what the environment says of itself. Records are read where they lie
 * when they are needed (walk.h, asyncscope__debug_read()), so that an answer's
 * memory does not grow with what it shows. */
#ifndef ASYNCSCOPE_DEBUG_CAPTURE_H
#define ASYNCSCOPE_DEBUG_CAPTURE_H

#include "debug.h"
#include "pace.h"

#include "asyncscope/async_inspect.h"
#include "asyncscope/async_recorder.h"
#include <time.h>

/* The bits of a record say which keys have a store, so many at most. */
#define DEBUG_STORES 32

typedef struct debug_thread_s {
  async_env_t *env; /* a reference */
  async_env_info_t info;
  async_recorder_info_t recorder;
  uint64_t captured_ns;
} debug_thread_t;

/* What runs: the entries of all stacks, and the tasks that workers do for
 * other threads. */
typedef struct debug_running_s {
  async_ref_t ref;
  uint64_t since_ns; /* the worker began, or the scope was entered */
  bool task;
} debug_running_t;

typedef struct debug_capture_s {
  const asyncscope_debug_t *debug;
  debug_pace_t *pace;  /* of the answer; NULL: records are read at will */
  uint64_t started_ns; /* the process */
  uint64_t begun_ns;
  struct timespec time;    /* of begun_ns, on the wall */
  debug_thread_t *threads; /* by number */
  size_t thread_count;
  struct debug_ended_sum_s *ended; /* ended.h; NULL: none has */
  debug_running_t *running;        /* by (thread, id), each once */
  size_t running_count, running_capacity;
  bool queue; /* something waits in a pool, or none is known */
  char store_names[DEBUG_STORES][DEBUG_NAME_BYTES];
} debug_capture_t;

/* `pace` may be NULL. Errors: UV_ENOMEM; then there is nothing to finish. */
int asyncscope__debug_capture_init(debug_capture_t *capture,
                                   const asyncscope_debug_t *debug,
                                   debug_pace_t *pace);

/* Zeroed and finished ones are left alone. */
void asyncscope__debug_capture_finish(debug_capture_t *capture);

/* The index of the first thread whose number is not below `thread`. */
size_t asyncscope__debug_thread_index(const debug_capture_t *capture,
                                      uint32_t thread);

/* NULL where it is not among them. */
const debug_thread_t *asyncscope__debug_find_thread(
    const debug_capture_t *capture, uint32_t thread);

/* NULL where it does not run. */
const debug_running_t *asyncscope__debug_find_running(
    const debug_capture_t *capture, async_ref_t ref);

/* How far apart the first and the last thread were captured. */
uint64_t asyncscope__debug_skew_us(const debug_capture_t *capture);

/* When that was, on the wall. */
struct timespec asyncscope__debug_wall_time(const debug_capture_t *capture,
                                            uint64_t at_ns);

/* From `from_ns` to `to_ns`, 0 where that is backwards. */
uint64_t asyncscope__debug_elapsed_us(uint64_t from_ns, uint64_t to_ns);

/* Whether it turns a loop: as its kind says; or, with asyncscope's own, any
 * that is bound to it. */
bool asyncscope__debug_turns_loop(async_env_t *env,
                                  const async_env_info_t *info, bool internal);

/* In the words of the formats; static. */
const char *asyncscope__debug_kind_name(async_env_kind_t kind);

/* The entry that runs: the innermost of the stack. NULL where nothing runs,
 * and where the stack is deeper than what is published of it. */
const async_stack_entry_t *asyncscope__debug_current(
    const debug_thread_t *thread);

/* `items`, moved where there was no room for one more behind `count`; NULL for
 * want of memory, and then `items` is as it was. */
void *asyncscope__debug_grow(void *items, size_t count, size_t *capacity,
                             size_t item_bytes);

#endif
