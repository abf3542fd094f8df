/* A leak is freed when the last of its timers is closed. */
#include "leaks.h"

#include "asyncscope/async_allocator.h"
#include "asyncscope/async_uv.h"

typedef struct app_leak_s {
  app_leaks_t *leaks;
  struct app_leak_s *next;
  size_t open; /* timers that are not closed yet */
  size_t count;
  async_uv_timer_t timers[];
} app_leak_t;

static void remove_leak(app_leak_t *leak) {
  app_leak_t **link = &leak->leaks->first;
  while (*link != leak)
    link = &(*link)->next;
  *link = leak->next;
  async_free(leak);
}

static void on_closed(async_uv_handle_t *handle) {
  app_leak_t *leak = handle->data;
  leak->leaks->count--;
  if (--leak->open == 0)
    remove_leak(leak);
}

static void close_timer(async_uv_timer_t *timer) {
  if (!async_uv_is_closing((async_uv_handle_t *)timer))
    async_uv_close((async_uv_handle_t *)timer, on_closed);
}

static int open_timer(app_leak_t *leak, uv_loop_t *loop, uint64_t ms) {
  async_uv_timer_t *timer = &leak->timers[leak->count];
  int error = async_uv_timer_init(loop, timer);
  if (error != 0)
    return error;
  timer->data = leak;
  leak->count++;
  leak->open++;
  leak->leaks->count++;
  return async_uv_timer_start(timer, close_timer, ms, 0);
}

static void close_leak(app_leak_t *leak) {
  for (size_t i = 0; i < leak->count; i++)
    close_timer(&leak->timers[i]);
}

int app_leaks_add(app_leaks_t *leaks, uv_loop_t *loop, size_t count,
                  uint64_t ms) {
  int error = 0;
  if (count == 0)
    return 0;
  if (count > APP_LEAKS_MAX - leaks->count)
    return UV_EAGAIN;
  app_leak_t *leak =
      async_calloc(1, sizeof(*leak) + count * sizeof(*leak->timers));
  if (leak == NULL)
    return UV_ENOMEM;
  leak->leaks = leaks;
  leak->next = leaks->first;
  leaks->first = leak;
  while (leak->count < count && error == 0)
    error = open_timer(leak, loop, ms);
  if (leak->count == 0)
    remove_leak(leak);
  else if (error != 0)
    close_leak(leak);
  return error;
}

void app_leaks_close(app_leaks_t *leaks) {
  for (app_leak_t *leak = leaks->first; leak != NULL; leak = leak->next)
    close_leak(leak);
}
