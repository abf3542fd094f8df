#ifndef ASYNCSCOPE_SERVER_APP_TLS_H
#define ASYNCSCOPE_SERVER_APP_TLS_H

#include "app.h"

/* Makes app->tls where the options ask for it; what is wrong is on stderr.
 * Errors: those of tls_context_create(). */
int app_tls_start(app_t *app);

/* Reads the files again, where there are any, and logs what came of it. */
void app_tls_reload(app_t *app);

#endif
