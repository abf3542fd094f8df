/* Order of the end: loops drain and are joined (every task they submitted is
 * done by then, as it keeps its loop alive), then the exporter, then the
 * diagnostics' listener, which shows the drain, then the pool, then what all of
 * them used. Cut off, nothing is freed: threads may still be using it. */
#include "app.h"

#include "app_listen.h"
#include "app_otlp.h"
#include "app_reload.h"
#include "app_tls.h"
#include "asyncscope/async_allocator.h"
#include "asyncscope/async_context_loss.h"
#include "asyncscope/async_env.h"
#include "asyncscope/async_inspect.h"
#include "asyncscope/async_recorder.h"
#include "asyncscope/async_request.h"
#include "descriptors.h"
#include "file_find.h"
#include "json.h"
#include "libuv_threads.h"
#include "options_warnings.h"
#include "request_context.h"
#include "signals.h"
#include "systemd.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

int app_fail(const char *what, const char *name, int error) {
  fprintf(stderr, "asyncscope: cannot %s %s: %s\n", what, name,
          uv_strerror(error));
  return error;
}

static int check_directory(const char *path) {
  uv_fs_t req;
  int error = uv_fs_stat(NULL, &req, path, NULL);

  if (error == 0 && !S_ISDIR(req.statbuf.st_mode))
    error = UV_ENOTDIR;
  uv_fs_req_cleanup(&req);
  return error;
}

static int resolve_root(app_t *app) {
  uv_fs_t req;
  size_t size;
  int error = uv_fs_realpath(NULL, &req, app->options.root, NULL);

  if (error == 0) {
    snprintf(app->root, sizeof(app->root), "%s", (const char *)req.ptr);
    size = strlen(app->root);
    if (size > 0 && app->root[size - 1] == '/')
      app->root[size - 1] = '\0';
  }
  uv_fs_req_cleanup(&req);
  if (error == 0)
    error = check_directory(app->options.root);
  return error == 0 ? 0
                    : app_fail("serve the directory", app->options.root, error);
}

/* The rest is served without it. */
static void check_file_reader(void) {
  int error = file_find_check(FILE_FIND_FDS);

  if (error != 0)
    fprintf(stderr, "asyncscope: /file finds nothing without %s: %s\n",
            FILE_FIND_FDS, uv_strerror(error));
}

/* Fewer than were asked for are an error, fewer than the default are not. */
static int share_connections(app_t *app) {
  char wanted[64];
  unsigned loops = app->options.loops;
  unsigned max =
      app_descriptors_connections(app->options.connections_max, loops);

  if (max == 0)
    return app_fail("serve", "a connection with so few descriptors", UV_EMFILE);
  app->options.limits.connections_max = max / loops > 0 ? max / loops : 1;
  if (app->options.connections_max <= max)
    return 0;
  snprintf(wanted, sizeof(wanted), "%u connections, with descriptors for %u",
           app->options.connections_max, max);
  return app_fail("serve", wanted, UV_EMFILE);
}

static int init_storage(app_t *app) {
  const async_local_storage_options_t options = {
      .name = "request",
      .release = request_context_release,
      .quick_release = true,
      .account = request_context_account};
  int error = async_local_storage_init(&app->storage, &options);

  return error == 0 ? 0 : app_fail("make", "the request storage", error);
}

static int create_pool(app_t *app) {
  const worker_pool_options_t options = {.threads = app->options.workers,
                                         .queue_max = app->options.worker_queue,
                                         .name = "pool"};
  int error = worker_pool_create(&options, &app->pool);

  return error == 0 ? 0 : app_fail("start", "the worker pool", error);
}

static int start_libuv_threads(void) {
  int error = app_libuv_threads_start();

  return error == 0 ? 0 : app_fail("start", "libuv's threads", error);
}

static int read_debug_token(app_t *app) {
  const char *path = app->options.debug_token_file;
  int error = app_debug_token_read(path, APP_DEBUG_TOKEN_MS, &app->debug_token);

  if (error != 0)
    return app_fail("read a token from", path, error);
  app->options.debug_token = app->debug_token.text;
  return 0;
}

static int generate_debug_token(app_t *app) {
  int error = app_debug_token_generate(&app->debug_token);

  if (error != 0)
    return app_fail("make", "a token", error);
  app->options.debug_token = app->debug_token.text;
  return 0;
}

