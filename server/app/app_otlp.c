#include "app_otlp.h"

#include "asyncscope/async_env.h"
#include <stdio.h>
#include <unistd.h>

static void on_message(void *data, bool wrong, const char *message) {
  app_t *app = data;

  app_log_write(&app->log, wrong ? APP_LOG_WARN : APP_LOG_INFO,
                "asyncscope: %s", message);
}

int app_otlp_start(app_t *app) {
  asyncscope_otlp_options_t options = app->options.otlp;
  int error;

  if (options.endpoint == NULL && options.traces_endpoint == NULL)
    return 0;
  options.https = app->tls != NULL;
  options.on_message = on_message;
  options.data = app;
  error = asyncscope_otlp_start(&options, &app->otlp);
  if (error != 0)
    fprintf(stderr, "asyncscope: cannot export to %s: %s\n",
            options.traces_endpoint != NULL ? options.traces_endpoint
                                            : options.endpoint,
            async_error_message());
  return error;
}

void app_otlp_prepare_loop(const app_t *app) {
  if (app->otlp != NULL)
    asyncscope_otlp_watch(app->otlp);
}

void app_otlp_read(void *data, asyncscope_debug_export_t *ret_export) {
  app_t *app = data;
  asyncscope_otlp_stats_t stats;

  asyncscope_otlp_stats(app->otlp, &stats);
  *ret_export =
      (asyncscope_debug_export_t){.queued = stats.queued,
                                  .queue_max = stats.queue_max,
                                  .exported = stats.exported,
                                  .rejected = stats.rejected,
                                  .failed = stats.failed,
                                  .dropped = stats.dropped,
                                  .missed = stats.missed,
                                  .missed_events = stats.missed_events,
                                  .batches = stats.batches,
                                  .retries = stats.retries,
                                  .failing = stats.failing,
                                  .first_lost_ns = stats.first_lost_ns,
                                  .last_lost_ns = stats.last_lost_ns};
  snprintf(ret_export->target, sizeof(ret_export->target), "%s", stats.url);
  snprintf(ret_export->problem, sizeof(ret_export->problem), "%s",
           stats.problem);
}

static void on_flushed(void *data) {
  const app_t *app = data;
  const uint64_t one = 1;

  if (write(app->ended_fd, &one, sizeof(one)) < 0) {
    /* Main has its deadline for what it does not hear of. */
    return;
  }
}

void app_otlp_flush(app_t *app, uint64_t end_ns) {
  uint64_t now_ns = uv_hrtime();
  uint64_t left_ms = end_ns > now_ns ? (end_ns - now_ns) / 1000000 : 0;

  asyncscope_otlp_stop(app->otlp,
                       left_ms < APP_OTLP_FLUSH_MS ? (unsigned)left_ms
                                                   : APP_OTLP_FLUSH_MS,
                       on_flushed, app);
}
