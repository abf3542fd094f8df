#include "history_reading.h"

#include "asyncscope/async_request.h"

static void add_type(debug_gauges_t *gauges, const char *type, uint64_t live) {
  size_t at = 0;
  gauges->live += live;
  while (at < gauges->type_count && gauges->types[at].type != type)
    at++;
  if (at == DEBUG_HISTORY_KNOWN) {
    gauges->others += live;
    return;
  }
  if (at == gauges->type_count)
    gauges->types[gauges->type_count++] = (debug_type_live_t){type, 0};
  gauges->types[at].live += live;
}

void asyncscope__debug_gauges_add(debug_gauges_t *sum,
                                  const debug_gauges_t *gauges) {
  for (size_t i = 0; i < gauges->type_count; i++)
    add_type(sum, gauges->types[i].type, gauges->types[i].live);
  sum->live += gauges->others;
  sum->others += gauges->others;
  sum->pool_active += gauges->pool_active;
  sum->pool_queued += gauges->pool_queued;
  if (sum->turn_ns < gauges->turn_ns)
    sum->turn_ns = gauges->turn_ns;
}

/* Two counters are not of one moment: an end may be seen without its
 * beginning. */
static void read_types(debug_reading_t *reading, async_env_t *env) {
  async_type_info_t info;
  for (size_t i = 0; async_inspect_type(env, i, &info, NULL) == 0; i++)
    if (info.created > info.destroyed)
      add_type(&reading->now, info.type, info.created - info.destroyed);
}

static void read_requests(debug_reading_t *reading, async_env_t *env) {
  async_route_info_t info;
  for (size_t i = 0; async_inspect_route(env, i, &info, NULL) == 0; i++) {
    reading->finished += info.finished;
    reading->failed += info.failed;
  }
}

static void read_loop(debug_reading_t *reading, async_env_t *env,
                      uint32_t thread) {
  async_loop_info_t info;
  async_inspect_loop(env, &info, &reading->turns);
  if (reading->now.turn_ns < info.turn_ns)
    reading->now.turn_ns = info.turn_ns;
  if (info.attached_ns != 0 && reading->loop_count < DEBUG_HISTORY_LOOPS)
    reading->loops[reading->loop_count++] =
        (debug_loop_idle_t){thread, info.idle_ns};
}

static void read_pools(debug_reading_t *reading,
                       const asyncscope_debug_options_t *options) {
  for (size_t i = 0; i < options->pool_count; i++) {
    worker_pool_info_t info;
    worker_pool_info(options->pools[i].pool, &info);
    reading->now.pool_active += info.active;
    reading->now.pool_queued += info.queued;
  }
}

void asyncscope__debug_reading_take(debug_reading_t *reading,
                                    const asyncscope_debug_t *debug,
                                    uint64_t now_ns) {
  async_env_t *env = NULL;
  *reading = (debug_reading_t){.at_ns = now_ns};
  while ((env = async_inspect_next(env)) != NULL) {
    async_env_info_t info;
    async_inspect_env(env, &info);
    read_types(reading, env);
    read_requests(reading, env);
    if (info.kind == ASYNC_ENV_LOOP)
      read_loop(reading, env, info.thread);
  }
  read_pools(reading, &debug->options);
}
