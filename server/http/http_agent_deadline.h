/* Something of an agent that is not to last for ever. */
#ifndef ASYNCSCOPE_SERVER_HTTP_AGENT_DEADLINE_H
#define ASYNCSCOPE_SERVER_HTTP_AGENT_DEADLINE_H

#include "http_agent.h"

/* Zeroed is one that is not set. */
typedef struct http_agent_deadline_s {
  http_wheel_node_t node;
  void (*expired)(struct http_agent_deadline_s *deadline, uint64_t now_ms);
} http_agent_deadline_t;

#define HTTP_AGENT_NEVER UINT64_MAX

/* `expired` is called at `at_ms`, in the scale of uv_now(), or some time
 * later, with the time to judge by (http_sweep.h); with HTTP_AGENT_NEVER it is
 * not. */
void http_agent_deadline_set(http_agent_t *agent,
                             http_agent_deadline_t *deadline, uint64_t at_ms);

/* `from_ms` and so many behind it; a time of 0 is none. */
uint64_t http_agent_after_ms(uint64_t from_ms, unsigned time_ms);

/* Starts and stops what watches the deadlines: it runs while there are sockets
 * or requests, and keeps the loop alive for requests only. */
void http_agent_deadlines_update(http_agent_t *agent);

void http_agent_deadlines_init(http_agent_t *agent);

#endif
