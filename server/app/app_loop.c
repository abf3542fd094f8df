/* `ready` orders the two threads: before it main does not look at the struct,
 * after it main touches only `wake`, whose send is made for that. */
#include "app_loop.h"

#include "app.h"
#include "app_otlp.h"
#include "app_relay.h"
#include "asyncscope/async_env.h"
#include "debug_limits.h"
#include "debug_sampling.h"
#include "requests.h"
#include "routes.h"
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Until then there may be an answer that waits for another server's. */
static void on_stopped(http_server_t *server) {
  app_loop_t *loop = server->data;

  uv_close((uv_handle_t *)&loop->wake, NULL);
  uv_close((uv_handle_t *)&loop->sampling, NULL);
  uv_close((uv_handle_t *)&loop->patience, NULL);
  app_relay_stop(loop);
}

/* Where the diagnostics have no thread of their own the first loop keeps their
 * history. */
static void begin_sampling(app_loop_t *loop) {
  const char *address = app_options_debug_listen(&loop->app->options);

  uv_timer_init(&loop->loop, &loop->sampling);
  if (loop->index == 0 && strcmp(address, "off") == 0)
    debug_sampling_start(&loop->sampling, loop->app->debug);
}

/* Who has its answer is not cut off. */
static void on_patience_ended(uv_timer_t *timer) {
  app_loop_t *loop = timer->data;

  http_server_end_lingering(&loop->server);
}

static void stop(app_loop_t *loop) {
  uv_timer_start(&loop->patience, on_patience_ended,
                 loop->app->options.drain_timeout_ms, 0);
  debug_mount_stop(&loop->debug_mount);
  app_leaks_close(&loop->leaks);
  http_server_stop(&loop->server, on_stopped);
}

/* Of two phases that follow each other quickly only the last may be seen. */
static void on_wake(uv_async_t *async) {
  app_loop_t *loop = async->data;
  int phase = atomic_load(&loop->app->phase);

  if (phase == APP_DRAINING)
    http_server_drain(&loop->server);
  if (phase == APP_STOPPING)
    stop(loop);
}

static void mount_debug(app_loop_t *loop) {
  const app_options_t *options = &loop->app->options;
  const debug_mount_options_t mount = {
      .debug = loop->app->debug,
      .policy = {.secret = &loop->app->secret,
                 .networks = options->debug_networks,
                 .network_count = options->debug_network_count},
      .streams_max = DEBUG_STREAMS_MAX,
      .lasting_max = DEBUG_LASTING_MAX};

  debug_mount_init(&loop->debug_mount, &loop->loop, &mount);
}

static int open_environment(app_loop_t *loop) {
  char name[ASYNC_ENV_NAME_BYTES];
  int error = asyncscope_trace_source_init(&loop->trace_source);

  if (error == 0)
    error = async_env_attach(&loop->loop);

  if (error == 0) {
    snprintf(name, sizeof(name), "loop-%u", loop->index);
    async_env_set_name(name);
    request_contexts_init(&loop->contexts);
    app_otlp_prepare_loop(loop->app);
  }
  return error;
}

/* No request is taken before the loop turns. */
static int listen_and_relay(app_loop_t *loop) {
  int error = http_server_listen(&loop->server, loop->sock);

  return error != 0 ? error : app_relay_open(loop);
}

/* Whatever the server has opened by then is closed by turning the loop. */
static int serve(app_loop_t *loop) {
  http_server_options_t options;
  int error;

  requests_server_options(loop, &options);
  error = http_server_init(&loop->server, &loop->loop, &options);
  if (error != 0) {
    close(loop->sock);
    return error;
  }
  mount_debug(loop);
  loop->server.data = loop;
  loop->wake.data = loop;
  error = uv_async_init(&loop->loop, &loop->wake, on_wake);
  if (error != 0) {
    close(loop->sock);
    http_server_stop(&loop->server, NULL);
  } else {
    begin_sampling(loop);
    uv_timer_init(&loop->loop, &loop->patience);
    loop->patience.data = loop;
    error = listen_and_relay(loop);
    if (error != 0)
      http_server_stop(&loop->server, on_stopped);
  }
  loop->status = error;
  if (error == 0)
    uv_sem_post(&loop->ready);
  uv_run(&loop->loop, UV_RUN_DEFAULT);
  app_relay_finish(loop);
  http_server_finish(&loop->server);
  return error;
}

static int run(app_loop_t *loop) {
  int error = uv_loop_init(&loop->loop);

  if (error != 0) {
    close(loop->sock);
    return error;
  }
  error = open_environment(loop);
  if (error == 0) {
    error = serve(loop);
    async_env_detach();
    request_contexts_finish(&loop->contexts);
  } else {
    close(loop->sock);
  }
  uv_loop_close(&loop->loop);
  return error;
}

/* Nobody cancels this thread. Where that is said so, the C library need not
 * make it ready for it around each system call, by locked instructions. */
static void refuse_cancellation(void) {
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
  /* Of what is disabled the type lets nothing happen.
   * NOLINTNEXTLINE(cert-pos47-c,concurrency-thread-canceltype-asynchronous) */
  pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
}

static void thread_main(void *arg) {
  app_loop_t *loop = arg;
  const uint64_t one = 1;
  int error;

  refuse_cancellation();
  error = run(loop);
  if (error != 0) {
    loop->status = error;
    uv_sem_post(&loop->ready);
  } else if (write(loop->app->ended_fd, &one, sizeof(one)) < 0) {
    /* Main has its deadline for a loop it does not hear of. */
    return;
  }
}

int app_loop_start(app_loop_t *loop, app_t *app, unsigned index,
                   uv_os_sock_t sock) {
  int error;

  loop->app = app;
  loop->index = index;
  loop->sock = sock;
  loop->routes = app_routes(app->options.demo_faults);
  loop->next_number = index + 1;
  error = uv_sem_init(&loop->ready, 0);
  if (error != 0) {
    close(sock);
    return error;
  }
  error = uv_thread_create(&loop->thread, thread_main, loop);
  if (error != 0) {
    close(sock);
    uv_sem_destroy(&loop->ready);
    return error;
  }
  uv_sem_wait(&loop->ready);
  if (loop->status != 0) {
    error = loop->status;
    app_loop_join(loop);
  }
  return error;
}

void app_loop_wake(app_loop_t *loop) {
  uv_async_send(&loop->wake);
}

void app_loop_join(app_loop_t *loop) {
  uv_thread_join(&loop->thread);
  uv_sem_destroy(&loop->ready);
}
