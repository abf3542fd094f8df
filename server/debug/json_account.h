/* The account of a request in a JSON document. */
#ifndef ASYNCSCOPE_DEBUG_JSON_ACCOUNT_H
#define ASYNCSCOPE_DEBUG_JSON_ACCOUNT_H

#include "account_list.h"
#include "json_fields.h"

/* What it has cost, and its place in a trace. */
void asyncscope__json_put_account(json_fields_t *fields,
                                  const async_request_info_t *info);

/* All of it, as an element. A new reference, or NULL for want of memory. */
json_t *asyncscope__json_account(const debug_capture_t *capture,
                                 const async_request_info_t *info);

/* Left out where it is none. */
void asyncscope__json_put_trace(json_fields_t *fields,
                                const async_request_trace_t *trace);

#endif
