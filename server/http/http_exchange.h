/* A request and its response together, as the layer itself sees them: one
 * piece of memory that a server reuses, alive while a connection holds it.
 *
 *   begin --- head --> open --- body --> message complete --,
 *     (no resource)      resource, scope, handler            > end: close
 *                        response: none -> streaming -> complete  callbacks,
 *                                                                 destroy
 */
#ifndef ASYNCSCOPE_SERVER_HTTP_EXCHANGE_H
#define ASYNCSCOPE_SERVER_HTTP_EXCHANGE_H

#include "http_connection.h"
#include "http_parser.h"
#include "http_request.h"
#include "http_response.h"

typedef enum http_response_state_e {
  HTTP_RESPONSE_NONE,
  HTTP_RESPONSE_STREAMING,
  HTTP_RESPONSE_COMPLETE
} http_response_state_t;

struct http_response_s {
  http_request_t *request;
  http_response_state_t state;
  int status;
  http_buffer_t fields;
  uint64_t body_bytes;
  uint64_t sent_bytes;  /* head, body and what frames it */
  int64_t length_bytes; /* of a streamed body, or HTTP_LENGTH_UNKNOWN */
  bool chunked;
  bool head_only;
  bool pulled; /* the source owes bytes */
  http_source_t source;
};

struct http_request_s {
  async_resource_t resource;
  async_context_frame_t *frame; /* lent to the resource, also behind its end */
  http_connection_t *connection;
  http_request_t *next; /* among the spare ones */
  void *context;
  bool opened;      /* the embedder knows it and is owed a close */
  bool closed;      /* the close callbacks were called */
  bool internal;    /* it, and what is made in its scope */
  bool reads_body;  /* the handler wants it, also when it has answered */
  bool body_begun;  /* something of it came with the head */
  bool body_ended;  /* on_end is done */
  uint64_t head_ms; /* when the head was complete, if a body follows */
  http_body_data_cb on_data;
  http_body_end_cb on_end;
  void *body_arg;
  http_close_cb on_close;
  void *close_arg;
  uint64_t received_bytes;  /* of head and body */
  async_request_t *account; /* charged for all bytes as they go; or NULL */
  http_response_t response;
  /* Zeroed above between two requests; these begin by themselves. */
  http_parser_t parser;
  http_head_t head;
};

/* NULL: out of memory. */
http_request_t *http_exchange_begin(http_connection_t *connection);

/* Takes what belongs to this request and answers how much that was. */
size_t http_exchange_read(http_request_t *request, const char *bytes,
                          size_t size);

/* Bytes of it that have come, or been given to its connection. */
void http_exchange_received(http_request_t *request, size_t size);
void http_exchange_sent(http_request_t *request, size_t size);

/* Both sides are done: the request may end. */
bool http_exchange_done(const http_request_t *request);

/* The server answers in place of the handler, which is told to stop, and the
 * connection is closed behind it. */
void http_exchange_refuse(http_request_t *request, http_refusal_t refusal);

/* Calls the close callbacks and gives the memory back. */
void http_exchange_end(http_request_t *request, int status);

/* Runs what the embedder gave in the request's scope. Scopes of two requests
 * may be nested: an answer given in one lets another begin. */
typedef struct http_scope_s {
  bool entered;
  bool failing; /* something had failed before, which is not the request's */
  bool internal_before;
} http_scope_t;

void http_exchange_enter(http_request_t *request, http_scope_t *ret_scope);
void http_exchange_leave(http_request_t *request, const http_scope_t *scope);

/* Asks the source for more, as long as the peer takes it. */
void http_exchange_pump(http_request_t *request);

/* Appends the head of the response to the connection's output. */
void http_response_begin(http_response_t *response, int status,
                         http_text_t type, int64_t length_bytes);

/* Frees a request that is not held any more. */
void http_exchange_free(http_request_t *request);

#endif
