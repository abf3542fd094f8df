/* What it needs is made here and used here: this thread waits for no other and
 * runs nothing on a pool, so that it answers whatever the others do. `ready`
 * orders it with the one that started it; after that they share only `stop`,
 * whose send is made for that. */
#include "debug_listener.h"

#include "asyncscope/async_env.h"
#include "debug_sampling.h"
#include <unistd.h>

static void on_request(void *data, http_request_t *request,
                       http_response_t *response) {
  asyncscope_debug_listener_t *listener = data;

  if (!debug_mount_health(request, response) &&
      !debug_mount_welcome(request, response))
    debug_mount_serve(&listener->mount, request, response);
}

static http_server_options_t server_options(
    asyncscope_debug_listener_t *listener) {
  http_server_options_t options = {
      .limits = HTTP_LIMITS_DEFAULT,
      .callbacks = {.on_request = on_request},
      .transport = listener->endpoint.has_file ? NULL : listener->transport,
      .data = listener};

  options.limits.body_max_bytes = DEBUG_BODY_MAX_BYTES;
  options.limits.header_timeout_ms = DEBUG_HEADER_MS;
  options.limits.keep_alive_timeout_ms = DEBUG_KEEP_ALIVE_MS;
  options.limits.connections_max = DEBUG_CONNECTIONS_MAX;
  return options;
}

static void on_stopped(http_server_t *server) {
  asyncscope_debug_listener_t *listener = server->data;

  uv_close((uv_handle_t *)&listener->stop, NULL);
  uv_close((uv_handle_t *)&listener->patience, NULL);
  uv_close((uv_handle_t *)&listener->sampling, NULL);
}

static void on_patience_ended(uv_timer_t *timer) {
  asyncscope_debug_listener_t *listener = timer->data;

  http_server_cut_off(&listener->server);
}

static void on_stop(uv_async_t *async) {
  asyncscope_debug_listener_t *listener = async->data;

  uv_timer_start(&listener->patience, on_patience_ended,
                 ASYNCSCOPE_DEBUG_CLOSE_MS, 0);
  debug_mount_stop(&listener->mount);
  http_server_stop(&listener->server, on_stopped);
}

static int open_handles(asyncscope_debug_listener_t *listener) {
  listener->server.data = listener;
  listener->stop.data = listener;
  listener->patience.data = listener;
  uv_timer_init(&listener->loop, &listener->patience);
  uv_timer_init(&listener->loop, &listener->sampling);
  return uv_async_init(&listener->loop, &listener->stop, on_stop);
}

/* Whatever the server has opened by then is closed by turning the loop. */
static int begin(asyncscope_debug_listener_t *listener) {
  int error = open_handles(listener);

  if (error != 0) {
    close(listener->endpoint.sock);
    uv_close((uv_handle_t *)&listener->patience, NULL);
    uv_close((uv_handle_t *)&listener->sampling, NULL);
    http_server_stop(&listener->server, NULL);
    return error;
  }
  error = http_server_listen(&listener->server, listener->endpoint.sock);
  if (error != 0)
    http_server_stop(&listener->server, on_stopped);
  return error;
}

static int serve(asyncscope_debug_listener_t *listener) {
  const http_server_options_t options = server_options(listener);
  const debug_mount_options_t mount = {
      .debug = listener->debug,
      .policy = {.secret = &listener->secret,
                 .networks = listener->networks,
                 .network_count = listener->network_count},
      .streams_max = DEBUG_LISTENER_STREAMS_MAX,
      .lasting_max = DEBUG_LISTENER_LASTING_MAX};
  int error = http_server_init(&listener->server, &listener->loop, &options);

  if (error != 0) {
    close(listener->endpoint.sock);
    return error;
  }
  debug_mount_init(&listener->mount, &listener->loop, &mount);
  error = begin(listener);
  if (error == 0) {
    debug_sampling_start(&listener->sampling, listener->debug);
    uv_sem_post(&listener->ready);
  }
  uv_run(&listener->loop, UV_RUN_DEFAULT);
  http_server_finish(&listener->server);
  return error;
}

/* The kind is the environment's, not that of a loop of the program. */
static int open_environment(uv_loop_t *loop) {
  int error = async_env_open(ASYNC_ENV_OTHER, "debug");

  if (error != 0)
    return error;
  async_env_set_internal(true);
  error = async_env_attach(loop);
  if (error != 0)
    async_env_detach();
  return error;
}

static int measure_and_serve(asyncscope_debug_listener_t *listener) {
  int error = asyncscope_debug_measure_cost(listener->debug);

  if (error == 0)
    return serve(listener);
  close(listener->endpoint.sock);
  return error;
}

static int run(asyncscope_debug_listener_t *listener) {
  int error = uv_loop_init(&listener->loop);

  if (error != 0) {
    close(listener->endpoint.sock);
    return error;
  }
  error = open_environment(&listener->loop);
  if (error == 0) {
    error = measure_and_serve(listener);
    async_env_detach();
  } else {
    close(listener->endpoint.sock);
  }
  uv_loop_close(&listener->loop);
  return error;
}

void debug_listener_run(asyncscope_debug_listener_t *listener) {
  int error = run(listener);

  if (error != 0) {
    listener->status = error;
    uv_sem_post(&listener->ready);
  }
}
