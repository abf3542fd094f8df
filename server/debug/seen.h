/* What a reader was told of the resources of a list, to find out what another
 * look at the list shows otherwise.
 *
 *   told before   a b c   d            what is gone is in the old one alone,
 *   shown now     a   c'  d e          what is new in the new one alone;
 *                   b c'    e          c has changed
 */
#ifndef ASYNCSCOPE_DEBUG_SEEN_H
#define ASYNCSCOPE_DEBUG_SEEN_H

#include "resource.h"

/* Times sizeof(debug_seen_item_t): 2 MiB. */
#define DEBUG_SEEN_MAX 65536

typedef enum debug_news_e {
  DEBUG_SAME,
  DEBUG_NEW,
  DEBUG_CHANGED,
  DEBUG_GONE
} debug_news_t;

/* As it was told. What time alone changes, its age, is not told again. */
typedef struct debug_seen_item_s {
  async_id_t async_id;
  uint32_t thread;            /* its number */
  uint32_t place;             /* of its record */
  uint32_t callbacks, run_us; /* the low bits */
  uint32_t rest;              /* a hash of all else that may change */
  debug_news_t news;          /* of the last comparison */
} debug_seen_item_t;

/* Zeroed it is empty. */
typedef struct debug_seen_s {
  debug_seen_item_t *items; /* by (thread, id) once they were compared */
  size_t count, capacity;
} debug_seen_t;

/* Errors: UV_ENOMEM; UV_E2BIG behind DEBUG_SEEN_MAX. */
int asyncscope__debug_seen_add(debug_seen_t *seen,
                               const debug_capture_t *capture,
                               const debug_resource_t *resource);

/* Sets the news of both: what is gone in `before`, what is new or has changed
 * in `now`. What has changed is left as it was told. Returns how much news
 * there is. */
size_t asyncscope__debug_seen_compare(debug_seen_t *before, debug_seen_t *now);

/* The item becomes what `resource` says now. */
void asyncscope__debug_seen_tell(debug_seen_item_t *item,
                                 const debug_capture_t *capture,
                                 const debug_resource_t *resource);

/* Zeroed and finished ones are left alone. */
void asyncscope__debug_seen_finish(debug_seen_t *seen);

#endif
