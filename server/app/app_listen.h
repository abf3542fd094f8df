/* Starts the loops, and the listener of the diagnostics if there is one. */
#ifndef ASYNCSCOPE_SERVER_APP_LISTEN_H
#define ASYNCSCOPE_SERVER_APP_LISTEN_H

#include "app.h"

/* What fails is on stderr; loops that have started are the caller's to end. */
int app_listen(app_t *app);

/* Says on stdout where it listens, and to systemd that it does. */
void app_announce(const app_t *app);

/* "cannot WHAT NAME: ..." on stderr; answers `error`. */
int app_fail(const char *what, const char *name, int error);

#endif
