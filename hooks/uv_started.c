/* A started handle has a live resource; a stopped one has none; a closing one
 * keeps what it has for its close callback. A start is recognised by the id of
 * its resource. */
#include "uv_started.h"

#include "env.h"
#include "error.h"

int asyncscope__check_start(const async_uv_handle_t *handle, bool has_cb) {
  int error = asyncscope__check_handle_begin(handle);
  if (error != 0)
    return error;
  const char *name = uv_handle_type_name(handle->type);
  if (uv_is_closing(&handle->uv))
    return asyncscope__fail(UV_EINVAL, "the %s handle is closing", name);
  if (!has_cb)
    return asyncscope__fail(UV_EINVAL, "a %s handle needs a callback", name);
  return 0;
}

void asyncscope__stopped(async_uv_handle_t *handle) {
  if (!uv_is_closing(&handle->uv))
    async_resource_finish(async_uv_handle_resource(handle));
}

asyncscope__uv_scope_t asyncscope__started_scope_open(async_uv_handle_t *handle,
                                                      bool *ret_due) {
  async_resource_t *resource = async_uv_handle_resource(handle);
  async_id_t called = async_resource_async_id(resource);
  *ret_due = false;
  if (!asyncscope__still_due(handle, called))
    return (asyncscope__uv_scope_t){.resource = *resource, .entered = false};
  asyncscope__uv_scope_t scope = asyncscope__uv_scope_open(resource);
  *ret_due = async_resource_async_id(resource) == called &&
             !uv_is_closing(&handle->uv);
  return scope;
}
