/* What a scenario is written with.
 *
 * SCENARIO(name) { ... } is the top level of the program NAME.js is to node:
 * it runs before the loop does. What the functions here make lives until the
 * loop has ended, so that a scenario need not clean up. They report what
 * cannot be made and end the program. */
#ifndef ASYNCSCOPE_PARITY_SCENARIO_H
#define ASYNCSCOPE_PARITY_SCENARIO_H

#include "asyncscope/async_env.h"
#include "asyncscope/async_queue.h"
#include "asyncscope/async_timeout.h"
#include "asyncscope/async_uv.h"
#include "trace.h"

#define SCENARIO(name)        \
  void scenario_##name(void); \
  void scenario_##name(void)

uv_loop_t *scenario_loop(void);

/* Zeroed memory, freed after the loop has ended. */
void *scenario_alloc(size_t size_bytes);

/* Calls fn(arg) after the loop has ended, the last one given first. */
void scenario_at_end(void (*fn)(void *arg), void *arg);
/* For scenario_at_end(): closes a tracked handle that is not closing. */
void close_at_end(void *handle);

/* Ends the program when `status` is an error, naming what was done. */
void must(int status, const char *what);
#define MUST(call) must((call), #call)

/* new AsyncResource(type) and (type, { triggerAsyncId }) */
async_resource_t *make_resource(const char *type);
async_resource_t *make_triggered(const char *type, async_id_t trigger_async_id);
void run_in(async_resource_t *resource, void (*fn)(void *arg), void *arg);

/* setTimeout, setInterval, clearTimeout, setImmediate */
async_timeout_t *set_timeout(async_timeout_cb cb, uint64_t timeout_ms);
async_timeout_t *set_interval(async_timeout_cb cb, uint64_t interval_ms);
void clear_timeout(async_timeout_t *timeout);
/* Keeps the thread in a loop, so that what is started is due. */
void be_busy(uint64_t ms);
async_immediate_t *set_immediate(async_immediate_cb cb);
void next_tick(async_callback_cb cb, void *arg);
void queue_microtask(async_callback_cb cb, void *arg);
/* process.nextTick() as Node's own code calls it on behalf of `trigger`. */
void next_tick_for(async_id_t trigger_async_id, async_callback_cb cb,
                   void *arg);

/* Prints the text, a colon and process.getActiveResourcesInfo(). */
void show_active(const char *text);

/* AsyncLocalStorage whose stores are strings. */
async_local_storage_t *make_storage(void);
void run_with(async_local_storage_t *storage, const char *store,
              void (*fn)(void *arg), void *arg);
void enter_with(async_local_storage_t *storage, const char *store);

#endif
