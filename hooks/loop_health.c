/* libuv measures how long a loop has waited, if it is told to: it then polls
 * without waiting first, one system call more for each time it waits. */
#include "loop_health.h"

#include "asyncscope/async_inspect.h"
#include "env.h"

#define HAS_METRICS_INFO (UV_VERSION_HEX >= (1 << 16 | 45 << 8))

void asyncscope__loop_health_begin(asyncscope__loop_health_t *health,
                                   uv_loop_t *loop, uint64_t now_ns) {
  uv_loop_configure(loop, UV_METRICS_IDLE_TIME);
  asyncscope__counter_set(&health->checked_ns, 0);
  asyncscope__counter_set(&health->idle_ns, uv_metrics_idle_time(loop));
  asyncscope__counter_set(&health->attached_ns, now_ns);
}

void asyncscope__loop_health_end(asyncscope__loop_health_t *health) {
  asyncscope__counter_set(&health->attached_ns, 0);
  asyncscope__counter_set(&health->waiting, 0);
}

static void publish_metrics(asyncscope__loop_health_t *health,
                            uv_loop_t *loop) {
#if HAS_METRICS_INFO
  uv_metrics_t metrics;
  if (uv_metrics_info(loop, &metrics) != 0)
    return;
  asyncscope__counter_set(&health->events, metrics.events);
  asyncscope__counter_set(&health->events_waiting, metrics.events_waiting);
#else
  (void)health, (void)loop;
#endif
}

/* An iteration is what lies between two check phases; the first one after the
 * loop was bound has no beginning. */
void asyncscope__loop_health_check(asyncscope__loop_health_t *health,
                                   uv_loop_t *loop, uint64_t now_ns) {
  uint64_t checked_ns = asyncscope__counter_read(&health->checked_ns);
  uint64_t idle_ns = uv_metrics_idle_time(loop);
  uint64_t waited_ns = idle_ns - asyncscope__counter_read(&health->idle_ns);
  uint64_t took_ns = now_ns - checked_ns;
  if (checked_ns != 0)
    async_histogram_record(&health->busy_ns,
                           took_ns > waited_ns ? took_ns - waited_ns : 0);
  asyncscope__counter_set(&health->checked_ns, now_ns);
  asyncscope__counter_set(&health->idle_ns, idle_ns);
  asyncscope__counter_set(&health->waiting, 0);
  asyncscope__counter_set(&health->active_handles, loop->active_handles);
  asyncscope__counter_set(&health->active_requests, loop->active_reqs.count);
  publish_metrics(health, loop);
}

void async_inspect_loop(async_env_t *env, async_loop_info_t *ret_info,
                        async_histogram_t *sum) {
  const asyncscope__loop_health_t *health = &env->loop_health;
  uint64_t waiting = asyncscope__counter_read(&health->waiting);
  *ret_info = (async_loop_info_t){
      .attached_ns = asyncscope__counter_read(&health->attached_ns),
      .checked_ns = asyncscope__counter_read(&health->checked_ns),
      .iterations = asyncscope__counter_read(&env->counters.loop_iterations),
      .idle_ns = asyncscope__counter_read(&health->idle_ns),
      .waiting = waiting != 0 &&
                 asyncscope__get(&env->stack.published.depth) == waiting - 1,
      .scopes_around = waiting == 0 ? 0 : (size_t)waiting - 1,
      .active_handles = asyncscope__counter_read(&health->active_handles),
      .active_requests = asyncscope__counter_read(&health->active_requests),
      .has_events = HAS_METRICS_INFO,
      .events = asyncscope__counter_read(&health->events),
      .events_waiting = asyncscope__counter_read(&health->events_waiting)};
  if (sum != NULL)
    async_histogram_add(sum, &health->busy_ns);
}
