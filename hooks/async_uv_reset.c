/* The new resource is made before the old one ends, so that a failure changes
 * nothing: the hooks hear of init now and of destroy from the queue. */
#include "asyncscope/async_uv_reset.h"

#include "env.h"
#include "error.h"
#include "uv_tracked.h"

/* What a handle of this type becomes when it is used for a connection. */
static const char *first_type(const async_uv_handle_t *handle) {
  switch (uv_handle_get_type(&handle->uv)) {
  case UV_TCP:
    return "TCPWRAP";
  case UV_NAMED_PIPE:
    return "PIPEWRAP";
  default:
    return NULL;
  }
}

static const char *next_type(async_uv_handle_t *handle) {
  return asyncscope__is_tracked(handle)
             ? async_resource_type(async_uv_handle_resource(handle))
             : first_type(handle);
}

static int check(async_uv_handle_t *handle) {
  int error = asyncscope__check_handle(handle);
  if (error != 0)
    return error;
  const char *name = uv_handle_type_name(handle->type);
  if (uv_is_closing(&handle->uv))
    return asyncscope__fail(UV_EINVAL, "the %s handle is closing", name);
  if (next_type(handle) == NULL)
    return asyncscope__fail(UV_EINVAL, "the %s handle has no resource", name);
  return 0;
}

int async_uv_reset_at(const async_site_t *site, async_uv_handle_t *handle,
                      const async_resource_options_t *options) {
  async_resource_t before;
  int error = check(handle);
  if (error == 0)
    error =
        asyncscope__track(handle, site, next_type(handle), options, &before);
  return error != 0 ? error : asyncscope__track_done(handle, &before, 0);
}

static void publish_no_frame(asyncscope__record_t *record) {
  uint64_t cause = asyncscope__get(&record->trigger_thread_and_frame);
  asyncscope__slot_begin(&record->slot);
  asyncscope__put(&record->trigger_thread_and_frame,
                  asyncscope__pair(asyncscope__high(cause), 0));
  asyncscope__put(&record->request, 0);
  asyncscope__put(&record->exited_and_storages, 0);
  asyncscope__slot_end(&record->slot);
}

void async_uv_park(async_uv_handle_t *handle) {
  async_resource_t *resource = async_uv_handle_resource(handle);
  if (asyncscope__check_handle(handle) != 0 || uv_is_closing(&handle->uv) ||
      !asyncscope__is_tracked(handle))
    return;
  async_context_frame_t *frame = resource->frame;
  resource->frame = NULL;
  publish_no_frame(
      asyncscope__slab_at(&asyncscope__env->records, resource->record - 1));
  async_context_frame_release(frame);
}
