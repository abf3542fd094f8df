/* The name that a request has beyond this server: its trace, and what others
 * asked to be passed on with it. */
#ifndef ASYNCSCOPE_SERVER_REQUEST_TRACE_H
#define ASYNCSCOPE_SERVER_REQUEST_TRACE_H

#include "asyncscope/asyncscope_trace.h"
#include "http_agent.h"
#include "http_request.h"

/* Zeroed is none. The texts are as long as they say and not NUL-terminated. */
typedef struct request_trace_s {
  asyncscope_trace_t ids;
  http_text_t tracestate, baggage;
  char *texts; /* what both stand in; NULL where there is nothing */
} request_trace_t;

/* From the fields traceparent, tracestate and baggage; where there is no valid
 * traceparent, a new trace. What there is no memory for is not passed on. */
void request_trace_read(const http_request_t *request,
                        asyncscope_trace_source_t *source,
                        request_trace_t *ret_trace);

/* To another server: its traceparent, with the request's own span as the parent
 * of what is asked there, its tracestate and its baggage. What there is no room
 * for stays here. */
void request_trace_pass_on(const request_trace_t *trace,
                           http_client_head_t *head);

void request_trace_finish(request_trace_t *trace);

#define TRACE_ID_BYTES 33 /* with the final NUL */
#define SPAN_ID_BYTES  17

/* As everybody writes them. */
void request_trace_id_format(const asyncscope_trace_t *ids,
                             char ret_id[TRACE_ID_BYTES]);
void request_span_id_format(uint64_t id, char ret_id[SPAN_ID_BYTES]);

#endif
