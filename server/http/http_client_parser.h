/* The response to one request, read from bytes wherever they come from: no
 * socket is needed. Interim responses (1xx) are read and passed over.
 *
 *   init --> read, read, ... --> complete --> finish
 *                       end of the stream --^ */
#ifndef ASYNCSCOPE_SERVER_HTTP_CLIENT_PARSER_H
#define ASYNCSCOPE_SERVER_HTTP_CLIENT_PARSER_H

#include "http_client_response.h"
#include "http_parser.h"

/* What is read, as soon as it is there. `bytes` are borrowed for the call. */
typedef struct http_client_parser_callbacks_s {
  void (*on_head)(void *arg);
  void (*on_data)(void *arg, const char *bytes, size_t size);
  void (*on_end)(void *arg);
} http_client_parser_callbacks_t;

struct http_client_response_s {
  const http_client_parser_callbacks_t *callbacks;
  void *arg;
  const http_limits_t *limits; /* of header, fields and body */
  bool head_only;              /* it answers a HEAD */
  bool begun;                  /* read-only: a byte has come */
  bool complete;               /* read-only: its last byte was read */
  bool final; /* read-only: the head is there, no interim one */
  unsigned interims;
  const char *reason; /* read-only: why it was refused; static */
  http_parser_t parser;
  http_head_t head;
};

/* `limits` and `callbacks` must stay. */
void http_client_parser_init(http_client_response_t *response,
                             const http_limits_t *limits,
                             const http_client_parser_callbacks_t *callbacks,
                             void *arg, bool head_only);

/* Takes up to the end of the response and answers in `ret_read` how many bytes
 * that were. Errors: UV_EPROTO (not HTTP/1.1, or not to be understood),
 * UV_EMSGSIZE (a limit), UV_ENOMEM; `reason` says which; then only finish. */
int http_client_parser_read(http_client_response_t *response, const char *bytes,
                            size_t size, size_t *ret_read);

/* The peer sends no more: completes a body that ends with the connection.
 * Errors: UV_ECONNRESET when it is cut short. */
int http_client_parser_end(http_client_response_t *response);

/* Whether another request may follow on the connection. */
bool http_client_parser_keep_alive(const http_client_response_t *response);

/* Zeroed ones are left alone. */
void http_client_parser_finish(http_client_response_t *response);

#endif
