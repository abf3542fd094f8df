#include "routes.h"

#include "app.h"
#include "reply.h"

static void route_hello(void *arg, http_request_t *request,
                        http_response_t *response) {
  (void)arg;
  if (reply_takes_no_query(request, response))
    reply_line(response, 200, "hello\n");
}

static void route_healthz(void *arg, http_request_t *request,
                          http_response_t *response) {
  (void)arg;
  (void)request;
  reply_line(response, 200, "ok\n");
}

/* Whether to send requests here: an end is announced before it comes. */
static void route_readyz(void *arg, http_request_t *request,
                         http_response_t *response) {
  const app_loop_t *loop = arg;

  (void)request;
  if (atomic_load(&loop->app->phase) == APP_SERVING)
    reply_line(response, 200, "ready\n");
  else
    reply_line(response, 503, "draining\n");
}

static void route_debug(void *arg, http_request_t *request,
                        http_response_t *response) {
  app_loop_t *loop = arg;

  debug_mount_serve(&loop->debug_mount, request, response);
}

/* Those that are there only when asked for come first. */
static const http_route_t ROUTES[] = {
    {"/block", HTTP_METHOD_GET, route_block, "/block?ms=1000"},
    {"/spin", HTTP_METHOD_GET, route_spin, "/spin?ms=1000"},
    {"/leak", HTTP_METHOD_GET, route_leak, "/leak?count=1000&ms=60000"},
    {"/hello", HTTP_METHOD_GET, route_hello, "/hello"},
    {"/timer", HTTP_METHOD_GET, route_timer, "/timer?ms=50"},
    {"/file", HTTP_METHOD_GET, route_file, "/file?path=README.md"},
    {"/lookup", HTTP_METHOD_GET, route_lookup, "/lookup?host=localhost"},
    {"/relay", HTTP_METHOD_GET, route_relay, "/relay"},
    {"/sum", HTTP_METHOD_GET, route_sum, "/sum?a=42&b=100"},
    {"/flow", HTTP_METHOD_GET, route_flow,
     "/flow?ms=5&path=README.md&a=42&b=100"},
    {"/context", HTTP_METHOD_GET, route_context, "/context"},
    {"/echo", HTTP_METHOD_ALL, route_echo, "/echo"},
    {"/healthz", HTTP_METHOD_GET, route_healthz, "/healthz"},
    {"/readyz", HTTP_METHOD_GET, route_readyz, "/readyz"},
    {"/debug", HTTP_METHOD_ALL, route_debug, "/debug"},
    {"/debug/*", HTTP_METHOD_ALL, route_debug, "/debug/tree"},
    {"/metrics", HTTP_METHOD_ALL, route_debug, "/metrics"},
    {NULL, 0, NULL, NULL},
};

enum { FAULT_ROUTES = 3 };

bool app_route_is_debug(const http_route_t *route) {
  return route->handler == route_debug;
}

const http_route_t *app_routes(bool faults) {
  return faults ? ROUTES : ROUTES + FAULT_ROUTES;
}
