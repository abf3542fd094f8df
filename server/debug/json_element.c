#include "json_element.h"

#include "asyncscope/async_version.h"
#include "json_fields.h"
#include "text.h"
#include <stdio.h>
#include <unistd.h>

static uint64_t uptime_us(const debug_snapshot_t *snapshot, uint64_t at_ns) {
  return asyncscope__debug_elapsed_us(snapshot->started_ns, at_ns);
}

static json_t *tool(const debug_snapshot_t *snapshot) {
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__json_put_text(&fields, "name", snapshot->tool_name);
  asyncscope__json_put_text(&fields, "version", ASYNCSCOPE_VERSION_STRING);
  return asyncscope__json_end(&fields);
}

/* `time`, `before_us` earlier. */
static struct timespec earlier(struct timespec time, uint64_t before_us) {
  time.tv_sec -= (time_t)(before_us / 1000000);
  time.tv_nsec -= (long)(before_us % 1000000) * 1000;
  if (time.tv_nsec < 0) {
    time.tv_nsec += 1000000000;
    time.tv_sec--;
  }
  return time;
}

static void put_time(json_fields_t *fields, const char *key,
                     struct timespec time) {
  char text[DEBUG_TIME_BYTES];
  asyncscope__debug_time(&time, text);
  asyncscope__json_put_text(fields, key, text);
}

static json_t *process(const debug_snapshot_t *snapshot) {
  uint64_t up_us = uptime_us(snapshot, snapshot->begun_ns);
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__json_put_integer(&fields, "pid", getpid());
  asyncscope__json_put_text(&fields, "command", snapshot->command);
  put_time(&fields, "startTime", earlier(snapshot->time, up_us));
  asyncscope__json_put_unsigned(&fields, "uptimeUs", up_us);
  asyncscope__json_put_text(&fields, "libuv", uv_version_string());
  return asyncscope__json_end(&fields);
}

json_t *asyncscope__json_overview(const debug_snapshot_t *snapshot) {
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__json_put_integer(&fields, "schemaVersion", DEBUG_SCHEMA_VERSION);
  asyncscope__json_put(&fields, "tool", tool(snapshot));
  asyncscope__json_put(&fields, "process", process(snapshot));
  return asyncscope__json_end(&fields);
}

static json_t *token(const debug_snapshot_t *snapshot) {
  char text[DEBUG_KEY_BYTES];
  snprintf(text, sizeof(text), "s-%llu",
           (unsigned long long)(snapshot->begun_ns / 1000));
  return json_string(text);
}

json_t *asyncscope__json_capture(const debug_snapshot_t *snapshot) {
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__json_put(&fields, "token", token(snapshot));
  put_time(&fields, "time", snapshot->time);
  asyncscope__json_put_text(&fields, "consistency", "per-record");
  asyncscope__json_put_unsigned(
      &fields, "buildUs",
      asyncscope__debug_elapsed_us(snapshot->begun_ns, snapshot->ended_ns));
  asyncscope__json_put_unsigned(&fields, "skewUs",
                                asyncscope__debug_skew_us(snapshot));
  return asyncscope__json_end(&fields);
}

json_t *asyncscope__json_capture_thread(const debug_snapshot_t *snapshot,
                                        const debug_thread_t *thread) {
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__json_put_unsigned(&fields, "thread", thread->info.thread);
  asyncscope__json_put_unsigned(&fields, "capturedUs",
                                uptime_us(snapshot, thread->captured_ns));
  return asyncscope__json_end(&fields);
}

static json_t *pair(const char *first_key, uint64_t first,
                    const char *second_key, uint64_t second) {
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__json_put_unsigned(&fields, first_key, first);
  asyncscope__json_put_unsigned(&fields, second_key, second);
  return asyncscope__json_end(&fields);
}

static void add_up(const debug_snapshot_t *snapshot, async_env_info_t *sum) {
  for (size_t i = 0; i < snapshot->thread_count; i++) {
    const async_env_info_t *info = &snapshot->threads[i].info;
    sum->resources_created += info->resources_created;
    sum->resources_destroyed += info->resources_destroyed;
    sum->destroys_pending += info->destroys_pending;
    sum->frames_created += info->frames_created;
    sum->frames_released += info->frames_released;
    sum->stores_created += info->stores_created;
    sum->stores_released += info->stores_released;
  }
}

