/* What the command line and the environment say. */
#ifndef ASYNCSCOPE_SERVER_OPTIONS_H
#define ASYNCSCOPE_SERVER_OPTIONS_H

#include "asyncscope/asyncscope_debug_listen.h"
#include "asyncscope/asyncscope_otlp.h"
#include "http_address.h"
#include "http_limits.h"
#include "log.h"
#include "tls.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define APP_LOOPS_MAX         64
#define APP_WORKERS_MAX       1024
#define APP_WORKER_QUEUE_MAX  1000000
#define APP_RECORDER_MAX      ((size_t)1 << 30)
#define APP_REQUESTS_KEPT_MAX 16384

/* With all that comes behind it, the half second of the diagnostics' listener
 * included, below the 10 s of docker stop. */
#define APP_DRAIN_TIMEOUT_MS 8000
#define APP_PATIENCE_MS      500 /* for threads that have nothing left to do */
#define APP_EXPORT_MS        500 /* for the exporter, behind the loops */

typedef enum app_command_e {
  APP_SERVE,
  APP_HELP,
  APP_VERSION,
  APP_HEALTHCHECK
} app_command_t;

/* See asyncscope_debug_thresholds_t. 0: never; of past_ms: not at all. */
typedef struct app_warnings_s {
  unsigned slow_callback_ms, loop_blocked_ms, pool_starved_ms;
  unsigned long_pending_ms, context_retained_ms;
  unsigned context_foreign, context_lost, scope_unbalanced;
  unsigned destroyed_unrun, dropped_events;
  unsigned growth, growth_window_ms;
  unsigned past_ms;
} app_warnings_t;

typedef struct app_options_s {
  app_command_t command;
  http_address_t listen;
  tls_files_t tls; /* borrowed; both, or both NULL for none */
  unsigned loops;
  unsigned workers;
  unsigned worker_queue;
  http_limits_t limits;     /* its connections_max means nothing */
  unsigned connections_max; /* of all loops; 0: what descriptors allow */
  unsigned drain_delay_ms;
  unsigned drain_timeout_ms;
  unsigned context_loss;        /* 1: lost contexts are reported */
  const char *root;             /* borrowed from the arguments or environment */
  const char *relay;            /* the same; NULL for none */
  const char *debug_token;      /* the same; NULL for none */
  const char *debug_token_file; /* the same, in place of debug_token */
  bool debug_token_generate;    /* one is made where neither is given */
  asyncscope_debug_network_t debug_networks[ASYNCSCOPE_DEBUG_NETWORKS_MAX];
  size_t debug_network_count;
  const char *debug_listen; /* the same; NULL for the default */
  size_t recorder_bytes;
  unsigned requests_kept, slow_requests_kept;
  unsigned slow_request_ms;
  app_warnings_t warn;
  bool demo_faults;
  bool log_json;
  bool access_log;
  app_log_level_t log_level;
  /* Of it what the variables of OpenTelemetry say, too; an endpoint that is
   * "off" is none. */
  asyncscope_otlp_options_t otlp;
} app_options_t;

#define APP_ERROR_BYTES 256

/* Fills `ret_options` from the arguments, where they say nothing from the
 * environment (`get` is getenv() or one like it), else from the defaults. A
 * variable whose option is given is not read, and none is for APP_HELP and
 * APP_VERSION. Errors: UV_EINVAL, and `ret_error` names the option or the
 * variable. */
int app_options_parse(int argc, char *const argv[],
                      char *(*get)(const char *name),
                      app_options_t *ret_options,
                      char ret_error[APP_ERROR_BYTES]);

/* Where the diagnostics listen: as was said, or the default. */
const char *app_options_debug_listen(const app_options_t *options);

/* What holds where nothing is said. */
void app_options_default(app_options_t *ret_options);

/* Writes the text of --help. */
void app_options_help(FILE *file);

#endif
