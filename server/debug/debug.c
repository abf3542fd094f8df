#include "debug.h"

#include "ended.h"
#include "history.h"

#include "asyncscope/async_allocator.h"
#include "asyncscope/async_finding.h"
#include "asyncscope/async_recorder.h"
#include "asyncscope/async_request.h"
#include <errno.h>
#include <stdio.h>

static const char *copy_name(char copy[DEBUG_NAME_BYTES], const char *name,
                             const char *fallback) {
  snprintf(copy, DEBUG_NAME_BYTES, "%s", name == NULL ? fallback : name);
  return copy;
}

static int copy_pools(asyncscope_debug_t *debug) {
  size_t count = debug->options.pool_count;

  if (count == 0)
    return 0;
  debug->pools = async_calloc(count, sizeof(*debug->pools));
  debug->pool_names = async_calloc(count, sizeof(*debug->pool_names));
  if (debug->pools == NULL || debug->pool_names == NULL)
    return UV_ENOMEM;
  for (size_t i = 0; i < count; i++) {
    const asyncscope_debug_pool_t *pool = &debug->options.pools[i];

    debug->pools[i].pool = pool->pool;
    debug->pools[i].name = copy_name(debug->pool_names[i], pool->name, "");
  }
  debug->options.pools = debug->pools;
  return 0;
}

static int copy_exporters(asyncscope_debug_t *debug) {
  size_t count = debug->options.exporter_count;

  if (count > ASYNCSCOPE_DEBUG_EXPORTERS_MAX)
    return UV_EINVAL;
  for (size_t i = 0; i < count; i++)
    debug->exporters[i] = debug->options.exporters[i];
  debug->options.exporters = debug->exporters;
  return 0;
}

static int copy_options(asyncscope_debug_t *debug,
                        const asyncscope_debug_options_t *options) {
  asyncscope_debug_options_t *copy = &debug->options;
  int error;

  if (options != NULL)
    *copy = *options;
  copy->tool_name = copy_name(debug->tool_name, copy->tool_name, "asyncscope");
  copy->command =
      copy_name(debug->command, copy->command, program_invocation_short_name);
  error = copy_exporters(debug);
  return error == 0 ? copy_pools(debug) : error;
}

static int create_log(asyncscope_debug_t *debug) {
  size_t lines = debug->options.log_lines;

  if (lines > ASYNCSCOPE_DEBUG_LOG_LINES_MAX)
    return UV_EINVAL;
  if (lines > 0)
    debug->log = asyncscope__debug_log_ring_create(lines);
  return lines > 0 && debug->log == NULL ? UV_ENOMEM : 0;
}

/* Where nothing is said a program may have said it itself. */
static void set_slow_callback(const asyncscope_debug_t *debug) {
  uint64_t slow_us = debug->options.thresholds.slow_callback_us;

  if (slow_us == ASYNCSCOPE_DEBUG_NEVER)
    async_slow_callback_set_ns(0);
  else if (slow_us != 0)
    async_slow_callback_set_ns(slow_us * 1000);
}

static void set_kept(const asyncscope_debug_kept_t *kept) {
  const async_requests_kept_t requests = {
      .finished = kept->requests,
      .slow = kept->slow_requests,
      .slow_ns = kept->slow_request_us > UINT64_MAX / 1000
                     ? UINT64_MAX
                     : kept->slow_request_us * 1000};

  async_recorder_set_bytes(kept->recorder_bytes);
  async_requests_set_kept(&requests);
}

void asyncscope__debug_note_dropped(asyncscope_debug_t *debug, uint64_t count) {
  uint64_t now_ns = async_inspect_now_ns();
  uint64_t none = 0;

  if (count == 0)
    return;
  atomic_compare_exchange_strong(&debug->drops.first_ns, &none, now_ns);
  atomic_store(&debug->drops.last_ns, now_ns);
  atomic_fetch_add(&debug->drops.count, count);
}

int asyncscope_debug_create(const asyncscope_debug_options_t *options,
                            asyncscope_debug_t **ret_debug) {
  asyncscope_debug_t *debug = async_calloc(1, sizeof(*debug));
  int error = debug == NULL ? UV_ENOMEM : copy_options(debug, options);

  if (error == 0)
    error = create_log(debug);
  if (error == 0 &&
      (debug->history = asyncscope__debug_history_create()) == NULL)
    error = UV_ENOMEM;
  if (error == 0 && (debug->ended = asyncscope__debug_ended_create()) == NULL)
    error = UV_ENOMEM;
  if (error != 0) {
    asyncscope_debug_destroy(debug);
    return error;
  }
  set_slow_callback(debug);
  if (debug->options.kept != NULL)
    set_kept(debug->options.kept);
  debug->options.kept = NULL;
  *ret_debug = debug;
  return 0;
}

void asyncscope_debug_sample(asyncscope_debug_t *debug) {
  asyncscope__debug_history_sample(debug, async_inspect_now_ns());
  asyncscope__debug_ended_settle(debug->ended);
}

void asyncscope_debug_log(asyncscope_debug_t *debug,
                          const asyncscope_debug_log_line_t *line) {
  if (debug->log != NULL)
    asyncscope__debug_log_ring_write(debug->log, line);
}

void asyncscope_debug_destroy(asyncscope_debug_t *debug) {
  if (debug == NULL)
    return;
  async_free(debug->pools);
  async_free(debug->pool_names);
  asyncscope__debug_log_ring_destroy(debug->log);
  asyncscope__debug_history_destroy(debug->history);
  asyncscope__debug_ended_destroy(debug->ended);
  async_free(debug);
}
