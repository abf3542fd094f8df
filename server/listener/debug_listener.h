#ifndef ASYNCSCOPE_SERVER_DEBUG_LISTENER_H
#define ASYNCSCOPE_SERVER_DEBUG_LISTENER_H

#include "asyncscope/asyncscope_debug_listen.h"
#include "debug_endpoint.h"
#include "debug_mount.h"
#include "http_server.h"

struct asyncscope_debug_listener_s {
  asyncscope_debug_t *debug;
  asyncscope_debug_t *own_debug; /* made here, or NULL */
  debug_secret_t secret;
  bool has_token; /* at its start */
  asyncscope_debug_network_t networks[ASYNCSCOPE_DEBUG_NETWORKS_MAX];
  size_t network_count;
  http_transport_t *transport; /* of what is no unix socket; borrowed */
  debug_endpoint_t endpoint;
  uv_thread_t thread;
  uv_sem_t ready;
  int status; /* of the start, after `ready` */
  /* The thread's own, but for `stop`, which any thread may send. */
  uv_loop_t loop;
  uv_async_t stop;
  uv_timer_t patience, sampling;
  http_server_t server;
  debug_mount_t mount;
};

/* asyncscope_debug_listen() with a transport, NULL for none, which must outlive
 * the listener. A unix socket, which only this user reaches, does without. */
int debug_listener_open(asyncscope_debug_t *debug, const char *address,
                        const asyncscope_debug_listen_options_t *options,
                        http_transport_t *transport,
                        asyncscope_debug_listener_t **ret_listener);

/* The body of the thread: serves until `stop` is sent. Takes the endpoint's
 * socket over. */
void debug_listener_run(asyncscope_debug_listener_t *listener);

#endif
