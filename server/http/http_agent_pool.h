/* Which request gets which socket. */
#ifndef ASYNCSCOPE_SERVER_HTTP_AGENT_POOL_H
#define ASYNCSCOPE_SERVER_HTTP_AGENT_POOL_H

#include "http_agent_host.h"
#include "http_client_request.h"

/* A socket, or a place in the queue, in the current context.
 * Errors: UV_ENOBUFS, UV_ENOMEM. */
int http_agent_pool_ask(http_client_request_t *request);

/* The socket's request is done, and another may follow: the next in the queue
 * gets it, or it is kept, or closed, in a tick that is nobody's. */
void http_agent_pool_release(http_agent_socket_t *socket);

/* There may be room for another socket to this host, which the caller holds. */
void http_agent_pool_next(http_agent_host_t *host);

/* The socket is no free one any more. */
void http_agent_pool_take(http_agent_socket_t *socket);

/* The request does not wait any more. */
void http_agent_pool_leave_queue(http_client_request_t *request);

/* Between the two, what is made is marked as the agent asks for. No callback
 * of the embedder is called there. */
bool http_agent_own_begin(const http_agent_t *agent);
void http_agent_own_end(bool before);

/* A request or a socket has come or gone. */
void http_agent_update(http_agent_t *agent);

#endif
