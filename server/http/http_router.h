/* Which handler answers which path. */
#ifndef ASYNCSCOPE_SERVER_HTTP_ROUTER_H
#define ASYNCSCOPE_SERVER_HTTP_ROUTER_H

#include "http_request.h"
#include "http_response.h"

typedef void (*http_handler_cb)(void *arg, http_request_t *request,
                                http_response_t *response);

typedef struct http_route_s {
  /* Whole, as sent; or a beginning and a star: every path that begins so. The
   * first route that fits is taken. */
  const char *path;
  unsigned methods; /* of http_method_t; GET allows HEAD */
  http_handler_cb handler;
  const char *usage; /* for the list of routes: "/timer?ms=50" */
} http_route_t;

/* Calls the handler of the path and method with `arg`. Answers by itself: 404
 * with the list of routes, 405 with Allow, and OPTIONS where the route has
 * none of its own. `routes` ends with a NULL path. */
void http_router_dispatch(const http_route_t *routes, http_request_t *request,
                          http_response_t *response, void *arg);

/* The same in two steps, for who wants to know the route first: that of the
 * path, or the last of `routes`, which has none; and the call. */
const http_route_t *http_router_find(const http_route_t *routes,
                                     const http_request_t *request);
void http_router_call(const http_route_t *routes, const http_route_t *route,
                      http_request_t *request, http_response_t *response,
                      void *arg);

#endif
