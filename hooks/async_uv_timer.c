/* A started timer has a live Timeout; a stopped one has none, except
 *   - inside its own callback and the ticks after it, until it is known
 *     whether the timer goes on, and
 *   - while it is closing: the close callback still runs in its scope.
 * A Timeout that its own callback stopped or replaced is recognised by its id.
 * So is one that was stopped or replaced when libuv had already decided to call
 * back: by a tick that was queued at top level, or by a before hook. */
#include "asyncscope/async_uv_timer.h"

#include "env.h"
#include "error.h"
#include "uv_tracked.h"

ASYNCSCOPE__MIRRORS_HANDLE(async_uv_timer_t, uv_timer_t);

static async_uv_handle_t *as_handle(async_uv_timer_t *timer) {
  return (async_uv_handle_t *)timer;
}

int async_uv_timer_init(uv_loop_t *loop, async_uv_timer_t *timer) {
  int error = asyncscope__check_loop(loop);
  if (error == 0)
    error = uv_timer_init(loop, &timer->uv);
  if (error != 0)
    return error;
  asyncscope__tracked_init(as_handle(timer));
  timer->cb = NULL;
  return 0;
}

/* The last time it fired: nobody started it again, and closing it keeps its
 * resource for the close callback. */
static void end_if_over(async_uv_timer_t *timer, async_id_t fired) {
  async_resource_t *resource = &timer->tracked.resource;
  if (async_resource_async_id(resource) == fired &&
      !uv_is_active((uv_handle_t *)&timer->uv) &&
      !uv_is_closing((uv_handle_t *)&timer->uv))
    async_resource_finish(resource);
}

static void on_timeout(uv_timer_t *uv) {
  async_uv_timer_t *timer = (async_uv_timer_t *)uv;
  async_resource_t *resource = &timer->tracked.resource;
  async_id_t due = async_resource_async_id(resource);
  if (!asyncscope__still_due(as_handle(timer), due))
    return;
  asyncscope__uv_scope_t scope = asyncscope__uv_scope_open(resource);
  if (async_resource_async_id(resource) == due &&
      !uv_is_closing((uv_handle_t *)uv))
    timer->cb(timer);
  end_if_over(timer, due);
  asyncscope__uv_scope_close(&scope);
}

static int check_usable(async_uv_timer_t *timer) {
  int error = asyncscope__check_handle_begin(as_handle(timer));
  if (error == 0 && uv_is_closing((uv_handle_t *)&timer->uv))
    error = asyncscope__fail(UV_EINVAL, "the timer is closing");
  return error;
}

static int track(async_uv_timer_t *timer, const async_site_t *site,
                 async_resource_t *ret_before) {
  return asyncscope__track(as_handle(timer), site, "Timeout", NULL, ret_before);
}

int async_uv_timer_start_at(const async_site_t *site, async_uv_timer_t *timer,
                            async_uv_timer_cb cb, uint64_t timeout_ms,
                            uint64_t repeat_ms) {
  async_resource_t before;
  int error = check_usable(timer);
  if (error == 0 && cb == NULL)
    error = asyncscope__fail(UV_EINVAL, "a timer needs a callback");
  if (error == 0)
    error = track(timer, site, &before);
  if (error != 0)
    return error;
  timer->cb = cb;
  error = uv_timer_start(&timer->uv, on_timeout, timeout_ms, repeat_ms);
  return asyncscope__track_done(as_handle(timer), &before, error);
}

int async_uv_timer_stop(async_uv_timer_t *timer) {
  int error = asyncscope__check_handle(as_handle(timer));
  if (error != 0 || uv_is_closing((uv_handle_t *)&timer->uv))
    return error;
  uv_timer_stop(&timer->uv);
  async_resource_finish(&timer->tracked.resource);
  return 0;
}

int async_uv_timer_again_at(const async_site_t *site, async_uv_timer_t *timer) {
  async_resource_t before;
  int error = check_usable(timer);
  if (error == 0 && timer->cb == NULL)
    error = asyncscope__fail(UV_EINVAL, "the timer was never started");
  if (error != 0 || uv_timer_get_repeat(&timer->uv) == 0)
    return error;
  if (asyncscope__is_tracked(as_handle(timer)))
    return uv_timer_again(&timer->uv);
  error = track(timer, site, &before);
  if (error != 0)
    return error;
  error = uv_timer_again(&timer->uv);
  return asyncscope__track_done(as_handle(timer), &before, error);
}

void async_uv_timer_set_repeat(async_uv_timer_t *timer, uint64_t repeat_ms) {
  if (asyncscope__check_not_elsewhere(timer->loop) == 0)
    uv_timer_set_repeat(&timer->uv, repeat_ms);
}

uint64_t async_uv_timer_get_repeat(const async_uv_timer_t *timer) {
  return uv_timer_get_repeat(&timer->uv);
}

uint64_t async_uv_timer_get_due_in(const async_uv_timer_t *timer) {
  return uv_is_active((const uv_handle_t *)&timer->uv)
             ? uv_timer_get_due_in(&timer->uv)
             : 0;
}
