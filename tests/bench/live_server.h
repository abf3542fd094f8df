/* A process that serves hello on one port and its diagnostics on another, with
 * a number of timers alive. */
#ifndef BENCH_LIVE_SERVER_H
#define BENCH_LIVE_SERVER_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

typedef struct live_ports_s {
  uint16_t hello, debug;
} live_ports_t;

/* -1 where it cannot. It ends with this process, or by a signal. */
pid_t live_server_start(size_t count, live_ports_t *ret_ports);

#endif
