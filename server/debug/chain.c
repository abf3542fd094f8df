/* A node that has been given is marked, so a cycle ends where it closes. */
#include "chain.h"

#include "opening.h"

int asyncscope__debug_chain_init(debug_chain_t *chain,
                                 const debug_call_t *call) {
  debug_target_t target;
  *chain = (debug_chain_t){.edge = (debug_edge_t)call->query->edge,
                           .left = call->query->limit,
                           .next = call->key};
  int error = asyncscope__debug_open_capture(&chain->capture, call);
  if (error == 0)
    error = asyncscope__debug_find_target(call, &chain->capture, &target);
  if (error == 0)
    asyncscope__debug_lineage_begin(&chain->lineage, &chain->capture);
  else
    asyncscope__debug_chain_finish(chain);
  return error;
}

int asyncscope__debug_chain_build(debug_chain_t *chain) {
  return asyncscope__debug_lineage_build(&chain->lineage);
}

static debug_chain_end_t end_at(debug_chain_t *chain, uint32_t node) {
  if (!asyncscope__debug_is_resource(chain->next))
    return chain->next.thread != ASYNC_THREAD_NONE &&
                   chain->next.async_id == ASYNC_ID_ROOT
               ? DEBUG_CHAIN_ROOT
               : DEBUG_CHAIN_NONE;
  if (node != DEBUG_NODE_NONE &&
      *asyncscope__debug_node_mark(&chain->lineage, node) != 0)
    return DEBUG_CHAIN_CYCLE;
  return chain->left == 0 ? DEBUG_CHAIN_LIMIT : DEBUG_CHAIN_GOES_ON;
}

/* One that ended since the index was built may not be remembered. */
static void read_step(const debug_chain_t *chain, uint32_t node,
                      debug_target_t *ret_step) {
  const debug_gone_t *gone =
      node == DEBUG_NODE_NONE
          ? NULL
          : asyncscope__debug_node_gone(&chain->lineage, node);
  ret_step->gone = true;
  if (gone != NULL)
    ret_step->ancestor = *gone;
  else if (node != DEBUG_NODE_NONE &&
           asyncscope__debug_index_read(&chain->lineage.index, node,
                                        &ret_step->resource))
    ret_step->gone = false;
  else
    ret_step->ancestor = asyncscope__debug_forgotten(chain->next);
}

bool asyncscope__debug_chain_peek(debug_chain_t *chain,
                                  debug_target_t *ret_step) {
  uint32_t node = asyncscope__debug_node_find(&chain->lineage, chain->next);
  if (chain->end == DEBUG_CHAIN_GOES_ON)
    chain->end = end_at(chain, node);
  if (chain->end != DEBUG_CHAIN_GOES_ON)
    return false;
  read_step(chain, node, ret_step);
  return true;
}

static async_ref_t cause_of(const debug_chain_t *chain,
                            const debug_target_t *step) {
  bool trigger = chain->edge == DEBUG_EDGE_TRIGGER;
  if (step->gone)
    return trigger ? step->ancestor.trigger : step->ancestor.execution;
  return trigger ? step->resource.info.trigger
                 : asyncscope__debug_execution(&step->resource.info);
}

void asyncscope__debug_chain_take(debug_chain_t *chain,
                                  const debug_target_t *step) {
  uint32_t node = asyncscope__debug_node_find(&chain->lineage, chain->next);
  if (node != DEBUG_NODE_NONE)
    *asyncscope__debug_node_mark(&chain->lineage, node) = 1;
  if (step->gone && step->ancestor.type == NULL)
    chain->end = DEBUG_CHAIN_FORGOTTEN;
  else
    chain->next = cause_of(chain, step);
  chain->left--;
}

const char *asyncscope__debug_chain_end_name(debug_chain_end_t end) {
  static const char *const names[] = {"",          "root",  "none",
                                      "forgotten", "cycle", "limit"};
  return names[end];
}

void asyncscope__debug_chain_finish(debug_chain_t *chain) {
  asyncscope__debug_lineage_finish(&chain->lineage);
  asyncscope__debug_capture_finish(&chain->capture);
}
