/* A wait is ours from its start until it fires or is cancelled. It holds its
 * promise while that is to be settled. */
#include "asyncscope/async_timers_promises.h"

#include "asyncscope/async_allocator.h"
#include "asyncscope/async_timeout.h"
#include "env.h"
#include "error.h"
#include "promise.h"
#include <stddef.h>

typedef struct wait_s {
  union {
    async_timeout_t timeout;
    async_immediate_t immediate;
  };
  async_env_cleanup_t cleanup;
  async_promise_t *promise; /* owned */
  void *value;
  /* Ends what was started, and the memory with it. */
  void (*stop)(struct wait_s *wait);
  void (*set_ref)(struct wait_s *wait, bool ref);
} wait_t;

#define UV_CANCELED ((void *)(intptr_t)UV_ECANCELED)

/* Settles by fulfilling with the value, rejecting, or not at all. */
typedef int (*settle_cb)(async_promise_t *promise, void *result);

static void end(wait_t *wait, settle_cb settle, void *result) {
  async_promise_t *promise = wait->promise;
  async_env_remove_cleanup_hook(&wait->cleanup);
  promise->cancel = NULL;
  wait->stop(wait);
  if (settle != NULL)
    settle(promise, result);
  async_promise_release(promise);
}

static int cancel(async_promise_t *promise, void *operation) {
  (void)promise;
  end(operation, async_promise_reject, UV_CANCELED);
  return 0;
}

int async_timers_promise_set_ref(async_promise_t *promise, bool ref) {
  if (promise->cancel != cancel)
    return asyncscope__fail(UV_EINVAL, "the promise waits for no timer");
  wait_t *wait = promise->operation;
  wait->set_ref(wait, ref);
  return 0;
}

static void on_cleanup(async_env_cleanup_t *cleanup) {
  end((void *)((char *)cleanup - offsetof(wait_t, cleanup)), NULL, NULL);
}

static int wait_create(const async_site_t *site, void *value,
                       void (*stop)(wait_t *wait), wait_t **ret_wait) {
  wait_t *wait = async_calloc(1, sizeof(*wait));
  if (wait == NULL)
    return asyncscope__fail(UV_ENOMEM, "no memory for a promise to wait with");
  wait->value = value;
  wait->stop = stop;
  int error = async_promise_create_at(site, &wait->promise);
  if (error != 0) {
    async_free(wait);
    return error;
  }
  wait->promise->cancel = cancel;
  wait->promise->operation = wait;
  async_env_add_cleanup_hook(&wait->cleanup, on_cleanup);
  *ret_wait = wait;
  return 0;
}

/* `error` is the start's answer; an error ends the wait. Returns `error`. */
static int wait_begun(wait_t *wait, int error, async_promise_t **ret_promise) {
  if (error != 0)
    end(wait, NULL, NULL);
  else
    *ret_promise = async_promise_retain(wait->promise);
  return error;
}

static void stop_timeout(wait_t *wait) {
  async_timeout_stop(&wait->timeout);
  async_free(wait);
}

static void set_timeout_ref(wait_t *wait, bool ref) {
  if (ref)
    async_timeout_ref(&wait->timeout);
  else
    async_timeout_unref(&wait->timeout);
}

static void on_timeout(async_timeout_t *timeout) {
  wait_t *wait = (wait_t *)timeout;
  end(wait, async_promise_resolve, wait->value);
}

int async_uv_timer_promise_at(const async_site_t *site, uv_loop_t *loop,
                              uint64_t timeout_ms, void *value,
                              async_promise_t **ret_promise) {
  wait_t *wait;
  int error = asyncscope__check_loop(loop);
  if (error == 0)
    error = wait_create(site, value, stop_timeout, &wait);
  if (error != 0)
    return error;
  wait->set_ref = set_timeout_ref;
  error = async_timeout_start_at(site, &wait->timeout, on_timeout, timeout_ms);
  return wait_begun(wait, error, ret_promise);
}

static void stop_immediate(wait_t *wait) {
  async_immediate_stop(&wait->immediate);
  async_free(wait);
}

static void set_immediate_ref(wait_t *wait, bool ref) {
  if (ref)
    async_immediate_ref(&wait->immediate);
  else
    async_immediate_unref(&wait->immediate);
}

static void on_immediate(async_immediate_t *immediate) {
  wait_t *wait = (wait_t *)immediate;
  end(wait, async_promise_resolve, wait->value);
}

int async_immediate_promise_at(const async_site_t *site, void *value,
                               async_promise_t **ret_promise) {
  wait_t *wait;
  if (async_env_loop() == NULL)
    return asyncscope__fail(UV_EINVAL, "an immediate needs a bound loop");
  int error = wait_create(site, value, stop_immediate, &wait);
  if (error != 0)
    return error;
  wait->set_ref = set_immediate_ref;
  error = async_immediate_start_at(site, &wait->immediate, on_immediate);
  return wait_begun(wait, error, ret_promise);
}
