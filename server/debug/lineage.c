#include "lineage.h"

#include "asyncscope/async_allocator.h"

void asyncscope__debug_lineage_begin(debug_lineage_t *lineage,
                                     const debug_capture_t *capture) {
  *lineage = (debug_lineage_t){.built = false};
  asyncscope__debug_index_begin(&lineage->index, capture);
}

static int make_marks(debug_lineage_t *lineage) {
  lineage->marks =
      async_calloc(lineage->index.count + 1, sizeof(*lineage->marks));
  return lineage->marks == NULL ? UV_ENOMEM : 0;
}

void asyncscope__debug_lineage_drop_marks(debug_lineage_t *lineage) {
  async_free(lineage->marks);
  lineage->marks = NULL;
}

int asyncscope__debug_lineage_unmark(debug_lineage_t *lineage) {
  asyncscope__debug_lineage_drop_marks(lineage);
  for (size_t i = 0; i < lineage->remembered.count; i++)
    lineage->remembered.items[i].mark = 0;
  return make_marks(lineage);
}

/* What ends between the two steps is found among the remembered. */
int asyncscope__debug_lineage_build(debug_lineage_t *lineage) {
  if (lineage->built)
    return 0;
  int error = asyncscope__debug_index_build(&lineage->index);
  if (error == 0)
    error = make_marks(lineage);
  if (error == 0)
    error = asyncscope__debug_remembered_init(&lineage->remembered,
                                              lineage->index.capture);
  lineage->built = error == 0;
  return error;
}

void asyncscope__debug_lineage_finish(debug_lineage_t *lineage) {
  asyncscope__debug_index_finish(&lineage->index);
  async_free(lineage->marks);
  lineage->marks = NULL;
  asyncscope__debug_remembered_finish(&lineage->remembered);
  lineage->built = false;
}

uint32_t asyncscope__debug_lineage_count(const debug_lineage_t *lineage) {
  return (uint32_t)(lineage->index.count + lineage->remembered.count);
}

uint32_t asyncscope__debug_node_find(const debug_lineage_t *lineage,
                                     async_ref_t ref) {
  if (!asyncscope__debug_is_resource(ref))
    return DEBUG_NODE_NONE;
  uint32_t entry = asyncscope__debug_index_find(&lineage->index, ref);
  if (entry != DEBUG_NODE_NONE)
    return entry;
  const debug_gone_t *gone =
      asyncscope__debug_remembered_find(&lineage->remembered, ref);
  return gone == NULL ? DEBUG_NODE_NONE
                      : (uint32_t)(lineage->index.count +
                                   (size_t)(gone - lineage->remembered.items));
}

uint32_t asyncscope__debug_cause_find(debug_lineage_t *lineage,
                                      async_ref_t ref) {
  if (!asyncscope__debug_is_resource(ref))
    return DEBUG_NODE_NONE;
  if (!asyncscope__debug_same_ref(ref, lineage->found)) {
    lineage->found_node = asyncscope__debug_node_find(lineage, ref);
    lineage->found = ref;
  }
  return lineage->found_node;
}

debug_gone_t *asyncscope__debug_node_gone(const debug_lineage_t *lineage,
                                          uint32_t node) {
  return node < lineage->index.count
             ? NULL
             : &lineage->remembered.items[node - lineage->index.count];
}

async_ref_t asyncscope__debug_node_ref(const debug_lineage_t *lineage,
                                       uint32_t node) {
  const debug_gone_t *gone = asyncscope__debug_node_gone(lineage, node);
  return gone != NULL ? gone->ref
                      : asyncscope__debug_index_ref(&lineage->index, node);
}

async_ref_t asyncscope__debug_node_cause(const debug_lineage_t *lineage,
                                         uint32_t node, debug_edge_t edge) {
  const debug_gone_t *gone = asyncscope__debug_node_gone(lineage, node);
  debug_resource_t resource;
  if (gone != NULL)
    return edge == DEBUG_EDGE_TRIGGER ? gone->trigger : gone->execution;
  if (!asyncscope__debug_index_read(&lineage->index, node, &resource))
    return (async_ref_t){ASYNC_THREAD_NONE, ASYNC_ID_UNSET};
  return edge == DEBUG_EDGE_TRIGGER
             ? resource.info.trigger
             : asyncscope__debug_execution(&resource.info);
}

uint32_t *asyncscope__debug_node_mark(debug_lineage_t *lineage, uint32_t node) {
  debug_gone_t *gone = asyncscope__debug_node_gone(lineage, node);
  return gone == NULL ? &lineage->marks[node] : &gone->mark;
}
