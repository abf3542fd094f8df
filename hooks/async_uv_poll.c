/* A started handle has a live POLL; a stopped one has none, except in its own
 * callback and while it is closing. libuv itself stops a handle whose file has
 * failed, before it calls back. */
#include "asyncscope/async_uv_poll.h"

#include "env.h"
#include "error.h"
#include "uv_tracked.h"

ASYNCSCOPE__MIRRORS_HANDLE(async_uv_poll_t, uv_poll_t);

#define ALL_EVENTS (UV_READABLE | UV_WRITABLE | UV_DISCONNECT | UV_PRIORITIZED)

static async_uv_handle_t *as_handle(async_uv_poll_t *poll) {
  return (async_uv_handle_t *)poll;
}

static bool is_active(const async_uv_poll_t *poll) {
  return uv_is_active((const uv_handle_t *)&poll->uv);
}

static bool is_closing(const async_uv_poll_t *poll) {
  return uv_is_closing((const uv_handle_t *)&poll->uv);
}

static void begin(async_uv_poll_t *poll) {
  asyncscope__tracked_init(as_handle(poll));
  poll->cb = NULL;
}

int async_uv_poll_init(uv_loop_t *loop, async_uv_poll_t *poll, int fd) {
  int error = asyncscope__check_loop(loop);
  if (error == 0)
    error = uv_poll_init(loop, &poll->uv, fd);
  if (error == 0)
    begin(poll);
  return error;
}

int async_uv_poll_init_socket(uv_loop_t *loop, async_uv_poll_t *poll,
                              uv_os_sock_t socket) {
  int error = asyncscope__check_loop(loop);
  if (error == 0)
    error = uv_poll_init_socket(loop, &poll->uv, socket);
  if (error == 0)
    begin(poll);
  return error;
}

/* A before hook, too, may stop, replace or close what libuv calls back for. */
static void on_poll(uv_poll_t *uv, int status, int events) {
  async_uv_poll_t *poll = (async_uv_poll_t *)uv;
  async_resource_t *resource = &poll->tracked.resource;
  async_id_t due = async_resource_async_id(resource);
  if (!asyncscope__still_due(as_handle(poll), due))
    return;
  asyncscope__uv_scope_t scope = asyncscope__uv_scope_open(resource);
  if (async_resource_async_id(resource) == due && !is_closing(poll))
    poll->cb(poll, status, events);
  if (async_resource_async_id(resource) == due && !is_closing(poll) &&
      !is_active(poll))
    async_resource_finish(resource);
  asyncscope__uv_scope_close(&scope);
}

static int check_start(async_uv_poll_t *poll, int events, async_uv_poll_cb cb) {
  int error = asyncscope__check_handle_begin(as_handle(poll));
  if (error == 0 && is_closing(poll))
    error = asyncscope__fail(UV_EINVAL, "the poll handle is closing");
  if (error == 0 && (events & ~ALL_EVENTS) != 0)
    error = asyncscope__fail(UV_EINVAL, "no poll events: %#x", events);
  if (error == 0 && cb == NULL)
    error = asyncscope__fail(UV_EINVAL, "a poll handle needs a callback");
  return error;
}

static int start_stopped(const async_site_t *site, async_uv_poll_t *poll,
                         int events) {
  async_resource_t before;
  int error = asyncscope__track(as_handle(poll), site, "POLL", NULL, &before);
  if (error != 0)
    return error;
  error = uv_poll_start(&poll->uv, events, on_poll);
  return asyncscope__track_done(as_handle(poll), &before, error);
}

int async_uv_poll_start_at(const async_site_t *site, async_uv_poll_t *poll,
                           int events, async_uv_poll_cb cb) {
  int error = check_start(poll, events, cb);
  if (error != 0)
    return error;
  if (events == 0)
    return async_uv_poll_stop(poll);
  if (is_active(poll))
    error = uv_poll_start(&poll->uv, events, on_poll);
  else
    error = start_stopped(site, poll, events);
  if (error == 0)
    poll->cb = cb;
  return error;
}

int async_uv_poll_stop(async_uv_poll_t *poll) {
  int error = asyncscope__check_handle(as_handle(poll));
  if (error != 0 || is_closing(poll))
    return error;
  uv_poll_stop(&poll->uv);
  async_resource_finish(&poll->tracked.resource);
  return 0;
}
