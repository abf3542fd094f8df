/* What was started and has not called back: tasks that wait for a worker while
 * all of their pool are busy, and what owes a callback for too long. */
#include "warnings.h"

#include "asyncscope/async_allocator.h"
#include <string.h>

typedef struct waiting_s {
  uint64_t starved_us, pending_us; /* the thresholds */
  uint64_t longest_us;             /* that a task has been on a worker */
  debug_party_t occupant;          /* that one */
  size_t type_count;
  const char *types[]; /* of the tasks of pools that are full, interned */
} waiting_t;

static bool is_full(const asyncscope_debug_pool_t *pool) {
  worker_pool_info_t info;
  worker_pool_info(pool->pool, &info);
  return info.queued > 0 && info.active >= info.threads;
}

static void add_types(waiting_t *waiting, const worker_pool_t *pool) {
  worker_times_t times;
  for (size_t i = 0; worker_pool_times(pool, i, &times) == 0; i++)
    waiting->types[waiting->type_count++] = times.type;
}

static int begin(debug_warnings_t *warnings, void **ret_state) {
  const debug_capture_t *capture = warnings->capture;
  const asyncscope_debug_options_t *options = &capture->debug->options;
  waiting_t *waiting = async_calloc(
      1, sizeof(*waiting) + options->pool_count * WORKER_POOL_TYPES_MAX *
                                sizeof(waiting->types[0]));
  if (waiting == NULL)
    return UV_ENOMEM;
  waiting->starved_us =
      asyncscope__debug_threshold(capture, DEBUG_POOL_STARVED);
  waiting->pending_us =
      asyncscope__debug_threshold(capture, DEBUG_LONG_PENDING);
  for (size_t i = 0; i < options->pool_count; i++)
    if (is_full(&options->pools[i]))
      add_types(waiting, options->pools[i].pool);
  *ret_state = waiting;
  return 0;
}

static bool is_of_full_pool(const waiting_t *waiting, const char *type) {
  for (size_t i = 0; i < waiting->type_count; i++)
    if (waiting->types[i] == type || strcmp(waiting->types[i], "others") == 0)
      return true;
  return false;
}

static void note_occupant(waiting_t *waiting, const debug_capture_t *capture,
                          const debug_resource_t *resource) {
  uint64_t us = asyncscope__debug_elapsed_us(
      resource->since_ns, capture->threads[resource->thread].captured_ns);
  if (us < waiting->longest_us)
    return;
  waiting->longest_us = us;
  waiting->occupant = asyncscope__debug_party(&resource->info);
}

static void warn(debug_warnings_t *warnings, debug_warning_id_t id,
                 const async_resource_info_t *info, uint64_t us) {
  const debug_sighting_t sighting = {.of = asyncscope__debug_party(info),
                                     .worst = us,
                                     .since_ns = info->created_ns};
  asyncscope__debug_warn(warnings, id, &sighting);
}

/* A task that waits in a full pool is none that is pending. */
static bool is_starved(debug_warnings_t *warnings, waiting_t *waiting,
                       size_t thread, const async_resource_info_t *info,
                       uint64_t us) {
  debug_resource_t resource;
  if (!is_of_full_pool(waiting, info->type))
    return false;
  asyncscope__debug_describe(warnings->capture, thread, info, &resource);
  if (resource.task && resource.state == DEBUG_RUNNING)
    note_occupant(waiting, warnings->capture, &resource);
  if (resource.state != DEBUG_QUEUED)
    return false;
  if (us >= waiting->starved_us)
    warn(warnings, DEBUG_POOL_STARVED, info, us);
  return true;
}

static void look(debug_warnings_t *warnings, void *state, size_t thread,
                 const async_resource_info_t *info) {
  waiting_t *waiting = state;
  if (!info->owes || info->destroyed)
    return;
  uint64_t us = asyncscope__debug_elapsed_us(
      info->created_ns, warnings->capture->threads[thread].captured_ns);
  if (!is_starved(warnings, waiting, thread, info, us) &&
      us >= waiting->pending_us)
    warn(warnings, DEBUG_LONG_PENDING, info, us);
}

/* Who has been on a worker for longest. */
static void end(debug_warnings_t *warnings, void *state) {
  const waiting_t *waiting = state;
  for (size_t i = 0; i < warnings->count; i++)
    if (warnings->items[i].id == DEBUG_POOL_STARVED)
      warnings->items[i].other = waiting->occupant;
}

const debug_detector_t asyncscope__debug_detect_waiting = {begin, look, end};
