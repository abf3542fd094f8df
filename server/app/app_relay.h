/* The connections of a loop to the server that /relay asks. What is asked goes
 * on in the trace of whoever asks here, with its tracestate and its baggage. */
#ifndef ASYNCSCOPE_SERVER_APP_RELAY_H
#define ASYNCSCOPE_SERVER_APP_RELAY_H

#include "app_loop.h"

/* Nothing without --relay. Errors: UV_ENOMEM. Thread: the loop's, as of both
 * below, which do nothing where it is not open. */
int app_relay_open(app_loop_t *loop);

/* Gives up what is being asked: when no request is left that waits for it. */
void app_relay_stop(app_loop_t *loop);

/* When the loop has turned to its end. */
void app_relay_finish(app_loop_t *loop);

#endif
