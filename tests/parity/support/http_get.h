/* The HTTP client of server/http, as the scenarios use it. */
#ifndef ASYNCSCOPE_PARITY_HTTP_GET_H
#define ASYNCSCOPE_PARITY_HTTP_GET_H

#include "http.h"
#include "http_client_request.h"

/* new http.Agent({ keepAlive: true, maxSockets }); stopped at the end. */
http_agent_t *make_agent(unsigned sockets_max);
/* What `agent: false` is to node. */
http_agent_t *make_no_agent(void);
/* agent.destroy() */
void destroy_agent(http_agent_t *agent);

/* http.get({ port, host: '127.0.0.1', agent }). */
http_client_request_t *http_get(http_agent_t *agent, int port,
                                const http_client_callbacks_t *callbacks,
                                void *data);

#endif
