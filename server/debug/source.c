#include "source.h"

#include "opening.h"

int asyncscope__debug_check_order(const debug_call_t *call) {
  const debug_query_t *query = call->query;
  bool fickle = asyncscope__debug_order_is_fickle(query->order);
  if (asyncscope__debug_given(query, DEBUG_PARAM_DEPTH) &&
      !asyncscope__debug_given(query, DEBUG_PARAM_ROOT))
    return asyncscope__debug_refuse(call, 400, "depth= goes with root=");
  if (fickle && query->limit > DEBUG_WINDOW)
    return asyncscope__debug_refuse(
        call, 400, "limit= beyond 131072 goes with sort=id, age or -age");
  return 0;
}

static int init_parts(debug_source_t *source, const debug_query_t *query) {
  int error = asyncscope__debug_selection_init(&source->selection,
                                               &source->capture, query);
  if (error != 0 || !asyncscope__debug_given(query, DEBUG_PARAM_ROOT))
    return error;
  asyncscope__debug_subtree_begin(&source->subtree, &source->capture, query);
  source->selection.filter.subtree = &source->subtree;
  return 0;
}

int asyncscope__debug_source_init(debug_source_t *source,
                                  const debug_call_t *call) {
  int error = asyncscope__debug_check_order(call);
  *source = (debug_source_t){.query = call->query};
  if (error == 0)
    error = asyncscope__debug_open_capture(&source->capture, call);
  if (error == 0)
    error = init_parts(source, call->query);
  if (error != 0)
    asyncscope__debug_source_finish(source);
  return error;
}

int asyncscope__debug_source_prepare(debug_source_t *source) {
  debug_resource_t first;
  int error = 0;
  if (source->selection.filter.subtree != NULL)
    error = asyncscope__debug_subtree_build(&source->subtree);
  if (error == 0)
    error = asyncscope__debug_selection_peek(&source->selection, &first);
  return error < 0 ? error : 0;
}

void asyncscope__debug_source_finish(debug_source_t *source) {
  asyncscope__debug_selection_finish(&source->selection);
  asyncscope__debug_subtree_finish(&source->subtree);
  asyncscope__debug_capture_finish(&source->capture);
}
