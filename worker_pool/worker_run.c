/* One call without a task of the caller's: in a block of ours, which lives from
 * the submit until the scope of its callback has ended, as it is the running
 * resource there. The port frees it. */
#include "worker_internal.h"

#include "asyncscope/async_allocator.h"

typedef struct run_s {
  worker_task_t task; /* first: a task is cast to this */
  worker_run_cb fn;
  void *arg;
  worker_run_done_cb cb;
  async_promise_t *promise;
} run_t;

static int work(worker_task_t *task) {
  run_t *run = (run_t *)task;
  return run->fn(run->arg);
}

static void call_back(worker_task_t *task, int status) {
  const run_t *run = (const run_t *)task;
  if (run->cb != NULL)
    run->cb(run->arg, status);
}

static void settle(worker_task_t *task, int status) {
  run_t *run = (run_t *)task;
  if (status == 0)
    async_promise_resolve(run->promise, run->arg);
  else
    async_promise_reject(run->promise, (void *)(intptr_t)status);
  async_promise_release(run->promise);
}

/* `run` is what the block is to hold. */
static int submit(const async_site_t *site, worker_pool_t *pool,
                  const run_t *run, worker_task_done_cb done) {
  static const worker_task_options_t options = {0};
  if (run->fn == NULL)
    return async_error_set(UV_EINVAL, "fn is NULL");
  run_t *own = async_malloc(sizeof(*own));
  if (own == NULL)
    return async_error_set(UV_ENOMEM, "no memory for a task");
  *own = *run;
  int error = asyncscope__worker_submit(site, pool, &own->task, work, done,
                                        true, &options);
  if (error != 0)
    async_free(own);
  return error;
}

int worker_pool_run_at(const async_site_t *site, worker_pool_t *pool,
                       worker_run_cb fn, void *arg, worker_run_done_cb cb) {
  run_t run = {.fn = fn, .arg = arg, .cb = cb};
  return submit(site, pool, &run, call_back);
}

int worker_pool_promise_at(const async_site_t *site, worker_pool_t *pool,
                           worker_run_cb fn, void *arg,
                           async_promise_t **ret_promise) {
  async_promise_t *promise;
  if (ret_promise == NULL)
    return async_error_set(UV_EINVAL, "ret_promise is NULL");
  int error = async_promise_create_at(site, &promise);
  if (error != 0)
    return error;
  run_t run = {.fn = fn, .arg = arg, .promise = async_promise_retain(promise)};
  error = submit(site, pool, &run, settle);
  if (error != 0) {
    async_promise_release(promise);
    async_promise_release(promise);
    return error;
  }
  *ret_promise = promise;
  return 0;
}
