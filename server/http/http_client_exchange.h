/* A request of ours and its response, as the layer itself sees them.
 *
 *   create -> queued -> started (tick) -> begun -> done or failed -> end
 *              `--------`-----------------`-----------------------^
 *
 * A request that has a socket is ended by that socket's settling, one whose
 * tick is still to come by the tick, as that one has the asker's context. */
#ifndef ASYNCSCOPE_SERVER_HTTP_CLIENT_EXCHANGE_H
#define ASYNCSCOPE_SERVER_HTTP_CLIENT_EXCHANGE_H

#include "http_agent_socket.h"
#include "http_client_parser.h"
#include <limits.h>

struct http_client_request_s {
  async_resource_t resource; /* HTTPCLIENTREQUEST, when it has begun */
  async_resource_t queued;   /* QueuedRequest, while it waits */
  async_tick_t tick;
  http_agent_t *agent;
  http_agent_host_t *host; /* held */
  http_agent_socket_t *socket;
  http_list_t link;       /* among the agent's */
  http_list_t queue_link; /* among the host's waiting ones */
  http_agent_deadline_t deadline;
  http_client_callbacks_t callbacks;
  void *data;
  char name[ASYNC_RESOURCE_NAME_BYTES]; /* "GET /path", for diagnostics */
  http_buffer_t message;                /* the head and the whole body */
  size_t sent_bytes;                    /* of it, given to the socket */
  http_source_t source;
  uint64_t length_bytes; /* of the source's body */
  uint64_t given_bytes;  /* of it */
  struct addrinfo *addresses, *next_address;
  unsigned attempts; /* addresses tried */
  uint64_t connect_until_ms;
  int error; /* not 0: it ends for this reason */
  const char *phase, *reason;
  bool tick_pending;
  bool begun;
  bool done;       /* the response is complete */
  bool told;       /* on_close is done */
  bool idempotent; /* it may be sent again */
  bool wrote;      /* the kernel took a byte of it */
  bool retried;
  bool streamed, chunked;
  bool asked;  /* the source owes bytes */
  bool pulled; /* the source was asked before: it cannot begin again */
  bool uploaded;
  bool paused;
  http_client_response_t response;
};

/* It has a socket, and begins in a tick. Errors: UV_ENOMEM. */
int http_client_exchange_start(http_client_request_t *request);

/* The first reason is kept; it ends as soon as nobody is at work on it.
 * `phase` is what failed, `reason` (may be NULL) why: static. */
void http_client_exchange_fail(http_client_request_t *request, int error,
                               const char *phase, const char *reason);

/* Bytes for it, and their end. Answer how many belonged to it. */
size_t http_client_exchange_read(http_client_request_t *request,
                                 const char *bytes, size_t size);
void http_client_exchange_read_end(http_client_request_t *request);

/* Makes it as if nothing had been sent or received; false when that cannot be.
 */
bool http_client_exchange_rewind(http_client_request_t *request);

/* Calls on_close where it has not been called, and gives the memory back. It
 * has no socket. */
void http_client_exchange_end(http_client_request_t *request);
void http_client_exchange_free(http_client_request_t *request);

void http_client_exchange_init_response(http_client_request_t *request,
                                        bool head_only);

/* How long the connection may be kept behind it; UINT_MAX: for ever
 * (http_client_keep.c). */
unsigned http_client_exchange_keep_ms(const http_client_request_t *request);

/* The scope of an HTTPCLIENTREQUEST around a callback. */
bool http_client_exchange_enter(http_client_request_t *request);
void http_client_exchange_leave(http_client_request_t *request, bool entered);

/* The head of the request, and its whole body, into `message`
 * (http_client_head.c). Errors: UV_EINVAL, UV_ENOBUFS, UV_ENOMEM. */
int http_client_head_write(http_client_request_t *request,
                           const http_client_options_t *options);

/* Gives the socket more of the request, as the peer takes it
 * (http_client_upload.c). */
void http_client_upload_pump(http_client_request_t *request);

#endif
