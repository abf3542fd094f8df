/* What SIGHUP asks for: the files of TLS and of the token, once more. */
#ifndef ASYNCSCOPE_SERVER_APP_RELOAD_H
#define ASYNCSCOPE_SERVER_APP_RELOAD_H

#include "app.h"

/* Whether there is anything to read again. */
bool app_reloads(const app_options_t *options);

/* What cannot be used is logged, and what there was holds on. Thread: main. */
void app_reload(app_t *app);

#endif
