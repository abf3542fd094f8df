/* A started handle has a live SIGNALWRAP; a stopped one has none, except in its
 * own callback and while it is closing, as with a timer. One shot is ours:
 * libuv keeps that mark on a handle for ever, so that one started again in its
 * callback, or later for many signals, would be stopped behind our back. */
#include "asyncscope/async_uv_signal.h"

#include "env.h"
#include "error.h"
#include "uv_tracked.h"

ASYNCSCOPE__MIRRORS_HANDLE(async_uv_signal_t, uv_signal_t);

static async_uv_handle_t *as_handle(async_uv_signal_t *signal) {
  return (async_uv_handle_t *)signal;
}

static bool is_active(const async_uv_signal_t *signal) {
  return uv_is_active((const uv_handle_t *)&signal->uv);
}

static bool is_closing(const async_uv_signal_t *signal) {
  return uv_is_closing((const uv_handle_t *)&signal->uv);
}

int async_uv_signal_init(uv_loop_t *loop, async_uv_signal_t *signal) {
  int error = asyncscope__check_loop(loop);
  if (error == 0)
    error = uv_signal_init(loop, &signal->uv);
  if (error != 0)
    return error;
  asyncscope__tracked_init(as_handle(signal));
  signal->cb = NULL;
  signal->oneshot = false;
  return 0;
}

static void call_back(async_uv_signal_t *signal, int signum) {
  if (signal->oneshot)
    uv_signal_stop(&signal->uv);
  signal->cb(signal, signum);
}

/* A before hook, too, may stop, replace or close what libuv calls back for. */
static void on_signal(uv_signal_t *uv, int signum) {
  async_uv_signal_t *signal = (async_uv_signal_t *)uv;
  async_resource_t *resource = &signal->tracked.resource;
  async_id_t due = async_resource_async_id(resource);
  if (!asyncscope__still_due(as_handle(signal), due))
    return;
  asyncscope__uv_scope_t scope = asyncscope__uv_scope_open(resource);
  if (async_resource_async_id(resource) == due && is_active(signal))
    call_back(signal, signum);
  if (async_resource_async_id(resource) == due && !is_active(signal) &&
      !is_closing(signal))
    async_resource_finish(resource);
  asyncscope__uv_scope_close(&scope);
}

static int check_start(async_uv_signal_t *signal, async_uv_signal_cb cb) {
  int error = asyncscope__check_handle_begin(as_handle(signal));
  if (error == 0 && is_closing(signal))
    error = asyncscope__fail(UV_EINVAL, "the signal handle is closing");
  if (error == 0 && cb == NULL)
    error = asyncscope__fail(UV_EINVAL, "a signal handle needs a callback");
  return error;
}

static int start(const async_site_t *site, async_uv_signal_t *signal,
                 async_uv_signal_cb cb, int signum, bool oneshot) {
  async_resource_t before;
  int error = check_start(signal, cb);
  if (error == 0)
    error =
        asyncscope__track(as_handle(signal), site, "SIGNALWRAP", NULL, &before);
  if (error != 0)
    return error;
  error = uv_signal_start(&signal->uv, on_signal, signum);
  asyncscope__track_done(as_handle(signal), &before, error);
  if (error == 0) {
    signal->cb = cb;
    signal->oneshot = oneshot;
  } else if (!is_active(signal)) {
    async_resource_finish(&signal->tracked.resource);
  }
  return error;
}

int async_uv_signal_start_at(const async_site_t *site,
                             async_uv_signal_t *signal, async_uv_signal_cb cb,
                             int signum) {
  return start(site, signal, cb, signum, false);
}

int async_uv_signal_start_oneshot_at(const async_site_t *site,
                                     async_uv_signal_t *signal,
                                     async_uv_signal_cb cb, int signum) {
  return start(site, signal, cb, signum, true);
}

int async_uv_signal_stop(async_uv_signal_t *signal) {
  int error = asyncscope__check_handle(as_handle(signal));
  if (error != 0 || is_closing(signal))
    return error;
  uv_signal_stop(&signal->uv);
  async_resource_finish(&signal->tracked.resource);
  return 0;
}
