/* The response to a request of ours, from its on_response to its on_close. */
#ifndef ASYNCSCOPE_SERVER_HTTP_CLIENT_RESPONSE_H
#define ASYNCSCOPE_SERVER_HTTP_CLIENT_RESPONSE_H

#include "http_text.h"

typedef struct http_client_response_s http_client_response_t;

unsigned http_client_response_status(const http_client_response_t *response);

/* As the peer sent it, whatever that is; may be empty. */
http_text_t http_client_response_reason(const http_client_response_t *response);

/* How many fields have this name, in either case; `ret_value` is the last
 * one's value, without white space at its ends. */
unsigned http_client_response_field(const http_client_response_t *response,
                                    const char *name, http_text_t *ret_value);

/* Fields by their place; `index` is below the count. */
unsigned http_client_response_field_count(
    const http_client_response_t *response);
void http_client_response_field_at(const http_client_response_t *response,
                                   unsigned index, http_text_t *ret_name,
                                   http_text_t *ret_value);

#endif
