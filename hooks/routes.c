#include "routes.h"

#include "asyncscope/async_allocator.h"
#include "constant_text.h"
#include "error.h"
#include "histogram.h"
#include <assert.h>
#include <stdatomic.h>
#include <string.h>
#include <uv.h>

#define OTHERS (ASYNC_ROUTES_MAX - 1)

static int add_row(asyncscope__routes_t *routes, uint32_t row,
                   const char *name) {
  asyncscope__route_t *route = async_calloc(1, sizeof(*route));
  if (route == NULL)
    return asyncscope__fail(UV_ENOMEM, "no memory for the times of route %s",
                            name);
  memcpy(route->name, name, strnlen(name, ASYNC_ROUTE_BYTES - 1));
  atomic_store_explicit(&routes->rows[row], route, memory_order_release);
  routes->count = row + 1;
  return 0;
}

int asyncscope__routes_open(asyncscope__routes_t *routes) {
  return add_row(routes, 0, "");
}

void asyncscope__routes_finish(asyncscope__routes_t *routes) {
  for (uint32_t i = 0; i < ASYNC_ROUTES_MAX; i++)
    async_free(atomic_load_explicit(&routes->rows[i], memory_order_relaxed));
}

const asyncscope__route_t *asyncscope__route_at(
    const asyncscope__routes_t *routes, size_t row) {
  return row < ASYNC_ROUTES_MAX
             ? atomic_load_explicit(&routes->rows[row], memory_order_acquire)
             : NULL;
}

/* A longer name is the row of its beginning. */
static bool has_name(const asyncscope__routes_t *routes, uint32_t row,
                     const char *name) {
  assert(row < ASYNC_ROUTES_MAX);
  return strncmp(asyncscope__route_at(routes, row)->name, name,
                 ASYNC_ROUTE_BYTES - 1) == 0;
}

static int find_row(asyncscope__routes_t *routes, const char *name,
                    uint32_t *ret_row) {
  uint32_t row = 0;
  while (row < routes->count && !has_name(routes, row, name))
    row++;
  if (row >= OTHERS) {
    row = OTHERS;
    name = "others";
  }
  *ret_row = row;
  return row < routes->count ? 0 : add_row(routes, row, name);
}

int asyncscope__route_find(asyncscope__routes_t *routes, const char *route,
                           uint32_t *ret_row) {
  uintptr_t address = (uintptr_t)route;
  asyncscope__route_entry_t *entry =
      &routes->cache[(address ^ address >> 6) % ASYNCSCOPE__ROUTE_CACHE];
  if (ASYNCSCOPE__LIKELY(
          route != NULL && entry->key == route &&
          (entry->constant || has_name(routes, entry->row, route)))) {
    *ret_row = entry->row;
    return 0;
  }
  int error = find_row(routes, route == NULL ? "" : route, ret_row);
  if (error == 0 && *ret_row != OTHERS)
    *entry =
        (asyncscope__route_entry_t){route, *ret_row,
                                    route != NULL && entry->key == NULL &&
                                        asyncscope__is_constant_text(route)};
  return error;
}

void asyncscope__route_count(asyncscope__routes_t *routes, uint32_t row,
                             uint64_t latency_ns, bool failed) {
  asyncscope__route_t *route =
      atomic_load_explicit(&routes->rows[row], memory_order_relaxed);
  asyncscope__histogram_record(&route->latency, latency_ns);
  if (failed)
    asyncscope__counter_add(&route->failed, 1);
}
