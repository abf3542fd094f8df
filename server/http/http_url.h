/* http://host[:port][/path][?query] */
#ifndef ASYNCSCOPE_SERVER_HTTP_URL_H
#define ASYNCSCOPE_SERVER_HTTP_URL_H

#include "http_limits.h"

typedef struct http_url_s {
  char host[HTTP_CLIENT_HOST_MAX_BYTES + 1]; /* IPv6 without its brackets */
  uint16_t port;
  const char *target; /* in the text that was read, or "/" */
} http_url_t;

/* Errors: UV_EINVAL, also for a name and password, a fragment, and a query
 * without a path; async_error_message() says what is wrong. */
int http_url_parse(const char *text, http_url_t *ret_url);

#endif
