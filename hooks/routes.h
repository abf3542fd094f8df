/* How long the requests of each route took: a bounded table of a thread. */
#ifndef ASYNCSCOPE_HOOKS_ROUTES_H
#define ASYNCSCOPE_HOOKS_ROUTES_H

#include "asyncscope/async_request.h"
#include "counter.h"
#include <stdbool.h>

/* A row is published when it is whole, never moves and stays until the
 * environment's memory goes. */
typedef struct asyncscope__route_s {
  char name[ASYNC_ROUTE_BYTES];
  asyncscope__counter_t failed;
  async_histogram_t latency;
} asyncscope__route_t;

/* A string's row, by its address; what stands there now must be the name, but
 * for a constant. */
#define ASYNCSCOPE__ROUTE_CACHE 64u
typedef struct asyncscope__route_entry_s {
  const char *key;
  uint32_t row;
  bool constant; /* what stands at `key` stays so */
} asyncscope__route_entry_t;

typedef struct asyncscope__routes_s {
  _Atomic(asyncscope__route_t *) rows[ASYNC_ROUTES_MAX]; /* row 0: no route */
  uint32_t count;
  asyncscope__route_entry_t cache[ASYNCSCOPE__ROUTE_CACHE];
} asyncscope__routes_t;

/* Makes row 0. 0 or UV_ENOMEM. */
int asyncscope__routes_open(asyncscope__routes_t *routes);
void asyncscope__routes_finish(asyncscope__routes_t *routes);

/* The row of `route`, made now if it is new. 0 or UV_ENOMEM. */
int asyncscope__route_find(asyncscope__routes_t *routes, const char *route,
                           uint32_t *ret_row);
void asyncscope__route_count(asyncscope__routes_t *routes, uint32_t row,
                             uint64_t latency_ns, bool failed);
/* Any thread. */
const asyncscope__route_t *asyncscope__route_at(
    const asyncscope__routes_t *routes, size_t row);

#endif
