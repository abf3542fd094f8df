/* Why a response is not taken. */
#ifndef ASYNCSCOPE_SERVER_HTTP_CLIENT_REFUSAL_H
#define ASYNCSCOPE_SERVER_HTTP_CLIENT_REFUSAL_H

#include "http_refusal.h"

/* UV_EPROTO, UV_EMSGSIZE or UV_ENOMEM, and why in words of our own: nothing
 * the peer sent is in them. */
int http_client_refusal_error(http_refusal_t refusal, const char **ret_reason);

#endif
