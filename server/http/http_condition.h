/* The conditions of a request (RFC 9110 13): whether what its client has of a
 * resource is what there is. */
#ifndef ASYNCSCOPE_SERVER_HTTP_CONDITION_H
#define ASYNCSCOPE_SERVER_HTTP_CONDITION_H

#include "http_request.h"
#include "http_response.h"
#include <stdbool.h>
#include <time.h>

#define HTTP_ETAG_BYTES 80 /* with the quotes and the NUL */

/* What tells one state of a resource from the next. */
typedef struct http_validators_s {
  char etag[HTTP_ETAG_BYTES]; /* `"x"`, or weak `W/"x"` */
  time_t modified;            /* never later than the answer's Date */
} http_validators_t;

typedef enum http_condition_e {
  HTTP_CONDITION_TRUE,         /* answer as if there were none */
  HTTP_CONDITION_NOT_MODIFIED, /* 304 */
  HTTP_CONDITION_FALSE         /* 412 */
} http_condition_t;

/* For a resource that exists and a method that would answer 2xx. `now` is the
 * time of day. */
http_condition_t http_condition_check(const http_request_t *request,
                                      const http_validators_t *validators,
                                      time_t now);

/* Whether a Range counts: there is no If-Range, or it names this state. */
bool http_condition_range(const http_request_t *request,
                          const http_validators_t *validators, time_t now);

/* Adds ETag and Last-Modified. Errors: those of http_response_set_field(). */
int http_condition_set_fields(http_response_t *response,
                              const http_validators_t *validators);

#endif
