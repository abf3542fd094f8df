/* The numbers behind /metrics, of all threads together. */
#ifndef ASYNCSCOPE_DEBUG_METRICS_H
#define ASYNCSCOPE_DEBUG_METRICS_H

#include "grouping.h"
#include "metrics_text.h"
#include "type_runs.h"
#include "warnings.h"

#include "asyncscope/async_request.h"

#define METRICS_ROUTES_MAX 128

typedef struct metrics_route_s {
  char route[ASYNC_ROUTE_BYTES];
  uint64_t failed;
  async_histogram_t latency;
} metrics_route_t;

/* Does not move: its parts know each other. */
typedef struct metrics_s {
  debug_query_t query; /* by type, all of them */
  debug_call_t call;
  debug_grouping_t grouping; /* what lives */
  bool grouped;
  debug_warnings_t warnings;
  debug_type_runs_t types;
  metrics_route_t *routes;
  size_t route_count, route_capacity;
  uint64_t requests_active, requests_retained;
} metrics_t;

/* Errors: UV_ENOMEM, or of asyncscope__debug_refuse(); then there is nothing
 * to finish. */
int asyncscope__metrics_init(metrics_t *metrics, const debug_call_t *call);

/* Until it answers 0. Errors: UV_EAGAIN while there is more to do, UV_ENOMEM.
 */
int asyncscope__metrics_build(metrics_t *metrics);

/* Zeroed and finished ones are left alone. */
void asyncscope__metrics_finish(metrics_t *metrics);

typedef struct metrics_row_s metrics_row_t;

/* Writes sample `item`: 1 when there are more, 0 when there is none any more.
 * Errors: UV_ENOBUFS. */
typedef int (*metrics_write_cb)(const metrics_t *metrics, size_t item,
                                const metrics_row_t *row,
                                debug_buffer_t *buffer);

/* A family and its samples. */
struct metrics_row_s {
  metrics_family_t family;
  metrics_write_cb write;
  size_t at; /* which of what `write` can show */
};

/* The sample of a family that has one. */
int asyncscope__metrics_write_one(const metrics_row_t *row,
                                  debug_buffer_t *buffer, double value);

/* In their order; each ends with a NULL name. */
extern const metrics_row_t asyncscope__metrics_of_resources[];
extern const metrics_row_t asyncscope__metrics_of_requests[];
extern const metrics_row_t asyncscope__metrics_of_pools[];
extern const metrics_row_t asyncscope__metrics_of_exporters[];
extern const metrics_row_t asyncscope__metrics_of_threads[];
extern const metrics_row_t asyncscope__metrics_of_process[];
extern const metrics_row_t asyncscope__metrics_of_warnings[];

#endif
