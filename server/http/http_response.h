/* The answer to a request: all at once, or a piece at a time as its source
 * can give it and the peer takes it.
 *
 * Every function that sends may complete the answer, and then calls the close
 * callback before it returns: make it the last thing done with the response.
 * All of them run in any callback on the connection's loop. Whatever goes
 * wrong ends the connection; the close callback tells. */
#ifndef ASYNCSCOPE_SERVER_HTTP_RESPONSE_H
#define ASYNCSCOPE_SERVER_HTTP_RESPONSE_H

#include "http_source.h"
#include "http_text.h"
#include <stddef.h>
#include <stdint.h>

typedef struct http_response_s http_response_t;

/* Adds a field, copied; before the answer is begun. Content-Type,
 * Content-Length, Connection, Date and Transfer-Encoding are not yours.
 * Errors: UV_EINVAL (a byte that has no place in a field), UV_ENOBUFS,
 * UV_ENOMEM. */
int http_response_set_field(http_response_t *response, const char *name,
                            const char *value);

/* The same for fields that the caller vouches for: it puts whole lines, each
 * with its CRLF, where the first answers, no more than `max_bytes`, and tells
 * the second where they end. NULL: there is no room, or no memory. */
char *http_response_begin_lines(http_response_t *response, size_t max_bytes);
void http_response_end_lines(http_response_t *response, const char *end);

/* The whole answer; `body` is copied. `type` NULL: no Content-Type. */
static inline void http_response_send(http_response_t *response, int status,
                                      const char *type, const void *body,
                                      size_t size);

/* Begins an answer whose body `source` (copied) will give. With a length, that
 * many bytes must come; without, they are sent as chunks. */
void http_response_stream(http_response_t *response, int status,
                          const char *type, int64_t length_bytes,
                          const http_source_t *source);
void http_response_write(http_response_t *response, const void *bytes,
                         size_t size);
void http_response_end(http_response_t *response);

/* The answer cannot be given: the connection is cut, so that the peer sees
 * that it is not whole. `error` is a UV_E* for the close callback. */
void http_response_abort(http_response_t *response, int error);

/* 0 before the answer is begun. */
int http_response_status(const http_response_t *response);
/* Bytes of body given. */
uint64_t http_response_body_bytes(const http_response_t *response);

/* Private: mostly the compiler knows how long the type is. */
void http_response_send_text(http_response_t *response, int status,
                             http_text_t type, http_text_t body);

static inline void http_response_send(http_response_t *response, int status,
                                      const char *type, const void *body,
                                      size_t size) {
  http_response_send_text(
      response, status, type == NULL ? (http_text_t){NULL, 0} : http_text(type),
      (http_text_t){body, size});
}

#endif
