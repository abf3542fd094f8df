#include "asyncscope/async_uv_fs_event.h"

#include "env.h"
#include "error.h"
#include "uv_started.h"
#include <string.h>

ASYNCSCOPE__MIRRORS_HANDLE(async_uv_fs_event_t, uv_fs_event_t);

static async_uv_handle_t *as_handle(async_uv_fs_event_t *fs_event) {
  return (async_uv_handle_t *)fs_event;
}

int async_uv_fs_event_init(uv_loop_t *loop, async_uv_fs_event_t *fs_event) {
  int error = asyncscope__check_loop(loop);
  if (error == 0)
    error = uv_fs_event_init(loop, &fs_event->uv);
  if (error == 0)
    asyncscope__tracked_init(as_handle(fs_event));
  return error;
}

static void on_fs_event(uv_fs_event_t *uv, const char *filename, int events,
                        int status) {
  async_uv_fs_event_t *fs_event = (async_uv_fs_event_t *)uv;
  bool due;
  asyncscope__uv_scope_t scope =
      asyncscope__started_scope_open(as_handle(fs_event), &due);
  if (due)
    fs_event->cb(fs_event, filename, events, status);
  asyncscope__uv_scope_close(&scope);
}

static int check_start(async_uv_fs_event_t *fs_event, bool has_cb) {
  int error = asyncscope__check_start(as_handle(fs_event), has_cb);
  if (error == 0 && async_uv_is_active(as_handle(fs_event)))
    error = asyncscope__fail(UV_EINVAL, "the watcher is started");
  return error;
}

int async_uv_fs_event_start_at(const async_site_t *site,
                               async_uv_fs_event_t *fs_event,
                               async_uv_fs_event_cb cb, const char *path,
                               unsigned int flags) {
  async_resource_t before;
  int error = check_start(fs_event, cb != NULL);
  if (error == 0)
    error = asyncscope__track(as_handle(fs_event), site, "FSEVENTWRAP", NULL,
                              &before);
  if (error != 0)
    return error;
  fs_event->cb = cb;
  error = uv_fs_event_start(&fs_event->uv, on_fs_event, path, flags);
  if (error == 0)
    async_resource_set_name(&fs_event->tracked.resource, path, strlen(path));
  return asyncscope__track_done(as_handle(fs_event), &before, error);
}

int async_uv_fs_event_stop(async_uv_fs_event_t *fs_event) {
  int error = asyncscope__check_handle(as_handle(fs_event));
  if (error == 0)
    error = uv_fs_event_stop(&fs_event->uv);
  if (error == 0)
    asyncscope__stopped(as_handle(fs_event));
  return error;
}

int async_uv_fs_event_getpath(async_uv_fs_event_t *fs_event, char *ret_path,
                              size_t *size_bytes) {
  return uv_fs_event_getpath(&fs_event->uv, ret_path, size_bytes);
}
