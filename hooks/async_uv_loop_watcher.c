/* Three families that differ in the phase of the loop they are called in. */
#include "asyncscope/async_uv_loop_watcher.h"

#include "env.h"
#include "uv_started.h"

ASYNCSCOPE__MIRRORS_HANDLE(async_uv_idle_t, uv_idle_t);
ASYNCSCOPE__MIRRORS_HANDLE(async_uv_prepare_t, uv_prepare_t);
ASYNCSCOPE__MIRRORS_HANDLE(async_uv_check_t, uv_check_t);

int async_uv_idle_init(uv_loop_t *loop, async_uv_idle_t *idle) {
  int error = asyncscope__check_loop(loop);
  if (error == 0)
    error = uv_idle_init(loop, &idle->uv);
  if (error == 0)
    asyncscope__tracked_init((async_uv_handle_t *)idle);
  return error;
}

static void on_idle(uv_idle_t *uv) {
  async_uv_idle_t *idle = (async_uv_idle_t *)uv;
  bool due;
  asyncscope__uv_scope_t scope =
      asyncscope__started_scope_open((async_uv_handle_t *)idle, &due);
  if (due)
    idle->cb(idle);
  asyncscope__uv_scope_close(&scope);
}

int async_uv_idle_start_at(const async_site_t *site, async_uv_idle_t *idle,
                           async_uv_idle_cb cb) {
  async_uv_handle_t *handle = (async_uv_handle_t *)idle;
  async_resource_t before;
  int error = asyncscope__check_start(handle, cb != NULL);
  if (error != 0 || async_uv_is_active(handle))
    return error;
  error = asyncscope__track(handle, site, "IDLE", NULL, &before);
  if (error != 0)
    return error;
  idle->cb = cb;
  error = uv_idle_start(&idle->uv, on_idle);
  return asyncscope__track_done(handle, &before, error);
}

int async_uv_idle_stop(async_uv_idle_t *idle) {
  async_uv_handle_t *handle = (async_uv_handle_t *)idle;
  int error = asyncscope__check_handle(handle);
  if (error == 0)
    error = uv_idle_stop(&idle->uv);
  if (error == 0)
    asyncscope__stopped(handle);
  return error;
}

int async_uv_prepare_init(uv_loop_t *loop, async_uv_prepare_t *prepare) {
  int error = asyncscope__check_loop(loop);
  if (error == 0)
    error = uv_prepare_init(loop, &prepare->uv);
  if (error == 0)
    asyncscope__tracked_init((async_uv_handle_t *)prepare);
  return error;
}

static void on_prepare(uv_prepare_t *uv) {
  async_uv_prepare_t *prepare = (async_uv_prepare_t *)uv;
  bool due;
  asyncscope__uv_scope_t scope =
      asyncscope__started_scope_open((async_uv_handle_t *)prepare, &due);
  if (due)
    prepare->cb(prepare);
  asyncscope__uv_scope_close(&scope);
}

int async_uv_prepare_start_at(const async_site_t *site,
                              async_uv_prepare_t *prepare,
                              async_uv_prepare_cb cb) {
  async_uv_handle_t *handle = (async_uv_handle_t *)prepare;
  async_resource_t before;
  int error = asyncscope__check_start(handle, cb != NULL);
  if (error != 0 || async_uv_is_active(handle))
    return error;
  error = asyncscope__track(handle, site, "PREPARE", NULL, &before);
  if (error != 0)
    return error;
  prepare->cb = cb;
  error = uv_prepare_start(&prepare->uv, on_prepare);
  return asyncscope__track_done(handle, &before, error);
}

int async_uv_prepare_stop(async_uv_prepare_t *prepare) {
  async_uv_handle_t *handle = (async_uv_handle_t *)prepare;
  int error = asyncscope__check_handle(handle);
  if (error == 0)
    error = uv_prepare_stop(&prepare->uv);
  if (error == 0)
    asyncscope__stopped(handle);
  return error;
}

int async_uv_check_init(uv_loop_t *loop, async_uv_check_t *check) {
  int error = asyncscope__check_loop(loop);
  if (error == 0)
    error = uv_check_init(loop, &check->uv);
  if (error == 0)
    asyncscope__tracked_init((async_uv_handle_t *)check);
  return error;
}

static void on_check(uv_check_t *uv) {
  async_uv_check_t *check = (async_uv_check_t *)uv;
  bool due;
  asyncscope__uv_scope_t scope =
      asyncscope__started_scope_open((async_uv_handle_t *)check, &due);
  if (due)
    check->cb(check);
  asyncscope__uv_scope_close(&scope);
}

int async_uv_check_start_at(const async_site_t *site, async_uv_check_t *check,
                            async_uv_check_cb cb) {
  async_uv_handle_t *handle = (async_uv_handle_t *)check;
  async_resource_t before;
  int error = asyncscope__check_start(handle, cb != NULL);
  if (error != 0 || async_uv_is_active(handle))
    return error;
  error = asyncscope__track(handle, site, "CHECK", NULL, &before);
  if (error != 0)
    return error;
  check->cb = cb;
  error = uv_check_start(&check->uv, on_check);
  return asyncscope__track_done(handle, &before, error);
}

int async_uv_check_stop(async_uv_check_t *check) {
  async_uv_handle_t *handle = (async_uv_handle_t *)check;
  int error = asyncscope__check_handle(handle);
  if (error == 0)
    error = uv_check_stop(&check->uv);
  if (error == 0)
    asyncscope__stopped(handle);
  return error;
}
