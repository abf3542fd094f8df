/* Taking hold of all threads. What an environment says of itself is copied
 * before any of its records is read, and ages count up to then: what is made
 * later has none. */
#include "capture.h"

#include "asyncscope/async_allocator.h"
#include "ended.h"
#include "running.h"
#include <stdlib.h>
#include <string.h>

void *asyncscope__debug_grow(void *items, size_t count, size_t *capacity,
                             size_t item_bytes) {
  if (count < *capacity)
    return items;
  size_t grown = count < 16 ? 16 : count + count / 2;
  if (grown > SIZE_MAX / item_bytes)
    return NULL;
  void *moved = async_realloc(items, grown * item_bytes);
  if (moved != NULL)
    *capacity = grown;
  return moved;
}

/* What an environment that has ended leaves behind is nobody's any more. */
static void add_thread(debug_capture_t *capture, async_env_t *env) {
  debug_thread_t *thread = &capture->threads[capture->thread_count];
  async_inspect_env(env, &thread->info);
  async_inspect_recorder(env, &thread->recorder);
  thread->captured_ns = async_inspect_now_ns();
  if (thread->info.ended)
    return;
  thread->env = async_inspect_retain(env);
  capture->thread_count++;
}

static int add_threads(debug_capture_t *capture) {
  size_t capacity = 0;
  async_env_t *env = NULL;
  while ((env = async_inspect_next(env)) != NULL) {
    debug_thread_t *threads = asyncscope__debug_grow(
        capture->threads, capture->thread_count, &capacity, sizeof(*threads));
    if (threads == NULL) {
      async_inspect_release(env);
      return UV_ENOMEM;
    }
    capture->threads = threads;
    add_thread(capture, env);
  }
  return 0;
}

/* A process is at least as old as its oldest environment. */
static void find_start(debug_capture_t *capture) {
  uint64_t started_ns = capture->debug->options.started_ns;
  capture->started_ns = started_ns == 0 ? capture->begun_ns : started_ns;
  for (size_t i = 0; i < capture->thread_count; i++) {
    uint64_t opened_ns = capture->threads[i].info.opened_ns;
    if (opened_ns < capture->started_ns)
      capture->started_ns = opened_ns;
  }
}

int asyncscope__debug_capture_init(debug_capture_t *capture,
                                   const asyncscope_debug_t *debug,
                                   debug_pace_t *pace) {
  *capture = (debug_capture_t){
      .debug = debug, .pace = pace, .begun_ns = async_inspect_now_ns()};
  clock_gettime(CLOCK_REALTIME, &capture->time);
  for (uint32_t slot = 0; slot < DEBUG_STORES; slot++)
    async_inspect_key_name(slot, capture->store_names[slot], DEBUG_NAME_BYTES);
  int error =
      asyncscope__debug_ended_capture(debug->ended, capture, add_threads);
  asyncscope__debug_find_queues(capture);
  if (error == 0)
    error = asyncscope__debug_find_all_running(capture);
  if (error != 0)
    asyncscope__debug_capture_finish(capture);
  else
    find_start(capture);
  return error;
}

void asyncscope__debug_capture_finish(debug_capture_t *capture) {
  for (size_t i = 0; i < capture->thread_count; i++)
    async_inspect_release(capture->threads[i].env);
  if (capture->debug != NULL)
    asyncscope__debug_ended_release(capture->debug->ended, capture->ended);
  async_free(capture->threads);
  async_free(capture->running);
  *capture = (debug_capture_t){.debug = NULL};
}

size_t asyncscope__debug_thread_index(const debug_capture_t *capture,
                                      uint32_t thread) {
  size_t low = 0;
  size_t high = capture->thread_count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (capture->threads[middle].info.thread < thread)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

const debug_thread_t *asyncscope__debug_find_thread(
    const debug_capture_t *capture, uint32_t thread) {
  size_t index = asyncscope__debug_thread_index(capture, thread);
  return index < capture->thread_count &&
                 capture->threads[index].info.thread == thread
             ? &capture->threads[index]
             : NULL;
}

const async_stack_entry_t *asyncscope__debug_current(
    const debug_thread_t *thread) {
  size_t depth = thread->info.stack_depth;
  return depth == 0 || depth > ASYNC_STACK_PUBLISHED
             ? NULL
             : &thread->info.stack[depth - 1];
}

bool asyncscope__debug_turns_loop(async_env_t *env,
                                  const async_env_info_t *info, bool internal) {
  async_loop_info_t loop = {.attached_ns = 0};
  if (info->kind == ASYNC_ENV_LOOP || !internal)
    return info->kind == ASYNC_ENV_LOOP;
  async_inspect_loop(env, &loop, NULL);
  return loop.attached_ns != 0;
}

const char *asyncscope__debug_kind_name(async_env_kind_t kind) {
  return kind == ASYNC_ENV_LOOP     ? "loop"
         : kind == ASYNC_ENV_WORKER ? "worker"
                                    : "other";
}

struct timespec asyncscope__debug_wall_time(const debug_capture_t *capture,
                                            uint64_t at_ns) {
  int64_t ns = (int64_t)(at_ns - capture->begun_ns) % 1000000000;
  struct timespec time = capture->time;
  time.tv_sec += (int64_t)(at_ns - capture->begun_ns) / 1000000000;
  time.tv_nsec += ns;
  if (time.tv_nsec < 0 || time.tv_nsec >= 1000000000) {
    time.tv_sec += time.tv_nsec < 0 ? -1 : 1;
    time.tv_nsec += time.tv_nsec < 0 ? 1000000000 : -1000000000;
  }
  return time;
}

uint64_t asyncscope__debug_elapsed_us(uint64_t from_ns, uint64_t to_ns) {
  return to_ns > from_ns ? (to_ns - from_ns) / 1000 : 0;
}

uint64_t asyncscope__debug_skew_us(const debug_capture_t *capture) {
  size_t count = capture->thread_count;
  return count == 0 ? 0
                    : asyncscope__debug_elapsed_us(
                          capture->threads[0].captured_ns,
                          capture->threads[count - 1].captured_ns);
}
