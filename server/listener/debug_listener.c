/* Order of the end: the thread, which closes its socket, then the file that
 * leads to it, then the diagnostics where they were made here. */
#include "debug_listener.h"

#include "asyncscope/async_allocator.h"
#include "asyncscope/async_env.h"
#include <signal.h>
#include <string.h>
#include <unistd.h>

static int fail_token(int error) {
  return error != UV_EINVAL
             ? error
             : async_error_set(error, "the debug token has more than %d bytes",
                               ASYNCSCOPE_DEBUG_TOKEN_MAX);
}

static int copy_networks(asyncscope_debug_listener_t *listener,
                         const asyncscope_debug_listen_options_t *options) {
  if (options->network_count > ASYNCSCOPE_DEBUG_NETWORKS_MAX)
    return async_error_set(UV_EINVAL, "more than %d networks are allowed",
                           ASYNCSCOPE_DEBUG_NETWORKS_MAX);
  for (size_t i = 0; i < options->network_count; i++)
    listener->networks[i] = options->networks[i];
  listener->network_count = options->network_count;
  return 0;
}

static int copy_options(asyncscope_debug_listener_t *listener,
                        const asyncscope_debug_listen_options_t *options) {
  const char *token = options == NULL ? NULL : options->token;
  int error = options == NULL ? 0 : copy_networks(listener, options);

  listener->has_token = token != NULL && token[0] != '\0';
  return error == 0 ? fail_token(debug_secret_init(&listener->secret, token))
                    : error;
}

static void thread_main(void *arg) {
  debug_listener_run(arg);
}

/* What the thread itself does wrong, and what measures it. */
static const int own_signals[] = {SIGSEGV, SIGBUS,  SIGFPE, SIGILL,
                                  SIGTRAP, SIGABRT, SIGSYS, SIGPROF};

/* All others are for the program's threads. That of a peer that has gone,
 * SIGPIPE, too is told here by an error alone. */
static int create_thread(asyncscope_debug_listener_t *listener) {
  sigset_t blocked, before;
  int error;

  sigfillset(&blocked);
  for (size_t i = 0; i < sizeof(own_signals) / sizeof(own_signals[0]); i++)
    sigdelset(&blocked, own_signals[i]);
  pthread_sigmask(SIG_SETMASK, &blocked, &before);
  error = uv_thread_create(&listener->thread, thread_main, listener);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return error;
}

static void join(asyncscope_debug_listener_t *listener) {
  uv_thread_join(&listener->thread);
  uv_sem_destroy(&listener->ready);
  debug_endpoint_remove(&listener->endpoint);
}

/* Takes the endpoint over, and returns when it is served. */
static int start(asyncscope_debug_listener_t *listener) {
  int error = uv_sem_init(&listener->ready, 0);

  if (error == 0) {
    error = create_thread(listener);
    if (error != 0)
      uv_sem_destroy(&listener->ready);
  }
  if (error != 0) {
    close(listener->endpoint.sock);
    debug_endpoint_remove(&listener->endpoint);
    return error;
  }
  uv_sem_wait(&listener->ready);
  if (listener->status == 0)
    return 0;
  join(listener);
  return listener->status;
}

static int take_debug(asyncscope_debug_listener_t *listener,
                      asyncscope_debug_t *debug,
                      const asyncscope_debug_listen_options_t *options) {
  asyncscope_debug_options_t own = {.tool_name = NULL};
  int error = 0;

  if (options != NULL && options->thresholds != NULL)
    own.thresholds = *options->thresholds;
  if (options != NULL)
    own.kept = options->kept;
  if (debug == NULL)
    error = asyncscope_debug_create(&own, &listener->own_debug);
  listener->debug = debug == NULL ? listener->own_debug : debug;
  return error;
}

static int open_and_start(asyncscope_debug_listener_t *listener,
                          const char *address) {
  bool for_others = listener->has_token || listener->network_count > 0;
  int error =
      debug_endpoint_open(&listener->endpoint, address, for_others,
                          listener->transport == NULL ? "http" : "https");

  if (error != 0)
    return error;
  error = start(listener);
  return error == 0 ? 0 : debug_endpoint_fail(address, error, NULL);
}

static int open_listener(asyncscope_debug_t *debug, const char *address,
                         const asyncscope_debug_listen_options_t *options,
                         asyncscope_debug_listener_t *listener) {
  int error = copy_options(listener, options);

  if (error != 0)
    return error;
  error = take_debug(listener, debug, options);
  if (error == 0)
    error = open_and_start(listener, address);
  if (error != 0) {
    asyncscope_debug_destroy(listener->own_debug);
    debug_secret_finish(&listener->secret);
  }
  return error;
}

static int create(asyncscope_debug_t *debug, const char *address,
                  const asyncscope_debug_listen_options_t *options,
                  http_transport_t *transport,
                  asyncscope_debug_listener_t **ret_listener) {
  asyncscope_debug_listener_t *listener = async_calloc(1, sizeof(*listener));
  int error;

  if (listener == NULL)
    return debug_endpoint_fail(address, UV_ENOMEM, NULL);
  listener->transport = transport;
  error = open_listener(debug, address, options, listener);
  if (error != 0)
    async_free(listener);
  else
    *ret_listener = listener;
  return error;
}

int debug_listener_open(asyncscope_debug_t *debug, const char *address,
                        const asyncscope_debug_listen_options_t *options,
                        http_transport_t *transport,
                        asyncscope_debug_listener_t **ret_listener) {
  if (address == NULL)
    address = ASYNCSCOPE_DEBUG_ADDRESS;
  if (strcmp(address, "off") != 0)
    return create(debug, address, options, transport, ret_listener);
  *ret_listener = NULL;
  return 0;
}

int asyncscope_debug_listen(asyncscope_debug_t *debug, const char *address,
                            const asyncscope_debug_listen_options_t *options,
                            asyncscope_debug_listener_t **ret_listener) {
  return debug_listener_open(debug, address, options, NULL, ret_listener);
}

const char *asyncscope_debug_listener_url(
    const asyncscope_debug_listener_t *listener) {
  return listener == NULL ? "" : listener->endpoint.url;
}

int asyncscope_debug_listener_set_token(asyncscope_debug_listener_t *listener,
                                        const char *token) {
  if (listener == NULL)
    return 0;
  if (token == NULL || token[0] == '\0')
    return async_error_set(UV_EINVAL, "the debug token is empty");
  return fail_token(debug_secret_set(&listener->secret, token));
}

void asyncscope_debug_listener_close(asyncscope_debug_listener_t *listener) {
  if (listener == NULL)
    return;
  uv_async_send(&listener->stop);
  join(listener);
  asyncscope_debug_destroy(listener->own_debug);
  debug_secret_finish(&listener->secret);
  async_free(listener);
}
