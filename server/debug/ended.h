/* What the threads have counted that are no more, so that no total falls when
 * one ends.
 *
 * The diagnostics hold the threads that the last capture found. What one of
 * them had counted when it ended is added to a sum when the next capture does
 * not find it any more, or a sample does. A thread that no capture has found
 * is in no total, neither before its end nor behind it.
 *
 * A sum that a capture has taken does not change: that and the threads of the
 * capture are together all, each once, however late they are read. */
#ifndef ASYNCSCOPE_DEBUG_ENDED_H
#define ASYNCSCOPE_DEBUG_ENDED_H

#include "capture.h"
#include "json_routes.h"
#include "type_runs.h"

typedef struct debug_ended_sum_s {
  size_t references;              /* under the lock */
  async_env_info_t counts;        /* those that only rise, all else is 0 */
  async_recorder_info_t recorder; /* written and lost */
  debug_type_runs_t types;
  debug_routes_t routes;
} debug_ended_sum_t;

/* NULL without memory. */
debug_ended_t *asyncscope__debug_ended_create(void);
/* No capture may be left. NULL is left alone. */
void asyncscope__debug_ended_destroy(debug_ended_t *ended);

/* `walk` fills the threads of `capture`, which then has its sum. Errors: those
 * of `walk`, UV_ENOMEM. Thread: any, as for all here. */
int asyncscope__debug_ended_capture(debug_ended_t *ended,
                                    debug_capture_t *capture,
                                    int (*walk)(debug_capture_t *capture));
/* `sum` may be NULL. */
void asyncscope__debug_ended_release(debug_ended_t *ended,
                                     debug_ended_sum_t *sum);

/* Lets go of those that have ended. */
void asyncscope__debug_ended_settle(debug_ended_t *ended);

/* What the environments have counted, added up; of what only rises, that of
 * those that have ended, too. */
async_env_info_t asyncscope__debug_total(const debug_capture_t *capture);

#endif
