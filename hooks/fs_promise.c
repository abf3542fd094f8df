#include "fs_promise.h"

#include "asyncscope/async_allocator.h"
#include "env.h"
#include "error.h"
#include "resource.h"
#include "uv_tracked.h"
#include <stddef.h>
#include <string.h>

static void end(asyncscope__held_t *held) {
  asyncscope__fs_promise_t *operation = (asyncscope__fs_promise_t *)held;
  async_uv_fs_req_cleanup(&operation->req);
  asyncscope__held_release(operation->of);
  async_free(operation);
}

static void fulfil_with_request(asyncscope__fs_promise_t *operation) {
  asyncscope__promise_fulfil(operation->promise, &operation->req,
                             &operation->held);
}

static int cancel(async_promise_t *promise, void *operation) {
  (void)promise;
  return async_uv_fs_cancel(&((asyncscope__fs_promise_t *)operation)->req);
}

static int make(const async_site_t *site, const char *type,
                asyncscope__fs_promise_t *operation) {
  int error = async_promise_create_at(site, &operation->promise);
  if (error == 0)
    error = async_resource_init_at(site, &operation->req.resource, type, NULL);
  if (error != 0)
    return error;
  operation->promise->cancel = cancel;
  operation->promise->operation = operation;
  return 0;
}

int asyncscope__fs_promise_begin(const async_site_t *site, uv_loop_t *loop,
                                 const char *type,
                                 asyncscope__fs_promise_t **ret_operation) {
  *ret_operation = NULL;
  int error = asyncscope__check_loop(loop);
  if (error != 0)
    return error;
  asyncscope__fs_promise_t *operation = async_calloc(1, sizeof(*operation));
  if (operation == NULL)
    return asyncscope__fail(UV_ENOMEM, "no memory for a request");
  operation->held = (asyncscope__held_t){.references = 1, .end = end};
  operation->fulfil = fulfil_with_request;
  error = make(site, type, operation);
  if (error != 0) {
    async_promise_release(operation->promise);
    async_free(operation);
    return error;
  }
  *ret_operation = operation;
  return 0;
}

static void settle(asyncscope__fs_promise_t *operation) {
  async_promise_t *promise = operation->promise;
  ssize_t result = operation->req.result;
  promise->cancel = NULL;
  if (operation->busy != NULL)
    *operation->busy = false;
  if (result < 0)
    async_promise_reject(promise, (void *)(intptr_t)result);
  else
    operation->fulfil(operation);
  operation->promise = NULL;
  async_promise_release(promise);
}

void asyncscope__on_fs_promise(uv_fs_t *uv) {
  asyncscope__fs_promise_t *operation =
      (void *)((char *)uv - offsetof(asyncscope__fs_promise_t, req));
  asyncscope__uv_scope_t scope =
      asyncscope__uv_scope_open(&operation->req.resource);
  settle(operation);
  asyncscope__uv_scope_close_last(&scope);
  operation->req.resource = (async_resource_t){.data = NULL};
  asyncscope__held_release(&operation->held);
}

/* The path is shown in diagnostics; without memory for it, it is not. */
int asyncscope__fs_promise_end(asyncscope__fs_promise_t *operation, int error,
                               async_promise_t **ret_promise) {
  if (operation == NULL)
    return error;
  async_uv_fs_t *req = &operation->req;
  if (error != 0) {
    async_resource_finish(&req->resource);
    async_promise_release(operation->promise);
    asyncscope__held_release(&operation->held);
    return error;
  }
  if (req->path != NULL)
    async_resource_set_name(&req->resource, req->path, strlen(req->path));
  asyncscope__resource_owes(&req->resource);
  *ret_promise = async_promise_retain(operation->promise);
  return 0;
}
