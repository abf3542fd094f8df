#ifndef ASYNCSCOPE_E2E_LIFE_H
#define ASYNCSCOPE_E2E_LIFE_H

#include "e2e.h"

/* What begins and ends a server, seen from outside. All of these assert. */

void e2e_signal(e2e_t *e2e, int number);

/* Waits for its end. */
int e2e_exit_code(e2e_t *e2e);

/* Waits until it has logged `words`. */
void e2e_await_log(const e2e_t *e2e, const char *words);

/* A connection whose request is not answered for a long time. */
int e2e_begin_late(e2e_t *e2e);

/* One that has been served, and is kept. */
int e2e_open_idle(e2e_t *e2e);

/* Waits until the server ends it, without another byte, and closes it. The end
 * of an idle connection tells that the server drains. */
void e2e_await_end(int fd);

/* Has the next server started by this script, which lies beside this file. */
void e2e_start_by(const char *script);

/* Has the next server started by passed_socket.sh, as systemd does it; `count`
 * sockets are passed, of which the first is `fd`. */
void e2e_pass(int fd, const char *count);

#endif
