/* The handle is made with the call that opens, so that an open file never lacks
 * one; its resource when the file is there, in the request's scope. Without
 * memory for a resource the handle does without. */
#include "asyncscope/async_file_handle.h"

#include "asyncscope/async_allocator.h"
#include "error.h"
#include "fs_promise.h"
#include <string.h>

struct async_file_handle_s {
  asyncscope__held_t held; /* first */
  async_resource_t resource;
  const async_site_t *site;
  uv_loop_t *loop;
  uv_file fd; /* -1: not open */
};

static void close_now(uv_file fd) {
  uv_fs_t req;
  uv_fs_close(NULL, &req, fd, NULL);
  uv_fs_req_cleanup(&req);
}

static void end(asyncscope__held_t *held) {
  async_file_handle_t *handle = (async_file_handle_t *)held;
  if (handle->fd >= 0)
    close_now(handle->fd);
  async_resource_finish(&handle->resource);
  async_free(handle);
}

static async_file_handle_t *handle_new(const async_site_t *site,
                                       uv_loop_t *loop) {
  async_file_handle_t *handle = async_calloc(1, sizeof(*handle));
  if (handle == NULL)
    return NULL;
  handle->held = (asyncscope__held_t){.references = 1, .end = end};
  handle->site = site;
  handle->loop = loop;
  handle->fd = -1;
  return handle;
}

static void fulfil_open(asyncscope__fs_promise_t *operation) {
  async_file_handle_t *handle = (async_file_handle_t *)operation->of;
  handle->fd = (uv_file)operation->req.result;
  async_resource_init_at(handle->site, &handle->resource, "FILEHANDLE", NULL);
  if (operation->req.path != NULL)
    async_resource_set_name(&handle->resource, operation->req.path,
                            strlen(operation->req.path));
  asyncscope__promise_fulfil(operation->promise, handle, &handle->held);
}

int async_uv_fs_open_promise_at(const async_site_t *site, uv_loop_t *loop,
                                const char *path, int flags, int mode,
                                async_promise_t **ret_promise) {
  asyncscope__fs_promise_t *operation;
  async_file_handle_t *handle = handle_new(site, loop);
  if (handle == NULL)
    return asyncscope__fail(UV_ENOMEM, "no memory for a file handle");
  int error =
      asyncscope__fs_promise_begin(site, loop, "FSREQPROMISE", &operation);
  if (error != 0) {
    async_file_handle_release(handle);
    return error;
  }
  operation->of = &handle->held;
  operation->fulfil = fulfil_open;
  error = uv_fs_open(loop, &operation->req.uv, path, flags, mode,
                     asyncscope__on_fs_promise);
  return asyncscope__fs_promise_end(operation, error, ret_promise);
}

async_file_handle_t *async_file_handle_retain(async_file_handle_t *handle) {
  if (handle != NULL)
    asyncscope__held_retain(&handle->held);
  return handle;
}

void async_file_handle_release(async_file_handle_t *handle) {
  if (handle != NULL)
    asyncscope__held_release(&handle->held);
}

uv_file async_file_handle_fd(const async_file_handle_t *handle) {
  return handle->fd;
}

static void fulfil_close(asyncscope__fs_promise_t *operation) {
  async_file_handle_t *handle = (async_file_handle_t *)operation->of;
  async_resource_finish(&handle->resource);
  async_promise_resolve(operation->promise, NULL);
}

int async_file_handle_close_at(const async_site_t *site,
                               async_file_handle_t *handle,
                               async_promise_t **ret_promise) {
  asyncscope__fs_promise_t *operation;
  if (handle->fd < 0)
    return asyncscope__fail(UV_EBADF, "the file was closed before");
  int error = asyncscope__fs_promise_begin(site, handle->loop,
                                           "FILEHANDLECLOSEREQ", &operation);
  if (error != 0)
    return error;
  operation->of = asyncscope__held_retain(&handle->held);
  operation->fulfil = fulfil_close;
  operation->promise->cancel = NULL; /* the file would stay open */
  error = uv_fs_close(handle->loop, &operation->req.uv, handle->fd,
                      asyncscope__on_fs_promise);
  if (error == 0)
    handle->fd = -1;
  return asyncscope__fs_promise_end(operation, error, ret_promise);
}
