/* process.nextTick, queueMicrotask and setImmediate.
 *
 * After each outermost callback all ticks run, then all microtasks, again
 * until both are empty. Immediates run once an iteration of the loop, after
 * the destroy events of that iteration. Everything queued keeps the loop
 * turning under a plain uv_run().
 *
 * Unless a function says otherwise:
 *   Thread: the environment's.
 *   In hooks: yes.
 *   Errors: UV_ENOMEM, UV_EINVAL without an environment; then cb is not called.
 *   Memory: of async_next_tick() and async_queue_microtask() ours; a tick or an
 *     immediate is the caller's again when its cb is called, or it is stopped.
 *     The end of the environment calls what is queued, and what the ticks and
 *     microtasks among it queue, without end if they never stop; what destroy
 *     hooks and releases have queued after a hundred rounds is dropped, its cb
 *     not called, and a tick then holds its frame until
 *     async_resource_finish(). To finish one that has run does nothing.
 *   Node: where one is named. */
#ifndef ASYNCSCOPE_ASYNC_QUEUE_H
#define ASYNCSCOPE_ASYNC_QUEUE_H

#include "asyncscope/async_resource.h"
#include "asyncscope/async_types.h"
#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What is queued. */
typedef void (*async_callback_cb)(void *arg);

/* Runs cb(arg) after the current callback, as a resource TickObject in the
 * current frame.
 * Errors: UV_ENOMEM, UV_EINVAL without an environment.
 * Node: process.nextTick(). */
#define async_next_tick(...) async_next_tick_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_next_tick_at(const async_site_t *site,
                                    async_callback_cb cb, void *arg);

/* Runs cb(arg) after the ticks, as a resource Microtask; or, where no hook is
 * enabled and no frame is current, without a resource and with ids 0 and 0.
 * Errors and thread as above. Node: queueMicrotask(). */
#define async_queue_microtask(...) \
  async_queue_microtask_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_queue_microtask_at(const async_site_t *site,
                                          async_callback_cb cb, void *arg);

/* A tick in the caller's memory, so that queueing it later cannot fail for
 * want of memory. Zero it before the first use. */
typedef struct async_tick_s {
  async_resource_t resource; /* its data is public */
  /* private */
  void (*cb)(struct async_tick_s *tick);
  struct async_tick_s *next;
} async_tick_t;
typedef void (*async_tick_cb)(async_tick_t *tick);

/* As async_next_tick(). Not while it is queued: one that was started runs
 * before it may be started again. The memory is the caller's again when cb is
 * called.
 * `options` as for async_resource_init(), may be NULL. */
#define async_tick_start(...) async_tick_start_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_tick_start_at(const async_site_t *site,
                                     async_tick_t *tick, async_tick_cb cb,
                                     const async_resource_options_t *options);

/* An immediate, in the caller's memory. Zeroed is one that is not started. */
typedef struct async_immediate_s {
  async_resource_t resource; /* its data is public */
  /* private */
  void (*cb)(struct async_immediate_s *immediate);
  struct async_immediate_s *next, *prev;
  bool unreferenced;
} async_immediate_t;

/* Runs in the immediate's scope; it may be started again there. */
typedef void (*async_immediate_cb)(async_immediate_t *immediate);

/* Runs cb in the check phase of this iteration, or of the next when called from
 * an immediate. Zero the memory before the first use; it is the caller's again
 * when cb returns or the immediate is stopped. Needs a bound loop.
 * Errors: UV_EBUSY when it is started, UV_ENOMEM, UV_EINVAL without a loop
 * and when another thread started it, UV_ECANCELED while the environment ends.
 * Thread: the loop's.
 * Node: setImmediate(). */
#define async_immediate_start(...) \
  async_immediate_start_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_immediate_start_at(const async_site_t *site,
                                          async_immediate_t *immediate,
                                          async_immediate_cb cb);

/* Does nothing when it is not started, also from inside its own callback, and
 * on another thread than its own. Node: clearImmediate(). */
ASYNC_EXTERN void async_immediate_stop(async_immediate_t *immediate);

/* Whether it keeps the loop alive; the first two do nothing on another thread.
 * Node: ref(), unref(), hasRef(). */
ASYNC_EXTERN void async_immediate_ref(async_immediate_t *immediate);
ASYNC_EXTERN void async_immediate_unref(async_immediate_t *immediate);
ASYNC_EXTERN bool async_immediate_has_ref(const async_immediate_t *immediate);

#ifdef __cplusplus
}
#endif
#endif
