/* The history of `debug`, kept by a timer: whether anybody asks or not, as one
 * that began with the question would have nothing to say. */
#ifndef ASYNCSCOPE_SERVER_DEBUG_SAMPLING_H
#define ASYNCSCOPE_SERVER_DEBUG_SAMPLING_H

#include "asyncscope/asyncscope_debug.h"
#include <uv.h>

/* Samples now, where the first second begins, then each second until `timer` is
 * closed. It is initialised, its `data` is taken, and `debug` outlives it. */
void debug_sampling_start(uv_timer_t *timer, asyncscope_debug_t *debug);

#endif
