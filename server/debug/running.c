/* A resource runs while it stands on its thread's stack; the time counts from
 * its outermost entry. A task runs, on the thread that submitted it, while a
 * worker runs what it caused there: to know that, the records of the workers
 * are read, which are few. */
#include "running.h"

#include "asyncscope/async_allocator.h"
#include "refs.h"
#include "walk.h"
#include <stdlib.h>

static size_t published(const async_env_info_t *info) {
  return info->stack_depth < ASYNC_STACK_PUBLISHED ? info->stack_depth
                                                   : ASYNC_STACK_PUBLISHED;
}

static int compare(const void *a, const void *b) {
  const debug_running_t *left = a;
  const debug_running_t *right = b;
  int order = asyncscope__debug_compare_refs(left->ref, right->ref);
  return order != 0 ? order
                    : (left->since_ns > right->since_ns) -
                          (left->since_ns < right->since_ns);
}

static void add(debug_capture_t *capture, async_ref_t ref, uint64_t since_ns,
                bool task) {
  capture->running[capture->running_count++] =
      (debug_running_t){ref, since_ns, task};
}

/* NULL where it does not run. */
static const async_stack_entry_t *entry_of(const async_env_info_t *info,
                                           async_id_t async_id) {
  for (size_t i = 0; i < published(info); i++)
    if (info->stack[i].async_id == async_id)
      return &info->stack[i];
  return NULL;
}

static int add_task(void *arg, size_t thread,
                    const async_resource_info_t *info) {
  debug_capture_t *capture = arg;
  const async_stack_entry_t *entry =
      entry_of(&capture->threads[thread].info, info->async_id);
  if (entry != NULL && info->trigger.thread != info->thread &&
      asyncscope__debug_is_resource(info->trigger) &&
      capture->running_count < capture->running_capacity)
    add(capture, info->trigger, entry->since_ns, true);
  return 0;
}

static void add_thread(debug_capture_t *capture, size_t index) {
  const async_env_info_t *info = &capture->threads[index].info;
  debug_walk_t walk = asyncscope__debug_walk_thread(capture, index);
  for (size_t i = 0; i < published(info); i++)
    add(capture, (async_ref_t){info->thread, info->stack[i].async_id},
        info->stack[i].since_ns, false);
  if (info->kind != ASYNC_ENV_WORKER || info->stack_depth == 0)
    return;
  while (asyncscope__debug_walk_slice(&walk, add_task, capture) == UV_EAGAIN) {
  }
}

/* Each once: of several entries the outermost, which stands first. */
static void sort(debug_capture_t *capture) {
  size_t kept = 0;
  if (capture->running_count > 1)
    qsort(capture->running, capture->running_count, sizeof(*capture->running),
          compare);
  for (size_t i = 0; i < capture->running_count; i++)
    if (kept == 0 ||
        asyncscope__debug_compare_refs(capture->running[kept - 1].ref,
                                       capture->running[i].ref) != 0)
      capture->running[kept++] = capture->running[i];
  capture->running_count = kept;
}

int asyncscope__debug_find_all_running(debug_capture_t *capture) {
  size_t most = 0;
  for (size_t i = 0; i < capture->thread_count; i++)
    most += 2 * published(&capture->threads[i].info);
  if (most == 0)
    return 0;
  capture->running = async_calloc(most, sizeof(*capture->running));
  if (capture->running == NULL)
    return UV_ENOMEM;
  capture->running_capacity = most;
  for (size_t i = 0; i < capture->thread_count; i++)
    add_thread(capture, i);
  sort(capture);
  return 0;
}

static int compare_running(const void *key, const void *item) {
  return asyncscope__debug_compare_refs(*(const async_ref_t *)key,
                                        ((const debug_running_t *)item)->ref);
}

const debug_running_t *asyncscope__debug_find_running(
    const debug_capture_t *capture, async_ref_t ref) {
  return capture->running_count == 0
             ? NULL
             : bsearch(&ref, capture->running, capture->running_count,
                       sizeof(*capture->running), compare_running);
}

void asyncscope__debug_find_queues(debug_capture_t *capture) {
  const asyncscope_debug_options_t *options = &capture->debug->options;
  capture->queue = options->pool_count == 0;
  for (size_t i = 0; i < options->pool_count; i++) {
    worker_pool_info_t info;
    worker_pool_info(options->pools[i].pool, &info);
    capture->queue |= info.queued > 0;
  }
}
