#include "metrics.h"

#include "ended.h"

#include "asyncscope/async_allocator.h"
#include <string.h>

int asyncscope__metrics_init(metrics_t *metrics, const debug_call_t *call) {
  memset(metrics, 0, sizeof(*metrics));
  metrics->query = *call->query;
  metrics->query.given |= DEBUG_TAKES(DEBUG_PARAM_GROUP_BY);
  metrics->query.group_by = DEBUG_GROUP_TYPE;
  metrics->query.limit = DEBUG_GROUPS_MAX;
  metrics->call = *call;
  metrics->call.query = &metrics->query;
  int error =
      asyncscope__debug_grouping_init(&metrics->grouping, &metrics->call);
  if (error == 0)
    asyncscope__debug_warnings_begin(&metrics->warnings,
                                     &metrics->grouping.capture);
  return error;
}

static metrics_route_t *find_route(metrics_t *metrics, const char *route) {
  size_t at = 0;
  while (at < metrics->route_count &&
         strcmp(metrics->routes[at].route, route) != 0)
    at++;
  if (at < metrics->route_count)
    return &metrics->routes[at];
  if (at == METRICS_ROUTES_MAX)
    return &metrics->routes[at - 1];
  metrics_route_t *items = asyncscope__debug_grow(
      metrics->routes, at, &metrics->route_capacity, sizeof(*items));
  if (items == NULL)
    return NULL;
  metrics->routes = items;
  metrics->route_count++;
  memset(&items[at], 0, sizeof(items[at]));
  snprintf(items[at].route, sizeof(items[at].route), "%s",
           at == METRICS_ROUTES_MAX - 1 ? "others" : route);
  return &items[at];
}

static int fold_routes(metrics_t *metrics, const debug_routes_t *routes) {
  for (size_t i = 0; i < routes->count; i++) {
    const debug_route_t *item = &routes->items[i];
    metrics_route_t *route = find_route(metrics, item->info.route);
    if (route == NULL)
      return UV_ENOMEM;
    async_histogram_add(&route->latency, &item->latency);
    route->failed += item->info.failed;
  }
  return 0;
}

static int add_routes(metrics_t *metrics, const debug_capture_t *capture) {
  debug_routes_t routes;
  int error = asyncscope__debug_routes_init(&routes, capture);
  if (error == 0)
    error = fold_routes(metrics, &routes);
  asyncscope__debug_routes_finish(&routes);
  return error;
}

static void count_requests(metrics_t *metrics, async_env_t *env) {
  enum { BATCH = 16 };
  async_request_info_t batch[BATCH];
  uint32_t cursor = 0;
  size_t count;
  while ((count = async_inspect_requests(
              env, ASYNC_REQUESTS_ACTIVE | ASYNC_REQUESTS_RETAINED, &cursor,
              batch, BATCH)) > 0) {
    for (size_t i = 0; i < count; i++) {
      bool active = (batch[i].which & ASYNC_REQUESTS_ACTIVE) != 0;
      metrics->requests_active += active;
      metrics->requests_retained += !active;
    }
  }
}

/* One walk after the other. */
static int walk(metrics_t *metrics) {
  int error = metrics->grouped
                  ? 0
                  : asyncscope__debug_grouping_build(&metrics->grouping);
  metrics->grouped = metrics->grouped || error == 0;
  return error == 0 ? asyncscope__debug_warnings_find(&metrics->warnings)
                    : error;
}

int asyncscope__metrics_build(metrics_t *metrics) {
  const debug_capture_t *capture = &metrics->grouping.capture;
  int error = walk(metrics);
  if (error == 0 && capture->ended != NULL)
    error = asyncscope__debug_type_runs_join(&metrics->types,
                                             &capture->ended->types);
  for (size_t i = 0; i < capture->thread_count && error == 0; i++) {
    async_env_t *env = capture->threads[i].env;
    count_requests(metrics, env);
    error = asyncscope__debug_type_runs_add(&metrics->types, env);
  }
  return error == 0 ? add_routes(metrics, capture) : error;
}

void asyncscope__metrics_finish(metrics_t *metrics) {
  asyncscope__debug_warnings_finish(&metrics->warnings);
  asyncscope__debug_grouping_finish(&metrics->grouping);
  asyncscope__debug_type_runs_finish(&metrics->types);
  async_free(metrics->routes);
  metrics->routes = NULL;
}
