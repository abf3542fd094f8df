/* What does the work, and what it works on. */
#include "option.h"

#include "http_url.h"

static bool set_root(const app_option_t *option, app_options_t *options,
                     const char *value, char ret_wrong[APP_OPTION_TEXT_BYTES]) {
  (void)option;
  if (*value == '\0')
    return app_option_wrong(ret_wrong, "must name a directory");
  options->root = value;
  return true;
}

static bool set_relay(const app_option_t *option, app_options_t *options,
                      const char *value,
                      char ret_wrong[APP_OPTION_TEXT_BYTES]) {
  http_url_t url;
  (void)option;
  if (http_url_parse(value, &url) != 0)
    return app_option_wrong(ret_wrong, "must be http://HOST:PORT/PATH");
  options->relay = value;
  return true;
}

const app_option_t app_options_work[] = {
    {.name = "--loops",
     .value = "N",
     .help = "event loops, one thread each",
     .set = app_option_set_count,
     .show = app_option_show_count,
     .at = offsetof(app_options_t, loops),
     .min = 1,
     .max = APP_LOOPS_MAX},
    {.name = "--workers",
     .value = "N",
     .help = "threads of the worker pool",
     .set = app_option_set_count,
     .show = app_option_show_count,
     .at = offsetof(app_options_t, workers),
     .min = 1,
     .max = APP_WORKERS_MAX},
    {.name = "--worker-queue",
     .value = "N",
     .help = "tasks that may wait for a worker; one more gets a 503",
     .set = app_option_set_count,
     .show = app_option_show_count,
     .at = offsetof(app_options_t, worker_queue),
     .min = 1,
     .max = APP_WORKER_QUEUE_MAX},
    {.name = "--root",
     .value = "DIR",
     .help = "directory that /file serves",
     .set = set_root,
     .show = app_option_show_text,
     .at = offsetof(app_options_t, root)},
    {.name = "--relay",
     .value = "URL",
     .help = "URL that /relay asks for, in the trace of its own request: "
             "http://127.0.0.1:8090/context",
     .set = set_relay},
    {.name = NULL},
};