static int find_debug_token(app_t *app) {
  app_options_t *options = &app->options;

  if (options->debug_token_file != NULL)
    return read_debug_token(app);
  options->debug_token_generate &= options->debug_token == NULL;
  return options->debug_token_generate ? generate_debug_token(app) : 0;
}

static int init_secret(app_t *app) {
  int error = find_debug_token(app);

  if (error != 0)
    return error;
  error = debug_secret_init(&app->secret, app->options.debug_token);
  app->has_secret = error == 0;
  return error == 0 ? 0 : app_fail("keep", "the token", error);
}

static int create_debug(app_t *app) {
  const asyncscope_debug_pool_t pools[] = {{.pool = app->pool, .name = "pool"}};
  const asyncscope_debug_exporter_t exporters[] = {
      {.name = "otlp", .read = app_otlp_read, .data = app}};
  const asyncscope_debug_options_t options = {
      .exporters = exporters,
      .exporter_count = app->otlp != NULL,
      .started_ns = app->started_ns,
      .pools = pools,
      .pool_count = 1,
      .log_lines = ASYNCSCOPE_DEBUG_LOG_LINES,
      .thresholds = app_options_thresholds(&app->options)};
  int error = asyncscope_debug_create(&options, &app->debug);

  if (error == 0)
    app->log.debug = app->debug;
  return error == 0 ? 0 : app_fail("make", "the diagnostics", error);
}

/* The done callbacks have all been called, but closing a pool is reported to
 * a loop: this thread gets one for as long as that takes. */
static void close_pool(app_t *app) {
  uv_loop_t loop;

  if (app->pool == NULL || uv_loop_init(&loop) != 0)
    return;
  if (async_env_attach(&loop) == 0) {
    worker_pool_close(app->pool, false, NULL, NULL);
    uv_run(&loop, UV_RUN_DEFAULT);
    async_env_detach();
  }
  uv_loop_close(&loop);
}

static int take_passed(app_t *app) {
  int error = app_systemd_socket(&app->passed_sock);

  return error == 0 ? 0 : app_fail("listen on", "what LISTEN_FDS names", error);
}

/* Before there is a thread: each begins with it. */
static void set_kept(const app_options_t *options) {
  const async_requests_kept_t kept = {.finished = options->requests_kept,
                                      .slow = options->slow_requests_kept,
                                      .slow_ns = UINT64_C(1000000) *
                                                 options->slow_request_ms};

  async_recorder_set_bytes(options->recorder_bytes);
  async_requests_set_kept(&kept);
}

static int init(app_t *app, const app_options_t *options) {
  int error;

  app->options = *options;
  set_kept(options);
  app->passed_sock = -1;
  app->started_ns = async_inspect_now_ns();
  app_log_init(&app->log, STDERR_FILENO);
  app->log.json = options->log_json;
  app->log.requests = options->access_log;
  app->log.level = options->log_level;
  app->ended_fd = eventfd(0, EFD_CLOEXEC | EFD_SEMAPHORE | EFD_NONBLOCK);
  if (app->ended_fd < 0)
    return app_fail("make", "an event descriptor", -errno);
  app->loops = async_calloc(options->loops, sizeof(*app->loops));
  if (app->loops == NULL)
    return app_fail("make", "the loops", UV_ENOMEM);
  error = take_passed(app);
  if (error == 0)
    error = share_connections(app);
  if (error == 0)
    error = resolve_root(app);
  if (error == 0)
    error = init_storage(app);
  if (error == 0)
    error = init_secret(app);
  if (error == 0)
    error = app_tls_start(app);
  if (error == 0)
    error = start_libuv_threads();
  if (error == 0)
    error = app_otlp_start(app);
  if (error == 0)
    error = create_pool(app);
  return error == 0 ? create_debug(app) : error;
}

static void finish(app_t *app) {
  for (unsigned i = 0; i < app->loop_count; i++)
    app_loop_join(&app->loops[i]);
  asyncscope_debug_listener_close(app->debug_listener);
  asyncscope_otlp_destroy(app->otlp);
  tls_context_destroy(app->tls);
  app->log.debug = NULL;
  asyncscope_debug_destroy(app->debug);
  close_pool(app);
  async_local_storage_finish(&app->storage);
  if (app->has_secret)
    debug_secret_finish(&app->secret);
  async_free(app->loops);
  if (app->passed_sock >= 0)
    close(app->passed_sock);
  if (app->ended_fd >= 0)
    close(app->ended_fd);
  app_log_finish(&app->log);
}

