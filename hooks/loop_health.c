/* libuv measures how long a loop has waited, if it is told to: it then polls
 * without waiting first, one system call more for each time it waits. */
#include "loop_health.h"

#include "asyncscope/async_inspect.h"
#include "env.h"

#define HAS_METRICS_INFO (UV_VERSION_HEX >= (1 << 16 | 45 << 8))

void asyncscope__loop_health_begin(asyncscope__loop_health_t *health,
                                   uv_loop_t *loop, uint64_t now_ns) {
  uv_loop_configure(loop, UV_METRICS_IDLE_TIME);
  health->loop_idle_ns = uv_metrics_idle_time(loop);
  asyncscope__counter_set(&health->checked_ns, 0);
  asyncscope__slot_begin(&health->slot);
  asyncscope__put(&health->idle_before_ns, asyncscope__get(&health->idle_ns));
  asyncscope__put(&health->attached_ns, now_ns);
  asyncscope__slot_end(&health->slot);
}

static void put_wait(asyncscope__loop_health_t *health, uint64_t waiting_ns) {
  asyncscope__put(&health->waiting_ns, waiting_ns);
  asyncscope__put(&health->waited_ns, 0);
}

void asyncscope__loop_health_end(asyncscope__loop_health_t *health) {
  asyncscope__counter_set(&health->waiting, 0);
  asyncscope__slot_begin(&health->slot);
  asyncscope__put(&health->attached_ns, 0);
  put_wait(health, 0);
  asyncscope__slot_end(&health->slot);
}

void asyncscope__loop_health_wait(asyncscope__loop_health_t *health,
                                  size_t scopes, uint64_t now_ns) {
  asyncscope__counter_set(&health->waiting, scopes + 1);
  asyncscope__slot_begin(&health->slot);
  put_wait(health, now_ns);
  asyncscope__slot_end(&health->slot);
}

