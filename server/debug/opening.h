/* What every answer begins with: its state is made and begun, and where that
 * fails nothing is left. */
#ifndef ASYNCSCOPE_DEBUG_OPENING_H
#define ASYNCSCOPE_DEBUG_OPENING_H

#include "capture.h"
#include "endpoint.h"

/* `state` is zeroed. What has been begun when it fails is closed. Errors: those
 * of a format's open. */
typedef int (*debug_begin_cb)(void *state, debug_call_t *call);

/* The open of a format whose state has `state_bytes`. `close` is the format's:
 * it leaves alone what is zeroed. */
int asyncscope__debug_open_state(debug_call_t *call, size_t state_bytes,
                                 debug_begin_cb begin, void (*close)(void *),
                                 void **ret_state);

/* The name under which a client may keep the answer: `disposition` is a value
 * of Content-Disposition, static. */
void asyncscope__debug_name_file(const debug_call_t *call,
                                 const char *disposition);

/* The capture of an answer. Errors: UV_ENOMEM; then there is nothing to finish.
 */
int asyncscope__debug_open_capture(debug_capture_t *capture,
                                   const debug_call_t *call);

#endif
