/* The latencies of routes in a JSON document. */
#ifndef ASYNCSCOPE_DEBUG_JSON_ROUTES_H
#define ASYNCSCOPE_DEBUG_JSON_ROUTES_H

#include "capture.h"
#include "json_writer.h"

#include "asyncscope/async_request.h"

/* A route of all threads. */
typedef struct debug_route_s {
  async_route_info_t info;
  async_histogram_t latency;
} debug_route_t;

typedef struct debug_routes_s {
  debug_route_t *items;
  size_t count, capacity, at;
} debug_routes_t;

/* Adds what the thread of `env` has counted, or all of `more`. Errors:
 * UV_ENOMEM. */
int asyncscope__debug_routes_add(debug_routes_t *routes, async_env_t *env);
int asyncscope__debug_routes_join(debug_routes_t *routes,
                                  const debug_routes_t *more);

/* Of all threads, those that have ended too. Errors: UV_ENOMEM. */
int asyncscope__debug_routes_init(debug_routes_t *routes,
                                  const debug_capture_t *capture);

/* A part (document.h): the elements of an array that is open. */
int asyncscope__debug_write_route(debug_routes_t *routes,
                                  json_writer_t *writer);

/* Zeroed and finished ones are left alone. */
void asyncscope__debug_routes_finish(debug_routes_t *routes);

#endif
