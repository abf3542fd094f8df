#include "json_routes.h"

#include "asyncscope/async_allocator.h"
#include "ended.h"
#include "json_fields.h"
#include "json_times.h"
#include <string.h>

static debug_route_t *find(debug_routes_t *routes, const char *name) {
  for (size_t i = 0; i < routes->count; i++)
    if (strcmp(routes->items[i].info.route, name) == 0)
      return &routes->items[i];
  debug_route_t *items = asyncscope__debug_grow(
      routes->items, routes->count, &routes->capacity, sizeof(*items));
  if (items == NULL)
    return NULL;
  routes->items = items;
  debug_route_t *route = &items[routes->count++];
  memset(route, 0, sizeof(*route));
  memcpy(route->info.route, name, strlen(name) + 1);
  return route;
}

/* One of which nothing has ended has nothing to tell. */
int asyncscope__debug_routes_add(debug_routes_t *routes, async_env_t *env) {
  async_route_info_t info;
  for (size_t i = 0; async_inspect_route(env, i, &info, NULL) == 0; i++) {
    if (info.finished == 0)
      continue;
    debug_route_t *route = find(routes, info.route);
    if (route == NULL)
      return UV_ENOMEM;
    async_inspect_route(env, i, &info, &route->latency);
    route->info.finished += info.finished;
    route->info.failed += info.failed;
  }
  return 0;
}

int asyncscope__debug_routes_join(debug_routes_t *routes,
                                  const debug_routes_t *more) {
  for (size_t i = 0; i < more->count; i++) {
    const debug_route_t *one = &more->items[i];
    debug_route_t *route = find(routes, one->info.route);
    if (route == NULL)
      return UV_ENOMEM;
    async_histogram_add(&route->latency, &one->latency);
    route->info.finished += one->info.finished;
    route->info.failed += one->info.failed;
  }
  return 0;
}

int asyncscope__debug_routes_init(debug_routes_t *routes,
                                  const debug_capture_t *capture) {
  int error = 0;
  *routes = (debug_routes_t){.items = NULL};
  for (size_t i = 0; i < capture->thread_count && error == 0; i++)
    error = asyncscope__debug_routes_add(routes, capture->threads[i].env);
  if (error == 0 && capture->ended != NULL)
    error = asyncscope__debug_routes_join(routes, &capture->ended->routes);
  return error;
}

/* As net/trace has it: a request counts where it was no faster. The last
 * bucket has what is slower than all. */
static json_t *buckets(const async_histogram_t *latency) {
  static const uint64_t bounds_us[] = {
      1000, 10000, 50000, 100000, 250000, 500000, 1000000, 5000000, 10000000};
  return asyncscope__json_buckets(latency, bounds_us,
                                  sizeof(bounds_us) / sizeof(bounds_us[0]));
}

static json_t *element(const debug_route_t *route) {
  const async_histogram_t *latency = &route->latency;
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__json_put_text(&fields, "route", route->info.route);
  asyncscope__json_put_unsigned(&fields, "finished", route->info.finished);
  asyncscope__json_put_unsigned(&fields, "failed", route->info.failed);
  asyncscope__json_put(&fields, "latencyUs",
                       asyncscope__json_times(latency, false));
  asyncscope__json_put(&fields, "buckets", buckets(latency));
  return asyncscope__json_end(&fields);
}

int asyncscope__debug_write_route(debug_routes_t *routes,
                                  json_writer_t *writer) {
  if (routes->at == routes->count)
    return 0;
  int error =
      asyncscope__json_write(writer, NULL, element(&routes->items[routes->at]));
  routes->at += error == 0;
  return error == 0 ? 1 : error;
}

void asyncscope__debug_routes_finish(debug_routes_t *routes) {
  async_free(routes->items);
  routes->items = NULL;
}