json_t *asyncscope__json_counts(const debug_snapshot_t *snapshot) {
  async_env_info_t sum = {.thread = 0};
  json_fields_t fields = asyncscope__json_begin();
  add_up(snapshot, &sum);
  asyncscope__json_put_unsigned(
      &fields, "live", snapshot->resource_count - snapshot->hidden_count);
  asyncscope__json_put_unsigned(&fields, "hidden", snapshot->hidden_count);
  asyncscope__json_put_unsigned(&fields, "created", sum.resources_created);
  asyncscope__json_put_unsigned(&fields, "destroyed", sum.resources_destroyed);
  asyncscope__json_put_unsigned(&fields, "destroysPending",
                                sum.destroys_pending);
  asyncscope__json_put(
      &fields, "frames",
      pair("created", sum.frames_created, "released", sum.frames_released));
  asyncscope__json_put(
      &fields, "stores",
      pair("created", sum.stores_created, "released", sum.stores_released));
  return asyncscope__json_end(&fields);
}

json_t *asyncscope__json_type(const debug_type_t *type) {
  char name[DEBUG_UTF8_BYTES];
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__debug_utf8(type->type, name);
  asyncscope__json_put_unsigned(&fields, name, type->count);
  return asyncscope__json_end(&fields);
}

static json_t *time_object(const worker_time_t *time) {
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__json_put_unsigned(&fields, "p50", time->p50_ns / 1000);
  asyncscope__json_put_unsigned(&fields, "p90", time->p90_ns / 1000);
  asyncscope__json_put_unsigned(&fields, "p99", time->p99_ns / 1000);
  asyncscope__json_put_unsigned(&fields, "max", time->max_ns / 1000);
  asyncscope__json_put_unsigned(&fields, "count", time->count);
  return asyncscope__json_end(&fields);
}

static void put_times(json_fields_t *fields, const worker_times_t *times) {
  asyncscope__json_put(fields, "waitUs", time_object(&times->waited));
  asyncscope__json_put(fields, "runUs", time_object(&times->worked));
  asyncscope__json_put(fields, "delayUs", time_object(&times->delayed));
}

static json_t *times_by_type(const debug_pool_t *pool) {
  json_fields_t fields = asyncscope__json_begin();
  char name[DEBUG_UTF8_BYTES];
  for (size_t i = 0; i < pool->type_count; i++) {
    json_fields_t type = asyncscope__json_begin();
    put_times(&type, &pool->types[i]);
    asyncscope__debug_utf8(pool->types[i].type, name);
    asyncscope__json_put(&fields, name, asyncscope__json_end(&type));
  }
  return asyncscope__json_end(&fields);
}

json_t *asyncscope__json_pool(const debug_pool_t *pool) {
  const worker_pool_info_t *info = &pool->info;
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__json_put_name(&fields, "name", pool->name);
  asyncscope__json_put_unsigned(&fields, "threads", info->threads);
  asyncscope__json_put_unsigned(&fields, "active", info->active);
  asyncscope__json_put_unsigned(&fields, "queued", info->queued);
  asyncscope__json_put_unsigned(&fields, "queuedPeak", info->queued_peak);
  asyncscope__json_put_unsigned(&fields, "submitted", info->submitted);
  asyncscope__json_put_unsigned(&fields, "completed", info->completed);
  asyncscope__json_put_unsigned(&fields, "rejected", info->rejected);
  asyncscope__json_put_unsigned(&fields, "cancelled", info->cancelled);
  asyncscope__json_put_unsigned(&fields, "timedOut", info->timed_out);
  asyncscope__json_put_unsigned(&fields, "aborted", info->aborted);
  asyncscope__json_put_unsigned(&fields, "waitedUs", info->waited_ns / 1000);
  asyncscope__json_put_unsigned(&fields, "workedUs", info->worked_ns / 1000);
  put_times(&fields, &pool->times);
  asyncscope__json_put(&fields, "byType", times_by_type(pool));
  return asyncscope__json_end(&fields);
}