void asyncscope__loop_health_waited(asyncscope__loop_health_t *health,
                                    uint64_t now_ns) {
  asyncscope__slot_begin(&health->slot);
  asyncscope__put(&health->waited_ns, now_ns);
  asyncscope__slot_end(&health->slot);
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
static void count_iteration(asyncscope__loop_health_t *health, uint64_t now_ns,
                            uint64_t waited_ns) {
  uint64_t checked_ns = asyncscope__counter_read(&health->checked_ns);
  uint64_t took_ns = now_ns - checked_ns;
  if (checked_ns != 0)
    async_histogram_record(&health->busy_ns,
                           took_ns > waited_ns ? took_ns - waited_ns : 0);
  asyncscope__counter_set(&health->checked_ns, now_ns);
}

/* How long it has waited since it was last asked. */
static uint64_t take_idle_ns(asyncscope__loop_health_t *health,
                             uv_loop_t *loop) {
  uint64_t before_ns = health->loop_idle_ns;
  health->loop_idle_ns = uv_metrics_idle_time(loop);
  return health->loop_idle_ns - before_ns;
}

void asyncscope__loop_health_check(asyncscope__loop_health_t *health,
                                   uv_loop_t *loop, uint64_t now_ns) {
  uint64_t waited_ns = take_idle_ns(health, loop);
  count_iteration(health, now_ns, waited_ns);
  asyncscope__slot_begin(&health->slot);
  asyncscope__put(&health->idle_ns,
                  asyncscope__get(&health->idle_ns) + waited_ns);
  put_wait(health, 0);
  asyncscope__slot_end(&health->slot);
  asyncscope__counter_set(&health->waiting, 0);
  asyncscope__counter_set(&health->active_handles, loop->active_handles);
  asyncscope__counter_set(&health->active_requests, loop->active_reqs.count);
  publish_metrics(health, loop);
}

typedef struct idle_s {
  uint64_t attached_ns, idle_ns, before_ns, waiting_ns, waited_ns;
  uint64_t checked_ns; /* not before the check that the others are of */
} idle_t;

static idle_t read_idle(const asyncscope__loop_health_t *health) {
  asyncscope__reading_t reading = {0};
  idle_t idle = {0};
  while (asyncscope__reading(&reading, &health->slot))
    idle = (idle_t){.attached_ns = asyncscope__get(&health->attached_ns),
                    .idle_ns = asyncscope__get(&health->idle_ns),
                    .before_ns = asyncscope__get(&health->idle_before_ns),
                    .waiting_ns = asyncscope__get(&health->waiting_ns),
                    .waited_ns = asyncscope__get(&health->waited_ns)};
  idle.checked_ns = asyncscope__counter_read(&health->checked_ns);
  return idle;
}

static uint64_t never_less(_Atomic uint64_t *told_ns, uint64_t ns) {
  uint64_t before_ns = atomic_load_explicit(told_ns, memory_order_relaxed);
  while (before_ns < ns && !atomic_compare_exchange_weak_explicit(
                               told_ns, &before_ns, ns, memory_order_relaxed,
                               memory_order_relaxed)) {
  }
  return before_ns < ns ? ns : before_ns;
}

/* `now_ns` was read before the words were: who waits by these has waited up to
 * then at least. */
static uint64_t idle_at(const idle_t *idle, uint64_t now_ns) {
  uint64_t end_ns = idle->waited_ns != 0 ? idle->waited_ns : now_ns;
  return idle->waiting_ns != 0 && end_ns > idle->waiting_ns
             ? idle->idle_ns + (end_ns - idle->waiting_ns)
             : idle->idle_ns;
}

/* What is not known to be waiting is busy: also the callback that a loop is
 * stuck in, and what the program does between two runs of it. */
static double utilization_at(const idle_t *idle, uint64_t idle_ns,
                             uint64_t now_ns) {
  double whole_ns =
      now_ns > idle->attached_ns ? (double)(now_ns - idle->attached_ns) : 0;
  double waited_ns = (double)(idle_ns - idle->before_ns);
  if (idle->attached_ns == 0 || waited_ns >= whole_ns)
    return 0;
  return 1 - waited_ns / whole_ns;
}

/* Since the last check phase, or since it was bound, without the wait. */
static uint64_t turn_at(const idle_t *idle, uint64_t now_ns) {
  uint64_t begun_ns = idle->checked_ns > idle->attached_ns ? idle->checked_ns
                                                           : idle->attached_ns;
  uint64_t waited_ns = idle_at(idle, now_ns) - idle->idle_ns;
  return idle->attached_ns != 0 && now_ns > begun_ns &&
                 now_ns - begun_ns > waited_ns
             ? now_ns - begun_ns - waited_ns
             : 0;
}

static void put_idle(asyncscope__loop_health_t *health,
                     async_loop_info_t *info) {
  uint64_t now_ns = async_inspect_now_ns() - ASYNCSCOPE__CLOCK_ERROR_NS;
  idle_t idle = read_idle(health);
  info->attached_ns = idle.attached_ns;
  info->idle_ns = never_less(&health->idle_told_ns, idle_at(&idle, now_ns));
  info->utilization = utilization_at(&idle, info->idle_ns, now_ns);
  info->waiting = info->waiting && idle.waited_ns == 0;
  info->turn_ns = info->waiting ? 0 : turn_at(&idle, now_ns);
}

void async_inspect_loop(async_env_t *env, async_loop_info_t *ret_info,
                        async_histogram_t *sum) {
  asyncscope__loop_health_t *health = &env->loop_health;
  uint64_t waiting = asyncscope__counter_read(&health->waiting);
  *ret_info = (async_loop_info_t){
      .checked_ns = asyncscope__counter_read(&health->checked_ns),
      .iterations = asyncscope__counter_read(&env->counters.loop_iterations),
      .waiting = waiting != 0 &&
                 asyncscope__get(&env->stack.published.depth) == waiting - 1,
      .scopes_around = waiting == 0 ? 0 : (size_t)waiting - 1,
      .active_handles = asyncscope__counter_read(&health->active_handles),
      .active_requests = asyncscope__counter_read(&health->active_requests),
      .has_events = HAS_METRICS_INFO,
      .events = asyncscope__counter_read(&health->events),
      .events_waiting = asyncscope__counter_read(&health->events_waiting)};
  put_idle(health, ret_info);
  if (sum != NULL)
    async_histogram_add(sum, &health->busy_ns);
}
