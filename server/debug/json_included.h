/* What a document has only where include= asks for it. */
#ifndef ASYNCSCOPE_DEBUG_JSON_INCLUDED_H
#define ASYNCSCOPE_DEBUG_JSON_INCLUDED_H

#include "account_list.h"
#include "json_writer.h"
#include "type_runs.h"

/* Does not move: its parts know each other. */
typedef struct debug_included_s {
  const debug_capture_t *capture;
  debug_filter_t filter;
  debug_account_list_t finished;
  debug_type_runs_t types;
  const debug_query_t *masked; /* whose fields= is of requests, or NULL */
  size_t at;                   /* the element to write */
  bool open;                   /* its array is */
} debug_included_t;

/* With `masks` the fields= of the query is of requests. Errors: UV_ENOMEM; then
 * there is nothing to finish. */
int asyncscope__debug_included_init(debug_included_t *included,
                                    const debug_capture_t *capture,
                                    const debug_query_t *query, bool masks);

/* Parts (document.h), each a member of the object that is open: "finished", the
 * requests that ended last; "callbacks", how long those of each type took. */
int asyncscope__debug_write_finished(debug_included_t *included,
                                     json_writer_t *writer);
int asyncscope__debug_write_callbacks(debug_included_t *included,
                                      json_writer_t *writer);

/* Zeroed and finished ones are left alone. */
void asyncscope__debug_included_finish(debug_included_t *included);

#endif
