#include "event_log.h"

#include "debug.h"

#include "asyncscope/async_allocator.h"
#include <stdlib.h>
#include <uv.h>

#define BATCH 64

uint64_t asyncscope__debug_event_end_ns(const async_event_t *event) {
  return event->kind == ASYNC_EVENT_RUN ? event->at_ns + event->duration_ns
                                        : event->at_ns;
}

/* The number of the event to begin with: what was written since the capture
 * is not wanted, and of what was written before only so much. */
static uint64_t first_event(const async_recorder_info_t *info, size_t share) {
  uint64_t held = info->written - info->lost;
  return held > share ? info->written - share : info->lost;
}

static bool is_wanted(const debug_event_log_t *log, const async_event_t *event,
                      bool internal) {
  return (internal || !event->internal) &&
         asyncscope__debug_event_end_ns(event) >= log->from_ns;
}

static void copy_batch(const debug_event_log_t *log, debug_thread_log_t *thread,
                       const async_event_t *batch, size_t count,
                       bool internal) {
  for (size_t i = 0; i < count; i++)
    if (is_wanted(log, &batch[i], internal))
      thread->events[thread->event_count++] = batch[i];
}

static void copy_events(const debug_event_log_t *log,
                        debug_thread_log_t *thread, uint64_t from, uint64_t end,
                        bool internal) {
  async_event_t batch[BATCH];
  uint64_t cursor = from, lost;
  while (cursor < end) {
    size_t max = end - cursor < BATCH ? (size_t)(end - cursor) : BATCH;
    size_t count =
        async_inspect_events(thread->thread->env, &cursor, batch, max, &lost);
    thread->left_out += lost;
    if (count == 0)
      return;
    copy_batch(log, thread, batch, count, internal);
  }
}

static int compare_born(const void *left, const void *right) {
  async_id_t a = ((const debug_born_t *)left)->async_id;
  async_id_t b = ((const debug_born_t *)right)->async_id;
  return (a > b) - (a < b);
}

static size_t count_born(const debug_thread_log_t *thread) {
  size_t count = 0;
  for (size_t i = 0; i < thread->event_count; i++)
    count += thread->events[i].kind == ASYNC_EVENT_INIT;
  return count;
}

/* Ids are given in order, but for those that were reserved. */
static int collect_born(debug_thread_log_t *thread) {
  size_t count = count_born(thread);
  if (count == 0)
    return 0;
  thread->born = async_calloc(count, sizeof(*thread->born));
  if (thread->born == NULL)
    return UV_ENOMEM;
  for (size_t i = 0; i < thread->event_count; i++) {
    const async_event_t *event = &thread->events[i];
    if (event->kind == ASYNC_EVENT_INIT)
      thread->born[thread->born_count++] =
          (debug_born_t){.async_id = event->async_id,
                         .trigger = event->trigger,
                         .in_scope = event->execution_async_id > ASYNC_ID_ROOT,
                         .first_run = DEBUG_NO_EVENT};
  }
  qsort(thread->born, count, sizeof(*thread->born), compare_born);
  return 0;
}

static debug_born_t *find_born(const debug_thread_log_t *thread,
                               async_id_t async_id) {
  debug_born_t key = {.async_id = async_id};
  return thread->born_count == 0
             ? NULL
             : bsearch(&key, thread->born, thread->born_count, sizeof(key),
                       compare_born);
}

/* A resource of another thread that caused one which has run here. */
static void mark_elsewhere(const debug_event_log_t *log,
                           const debug_thread_log_t *thread,
                           const debug_born_t *born) {
  debug_born_t *cause = born->trigger.thread == thread->thread->info.thread
                            ? NULL
                            : asyncscope__debug_find_born(log, born->trigger);
  if (cause != NULL)
    cause->causes = true;
}

static void find_first_runs(const debug_event_log_t *log,
                            const debug_thread_log_t *thread) {
  for (size_t i = 0; i < thread->event_count; i++) {
    const async_event_t *event = &thread->events[i];
    debug_born_t *born = event->kind == ASYNC_EVENT_RUN
                             ? find_born(thread, event->async_id)
                             : NULL;
    if (born == NULL || born->first_run != DEBUG_NO_EVENT)
      continue;
    born->first_run = i;
    born->causes = true;
    mark_elsewhere(log, thread, born);
  }
}

static int read_thread(const debug_event_log_t *log, debug_thread_log_t *thread,
                       size_t share, bool internal) {
  async_recorder_info_t info;
  async_inspect_recorder(thread->thread->env, &info);
  uint64_t first = first_event(&info, share);
  size_t most = (size_t)(info.written - first);
  thread->covers_from_ns = info.covers_from_ns;
  if (most == 0)
    return 0;
  thread->events = async_malloc(most * sizeof(*thread->events));
  if (thread->events == NULL)
    return UV_ENOMEM;
  thread->left_out = first - info.lost;
  copy_events(log, thread, first, info.written, internal);
  return collect_born(thread);
}

static int read_threads(debug_event_log_t *log, const debug_capture_t *capture,
                        bool internal) {
  size_t share = DEBUG_EVENTS_MAX / capture->thread_count;
  int error = 0;
  for (size_t i = 0; i < capture->thread_count && error == 0; i++) {
    debug_thread_log_t *thread = &log->threads[log->thread_count++];
    thread->thread = &capture->threads[i];
    error = read_thread(log, thread, share, internal);
  }
  for (size_t i = 0; i < log->thread_count && error == 0; i++)
    find_first_runs(log, &log->threads[i]);
  return error;
}

static int take_place(debug_event_log_t *log, const debug_call_t *call) {
  static const char *const nothing_else[] = {NULL};
  if (atomic_fetch_add(&call->debug->event_logs, 1) < DEBUG_EVENT_LOGS_MAX) {
    log->debug = call->debug;
    return 0;
  }
  atomic_fetch_sub(&call->debug->event_logs, 1);
  int error = asyncscope__debug_refuse(call, 503, "others are reading events");
  call->fault->valid = nothing_else;
  return error;
}

static int read_all(debug_event_log_t *log, const debug_capture_t *capture,
                    bool internal) {
  if (capture->thread_count == 0)
    return 0;
  log->threads = async_calloc(capture->thread_count, sizeof(*log->threads));
  return log->threads == NULL ? UV_ENOMEM
                              : read_threads(log, capture, internal);
}

int asyncscope__debug_event_log_init(debug_event_log_t *log,
                                     const debug_call_t *call,
                                     const debug_capture_t *capture,
                                     uint64_t from_ns, bool internal) {
  *log = (debug_event_log_t){.from_ns = from_ns};
  int error = take_place(log, call);
  if (error == 0)
    error = read_all(log, capture, internal);
  if (error != 0)
    asyncscope__debug_event_log_finish(log);
  return error;
}

void asyncscope__debug_event_log_finish(debug_event_log_t *log) {
  for (size_t i = 0; i < log->thread_count; i++) {
    async_free(log->threads[i].events);
    async_free(log->threads[i].born);
  }
  async_free(log->threads);
  if (log->debug != NULL)
    atomic_fetch_sub(&log->debug->event_logs, 1);
  *log = (debug_event_log_t){.threads = NULL};
}

debug_born_t *asyncscope__debug_find_born(const debug_event_log_t *log,
                                          async_ref_t ref) {
  for (size_t i = 0; i < log->thread_count; i++)
    if (log->threads[i].thread->info.thread == ref.thread)
      return find_born(&log->threads[i], ref.async_id);
  return NULL;
}
