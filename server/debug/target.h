/* The resource that a path with KEY names. */
#ifndef ASYNCSCOPE_DEBUG_TARGET_H
#define ASYNCSCOPE_DEBUG_TARGET_H

#include "endpoint.h"
#include "remembered.h"
#include "resource.h"

typedef struct debug_target_s {
  bool gone;                 /* it has ended, and is remembered */
  debug_resource_t resource; /* of one that lives */
  debug_gone_t ancestor;     /* of one that is gone */
} debug_target_t;

/* Errors: UV_ENOMEM, or of asyncscope__debug_refuse(): 404 where it neither
 * lives nor is remembered. */
int asyncscope__debug_find_target(const debug_call_t *call,
                                  const debug_capture_t *capture,
                                  debug_target_t *ret_target);

#endif
