/* The export of finished requests to a collector, where one is named. */
#ifndef ASYNCSCOPE_SERVER_APP_OTLP_H
#define ASYNCSCOPE_SERVER_APP_OTLP_H

#include "app.h"

/* Nothing where no endpoint is named. Errors: reported, and those of
 * asyncscope_otlp_start(). */
int app_otlp_start(app_t *app);

/* For the thread of a loop, in its environment and before its first request. */
void app_otlp_prepare_loop(const app_t *app);

/* For asyncscope_debug_exporter_t; `app` is an app_t. */
void app_otlp_read(void *app, asyncscope_debug_export_t *ret_export);

/* Sends what is left, until `end_ns` in the scale of uv_hrtime() or for
 * APP_OTLP_FLUSH_MS; the end of that is an event at ended_fd. Only where there
 * is an exporter. */
void app_otlp_flush(app_t *app, uint64_t end_ns);

#define APP_OTLP_FLUSH_MS 3000

#endif
