/* Promises as the scenarios use them; each is released after the loop. */
#ifndef ASYNCSCOPE_PARITY_PROMISE_H
#define ASYNCSCOPE_PARITY_PROMISE_H

#include "asyncscope/async_promise.h"
#include "scenario.h"

/* All events of all types, but for destroy, which for promises is the garbage
 * collector's in Node. trace.js: hook('', { events: [...] }). */
void trace_start_but_destroy(void);
/* A hook for PROMISE alone and without destroy, which in Node is the garbage
 * collector's. trace.js has it as promises(). */
void trace_start_promises(void);

/* Takes over the caller's reference. */
async_promise_t *promise_keep(async_promise_t *promise);
async_promise_t *promise_make(void);
async_promise_t *promise_resolved(const char *value);
async_promise_t *promise_rejected(const char *reason);
async_promise_t *promise_then(async_promise_t *promise, async_promise_cb cb,
                              const char *text);
async_promise_t *promise_catch(async_promise_t *promise, async_promise_cb cb,
                               const char *text);
/* What "await promise" in an async function is: `function` is the promise the
 * function returned. The rest of the function is cb, which settles it. */
void promise_await(async_promise_t *function, const char *value,
                   async_promise_cb cb);

/* A callback that prints where it is behind the text given to then. */
void *promise_say(async_promise_t *derived, void *value, void *arg);

#endif
