/* An interval is ours until it is destroyed. The promise that waits is held by
 * it; the interval lets go of it when it fires or ends, whichever is first. */
#include "asyncscope/async_timers_promises.h"

#include "asyncscope/async_allocator.h"
#include "asyncscope/async_timeout.h"
#include "env.h"
#include "error.h"
#include "promise.h"

struct async_interval_s {
  async_timeout_t timeout; /* first: it is cast to this */
  uv_loop_t *loop;
  async_env_cleanup_t cleanup;
  async_promise_t *waiting;
  void *value;
  uint64_t interval_ms;
  uint64_t unasked; /* times it fired that nobody has asked for */
  bool started, ended, unreferenced;
};

#define UV_CANCELED ((void *)(intptr_t)UV_ECANCELED)

static async_promise_t *take_waiting(async_interval_t *interval) {
  async_promise_t *promise = interval->waiting;
  interval->waiting = NULL;
  if (promise != NULL)
    promise->cancel = NULL;
  return promise;
}

static void end(async_interval_t *interval) {
  interval->ended = true;
  async_env_remove_cleanup_hook(&interval->cleanup);
  async_timeout_stop(&interval->timeout);
}

static void cancel_waiting(async_interval_t *interval) {
  async_promise_t *promise = take_waiting(interval);
  if (promise == NULL)
    return;
  async_promise_reject(promise, UV_CANCELED);
  async_promise_release(promise);
}

static int cancel(async_promise_t *promise, void *operation) {
  (void)promise;
  end(operation);
  cancel_waiting(operation);
  return 0;
}

static void on_cleanup(async_env_cleanup_t *cleanup) {
  async_interval_t *interval = cleanup->data;
  end(interval);
  async_promise_release(take_waiting(interval));
}

static void on_fire(async_timeout_t *timeout) {
  async_interval_t *interval = (async_interval_t *)timeout;
  async_promise_t *promise = take_waiting(interval);
  if (promise == NULL) {
    interval->unasked++;
    return;
  }
  async_promise_resolve(promise, interval->value);
  async_promise_release(promise);
}

int async_interval_create(uv_loop_t *loop, uint64_t interval_ms, void *value,
                          async_interval_t **ret_interval) {
  int error = asyncscope__check_loop(loop);
  if (error != 0)
    return error;
  async_interval_t *interval = async_calloc(1, sizeof(*interval));
  if (interval == NULL)
    return asyncscope__fail(UV_ENOMEM, "no memory for an interval");
  interval->loop = loop;
  interval->interval_ms = interval_ms;
  interval->value = value;
  interval->cleanup.data = interval;
  async_env_add_cleanup_hook(&interval->cleanup, on_cleanup);
  *ret_interval = interval;
  return 0;
}

static int check_next(const async_interval_t *interval) {
  if (interval->ended)
    return asyncscope__fail(UV_ECANCELED, "the interval has ended");
  int error = asyncscope__check_loop(interval->loop);
  if (error == 0 && interval->waiting != NULL)
    error = asyncscope__fail(UV_EBUSY, "the interval is waited for");
  return error;
}

static int start(const async_site_t *site, async_interval_t *interval) {
  if (interval->started)
    return 0;
  int error = async_timeout_start_interval_at(site, &interval->timeout, on_fire,
                                              interval->interval_ms);
  if (interval->unreferenced)
    async_timeout_unref(&interval->timeout);
  interval->started = error == 0;
  return error;
}

static void wait_for(async_interval_t *interval, async_promise_t *promise) {
  if (interval->unasked > 0) {
    interval->unasked--;
    async_promise_resolve(promise, interval->value);
    return;
  }
  interval->waiting = async_promise_retain(promise);
  promise->cancel = cancel;
  promise->operation = interval;
}

int async_interval_next_at(const async_site_t *site, async_interval_t *interval,
                           async_promise_t **ret_promise) {
  async_promise_t *promise = NULL;
  int error = check_next(interval);
  if (error == 0)
    error = async_promise_create_at(site, &promise);
  if (error == 0)
    error = start(site, interval);
  if (error != 0) {
    async_promise_release(promise);
    return error;
  }
  wait_for(interval, promise);
  *ret_promise = promise;
  return 0;
}

void async_interval_set_ref(async_interval_t *interval, bool ref) {
  interval->unreferenced = !ref;
  if (ref)
    async_timeout_ref(&interval->timeout);
  else
    async_timeout_unref(&interval->timeout);
}

void async_interval_destroy(async_interval_t *interval) {
  if (interval == NULL)
    return;
  if (!interval->ended)
    end(interval);
  cancel_waiting(interval);
  async_free(interval);
}
