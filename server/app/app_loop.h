/* One event loop with its thread, environment and HTTP server. */
#ifndef ASYNCSCOPE_SERVER_APP_LOOP_H
#define ASYNCSCOPE_SERVER_APP_LOOP_H

#include "http_server.h"
#include <uv.h>

/* Readers of /debug at once: each costs the loop a part of every turn, and the
 * memory of a snapshot. */
#define APP_DEBUG_STREAMS_MAX 2

struct app_s;

typedef struct app_loop_s {
  struct app_s *app;
  unsigned index;
  uv_os_sock_t sock; /* bound; passes to the server */
  uv_thread_t thread;
  uv_sem_t ready;
  int status; /* of the start, after `ready` */
  uv_loop_t loop;
  uv_async_t stop;
  http_server_t server;
  uint64_t request_count;
  unsigned debug_stream_count;
} app_loop_t;

/* Starts the thread and returns when it serves. Errors: of every part of it;
 * then the thread has ended. Thread: main, as app_loop_stop() and _join(). */
int app_loop_start(app_loop_t *loop, struct app_s *app, unsigned index,
                   uv_os_sock_t sock);

/* Lets the loop drain and end. */
void app_loop_stop(app_loop_t *loop);

void app_loop_join(app_loop_t *loop);

#endif
