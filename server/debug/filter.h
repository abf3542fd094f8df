/* Which resources a query is about. */
#ifndef ASYNCSCOPE_DEBUG_FILTER_H
#define ASYNCSCOPE_DEBUG_FILTER_H

#include "query.h"
#include "resource.h"

struct debug_subtree_s;

/* Types and sites are few and the same for many in a row: what was decided for
 * the last one is remembered. */
typedef struct debug_filter_s {
  const debug_capture_t *capture;
  const debug_query_t *query;
  struct debug_subtree_s *subtree; /* of root=; NULL where it is not given */
  bool internal;
  size_t thread; /* of the memory below; an index */
  const char *type;
  const async_site_t *site;
  bool thread_matches, type_matches, site_matches;
} debug_filter_t;

/* `query` and `capture` outlive it. There is nothing to finish. */
debug_filter_t asyncscope__debug_filter(const debug_capture_t *capture,
                                        const debug_query_t *query);

/* What is asyncscope's own matches only where it was asked for. */
bool asyncscope__debug_matches(debug_filter_t *filter,
                               const debug_resource_t *resource);

/* As far as an event tells: by type, site, request, thread and loop, and
 * whether it is asyncscope's own. `thread`: an index. */
bool asyncscope__debug_matches_event(debug_filter_t *filter, size_t thread,
                                     const async_event_t *event);

/* Whether an event tells all that the query asks for. */
bool asyncscope__debug_events_tell(const debug_query_t *query);

/* Whether thread= and loop= let the thread through, an index. */
bool asyncscope__debug_thread_matches(debug_filter_t *filter, size_t thread);

#endif
