/* One event loop with its thread, environment and HTTP server. */
#ifndef ASYNCSCOPE_SERVER_APP_LOOP_H
#define ASYNCSCOPE_SERVER_APP_LOOP_H

#include "asyncscope/asyncscope_trace.h"
#include "debug_mount.h"
#include "http_agent.h"
#include "http_server.h"
#include "leaks.h"
#include "request_context.h"
#include <uv.h>

struct app_s;

typedef struct app_loop_s {
  struct app_s *app;
  unsigned index;
  uv_os_sock_t sock; /* bound; passes to the server */
  uv_thread_t thread;
  uv_sem_t ready;
  int status; /* of the start, after `ready` */
  uv_loop_t loop;
  uv_async_t wake; /* the phase has changed */
  uv_timer_t sampling;
  uv_timer_t patience; /* with peers that have been answered */
  http_server_t server;
  debug_mount_t debug_mount;
  const http_route_t *routes;
  uint64_t next_number; /* of a request: the loops take turns */
  asyncscope_trace_source_t trace_source;
  request_contexts_t contexts;
  app_leaks_t leaks;
  http_agent_t relay; /* where there is a --relay */
  bool relay_is_open;
} app_loop_t;

/* Starts the thread and returns when it serves. Errors: of every part of it;
 * then the thread has ended. Thread: main, as app_loop_wake() and _join(). */
int app_loop_start(app_loop_t *loop, struct app_s *app, unsigned index,
                   uv_os_sock_t sock);

/* Lets the loop look at the phase of the app: drain, or end. */
void app_loop_wake(app_loop_t *loop);

void app_loop_join(app_loop_t *loop);

#endif
