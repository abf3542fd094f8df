/* libuv's thread pool has no hook for the start or end of its threads, so an
 * environment is opened where work first needs one, and closed by the
 * destructor of a thread-specific value. The request's own resource holds the
 * frame until after_work_cb has run: the pool's thread may borrow it. */
#include "asyncscope/async_uv_work.h"

#include "env.h"
#include "error.h"
#include "frame_count.h"
#include "resource.h"
#include "uv_tracked.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

ASYNCSCOPE__MIRRORS_REQ(async_uv_work_t, uv_work_t);
ASYNCSCOPE__MIRRORS(async_uv_work_t, uv_work_t, loop);

/* The process's, as libuv's pool is. The value only says that the thread's
 * environment is ours to close. */
static struct {
  pthread_once_t once;
  pthread_key_t key;
  bool usable;
  atomic_uint opened; /* the number in the next name */
} threads = {.once = PTHREAD_ONCE_INIT};

static void close_env(void *value) {
  (void)value;
  async_env_detach();
}

static void make_key(void) {
  threads.usable = pthread_key_create(&threads.key, close_env) == 0;
}

static bool open_env(void) {
  char name[ASYNC_ENV_NAME_BYTES];
  pthread_once(&threads.once, make_key);
  if (!threads.usable)
    return false;
  unsigned number =
      atomic_fetch_add_explicit(&threads.opened, 1, memory_order_relaxed);
  snprintf(name, sizeof(name), "uv-%u", number);
  if (async_env_open(ASYNC_ENV_WORKER, name) != 0)
    return false;
  if (pthread_setspecific(threads.key, &threads) == 0)
    return true;
  async_env_detach();
  return false;
}

static int call_work(void *arg) {
  async_uv_work_t *req = arg;
  req->work_cb(req);
  return 0;
}

/* False: it was not called. */
static bool work_in_context(async_uv_work_t *req) {
  async_resource_t resource = {0};
  async_resource_options_t options = {.flags = ASYNC_RESOURCE_FRAME,
                                      .frame = req->resource.frame,
                                      .origin = &req->ref};
  if ((asyncscope__env == NULL && !open_env()) ||
      async_resource_init_at(req->site, &resource, "WORK", &options) != 0)
    return false;
  bool called =
      async_resource_run_in_async_scope(&resource, call_work, req) == 0;
  async_resource_finish(&resource);
  async_env_flush();
  return called;
}

static void on_work(uv_work_t *uv) {
  async_uv_work_t *req = (async_uv_work_t *)uv;
  if (!work_in_context(req))
    req->work_cb(req);
}

static void on_after_work(uv_work_t *uv, int status) {
  async_uv_work_t *req = (async_uv_work_t *)uv;
  asyncscope__uv_scope_t scope = asyncscope__uv_scope_open(&req->resource);
  if (req->after_work_cb != NULL)
    req->after_work_cb(req, status);
  asyncscope__uv_scope_close_last(&scope);
}

int async_uv_queue_work_at(const async_site_t *site, uv_loop_t *loop,
                           async_uv_work_t *req, async_uv_work_cb work_cb,
                           async_uv_after_work_cb after_work_cb) {
  static const async_resource_options_t options = {.flags =
                                                       ASYNC_RESOURCE_TASK};
  int error = asyncscope__check_loop(loop);
  if (error == 0 && work_cb == NULL)
    error = asyncscope__fail(UV_EINVAL, "no work to queue");
  if (error == 0)
    error = async_resource_init_at(site, &req->resource, "WORK", &options);
  if (error != 0)
    return error;
  req->site = site;
  req->work_cb = work_cb;
  req->after_work_cb = after_work_cb;
  req->ref = (async_ref_t){async_env_thread(),
                           async_resource_async_id(&req->resource)};
  asyncscope__frame_share(req->resource.frame); /* the pool's thread holds it */
  error = uv_queue_work(loop, &req->uv, on_work, on_after_work);
  if (error != 0)
    async_resource_finish(&req->resource);
  else
    asyncscope__resource_owes(&req->resource);
  return error;
}

int async_uv_work_cancel(async_uv_work_t *req) {
  return asyncscope__cancel((uv_req_t *)&req->uv);
}
