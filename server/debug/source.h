/* The resources of a query: what every list of them is made from. */
#ifndef ASYNCSCOPE_DEBUG_SOURCE_H
#define ASYNCSCOPE_DEBUG_SOURCE_H

#include "endpoint.h"
#include "selection.h"
#include "subtree.h"

/* Does not move: its parts know each other. */
typedef struct debug_source_s {
  const debug_query_t *query;
  debug_capture_t capture;
  debug_subtree_t subtree; /* where root= is given */
  debug_selection_t selection;
} debug_source_t;

/* Whether the parameters of a list go together: a cursor or a limit that the
 * order does not allow, depth without root. Errors: of
 * asyncscope__debug_refuse(). */
int asyncscope__debug_check_order(const debug_call_t *call);

/* Errors: UV_ENOMEM, or of asyncscope__debug_check_order(); then there is
 * nothing to finish. */
int asyncscope__debug_source_init(debug_source_t *source,
                                  const debug_call_t *call);

/* Until it answers 0: from then on how many match is known, and the first can
 * be had. Errors: UV_EAGAIN while there is more to do, UV_ENOMEM, UV_E2BIG. */
int asyncscope__debug_source_prepare(debug_source_t *source);

/* Zeroed and finished ones are left alone. */
void asyncscope__debug_source_finish(debug_source_t *source);

#endif
