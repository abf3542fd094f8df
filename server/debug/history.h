/* How the process has been doing, a point for each of the last 60 seconds and
 * one for each of the last 60 minutes, whether anybody asks or not.
 *
 * Whoever samples reads what the threads have counted and looks at no record:
 * what a sample costs does not grow with what lives, its memory with nothing.
 */
#ifndef ASYNCSCOPE_DEBUG_HISTORY_H
#define ASYNCSCOPE_DEBUG_HISTORY_H

#include "debug.h"
#include "history_ring.h"

enum { DEBUG_HISTORY_SECONDS, DEBUG_HISTORY_MINUTES, DEBUG_HISTORY_SCALES };

/* NULL for want of memory. */
debug_history_t *asyncscope__debug_history_create(void);

/* NULL is left alone. */
void asyncscope__debug_history_destroy(debug_history_t *history);

/* As of `now_ns`. The first one only begins; one that comes sooner than half a
 * second after another, or while another thread samples, is left out. */
void asyncscope__debug_history_sample(const asyncscope_debug_t *debug,
                                      uint64_t now_ns);

const debug_history_ring_t *asyncscope__debug_history_ring(
    const debug_history_t *history, unsigned scale);

#endif
