#ifndef PROMISE_FIXTURE_H
#define PROMISE_FIXTURE_H

/* Short words for promises, and callbacks that write into a trace. */
#include "asyncscope/async_fail.h"
#include "asyncscope/async_promise.h"
#include "hooks_fixture.h"

/* Values are strings. */
async_promise_t *pending(void);
async_promise_t *resolved(const char *value);
async_promise_t *rejected(const char *reason);

/* then() whose derived promise is the caller's. */
async_promise_t *then(async_promise_t *promise, async_promise_cb on_fulfilled,
                      async_promise_cb on_rejected, void *arg);

/* Writes "then(value)" and answers "next". `arg` is the trace. */
void *say_then(async_promise_t *derived, void *value, void *arg);
/* Writes "catch(reason)" and answers "caught". */
void *say_catch(async_promise_t *derived, void *reason, void *arg);
/* Writes "fail" and fails with "broken". */
void *fail_broken(async_promise_t *derived, void *value, void *arg);
void say_finally(async_promise_t *derived, void *arg);

/* Microtasks, destroys and immediates that are due. */
void run_microtasks(void);

/* "pending", "fulfilled(value)", "rejected(reason)". Lasts until the next
 * call. */
const char *state_of(const async_promise_t *promise);

#endif
