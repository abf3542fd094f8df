/* The elements that show a resource. Each answers a new reference, or NULL for
 * want of memory. */
#ifndef ASYNCSCOPE_DEBUG_JSON_RESOURCE_H
#define ASYNCSCOPE_DEBUG_JSON_RESOURCE_H

#include "json_fields.h"
#include "query.h"
#include "remembered.h"
#include "resource.h"
#include <jansson.h>

/* The members a resource may have, for fields=; NULL at the end. */
extern const char *const asyncscope__debug_resource_fields[];

json_t *asyncscope__json_resource(const debug_capture_t *capture,
                                  const debug_resource_t *resource);
json_t *asyncscope__json_gone(const debug_gone_t *gone);

/* How many are in each state; without those that none is in. */
json_t *asyncscope__json_states(const uint64_t counts[DEBUG_STATES]);

/* `object` with only those members that fields= names; all where it was not
 * given. */
json_t *asyncscope__json_masked(json_t *object, const debug_query_t *query);

/* triggerAsyncId and trigger, executionAsyncId and execution: a number is
 * always that of the key beside it, whichever thread that is on. */
void asyncscope__json_put_causes(json_fields_t *fields, async_ref_t trigger,
                                 async_ref_t execution);

/* What may change while it lives, but for its times. */
void asyncscope__json_put_present(json_fields_t *fields,
                                  const debug_capture_t *capture,
                                  const debug_resource_t *resource);

#endif
