/* The line that the log has for each request, as text or as JSON. */
#ifndef ASYNCSCOPE_SERVER_REQUEST_LOG_H
#define ASYNCSCOPE_SERVER_REQUEST_LOG_H

#include "http_request.h"
#include "http_response.h"
#include "log.h"
#include "request_context.h"

/* Where `log->requests` is set. `error` ended the request, 0 for none. */
void request_log_write(app_log_t *log, const request_context_t *context,
                       http_request_t *request, const http_response_t *response,
                       int error);

#endif
