/* What runs while threads are captured. */
#ifndef ASYNCSCOPE_DEBUG_RUNNING_H
#define ASYNCSCOPE_DEBUG_RUNNING_H

#include "capture.h"

/* Whether something waits in a pool. */
void asyncscope__debug_find_queues(debug_capture_t *capture);

/* Needs the threads. Errors: UV_ENOMEM. */
int asyncscope__debug_find_all_running(debug_capture_t *capture);

#endif
