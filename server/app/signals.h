/* SIGTERM and SIGINT, and SIGHUP where it means something, as a descriptor.
 * SIGPIPE and SIGXFSZ are ignored, as a log that takes nothing more ends no
 * server; so are SIGUSR1 and SIGUSR2: to other servers they say that logs were
 * rotated, and what sends them to this one means no harm. */
#ifndef ASYNCSCOPE_SERVER_SIGNALS_H
#define ASYNCSCOPE_SERVER_SIGNALS_H

#include <stdbool.h>
#include <stdint.h>

/* Blocks the signals for the calling thread and those it starts later; SIGHUP,
 * which otherwise ends the process, only with `reload`. Errors: those of
 * signalfd(). */
int app_signals_open(bool reload, int *ret_fd);

/* From here on SIGHUP says nothing. */
void app_signals_end_reload(int fd);

typedef enum app_wait_e {
  APP_WAIT_SIGNAL, /* one has come, and is taken */
  APP_WAIT_RELOAD, /* the same, SIGHUP */
  APP_WAIT_EVENT,  /* `event_fd` is readable */
  APP_WAIT_TIMEOUT
} app_wait_t;

/* Waits for a signal, or `event_fd`, at most until `deadline_ns` in the scale
 * of uv_hrtime(); 0 is for ever. */
app_wait_t app_signals_wait(int fd, int event_fd, uint64_t deadline_ns);

#endif
