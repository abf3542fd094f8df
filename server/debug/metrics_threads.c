/* What the environments count, and their loops. */
#include "ended.h"
#include "metrics.h"
#include "recorded.h"

#include "asyncscope/async_version.h"
#include <string.h>
#include <uv.h>

static int write_build(const metrics_t *metrics, size_t item,
                       const metrics_row_t *row, debug_buffer_t *buffer) {
  metrics_labels_t labels = {.used_bytes = 0};
  (void)metrics;
  (void)item;
  asyncscope__metrics_label(&labels, "version", ASYNCSCOPE_VERSION_STRING);
  asyncscope__metrics_label(&labels, "libuv", uv_version_string());
  return asyncscope__metrics_sample(buffer, &row->family, &labels, 1);
}

enum {
  CONTEXTS,
  STORES,
  SCOPES,
  RECORD_BYTES,
  NAME_BYTES,
  REQUEST_BYTES,
  RECORDER_BYTES,
  INTERNAL_CREATED,
  INTERNAL_DESTROYED
};

static int write_sum(const metrics_t *metrics, size_t item,
                     const metrics_row_t *row, debug_buffer_t *buffer) {
  async_env_info_t sum = asyncscope__debug_total(&metrics->grouping.capture);
  (void)item;
  const uint64_t numbers[] = {
      [CONTEXTS] = sum.frames_created - sum.frames_released,
      [STORES] = sum.stores_created - sum.stores_released,
      [SCOPES] = sum.scopes_entered,
      [RECORD_BYTES] = sum.record_bytes,
      [NAME_BYTES] = sum.name_bytes,
      [REQUEST_BYTES] = sum.request_bytes,
      [RECORDER_BYTES] = sum.recorder_bytes,
      [INTERNAL_CREATED] = sum.internal_created,
      [INTERNAL_DESTROYED] = sum.internal_destroyed,
  };
  return asyncscope__metrics_write_one(row, buffer, (double)numbers[row->at]);
}

enum { EVENTS, DROPPED };

static int write_recorded(const metrics_t *metrics, size_t item,
                          const metrics_row_t *row, debug_buffer_t *buffer) {
  const debug_capture_t *capture = &metrics->grouping.capture;
  uint64_t numbers[] = {[EVENTS] = 0, [DROPPED] = 0};
  (void)item;
  if (capture->ended != NULL) {
    numbers[EVENTS] = capture->ended->recorder.written;
    numbers[DROPPED] = capture->ended->recorder.lost;
  }
  for (size_t i = 0; i < capture->thread_count; i++) {
    numbers[EVENTS] += capture->threads[i].recorder.written;
    numbers[DROPPED] += capture->threads[i].recorder.lost;
  }
  return asyncscope__metrics_write_one(row, buffer, (double)numbers[row->at]);
}

static int write_covered(const metrics_t *metrics, size_t item,
                         const metrics_row_t *row, debug_buffer_t *buffer) {
  debug_recorded_t all =
      asyncscope__debug_recorded_by_all(&metrics->grouping.capture);
  (void)item;
  return asyncscope__metrics_write_one(row, buffer,
                                       (double)all.covers_us / 1e6);
}

/* By kind, as there may be any number of them over time. */
static int write_threads(const metrics_t *metrics, size_t item,
                         const metrics_row_t *row, debug_buffer_t *buffer) {
  const debug_capture_t *capture = &metrics->grouping.capture;
  metrics_labels_t labels = {.used_bytes = 0};
  uint64_t count = 0;
  if (item > ASYNC_ENV_OTHER)
    return 0;
  for (size_t i = 0; i < capture->thread_count; i++)
    count += (size_t)capture->threads[i].info.kind == item;
  asyncscope__metrics_label(
      &labels, "kind", asyncscope__debug_kind_name((async_env_kind_t)item));
  int error =
      asyncscope__metrics_sample(buffer, &row->family, &labels, (double)count);
  return error != 0 ? error : 1;
}

static bool has_earlier_name(const debug_capture_t *capture, size_t item) {
  size_t at = 0;
  while (at < item && strcmp(capture->threads[at].info.name,
                             capture->threads[item].info.name) != 0)
    at++;
  return at < item;
}

/* Every loop that is bound without a name has the same: behind the first of
 * them the number of the thread tells them apart. */
static void label_loop(const debug_capture_t *capture, size_t item,
                       metrics_labels_t *labels) {
  const async_env_info_t *info = &capture->threads[item].info;
  asyncscope__metrics_label(labels, "loop", info->name);
  if (has_earlier_name(capture, item))
    asyncscope__metrics_number(labels, "thread", info->thread);
}

/* Loop `item`; false behind the last. `*ret_info` is zeroed for a thread that
 * has none. */
