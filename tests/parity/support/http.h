/* One HTTP server of server/http, and a peer that sends bytes to it. */
#ifndef ASYNCSCOPE_PARITY_HTTP_H
#define ASYNCSCOPE_PARITY_HTTP_H

#include "http_request.h"
#include "http_response.h"
#include "stream.h"

typedef void (*http_scenario_cb)(http_request_t *request,
                                 http_response_t *response);

/* On a free port of 127.0.0.1, once in a scenario; answers the port. */
int http_serve(http_scenario_cb cb);
/* The same; each request begins with the store "of the request". */
int http_serve_with(async_local_storage_t *storage, http_scenario_cb cb);
/* server.close(): stops when the last connection is done. */
void http_stop(void);
void http_answer(http_response_t *response, const char *body);
/* The server's 'listening' event. */
void http_listening(async_callback_cb cb, void *arg);

/* Connects, sends `text` and reads on. */
async_uv_stream_t *http_send(int port, const char *text, async_uv_read_cb cb);

#endif
