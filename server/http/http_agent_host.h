/* One host and port that an agent has to do with: its sockets and those who
 * wait for one. It is there as long as a socket or a request holds it. */
#ifndef ASYNCSCOPE_SERVER_HTTP_AGENT_HOST_H
#define ASYNCSCOPE_SERVER_HTTP_AGENT_HOST_H

#include "http_agent.h"

typedef struct http_agent_host_s {
  http_list_t link; /* in its bucket */
  http_agent_t *agent;
  http_list_t free; /* sockets; the one used last is the first */
  http_list_t
      queue; /* requests; the one that has waited longest is the first */
  size_t socket_count;
  size_t free_count;
  size_t holders;
  uint16_t port;
  char name[]; /* NUL-terminated */
} http_agent_host_t;

/* Holds the host of that name, in either case, and port.
 * Errors: UV_ENOBUFS (HTTP_AGENT_HOSTS_MAX), UV_ENOMEM. */
int http_agent_host_hold(http_agent_t *agent, const char *name, uint16_t port,
                         http_agent_host_t **ret_host);

void http_agent_host_drop(http_agent_host_t *host);

#endif