static bool read_loop(const metrics_t *metrics, size_t item,
                      async_loop_info_t *ret_info, async_histogram_t *busy,
                      metrics_labels_t *ret_labels) {
  const debug_capture_t *capture = &metrics->grouping.capture;
  *ret_labels = (metrics_labels_t){.used_bytes = 0};
  if (item == capture->thread_count)
    return false;
  async_inspect_loop(capture->threads[item].env, ret_info, busy);
  label_loop(capture, item, ret_labels);
  return true;
}

enum { ITERATIONS, UTILIZATION, IDLE, HANDLES, REQUESTS };

static double loop_number(const async_loop_info_t *info, size_t which) {
  const double numbers[] = {
      [ITERATIONS] = (double)info->iterations,
      [UTILIZATION] = info->utilization,
      [IDLE] = (double)info->idle_ns / 1e9,
      [HANDLES] = (double)info->active_handles,
      [REQUESTS] = (double)info->active_requests,
  };
  return numbers[which];
}

static int write_loop(const metrics_t *metrics, size_t item,
                      const metrics_row_t *row, debug_buffer_t *buffer) {
  async_loop_info_t info;
  metrics_labels_t labels;
  if (!read_loop(metrics, item, &info, NULL, &labels))
    return 0;
  if (info.attached_ns == 0)
    return 1;
  int error = asyncscope__metrics_sample(buffer, &row->family, &labels,
                                         loop_number(&info, row->at));
  return error != 0 ? error : 1;
}

static int write_lag(const metrics_t *metrics, size_t item,
                     const metrics_row_t *row, debug_buffer_t *buffer) {
  async_histogram_t busy = {.max = 0};
  async_loop_info_t info;
  metrics_labels_t labels;
  if (!read_loop(metrics, item, &info, &busy, &labels))
    return 0;
  if (info.attached_ns == 0)
    return 1;
  int error =
      asyncscope__metrics_histogram(buffer, &row->family, &labels, &busy);
  return error != 0 ? error : 1;
}

#define GAUGE(name, text) \
  { "asyncscope_" name, METRICS_GAUGE, text }
#define COUNTER(name, text) \
  { "asyncscope_" name, METRICS_COUNTER, text }

const metrics_row_t asyncscope__metrics_of_threads[] = {
    {GAUGE("build_info", "Which asyncscope and which libuv this is."),
     write_build, 0},
    {GAUGE("threads", "Threads with an environment."), write_threads, 0},
    {COUNTER("eventloop_iterations", "Turns of an event loop."), write_loop,
     ITERATIONS},
    {GAUGE("eventloop_utilization_ratio",
           "Part of its time that a loop did not wait."),
     write_loop, UTILIZATION},
    {COUNTER("eventloop_idle_seconds", "Time that a loop waited."), write_loop,
     IDLE},
    {GAUGE("eventloop_active_handles", "Handles that keep a loop alive."),
     write_loop, HANDLES},
    {GAUGE("eventloop_active_requests", "Requests that keep a loop alive."),
     write_loop, REQUESTS},
    {{"asyncscope_eventloop_lag_seconds", METRICS_HISTOGRAM,
      "Time in one turn of a loop: what came meanwhile had to wait."},
     write_lag,
     0},
    {GAUGE("contexts_live", "Context frames that something holds."), write_sum,
     CONTEXTS},
    {GAUGE("stores_live", "Stores that a context frame shows."), write_sum,
     STORES},
    {COUNTER("scopes_entered", "Callbacks and other scopes."), write_sum,
     SCOPES},
    {GAUGE("record_bytes", "Memory for the records of resources."), write_sum,
     RECORD_BYTES},
    {GAUGE("name_bytes", "Memory for the names of resources."), write_sum,
     NAME_BYTES},
    {GAUGE("request_bytes", "Memory for the accounts of requests."), write_sum,
     REQUEST_BYTES},
    {GAUGE("recorder_bytes", "Memory for events, taken as it is used."),
     write_sum, RECORDER_BYTES},
    {COUNTER("internal_resources_created",
             "Resources that asyncscope made for itself."),
     write_sum, INTERNAL_CREATED},
    {COUNTER("internal_resources_destroyed", "Of these, ended."), write_sum,
     INTERNAL_DESTROYED},
    {COUNTER("recorder_events", "Events that the recorders wrote."),
     write_recorded, EVENTS},
    {COUNTER("dropped_events", "Of these, no longer held by a recorder."),
     write_recorded, DROPPED},
    {GAUGE("recorder_covers_seconds",
           "How far back the recorders of all threads reach."),
     write_covered, 0},
    {{NULL, METRICS_GAUGE, NULL}, NULL, 0},
};
