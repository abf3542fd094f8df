#ifndef ASYNCSCOPE_SERVER_DEBUG_LISTENER_H
#define ASYNCSCOPE_SERVER_DEBUG_LISTENER_H

#include "asyncscope/asyncscope_debug_listen.h"
#include "debug_endpoint.h"
#include "debug_mount.h"
#include "http_server.h"

struct asyncscope_debug_listener_s {
  asyncscope_debug_t *debug;
  asyncscope_debug_t *own_debug; /* made here, or NULL */
  char token[ASYNCSCOPE_DEBUG_TOKEN_MAX + 1];
  asyncscope_debug_network_t networks[ASYNCSCOPE_DEBUG_NETWORKS_MAX];
  size_t network_count;
  debug_endpoint_t endpoint;
  uv_thread_t thread;
  uv_sem_t ready;
  int status; /* of the start, after `ready` */
  /* The thread's own, but for `stop`, which any thread may send. */
  uv_loop_t loop;
  uv_async_t stop;
  uv_timer_t patience;
  http_server_t server;
  debug_mount_t mount;
};

/* The body of the thread: serves until `stop` is sent. Takes the endpoint's
 * socket over. */
void debug_listener_run(asyncscope_debug_listener_t *listener);

#endif
