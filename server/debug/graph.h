/* Resources, or groups of them, and who caused whom.
 *
 * A vertex is one resource, where the query is about few; else a group, and an
 * edge stands for as many as it counts. Causes that have ended are vertices
 * where something shown leads to them. */
#ifndef ASYNCSCOPE_DEBUG_GRAPH_H
#define ASYNCSCOPE_DEBUG_GRAPH_H

#include "edges.h"
#include "endpoint.h"
#include "filter.h"
#include "groups.h"
#include "subtree.h"

#define DEBUG_GRAPH_APART 500  /* more than these are drawn in groups */
#define DEBUG_GRAPH_MAX   5000 /* the greatest limit */
#define DEBUG_GRAPH_GONE  1000 /* vertices that have ended */

typedef struct debug_vertex_s {
  uint32_t node; /* of the lineage; DEBUG_NODE_NONE: a group */
  uint64_t request;
} debug_vertex_t;

/* What a vertex shows. */
typedef struct debug_vertex_info_s {
  char id[32];                /* of letters, digits, colon: "4:813", "g12" */
  bool gone;                  /* one that has ended, or a group of such */
  const char *type;           /* NULL: not known, or not common */
  const async_site_t *site;   /* the same */
  const char *name;           /* "" where there is none */
  debug_resource_t resource;  /* of one that lives */
  const debug_group_t *group; /* NULL: it is one resource */
} debug_vertex_info_t;

/* Does not move: its parts know each other. */
typedef struct debug_graph_s {
  const debug_query_t *query;
  debug_capture_t capture;
  debug_subtree_t subtree; /* where root= is given */
  debug_lineage_t lineage;
  debug_filter_t filter;
  bool grouped;
  debug_groups_t groups; /* of a grouped one; its vertices have their numbers */
  debug_vertex_t *vertices;
  size_t count, capacity;
  size_t gone;
  size_t shown; /* when it is built: the first of the vertices */
  debug_edges_t edges;
  struct {
    bool known;
    uint32_t node, vertex;
  } cause; /* that an edge was drawn from last */
  uint64_t matched;
  debug_walk_t walk; /* which counts what matches */
  unsigned stage;
  uint32_t at; /* the node that is looked at next */
  bool cut;    /* the limit left some out */
} debug_graph_t;

/* Errors: UV_ENOMEM, or of asyncscope__debug_refuse(); then there is nothing
 * to finish. */
int asyncscope__debug_graph_init(debug_graph_t *graph,
                                 const debug_call_t *call);

/* Until it answers 0. Errors: UV_EAGAIN, UV_ENOMEM, UV_E2BIG. */
int asyncscope__debug_graph_build(debug_graph_t *graph);

/* What the vertex shows now. */
void asyncscope__debug_vertex_read(const debug_graph_t *graph, size_t vertex,
                                   debug_vertex_info_t *ret_info);

/* The id alone. */
void asyncscope__debug_vertex_id(const debug_graph_t *graph, size_t vertex,
                                 char ret_id[32]);

/* What is shown, in the order of requests; those of none come first.
 * `ret_order` has room for all. */
void asyncscope__debug_graph_by_request(debug_graph_t *graph,
                                        uint32_t *ret_order);

/* Whether both its ends are shown. */
static inline bool asyncscope__debug_edge_is_shown(
    const debug_graph_t *graph, const debug_graph_edge_t *edge) {
  return edge->from < graph->shown && edge->to < graph->shown;
}

/* Zeroed and finished ones are left alone. */
void asyncscope__debug_graph_finish(debug_graph_t *graph);

#endif
