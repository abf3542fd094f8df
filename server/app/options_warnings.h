/* From when on the diagnostics warn. */
#ifndef ASYNCSCOPE_SERVER_OPTIONS_WARNINGS_H
#define ASYNCSCOPE_SERVER_OPTIONS_WARNINGS_H

#include "options.h"

extern const app_warnings_t app_warnings_default;

/* As the diagnostics take it. */
asyncscope_debug_thresholds_t app_options_thresholds(
    const app_options_t *options);

#endif
