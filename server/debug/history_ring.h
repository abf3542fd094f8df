/* The last points of a curve: one thread adds them, any reads them, and nobody
 * waits.
 *
 *   [ 64 ][ 65 ][  2 ] ... [ 63 ]     66 is about to be written where 2 is
 *     \_______________________/
 *         the last 60 are read
 *
 * There are more slots than are read, so that a reader has the time of some
 * points before one that it reads is overwritten. */
#ifndef ASYNCSCOPE_DEBUG_HISTORY_RING_H
#define ASYNCSCOPE_DEBUG_HISTORY_RING_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define DEBUG_HISTORY_POINTS 60 /* that are read */
#define DEBUG_HISTORY_SLOTS  64
#define DEBUG_HISTORY_TYPES  12 /* of a point, each by itself */

typedef struct debug_type_live_s {
  const char *type; /* lives as long as the process; NULL: no more of them */
  uint64_t live;
} debug_type_live_t;

/* How the process was doing in the span that ends at `at_ns`: what lives and
 * the pools on average, the others of all of it. */
typedef struct debug_point_s {
  uint64_t number; /* from 0 */
  uint64_t at_ns, span_ns;
  uint64_t live;
  uint64_t finished, failed;       /* requests; failed ones are finished too */
  uint64_t lag_p99_ns, lag_max_ns; /* of the turns of all loops */
  uint64_t busy_ppm;               /* of the span, the busiest loop */
  uint64_t pool_active, pool_queued;
  uint64_t others; /* of `live`, of further types */
  debug_type_live_t types[DEBUG_HISTORY_TYPES]; /* most first */
} debug_point_t;

#define DEBUG_POINT_WORDS (sizeof(debug_point_t) / sizeof(uint64_t))
_Static_assert(sizeof(debug_point_t) % sizeof(uint64_t) == 0,
               "a point is copied in words");

/* Zeroed it is empty. */
typedef struct debug_history_ring_s {
  _Atomic uint64_t count; /* of points ever added */
  _Atomic uint64_t words[DEBUG_HISTORY_SLOTS][DEBUG_POINT_WORDS];
} debug_history_ring_t;

/* Gives the point its number. Thread: one at a time. */
void asyncscope__debug_history_add(debug_history_ring_t *ring,
                                   debug_point_t *point);

/* The first point that may be read from `number` on, and in `ret_end` the one
 * behind the last. */
uint64_t asyncscope__debug_history_from(const debug_history_ring_t *ring,
                                        uint64_t number, uint64_t *ret_end);

/* False where it is not there yet, or no more. */
bool asyncscope__debug_history_read(const debug_history_ring_t *ring,
                                    uint64_t number, debug_point_t *ret_point);

#endif
