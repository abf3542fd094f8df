/* A request to another server.
 *
 *   http_client_request() -> on_response -> on_data ... -> on_end -> on_close
 *                         `-----------------------------------------^
 *
 * on_close comes once in any case, with 0 after a whole response and else with
 * the error that ended the request; async_error_message() then says what
 * failed. A request is there until its on_close has returned. No callback
 * comes before http_client_request() has returned.
 *
 * The request is an HTTPCLIENTREQUEST from when it has a socket, and every
 * callback runs in its scope and in the context in which the request was
 * made, whoever opened the socket; before, on_close runs in the scope of the
 * QueuedRequest or TickObject that it is. Node: http.request(). */
#ifndef ASYNCSCOPE_SERVER_HTTP_CLIENT_REQUEST_H
#define ASYNCSCOPE_SERVER_HTTP_CLIENT_REQUEST_H

#include "http_agent.h"
#include "http_client_response.h"
#include "http_source.h"

typedef struct http_client_request_s http_client_request_t;

/* `data` is the option's. All may be NULL. */
typedef struct http_client_callbacks_s {
  /* Status and fields are there. */
  void (*on_response)(void *data, http_client_request_t *request);
  /* A piece of the body, borrowed for the call. */
  void (*on_data)(void *data, http_client_request_t *request, const char *bytes,
                  size_t size);
  void (*on_end)(void *data, http_client_request_t *request);
  /* 0 or a negative UV_E*. It is the last call. */
  void (*on_close)(void *data, http_client_request_t *request, int status);
} http_client_callbacks_t;

typedef struct http_client_field_s {
  const char *name, *value;
} http_client_field_t;

typedef struct http_client_options_s {
  const char *host;   /* a name or an address, IPv6 without brackets */
  uint16_t port;      /* 0: 80 */
  const char *method; /* NULL: GET */
  const char *target; /* path and query; NULL: / */
  /* Content-Length, Transfer-Encoding and Connection are not yours; Host is
   * added where it is not among them. */
  const http_client_field_t *fields;
  size_t field_count;
  /* The whole body; or, with `source`, it is asked for as the peer takes it:
   * `length_bytes` of it, or, when that is 0, as chunks. */
  const void *body;
  size_t body_bytes;
  const http_source_t *source;
  uint64_t length_bytes;
  unsigned timeout_ms; /* from now to on_close; 0: none */
  bool stranger;       /* this peer is told nothing by the agent's pass_on */
  http_client_callbacks_t callbacks;
  void *data;
} http_client_options_t;

/* Begins a request in the current context; everything given is copied.
 * `ret_request` may be NULL. What the network answers is told by on_close, and
 * a kept connection that its peer has closed meanwhile is replaced once where
 * that is safe: with a body that is still there, for an idempotent method or
 * when nothing could be sent.
 * Errors: UV_EINVAL (an option that cannot be sent), UV_ENOBUFS (head, body,
 * queue or number of hosts over the limit), UV_ECANCELED (the agent is
 * stopping), UV_ENOMEM; async_error_message() says which; on_close is not
 * called. */
int http_client_request(http_agent_t *agent,
                        const http_client_options_t *options,
                        http_client_request_t **ret_request);

/* For pass_on: a field that the caller of http_client_request() has not given.
 * Errors: UV_EEXIST (it is given), UV_EINVAL (it cannot be sent, or is the
 * client's own), UV_ENOBUFS (no room beside what the caller wants sent),
 * UV_ENOMEM; then the request goes out without it. */
int http_client_head_add(http_client_head_t *head, const char *name,
                         http_text_t value);

/* The same for an http URL and GET; `callbacks` may be NULL.
 * Node: http.get(url). */
int http_client_get(http_agent_t *agent, const char *url,
                    const http_client_callbacks_t *callbacks, void *data,
                    http_client_request_t **ret_request);

/* The next piece of a body from a source, copied, and its end. More or less
 * than the length that was announced ends the request with UV_EINVAL. They do
 * nothing when nothing is asked for. */
void http_client_request_write(http_client_request_t *request,
                               const void *bytes, size_t size);
void http_client_request_end(http_client_request_t *request);

/* Ends the request with UV_ECANCELED; its connection is closed. on_close comes
 * before this returns, or soon after it when one of the request's callbacks is
 * running or none can run yet. Nothing happens when the response was complete.
 * Node: request.destroy(). */
void http_client_request_abort(http_client_request_t *request);

/* No more is read from the peer until it is resumed, but for what was read
 * already. Node: response.pause(). */
void http_client_request_pause(http_client_request_t *request);
void http_client_request_resume(http_client_request_t *request);

/* From on_response on. */
const http_client_response_t *http_client_request_response(
    const http_client_request_t *request);

/* The socket it has; NULL while it has none. Node: request.socket. */
const http_agent_socket_t *http_client_request_socket(
    const http_client_request_t *request);

/* Whether that socket has served others before. Node: request.reusedSocket. */
bool http_client_request_reused_socket(const http_client_request_t *request);

/* HTTPCLIENTREQUEST; without an id before the request has a socket. Borrowed.
 */
async_resource_t *http_client_request_resource(http_client_request_t *request);

#endif
