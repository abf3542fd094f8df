/* Two channels around a piece of work. Whether anybody wants to know is asked
 * once, when it begins: who comes later hears of no end without a start. */
#include "asyncscope/async_allocator.h"
#include "asyncscope/async_env.h"
#include "asyncscope/diagnostics_channel_scope.h"
#include "channel.h"
#include "refuse.h"
#include <stdio.h>
#include <string.h>

int asyncscope__event_channel_init(async_diagnostics_channel_t *channel,
                                   const char *name, const char *event) {
  size_t size_bytes = sizeof("tracing::") + strlen(name) + strlen(event);
  char *full = async_malloc(size_bytes);
  if (full == NULL)
    return async_error_set(UV_ENOMEM, "no memory for channel %s", name);
  snprintf(full, size_bytes, "tracing:%s:%s", name, event);
  int error = async_diagnostics_channel_init(channel, full);
  async_free(full);
  return error;
}

int async_bounded_channel_init(async_bounded_channel_t *bounded,
                               const char *name) {
  *bounded = (async_bounded_channel_t){{NULL}, {NULL}};
  if (name == NULL)
    return async_error_set(UV_EINVAL, "a channel needs a name");
  int error = asyncscope__event_channel_init(&bounded->start, name, "start");
  if (error == 0)
    error = asyncscope__event_channel_init(&bounded->end, name, "end");
  if (error != 0)
    async_bounded_channel_finish(bounded);
  return error;
}

void async_bounded_channel_finish(async_bounded_channel_t *bounded) {
  if (bounded == NULL)
    return;
  async_diagnostics_channel_finish(&bounded->start);
  async_diagnostics_channel_finish(&bounded->end);
}

static bool is_wanted(const async_diagnostics_channel_t *start,
                      const async_diagnostics_channel_t *end) {
  return async_diagnostics_channel_has_subscribers(start) ||
         async_diagnostics_channel_has_subscribers(end);
}

bool async_bounded_channel_has_subscribers(
    const async_bounded_channel_t *bounded) {
  return is_wanted(&bounded->start, &bounded->end);
}

typedef struct window_s {
  async_diagnostics_channel_t *end;
  void *message;
  async_local_storage_cb fn;
  void *arg;
} window_t;

static int call_and_publish_end(void *arg) {
  const window_t *window = arg;
  int result = window->fn(window->arg);
  async_diagnostics_channel_publish(window->end, window->message);
  return result;
}

int asyncscope__window_run(async_diagnostics_channel_t *start,
                           async_diagnostics_channel_t *end, void *message,
                           async_local_storage_cb fn, void *arg) {
  window_t window = {end, message, fn, arg};
  if (!is_wanted(start, end))
    return fn(arg);
  return async_diagnostics_channel_run_stores(start, message,
                                              call_and_publish_end, &window);
}

int async_bounded_channel_run(async_bounded_channel_t *bounded, void *message,
                              async_local_storage_cb fn, void *arg) {
  if (fn == NULL)
    return asyncscope__no_fn();
  return asyncscope__window_run(&bounded->start, &bounded->end, message, fn,
                                arg);
}

int async_bounded_channel_with_scope_at(const async_site_t *site,
                                        async_bounded_channel_t *bounded,
                                        void *message,
                                        async_bounded_channel_scope_t *scope) {
  if (scope->bounded != NULL)
    return async_error_set(UV_EBUSY, "the scope is open");
  if (!async_bounded_channel_has_subscribers(bounded))
    return 0;
  int error = async_diagnostics_channel_with_store_scope_at(
      site, &bounded->start, message, &scope->stores);
  if (error != 0)
    return error;
  scope->bounded = bounded;
  scope->message = message;
  return 0;
}

int async_bounded_channel_scope_dispose(async_bounded_channel_scope_t *scope) {
  if (scope == NULL || scope->bounded == NULL)
    return 0;
  async_bounded_channel_t *bounded = scope->bounded;
  scope->bounded = NULL;
  async_diagnostics_channel_publish(&bounded->end, scope->message);
  return async_diagnostics_channel_scope_dispose(&scope->stores);
}

void async_bounded_channel_scope_cleanup(async_bounded_channel_scope_t *scope) {
  (void)async_bounded_channel_scope_dispose(scope);
}
