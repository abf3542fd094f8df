/* The groups of a query's resources, in the order they are shown. */
#ifndef ASYNCSCOPE_DEBUG_GROUPING_H
#define ASYNCSCOPE_DEBUG_GROUPING_H

#include "endpoint.h"
#include "filter.h"
#include "groups.h"
#include "subtree.h"
#include "walk.h"

/* Does not move: its parts know each other. */
typedef struct debug_grouping_s {
  const debug_query_t *query;
  debug_capture_t capture;
  debug_subtree_t subtree; /* where root= is given */
  debug_lineage_t lineage; /* where it goes by path */
  debug_filter_t filter;
  debug_walk_t walk;
  debug_groups_t groups;
  uint64_t matched;    /* resources */
  uint32_t *order;     /* groups that have resources */
  size_t found, shown; /* of these, and under the limit */
} debug_grouping_t;

/* By what the query says, by site where it says nothing. Errors: UV_ENOMEM, or
 * of asyncscope__debug_refuse() (a cursor, fields, depth without root); then
 * there is nothing to finish. */
int asyncscope__debug_grouping_init(debug_grouping_t *grouping,
                                    const debug_call_t *call);

/* Until it answers 0. Errors: UV_EAGAIN while there is more to do, UV_ENOMEM,
 * UV_E2BIG. */
int asyncscope__debug_grouping_build(debug_grouping_t *grouping);

/* Zeroed and finished ones are left alone. */
void asyncscope__debug_grouping_finish(debug_grouping_t *grouping);

#endif
