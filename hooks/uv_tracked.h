/* What the tracked libuv families share: where a handle keeps its resource,
 * how that resource is replaced, and the scope around a callback. */
#ifndef ASYNCSCOPE_HOOKS_UV_TRACKED_H
#define ASYNCSCOPE_HOOKS_UV_TRACKED_H

#include "asyncscope/async_queue.h"
#include "asyncscope/async_uv_handle.h"
#include "resource.h"
#include <assert.h>
#include <stdbool.h>
#include <stddef.h>

/* A tracked struct may be taken for the libuv one, and its public fields are
 * the libuv one's. */
#define ASYNCSCOPE__MIRRORS(ours, theirs, field)                  \
  static_assert(offsetof(ours, field) == offsetof(theirs, field), \
                #ours " has " #field " elsewhere than " #theirs)
#define ASYNCSCOPE__MIRRORS_REQ(ours, theirs)                            \
  static_assert(offsetof(ours, uv) == 0, #ours " begins with " #theirs); \
  ASYNCSCOPE__MIRRORS(ours, theirs, data);                               \
  ASYNCSCOPE__MIRRORS(ours, theirs, type)
#define ASYNCSCOPE__MIRRORS_HANDLE(ours, theirs) \
  ASYNCSCOPE__MIRRORS_REQ(ours, theirs);         \
  ASYNCSCOPE__MIRRORS(ours, theirs, loop)

/* 0, or UV_EINVAL: not a tracked type, or another thread's loop. */
int asyncscope__check_handle(const async_uv_handle_t *handle);
/* The same for what is to begin on it: also UV_ECANCELED when the environment
 * is ending. */
int asyncscope__check_handle_begin(const async_uv_handle_t *handle);

/* Empties the tracked part of a handle that libuv has just initialised; it is
 * open from here on. */
void asyncscope__tracked_init(async_uv_handle_t *handle);

/* For a handle that has its resource from init on: before libuv's init, which
 * cannot be taken back. `tracked` may hold anything; on an error it has no
 * resource. Always followed by asyncscope__tracked_begun(). */
int asyncscope__tracked_begin(async_uv_tracked_t *tracked,
                              const async_site_t *site, uv_loop_t *loop,
                              const char *type);

/* `error` is libuv's answer; an error ends the resource, else `handle` is open.
 * Returns `error`. */
int asyncscope__tracked_begun(async_uv_tracked_t *tracked, void *handle,
                              int error);

/* The environment knows its open handles, from libuv's init until their close
 * callback or its own end, whichever comes first. */
void asyncscope__tracked_open(async_uv_tracked_t *tracked, void *handle);

/* libuv's close callback of every tracked handle: for what closes in another
 * way than uv_close(). The tracked part's close_cb is set after that. */
void asyncscope__on_close(uv_handle_t *uv);

/* uv_cancel(), refused on a thread that is not the loop's. */
int asyncscope__cancel(uv_req_t *req);

/* Whether the handle has a resource now. */
bool asyncscope__is_tracked(const async_uv_handle_t *handle);

/* The handle gets a new resource in place of the one it has or has not, which
 * moves to `ret_before` and stays alive. On an error nothing has changed;
 * UV_ECANCELED when an init hook has stopped the handle, which has then no
 * resource any more. Else always followed by asyncscope__track_done(). */
int asyncscope__track(async_uv_handle_t *handle, const async_site_t *site,
                      const char *type, const async_resource_options_t *options,
                      async_resource_t *ret_before);

/* `error` is libuv's answer. Success ends the resource before, an error ends
 * the new one and puts the one before back. Returns `error`. */
int asyncscope__track_done(async_uv_handle_t *handle, async_resource_t *before,
                           int error);

/* libuv calls back for the handle, whose resource was `due` when it did:
 * whether it still is when the ticks that were queued at top level have run.
 * Otherwise no scope is to be opened, as nothing is to be called. */
bool asyncscope__still_due(const async_uv_handle_t *handle, async_id_t due);

/* Options of a request made on a handle: the handle's resource triggers it. */
async_resource_options_t asyncscope__triggered_by(
    const async_uv_handle_t *handle);

/* For a request that the kernel took, or refused, at once: it gets no resource
 * of its own, and on_tick calls back for it, as a TickObject of the current
 * context. `tick` may hold anything; on_tick may be NULL. */
int asyncscope__finish_at_once(const async_site_t *site, async_tick_t *tick,
                               async_tick_cb on_tick);

/* An operation starts on the handle: a finding when it is another request's
 * than that of the current frame. */
void asyncscope__handle_used(const async_uv_handle_t *handle);

/* The scope around one callback from libuv. It holds a copy of the resource,
 * because a callback may give the memory it lies in to something else: a timer
 * is started again, a request is freed or used for the next call. */
typedef struct asyncscope__uv_scope_s {
  async_resource_t resource;
  bool entered;
} asyncscope__uv_scope_t;

/* Without a live resource, or without memory for the scope, the callback runs
 * outside of any scope: it must be called in any case. */
asyncscope__uv_scope_t asyncscope__uv_scope_open(async_resource_t *resource);
void asyncscope__uv_scope_close(asyncscope__uv_scope_t *scope);

/* The same around a callback that is not the last: only the id is kept, or
 * ASYNC_ID_UNSET where no scope was entered. */
static inline async_id_t asyncscope__uv_callback_open(
    async_resource_t *resource) {
  async_id_t async_id = async_resource_async_id(resource);
  return async_id != ASYNC_ID_UNSET && async_callback_scope_open(resource) == 0
             ? async_id
             : ASYNC_ID_UNSET;
}

static inline void asyncscope__uv_callback_close(async_id_t entered) {
  if (entered != ASYNC_ID_UNSET)
    asyncscope__callback_scope_close(entered);
}

/* After the last callback of the resource: closes the scope and ends the
 * resource, wherever its memory has gone. */
void asyncscope__uv_scope_close_last(asyncscope__uv_scope_t *scope);

#endif