static void enter_phase(app_t *app, app_phase_t phase) {
  atomic_store(&app->phase, phase);
  for (unsigned i = 0; i < app->loop_count; i++)
    app_loop_wake(&app->loops[i]);
}

static uint64_t after_ns(uint64_t at_ns, unsigned ms) {
  return at_ns + (uint64_t)ms * 1000000;
}

static uint64_t from_now_ns(unsigned ms) {
  return after_ns(uv_hrtime(), ms);
}

/* False: a second signal came. */
static bool announce_end(app_t *app, int signal_fd) {
  uint64_t end_ns = from_now_ns(app->options.drain_delay_ms);

  if (app->options.drain_delay_ms == 0)
    return true;
  enter_phase(app, APP_DRAINING);
  return app_signals_wait(signal_fd, app->ended_fd, end_ns) != APP_WAIT_SIGNAL;
}

/* What the loops did last is still to be exported, in what they have left over
 * of the time. False: a second signal came, or the exporter does not end. */
static bool flush(app_t *app, int signal_fd, uint64_t deadline_ns) {
  uint64_t one;
  uint64_t latest_ns = after_ns(deadline_ns, APP_EXPORT_MS + APP_PATIENCE_MS);
  uint64_t end_ns = from_now_ns(2 * APP_OTLP_FLUSH_MS);

  if (app->otlp == NULL)
    return true;
  app_otlp_flush(app, after_ns(deadline_ns, APP_EXPORT_MS));
  return app_signals_wait(signal_fd, app->ended_fd,
                          end_ns < latest_ns ? end_ns : latest_ns) ==
             APP_WAIT_EVENT &&
         read(app->ended_fd, &one, sizeof(one)) == (ssize_t)sizeof(one);
}

/* True when all loops have ended before the deadline and a second signal. */
static bool drain(app_t *app, int signal_fd) {
  unsigned left = app->loop_count;
  uint64_t deadline_ns;
  uint64_t one;

  app_systemd_notify("STOPPING=1");
  if (!announce_end(app, signal_fd))
    return false;
  deadline_ns = from_now_ns(app->options.drain_timeout_ms + APP_PATIENCE_MS);
  app_faults_release(&app->faults);
  enter_phase(app, APP_STOPPING);
  while (left > 0) {
    if (app_signals_wait(signal_fd, app->ended_fd, deadline_ns) !=
        APP_WAIT_EVENT)
      return false;
    if (read(app->ended_fd, &one, sizeof(one)) == (ssize_t)sizeof(one))
      left--;
  }
  return flush(app, signal_fd, deadline_ns);
}

static void await_end(app_t *app, int signal_fd) {
  app_wait_t wait;

  while ((wait = app_signals_wait(signal_fd, app->ended_fd, 0)) !=
         APP_WAIT_SIGNAL)
    if (wait == APP_WAIT_RELOAD)
      app_reload(app);
  app_signals_end_reload(signal_fd);
}

static app_exit_t serve(app_t *app, const app_options_t *options,
                        int signal_fd) {
  if (init(app, options) != 0 || app_listen(app) != 0) {
    enter_phase(app, APP_STOPPING);
    finish(app);
    return APP_EXIT_CANNOT_START;
  }
  app_announce(app);
  check_file_reader();
  await_end(app, signal_fd);
  if (!drain(app, signal_fd)) {
    asyncscope_debug_listener_close(app->debug_listener);
    _exit(APP_EXIT_CUT_OFF);
  }
  finish(app);
  return APP_EXIT_DRAINED;
}

static app_exit_t run(app_t *app, const app_options_t *options, int signal_fd) {
  int error = app_faults_init(&app->faults);
  app_exit_t status;

  if (error != 0) {
    app_fail("make", "locks", error);
    return APP_EXIT_CANNOT_START;
  }
  status = serve(app, options, signal_fd);
  app_faults_finish(&app->faults);
  return status;
}

app_exit_t app_run(const app_options_t *options) {
  app_exit_t status;
  int signal_fd;
  app_t *app;
  int error = app_signals_open(app_reloads(options), &signal_fd);

  if (error != 0) {
    app_fail("wait for", "signals", error);
    return APP_EXIT_CANNOT_START;
  }
  json_prepare();
  async_context_loss_detect(options->context_loss != 0);
  app = async_calloc(1, sizeof(*app));
  if (app == NULL) {
    app_fail("make", "the server", UV_ENOMEM);
    status = APP_EXIT_CANNOT_START;
  } else {
    status = run(app, options, signal_fd);
  }
  async_free(app);
  close(signal_fd);
  return status;
}
