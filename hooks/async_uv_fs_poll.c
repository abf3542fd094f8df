#include "asyncscope/async_uv_fs_poll.h"

#include "env.h"
#include "uv_started.h"
#include <string.h>

ASYNCSCOPE__MIRRORS_HANDLE(async_uv_fs_poll_t, uv_fs_poll_t);

static async_uv_handle_t *as_handle(async_uv_fs_poll_t *fs_poll) {
  return (async_uv_handle_t *)fs_poll;
}

int async_uv_fs_poll_init(uv_loop_t *loop, async_uv_fs_poll_t *fs_poll) {
  int error = asyncscope__check_loop(loop);
  if (error == 0)
    error = uv_fs_poll_init(loop, &fs_poll->uv);
  if (error == 0)
    asyncscope__tracked_init(as_handle(fs_poll));
  return error;
}

static void on_fs_poll(uv_fs_poll_t *uv, int status, const uv_stat_t *prev,
                       const uv_stat_t *curr) {
  async_uv_fs_poll_t *fs_poll = (async_uv_fs_poll_t *)uv;
  bool due;
  asyncscope__uv_scope_t scope =
      asyncscope__started_scope_open(as_handle(fs_poll), &due);
  if (due)
    fs_poll->cb(fs_poll, status, prev, curr);
  asyncscope__uv_scope_close(&scope);
}

int async_uv_fs_poll_start_at(const async_site_t *site,
                              async_uv_fs_poll_t *fs_poll,
                              async_uv_fs_poll_cb cb, const char *path,
                              unsigned int interval_ms) {
  async_resource_t before;
  int error = asyncscope__check_start(as_handle(fs_poll), cb != NULL);
  if (error != 0 || async_uv_is_active(as_handle(fs_poll)))
    return error;
  error =
      asyncscope__track(as_handle(fs_poll), site, "STATWATCHER", NULL, &before);
  if (error != 0)
    return error;
  fs_poll->cb = cb;
  error = uv_fs_poll_start(&fs_poll->uv, on_fs_poll, path, interval_ms);
  if (error == 0)
    async_resource_set_name(&fs_poll->tracked.resource, path, strlen(path));
  return asyncscope__track_done(as_handle(fs_poll), &before, error);
}

int async_uv_fs_poll_stop(async_uv_fs_poll_t *fs_poll) {
  int error = asyncscope__check_handle(as_handle(fs_poll));
  if (error == 0)
    error = uv_fs_poll_stop(&fs_poll->uv);
  if (error == 0)
    asyncscope__stopped(as_handle(fs_poll));
  return error;
}

int async_uv_fs_poll_getpath(async_uv_fs_poll_t *fs_poll, char *ret_path,
                             size_t *size_bytes) {
  return uv_fs_poll_getpath(&fs_poll->uv, ret_path, size_bytes);
}
