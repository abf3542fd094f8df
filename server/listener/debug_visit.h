/* What a client sent, as the diagnostics want it. */
#ifndef ASYNCSCOPE_SERVER_DEBUG_VISIT_H
#define ASYNCSCOPE_SERVER_DEBUG_VISIT_H

#include "asyncscope/asyncscope_debug.h"
#include "debug_secret.h"
#include "http_request.h"

/* Who needs no more than to be where they are, and what the others show. */
typedef struct debug_policy_s {
  debug_secret_t *secret;
  const asyncscope_debug_network_t *networks;
  size_t network_count;
} debug_policy_t;

/* Who may see it: what asyncscope_debug_access() answers. */
int debug_visit_access(const http_request_t *request,
                       const debug_policy_t *policy, const char **ret_reason);

/* asyncscope_debug_open(), with what the request says. Errors: UV_ENOMEM. */
int debug_visit_open(const http_request_t *request, asyncscope_debug_t *debug,
                     asyncscope_debug_answer_t *ret_answer);

#endif
