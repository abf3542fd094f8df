/* One live resource, with what the capture says about it. */
#ifndef ASYNCSCOPE_DEBUG_RESOURCE_H
#define ASYNCSCOPE_DEBUG_RESOURCE_H

#include "capture.h"
#include "refs.h"

typedef enum debug_state_e {
  DEBUG_INIT,   /* has never called back */
  DEBUG_QUEUED, /* waits for a worker */
  DEBUG_RUNNING,
  DEBUG_IDLE, /* has called back, waits for the next time */
  DEBUG_CLOSING,
  DEBUG_DESTROYED,
  DEBUG_STATES
} debug_state_t;

typedef struct debug_resource_s {
  async_resource_info_t info;
  size_t thread;     /* its index in the capture */
  uint64_t since_ns; /* it runs; 0 where it does not */
  bool task;         /* what it is runs, or will run, on a worker */
  debug_state_t state;
} debug_resource_t;

void asyncscope__debug_describe(const debug_capture_t *capture, size_t thread,
                                const async_resource_info_t *info,
                                debug_resource_t *ret_resource);

/* Reads the record at `place` of a thread; false when it is not that of
 * `async_id` any more. */
bool asyncscope__debug_read(const debug_capture_t *capture, size_t thread,
                            uint32_t place, async_id_t async_id,
                            debug_resource_t *ret_resource);

/* Looks for it among its thread's records: in the time of a walk. */
bool asyncscope__debug_find_resource(const debug_capture_t *capture,
                                     async_ref_t ref,
                                     debug_resource_t *ret_resource);

/* In the words of the formats; static. */
const char *asyncscope__debug_state_name(debug_state_t state);

/* Whether it stands for a request in flight. */
bool asyncscope__debug_is_request(const debug_resource_t *resource);

async_ref_t asyncscope__debug_ref(const async_resource_info_t *info);

/* In whose callback it was made, with its thread: its own; or, where nothing
 * ran there, what caused it on another. */
async_ref_t asyncscope__debug_execution(const async_resource_info_t *info);
async_ref_t asyncscope__debug_execution_of(uint32_t thread, async_ref_t trigger,
                                           async_id_t execution_async_id);

/* By its own thread's clock: since it was made; in its callbacks, including
 * the running one, or on a worker now; and in the queue before that. */
uint64_t asyncscope__debug_age_us(const debug_capture_t *capture,
                                  const debug_resource_t *resource);
uint64_t asyncscope__debug_run_us(const debug_capture_t *capture,
                                  const debug_resource_t *resource);
uint64_t asyncscope__debug_queued_us(const debug_capture_t *capture,
                                     const debug_resource_t *resource);

#endif
