#include "otlp.h"

#include "asyncscope/async_allocator.h"
#include "asyncscope/async_env.h"
#include "otlp_answer.h"
#include <pthread.h>
#include <signal.h>
#include <string.h>

static void thread_main(void *arg) {
  otlp_run(arg);
}

/* What the thread itself does wrong, and what measures it; all others are for
 * the program's threads. */
static const int own_signals[] = {SIGSEGV, SIGBUS,  SIGFPE, SIGILL,
                                  SIGTRAP, SIGABRT, SIGSYS, SIGPROF};

static int create_thread(asyncscope_otlp_t *otlp) {
  sigset_t blocked, before;
  int error;
  sigfillset(&blocked);
  for (size_t i = 0; i < sizeof(own_signals) / sizeof(own_signals[0]); i++)
    sigdelset(&blocked, own_signals[i]);
  pthread_sigmask(SIG_SETMASK, &blocked, &before);
  error = uv_thread_create(&otlp->thread, thread_main, otlp);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return error;
}

static int start(asyncscope_otlp_t *otlp) {
  int error = uv_mutex_init(&otlp->mutex);
  if (error != 0)
    return error;
  error = uv_sem_init(&otlp->ready, 0);
  if (error != 0) {
    uv_mutex_destroy(&otlp->mutex);
    return error;
  }
  error = create_thread(otlp);
  if (error == 0) {
    uv_sem_wait(&otlp->ready);
    error = otlp->status;
    if (error != 0)
      uv_thread_join(&otlp->thread);
  }
  uv_sem_destroy(&otlp->ready);
  if (error != 0)
    uv_mutex_destroy(&otlp->mutex);
  return error == 0 ? 0
                    : async_error_set(error, "cannot start the exporter: %s",
                                      uv_strerror(error));
}

int asyncscope_otlp_start(const asyncscope_otlp_options_t *options,
                          asyncscope_otlp_t **ret_otlp) {
  asyncscope_otlp_t *otlp = async_calloc(1, sizeof(*otlp));
  int error = otlp == NULL ? async_error_set(UV_ENOMEM, "no memory")
                           : otlp_settings_init(&otlp->settings, options);
  if (error == 0) {
    otlp->send.on_message = options->on_message;
    otlp->send.message_data = options->data;
    error = start(otlp);
  }
  if (error != 0)
    async_free(otlp);
  else
    *ret_otlp = otlp;
  return error;
}

/* A reference to the calling thread's. */
static async_env_t *own_environment(void) {
  async_env_t *env = NULL;
  async_env_info_t info;
  while ((env = async_inspect_next(env)) != NULL) {
    async_inspect_env(env, &info);
    if (info.thread == async_env_thread())
      return env;
  }
  return NULL;
}

/* Where there is no room the thread is found by itself, if it lives so long. */
static void add_thread(asyncscope_otlp_t *otlp, async_env_t *env) {
  bool room;
  uv_mutex_lock(&otlp->mutex);
  room = otlp->new_count < OTLP_NEW_THREADS_MAX;
  if (room)
    otlp->new_threads[otlp->new_count++] = env;
  uv_mutex_unlock(&otlp->mutex);
  if (!room)
    async_inspect_release(env);
}

int asyncscope_otlp_watch(asyncscope_otlp_t *otlp) {
  async_requests_kept_t kept;
  async_requests_kept(&kept);
  if (kept.finished < OTLP_REQUESTS_KEPT)
    kept.finished = OTLP_REQUESTS_KEPT;
  int error =
      async_env_set_requests_kept(kept.finished, kept.slow, kept.slow_ns);
  if (error == 0)
    add_thread(otlp, own_environment());
  return error;
}

void asyncscope_otlp_stop(asyncscope_otlp_t *otlp, unsigned deadline_ms,
                          asyncscope_otlp_stopped_cb on_stopped, void *data) {
  if (atomic_exchange(&otlp->stopping, true))
    return;
  otlp->deadline_ms = deadline_ms;
  otlp->on_stopped = on_stopped;
  otlp->stopped_data = data;
  uv_async_send(&otlp->stop);
}

void asyncscope_otlp_destroy(asyncscope_otlp_t *otlp) {
  if (otlp == NULL)
    return;
  asyncscope_otlp_stop(otlp, 0, NULL, NULL);
  uv_thread_join(&otlp->thread);
  while (otlp->new_count > 0)
    async_inspect_release(otlp->new_threads[--otlp->new_count]);
  uv_mutex_destroy(&otlp->mutex);
  async_free(otlp);
}

void asyncscope_otlp_stats(asyncscope_otlp_t *otlp,
                           asyncscope_otlp_stats_t *ret_stats) {
  otlp_counts_t counts;
  uv_mutex_lock(&otlp->mutex);
  counts = otlp->counts;
  uv_mutex_unlock(&otlp->mutex);
  *ret_stats = counts.stats;
  ret_stats->queue_max = otlp->settings.queue_max;
  memcpy(ret_stats->url, otlp->settings.text, sizeof(ret_stats->url));
  otlp_describe(counts.problem, ret_stats->problem, sizeof(ret_stats->problem));
}
