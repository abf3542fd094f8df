/* uv_tcp_t, tracked: TCPSERVERWRAP from listen on, TCPWRAP from connect, open
 * or accept on. Before that the handle has no resource.
 *
 * Unless a function says otherwise:
 *   Thread: the loop's.
 *   In hooks: yes.
 *   Errors: UV_EINVAL (on another thread, closing), UV_ECANCELED while the
 *     environment ends, UV_ENOMEM, and what libuv answers; then nothing has
 *     begun and no callback comes. What only asks or sets an option does not
 *     look at the thread.
 *   Memory: a handle is the caller's again in its close callback, a request in
 *     its own; addresses are copied.
 *   Node: where one is named; libuv: the function of the same name. */
#ifndef ASYNCSCOPE_ASYNC_UV_TCP_H
#define ASYNCSCOPE_ASYNC_UV_TCP_H

#include "asyncscope/async_uv_stream.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A TCP socket: uv_tcp_t, tracked. */
typedef struct async_uv_tcp_s {
  __extension__ union {
    uv_tcp_t uv;
    struct {
      ASYNC_UV_HANDLE_FIELDS /* public */
    };
  };
  /* private */
  async_uv_tracked_t tracked;
  async_uv_stream_part_t stream;
} async_uv_tcp_t;

/* Make a handle that is not connected; no resource yet. The second makes the
 * socket at once when `flags` has a family.
 * Errors: UV_EINVAL (flags, another thread's loop), UV_ECANCELED (the thread is
 * ending), and what socket() answers. */
ASYNC_EXTERN int async_uv_tcp_init(uv_loop_t *loop, async_uv_tcp_t *tcp);
ASYNC_EXTERN int async_uv_tcp_init_ex(uv_loop_t *loop, async_uv_tcp_t *tcp,
                                      unsigned int flags);

/* A connected socket becomes a TCPWRAP; one that listens (SO_ACCEPTCONN) waits
 * for async_uv_listen(). */
#define async_uv_tcp_open(...) async_uv_tcp_open_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_tcp_open_at(const async_site_t *site,
                                      async_uv_tcp_t *tcp, uv_os_sock_t sock);

/* As libuv's of the same name.
 * Errors: UV_EINVAL (closing, another thread's loop) and what libuv answers. */
ASYNC_EXTERN int async_uv_tcp_bind(async_uv_tcp_t *tcp,
                                   const struct sockaddr *addr,
                                   unsigned int flags);
ASYNC_EXTERN int async_uv_tcp_nodelay(async_uv_tcp_t *tcp, int enable);
ASYNC_EXTERN int async_uv_tcp_keepalive(async_uv_tcp_t *tcp, int enable,
                                        unsigned int delay_s);
ASYNC_EXTERN int async_uv_tcp_getsockname(const async_uv_tcp_t *tcp,
                                          struct sockaddr *ret_name,
                                          int *namelen);
ASYNC_EXTERN int async_uv_tcp_getpeername(const async_uv_tcp_t *tcp,
                                          struct sockaddr *ret_name,
                                          int *namelen);

/* Closes it with a reset in place of an orderly end: what was not sent is
 * dropped. Else as async_uv_close().
 * Errors, it stays open: UV_EINVAL (shutting down, closing, another thread's
 * loop), UV_EBADF (no socket).
 * Node: socket.resetAndDestroy(). */
ASYNC_EXTERN int async_uv_tcp_close_reset(async_uv_tcp_t *tcp,
                                          async_uv_close_cb close_cb);

/* As libuv's of the same name; it does nothing but on Windows. */
ASYNC_EXTERN int async_uv_tcp_simultaneous_accepts(async_uv_tcp_t *tcp,
                                                   int enable);

/* As libuv's of the same name. Times in seconds. UV_ENOSYS before libuv 1.52.
 */
ASYNC_EXTERN int async_uv_tcp_keepalive_ex(async_uv_tcp_t *tcp, int on,
                                           unsigned int idle_s,
                                           unsigned int interval_s,
                                           unsigned int count);

/* TCPWRAP for the handle, then TCPCONNECTWRAP triggered by it; cb runs in the
 * latter's scope. Errors: UV_EINVAL, UV_ENOMEM, and what uv_tcp_connect()
 * answers; then cb is not called. */
#define async_uv_tcp_connect(...) \
  async_uv_tcp_connect_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_tcp_connect_at(const async_site_t *site,
                                         async_uv_connect_t *req,
                                         async_uv_tcp_t *tcp,
                                         const struct sockaddr *addr,
                                         async_uv_connect_cb cb);

#ifdef __cplusplus
}
#endif
#endif
