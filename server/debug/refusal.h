/* The answer to what cannot be served: what is wrong, and what there is. */
#ifndef ASYNCSCOPE_DEBUG_REFUSAL_H
#define ASYNCSCOPE_DEBUG_REFUSAL_H

#include "endpoint.h"

typedef struct debug_refusal_s {
  int status;
  debug_fault_t fault;
  const debug_endpoint_t *endpoint; /* NULL: there is none of that path */
} debug_refusal_t;

/* Their state is a debug_refusal_t, borrowed. */
extern const debug_format_t asyncscope__debug_refusal_json;
extern const debug_format_t asyncscope__debug_refusal_text;

#endif
