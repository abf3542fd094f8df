#ifndef HTTP_REPLY_H
#define HTTP_REPLY_H

/* One response read without a socket, in pieces of a test's choice, and what
 * was told about it. */

#include "http_client_parser.h"

typedef struct http_reply_s {
  http_limits_t limits;
  http_client_response_t response;
  http_buffer_t body;
  unsigned heads, ends;
  int error;
  size_t left_bytes; /* behind the end of the response */
} http_reply_t;

void http_reply_init(http_reply_t *reply, bool head_only);

/* Reads on; may be called again and again. */
int http_reply_read(http_reply_t *reply, const char *bytes, size_t size);

/* The stream ends. */
int http_reply_end(http_reply_t *reply);

void http_reply_finish(http_reply_t *reply);

/* A response of its own for `text` and the end behind it: 0 or the error, and
 * in `ret_reason` (may be NULL) why. */
int http_reply_error(const char *text, const char **ret_reason);

#endif
