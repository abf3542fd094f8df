/* The routes of the server. The argument of every handler is the app_loop_t
 * that the request came in on. */
#ifndef ASYNCSCOPE_SERVER_ROUTES_H
#define ASYNCSCOPE_SERVER_ROUTES_H

#include "http_router.h"

/* Static, ends with a NULL path. */
const http_route_t *app_routes(bool demo_faults);

/* It reads the diagnostics. */
bool app_route_is_debug(const http_route_t *route);

void route_timer(void *arg, http_request_t *request, http_response_t *response);
void route_file(void *arg, http_request_t *request, http_response_t *response);
void route_lookup(void *arg, http_request_t *request,
                  http_response_t *response);
void route_relay(void *arg, http_request_t *request, http_response_t *response);
void route_sum(void *arg, http_request_t *request, http_response_t *response);
void route_flow(void *arg, http_request_t *request, http_response_t *response);
void route_context(void *arg, http_request_t *request,
                   http_response_t *response);
void route_echo(void *arg, http_request_t *request, http_response_t *response);
void route_block(void *arg, http_request_t *request, http_response_t *response);
void route_spin(void *arg, http_request_t *request, http_response_t *response);
void route_leak(void *arg, http_request_t *request, http_response_t *response);

/* Longest wait of /timer, /flow, /block and /spin: well below the handler's
 * deadline. */
#define ROUTE_TIMER_MAX_MS 25000

#define ROUTE_PATH_BYTES   1025 /* of ?path=, with the NUL */

#endif
