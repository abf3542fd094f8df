/* What is asked of handles of any family, and set on them. */
#include "asyncscope/async_uv_handle.h"

#include "env.h"
#include "uv_tracked.h"

uv_handle_type async_uv_handle_get_type(const async_uv_handle_t *handle) {
  return uv_handle_get_type(&handle->uv);
}

void *async_uv_handle_get_data(const async_uv_handle_t *handle) {
  return uv_handle_get_data(&handle->uv);
}

void async_uv_handle_set_data(async_uv_handle_t *handle, void *data) {
  uv_handle_set_data(&handle->uv, data);
}

uv_loop_t *async_uv_handle_get_loop(const async_uv_handle_t *handle) {
  return uv_handle_get_loop(&handle->uv);
}

int async_uv_fileno(const async_uv_handle_t *handle, uv_os_fd_t *ret_fd) {
  int error = asyncscope__check_handle(handle);
  return error != 0 ? error : uv_fileno(&handle->uv, ret_fd);
}

int async_uv_send_buffer_size(async_uv_handle_t *handle, int *size_bytes) {
  int error = asyncscope__check_handle(handle);
  return error != 0 ? error : uv_send_buffer_size(&handle->uv, size_bytes);
}

int async_uv_recv_buffer_size(async_uv_handle_t *handle, int *size_bytes) {
  int error = asyncscope__check_handle(handle);
  return error != 0 ? error : uv_recv_buffer_size(&handle->uv, size_bytes);
}

/* A handle leaves the list in its close callback, so not while this runs. */
void async_uv_walk(uv_loop_t *loop, async_uv_walk_cb cb, void *arg) {
  if (cb == NULL || asyncscope__check_thread(loop) != 0)
    return;
  async_uv_tracked_t *tracked = asyncscope__env->handles;
  for (; tracked != NULL; tracked = tracked->next)
    cb(tracked->handle, arg);
}
