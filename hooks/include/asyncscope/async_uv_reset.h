/* Handles that go from one asker to the next: a pool of connections.
 *
 *     reset ---- A's reads and writes ---- park ---- reset ---- B's ...
 *     init A                                         init B, destroy A
 *
 * A handle's callbacks run in the context of its resource, which is that of
 * whoever opened it. Who lends the handle to others gives it a new resource
 * for each of them, made where they ask.
 *
 * Unless a function says otherwise:
 *   Thread: the loop's.
 *   In hooks: yes.
 *   Errors: UV_EINVAL (on another thread, closing), UV_ECANCELED while the
 *     environment ends, UV_ENOMEM, and what libuv answers; then nothing has
 *     begun and no callback comes. What only asks or sets an option does not
 *     look at the thread.
 *   Memory: a handle is the caller's again in its close callback; what is
 *     passed besides is read during the call only.
 *   Node: where one is named; libuv: the function of the same name. */
#ifndef ASYNCSCOPE_ASYNC_UV_RESET_H
#define ASYNCSCOPE_ASYNC_UV_RESET_H

#include "asyncscope/async_uv_handle.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The handle is the caller's from here on: a new resource of the same type
 * takes the place of the one it has, made in the current frame, with a new id
 * and the trigger in force. init fires now, the destroy of the one before is
 * queued. A read that was started goes on, in the new scope. A TCP or pipe
 * handle that has no resource yet becomes a TCPWRAP or PIPEWRAP. `options` are
 * those of async_resource_init(), may be NULL. In the handle's own callback,
 * the rest of it still has the old id.
 * Errors: UV_EINVAL (closing, or nothing to replace), UV_ENOMEM; then the
 * handle keeps what it has.
 * Node: AsyncWrap::AsyncReset(). */
#define async_uv_reset(...) async_uv_reset_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_reset_at(const async_site_t *site,
                                   async_uv_handle_t *handle,
                                   const async_resource_options_t *options);

/* The handle is nobody's until the next reset: it lets go of the context it
 * has. Its resource stays alive, so that diagnostics show the handle, but
 * without stores and request, and its callbacks run in no frame. A handle
 * without a resource, or closing, is left alone. Thread and hooks as above.
 * Node: a socket among an http.Agent's freeSockets; there the context is kept.
 */
ASYNC_EXTERN void async_uv_park(async_uv_handle_t *handle);

#ifdef __cplusplus
}
#endif
#endif
