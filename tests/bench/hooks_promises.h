/* Rows of bench_hooks: each does its operation `count` times. */
#ifndef BENCH_HOOKS_PROMISES_H
#define BENCH_HOOKS_PROMISES_H

#include <stddef.h>

/* One then() of a chain, called back. */
void promise_thens(size_t count);
/* One then() of a chain that nobody settles, made and ended, while another
 * promise waits for one that it adopts. */
void promise_chains(size_t count);
/* Node: await undefined. */
void promise_awaits(size_t count);
/* Node: await new Promise((resolve) => storage.run(store, resolve)). */
void promise_run_awaits(size_t count);
/* Node: await new Promise((resolve) => resolve()).then(throws).catch(fn). */
void promise_catches(size_t count);

#endif
