/* All formats, each with the file it lies in. */
#ifndef ASYNCSCOPE_DEBUG_FORMATS_H
#define ASYNCSCOPE_DEBUG_FORMATS_H

#include "endpoint.h"
#include "snapshot.h"

extern const debug_format_t asyncscope__debug_overview_json; /* debug_json.c */
extern const debug_format_t asyncscope__debug_tree_text;     /* debug_tree.c */

/* The states of the two, which take the snapshot over, also when they fail.
 * Errors: UV_ENOMEM. */
int asyncscope__debug_json_create(debug_snapshot_t *snapshot, void **ret_state);
int asyncscope__debug_tree_create(debug_snapshot_t *snapshot, void **ret_state);

#endif
