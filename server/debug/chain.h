/* The causes of a resource, one after the other, up to where they begin. */
#ifndef ASYNCSCOPE_DEBUG_CHAIN_H
#define ASYNCSCOPE_DEBUG_CHAIN_H

#include "lineage.h"
#include "target.h"

typedef enum debug_chain_end_e {
  DEBUG_CHAIN_GOES_ON,
  DEBUG_CHAIN_ROOT,      /* at the top of a thread */
  DEBUG_CHAIN_NONE,      /* it has no cause that is known */
  DEBUG_CHAIN_FORGOTTEN, /* the last one is gone, and nothing is known of it */
  DEBUG_CHAIN_CYCLE,     /* the next one has been given already */
  DEBUG_CHAIN_LIMIT
} debug_chain_end_t;

/* A step is one that lives or one that is gone. */
typedef struct debug_chain_s {
  debug_capture_t capture;
  debug_lineage_t lineage;
  debug_edge_t edge;
  uint64_t left;    /* steps under the limit */
  async_ref_t next; /* what the step is about */
  debug_chain_end_t end;
} debug_chain_t;

/* Errors: UV_ENOMEM, or of asyncscope__debug_refuse() (404); then there is
 * nothing to finish. Does not move. */
int asyncscope__debug_chain_init(debug_chain_t *chain,
                                 const debug_call_t *call);

/* Until it answers 0. Errors: UV_EAGAIN, UV_ENOMEM, UV_E2BIG. */
int asyncscope__debug_chain_build(debug_chain_t *chain);

/* The next step, beginning with the resource itself, which stays the next until
 * it is taken; false at the end, and `end` says why. */
bool asyncscope__debug_chain_peek(debug_chain_t *chain,
                                  debug_target_t *ret_step);
void asyncscope__debug_chain_take(debug_chain_t *chain,
                                  const debug_target_t *step);

/* In a word; static. */
const char *asyncscope__debug_chain_end_name(debug_chain_end_t end);

/* Zeroed and finished ones are left alone. */
void asyncscope__debug_chain_finish(debug_chain_t *chain);

#endif
