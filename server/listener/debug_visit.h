/* What a client sent, as the diagnostics want it. */
#ifndef ASYNCSCOPE_SERVER_DEBUG_VISIT_H
#define ASYNCSCOPE_SERVER_DEBUG_VISIT_H

#include "asyncscope/asyncscope_debug.h"
#include "http_request.h"

/* Who may see it: what asyncscope_debug_access() answers. */
int debug_visit_access(const http_request_t *request, const char *token,
                       const char **ret_reason);

/* asyncscope_debug_open(), with what the request says. Errors: UV_ENOMEM. */
int debug_visit_open(const http_request_t *request, asyncscope_debug_t *debug,
                     asyncscope_debug_answer_t *ret_answer);

#endif
