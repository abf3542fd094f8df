/* The server as a whole: loops, pool, storage, log.
 *
 *   main thread            waits for signals, and nothing else, so that a
 *     |                    stuck loop cannot keep the process from ending
 *     +-- loop-0 .. n      event loop, environment, HTTP server each
 *     +-- pool-0 .. m      shared by the loops
 *     +-- debug            the diagnostics' listener, on its own
 *     +-- otlp             the exporter, where there is one
 */
#ifndef ASYNCSCOPE_SERVER_APP_H
#define ASYNCSCOPE_SERVER_APP_H

#include "app_loop.h"
#include "asyncscope/async_local_storage.h"
#include "asyncscope/asyncscope_debug_listen.h"
#include "asyncscope/asyncscope_otlp.h"
#include "asyncscope/worker_pool.h"
#include "debug_secret.h"
#include "debug_token.h"
#include "faults.h"
#include "log.h"
#include "options.h"
#include "tls.h"
#include <limits.h>
#include <sys/socket.h>

typedef enum app_exit_e {
  APP_EXIT_DRAINED = 0,
  APP_EXIT_CANNOT_START = 1,
  APP_EXIT_USAGE = 2,
  APP_EXIT_CUT_OFF = 3
} app_exit_t;

/* What the process is about; only main moves it on. */
typedef enum app_phase_e {
  APP_SERVING,
  APP_DRAINING, /* told so by /readyz, but new connections are still taken */
  APP_STOPPING
} app_phase_t;

/* What /echo keeps of bodies, of all connections together, where one body may
 * not be larger. */
#define APP_ECHO_MAX_BYTES 67108864

typedef struct app_s {
  app_options_t options; /* limits.connections_max is each loop's share */
  app_debug_token_t debug_token; /* that of a file, or the one made here */
  debug_secret_t secret;         /* the token of now, for all loops */
  bool has_secret;
  struct sockaddr_storage address;
  uv_os_sock_t passed_sock; /* by systemd: it listens already; -1: none */
  atomic_int phase;         /* of app_phase_t */
  atomic_size_t echo_bytes; /* of bodies that /echo has, on all loops */
  char root[PATH_MAX];      /* real path without the final slash; "" is / */
  app_log_t log;
  async_local_storage_t storage; /* of request_context_t */
  worker_pool_t *pool;
  asyncscope_debug_t *debug;
  asyncscope_debug_listener_t *debug_listener; /* NULL: off */
  asyncscope_otlp_t *otlp;                     /* NULL: none */
  tls_context_t *tls;                          /* the same */
  app_faults_t faults;
  app_loop_t *loops; /* options.loops of them, loop_count running */
  unsigned loop_count;
  int ended_fd; /* an eventfd that counts loops that have ended */
  uint64_t started_ns;
} app_t;

/* Serves until a signal ends it and answers the exit status; what hinders it
 * from starting is on stderr. Thread: the main one, with no other beside. */
app_exit_t app_run(const app_options_t *options);

#endif
