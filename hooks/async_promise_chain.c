/* What a chain of operations is written with. */
#include "asyncscope/async_promise.h"

#include "error.h"
#include "promise.h"
#include <uv.h>

/* No pointer has an address as high as that, and no status is lower. */
#define STATUS_MIN (-4095)

int async_promise_reason_status(const void *reason) {
  intptr_t status = (intptr_t)reason;
  return status >= STATUS_MIN && status < 0 ? (int)status : 0;
}

void *async_promise_follow(async_promise_t *derived, int error,
                           async_promise_t *next) {
  if (error == 0) {
    error = async_promise_resolve_with(derived, next);
    async_promise_release(next);
  }
  if (error != 0)
    async_promise_reject(derived, (void *)(intptr_t)error);
  return NULL;
}

int async_promise_chain_at(const async_site_t *site, async_promise_t **promise,
                           async_promise_cb on_fulfilled,
                           async_promise_cb on_rejected, void *arg) {
  async_promise_t *derived;
  int error = async_promise_then_at(site, *promise, on_fulfilled, on_rejected,
                                    arg, &derived);
  if (error != 0)
    return error;
  async_promise_release(*promise);
  *promise = derived;
  return 0;
}

int async_promise_cancel(async_promise_t *promise) {
  if (promise->cancel != NULL)
    return promise->cancel(promise, promise->operation);
  if (promise->decided)
    return asyncscope__fail(UV_EALREADY, "the promise is decided");
  return asyncscope__fail(UV_EINVAL, "the promise is of no operation");
}
