/* One element of the JSON answer at a time, made by jansson. All answer a new
 * reference, or NULL for want of memory. */
#ifndef ASYNCSCOPE_DEBUG_JSON_ELEMENT_H
#define ASYNCSCOPE_DEBUG_JSON_ELEMENT_H

#include "snapshot.h"
#include <jansson.h>

json_t *asyncscope__json_overview(const debug_snapshot_t *snapshot);
json_t *asyncscope__json_capture(const debug_snapshot_t *snapshot);
json_t *asyncscope__json_capture_thread(const debug_snapshot_t *snapshot,
                                        const debug_thread_t *thread);
json_t *asyncscope__json_counts(const debug_snapshot_t *snapshot);
json_t *asyncscope__json_type(const debug_type_t *type);
json_t *asyncscope__json_thread(const debug_snapshot_t *snapshot,
                                const debug_thread_t *thread);
json_t *asyncscope__json_pool(const debug_pool_t *pool);
json_t *asyncscope__json_resource(const debug_snapshot_t *snapshot,
                                  const debug_resource_t *resource);
json_t *asyncscope__json_gone(const debug_gone_t *gone);
json_t *asyncscope__json_request(const debug_snapshot_t *snapshot,
                                 const debug_resource_t *resource);

#endif
