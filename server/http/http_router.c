#include "http_router.h"

#include "http_apart.h"
#include "http_buffer.h"
#include <string.h>
#include <uv.h>

static const char TEXT[] = "text/plain; charset=utf-8";

static unsigned with_head(unsigned methods) {
  return methods & HTTP_METHOD_GET ? methods | HTTP_METHOD_HEAD : methods;
}

static void append_methods(http_buffer_t *text, unsigned methods) {
  for (unsigned i = 0; i < HTTP_METHOD_COUNT; i++) {
    if ((methods & 1u << i) != 0) {
      http_buffer_append_text(text, text->size_bytes == 0 ? "" : ", ");
      http_buffer_append_text(text, http_method_name((http_method_t)(1u << i)));
    }
  }
  http_buffer_append(text, "", 1);
}

HTTP_APART static void send_allowed(http_response_t *response, int status,
                                    unsigned methods) {
  static const char body[] = "the method is not allowed here\n";
  http_buffer_t allow = {0};
  int error = http_buffer_reserve(&allow, 96, 0);

  if (error == 0) {
    append_methods(&allow, methods);
    error = http_response_set_field(response, "Allow", allow.bytes);
  }
  http_buffer_finish(&allow);
  if (error != 0)
    http_response_abort(response, error);
  else if (status == 204)
    http_response_send(response, status, NULL, NULL, 0);
  else
    http_response_send(response, status, TEXT, body, sizeof(body) - 1);
}

static int append_routes(http_buffer_t *text, const http_route_t *routes) {
  int error = http_buffer_append_text(text, "not found; the routes are:\n");

  for (; routes->path != NULL && error == 0; routes++) {
    http_buffer_append_text(text, "  ");
    http_buffer_append_text(text, routes->usage);
    error = http_buffer_append_text(text, "\n");
  }
  return error;
}

HTTP_APART static void send_not_found(http_response_t *response,
                                      const http_route_t *routes) {
  http_buffer_t text = {0};

  if (append_routes(&text, routes) == 0)
    http_response_send(response, 404, TEXT, text.bytes, text.size_bytes);
  else
    http_response_abort(response, UV_ENOMEM);
  http_buffer_finish(&text);
}

/* The star of a prefix stands for nothing, too, and for itself. Most routes
 * differ in their second byte. */
static bool is_of(const http_route_t *route, http_text_t path) {
  const char *at = route->path;
  size_t same = 0;

  while (same < path.size_bytes && at[same] == path.at[same])
    same++;
  if (at[same] == '\0')
    return same == path.size_bytes || (same > 0 && at[same - 1] == '*');
  return at[same] == '*' && at[same + 1] == '\0';
}

const http_route_t *http_router_find(const http_route_t *routes,
                                     const http_request_t *request) {
  http_text_t path = http_request_path(request);

  while (routes->path != NULL && !is_of(routes, path))
    routes++;
  return routes;
}

void http_router_call(const http_route_t *routes, const http_route_t *route,
                      http_request_t *request, http_response_t *response,
                      void *arg) {
  unsigned method = (unsigned)http_request_method(request);
  http_text_t path = http_request_path(request);

  if (route->path == NULL && http_text_equals(path, "*"))
    send_allowed(response, 204, HTTP_METHOD_ALL);
  else if (route->path == NULL)
    send_not_found(response, routes);
  else if ((with_head(route->methods) & method) != 0)
    route->handler(arg, request, response);
  else
    send_allowed(response, method == HTTP_METHOD_OPTIONS ? 204 : 405,
                 with_head(route->methods) | HTTP_METHOD_OPTIONS);
}

void http_router_dispatch(const http_route_t *routes, http_request_t *request,
                          http_response_t *response, void *arg) {
  http_router_call(routes, http_router_find(routes, request), request, response,
                   arg);
}
