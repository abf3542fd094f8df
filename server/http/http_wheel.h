/* Deadlines by the thousand with one timer.
 *
 *     slot = deadline / HTTP_SWEEP_MS, modulo the number of slots
 *     [ ] [ ] [a-b] [ ] [c] ...      a slot is a list of nodes
 *              ^ tick: everything before has been swept
 *
 * A node may stand in a slot that is too early, never in one that is too
 * late: putting a deadline off costs a store, the sweep moves the node. */
#ifndef ASYNCSCOPE_SERVER_HTTP_WHEEL_H
#define ASYNCSCOPE_SERVER_HTTP_WHEEL_H

#include "http_limits.h"
#include <stdint.h>

typedef struct http_wheel_node_s {
  struct http_wheel_node_s *next, *prev; /* NULL when in no slot */
  uint64_t deadline_ms;
  uint64_t slot_tick; /* when the sweep comes by */
} http_wheel_node_t;

typedef struct http_wheel_s {
  http_wheel_node_t slots[HTTP_WHEEL_SLOTS];
  http_wheel_node_t due;
  uint64_t tick;
} http_wheel_t;

void http_wheel_init(http_wheel_t *wheel, uint64_t now_ms);

/* After a time in which the wheel was empty and nobody swept. */
void http_wheel_catch_up(http_wheel_t *wheel, uint64_t now_ms);

/* `node` is zeroed, or in `wheel`. */
void http_wheel_set(http_wheel_t *wheel, http_wheel_node_t *node,
                    uint64_t deadline_ms);
void http_wheel_remove(http_wheel_node_t *node);

/* Takes out a node whose deadline has passed, NULL when there is none. Any
 * node may be set or removed between two calls. */
http_wheel_node_t *http_wheel_expire(http_wheel_t *wheel, uint64_t now_ms);

#endif
