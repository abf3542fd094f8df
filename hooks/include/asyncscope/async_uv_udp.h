/* uv_udp_t, tracked as UDPWRAP from init until its close callback.
 *
 * Unless a function says otherwise:
 *   Thread: the loop's.
 *   In hooks: yes.
 *   Errors: UV_EINVAL (on another thread, closing), UV_ECANCELED while the
 *     environment ends, UV_ENOMEM, and what libuv answers; then nothing has
 *     begun and no callback comes. What only asks or sets an option does not
 *     look at the thread.
 *   Memory: a handle is the caller's again in its close callback, a request in
 *     its own; buffers must stay until then, addresses are copied.
 *   Node: where one is named; libuv: the function of the same name. */
#ifndef ASYNCSCOPE_ASYNC_UV_UDP_H
#define ASYNCSCOPE_ASYNC_UV_UDP_H

#include "asyncscope/async_queue.h"
#include "asyncscope/async_uv_handle.h"

#ifdef __cplusplus
extern "C" {
#endif

struct async_uv_udp_s;

/* A datagram of `nread` bytes from `addr`; `addr` NULL: none is there, `nread`
 * 0, or an error. `flags` of UV_UDP_PARTIAL and its like. */
typedef void (*async_uv_udp_recv_cb)(struct async_uv_udp_s *udp, ssize_t nread,
                                     const uv_buf_t *buf,
                                     const struct sockaddr *addr,
                                     unsigned int flags);

/* A UDP socket: uv_udp_t, tracked. */
typedef struct async_uv_udp_s {
  __extension__ union {
    uv_udp_t uv;
    struct {
      ASYNC_UV_HANDLE_FIELDS /* public */
    };
  };
  /* private */
  async_uv_tracked_t tracked;
  async_uv_alloc_cb alloc_cb;
  async_uv_udp_recv_cb recv_cb;
} async_uv_udp_t;

/* Init (UDPWRAP) here: its callbacks run in the context of this call.
 * Errors: UV_EINVAL (flags, another thread's loop), UV_ENOMEM, and with a
 * family in `flags` what socket() answers; then there is nothing to close.
 * Node: dgram.createSocket(). */
#define async_uv_udp_init(loop, udp) \
  async_uv_udp_init_ex_at(ASYNC_SITE(), loop, udp, AF_UNSPEC)
#define async_uv_udp_init_ex(...) \
  async_uv_udp_init_ex_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_udp_init_ex_at(const async_site_t *site,
                                         uv_loop_t *loop, async_uv_udp_t *udp,
                                         unsigned int flags);

/* As libuv's of the same name.
 * Errors: UV_EINVAL (closing, another thread's loop) and what libuv answers. */
ASYNC_EXTERN int async_uv_udp_open(async_uv_udp_t *udp, uv_os_sock_t sock);
ASYNC_EXTERN int async_uv_udp_bind(async_uv_udp_t *udp,
                                   const struct sockaddr *addr,
                                   unsigned int flags);
/* UV_ENOSYS before libuv 1.52. */
ASYNC_EXTERN int async_uv_udp_open_ex(async_uv_udp_t *udp, uv_os_sock_t sock,
                                      unsigned int flags);
/* A NULL addr disconnects. */
ASYNC_EXTERN int async_uv_udp_connect(async_uv_udp_t *udp,
                                      const struct sockaddr *addr);

/* As libuv's of the same name. */
ASYNC_EXTERN int async_uv_udp_getpeername(const async_uv_udp_t *udp,
                                          struct sockaddr *ret_name,
                                          int *namelen);
ASYNC_EXTERN int async_uv_udp_getsockname(const async_uv_udp_t *udp,
                                          struct sockaddr *ret_name,
                                          int *namelen);
ASYNC_EXTERN int async_uv_udp_set_membership(async_uv_udp_t *udp,
                                             const char *multicast_addr,
                                             const char *interface_addr,
                                             uv_membership membership);
ASYNC_EXTERN int async_uv_udp_set_source_membership(async_uv_udp_t *udp,
                                                    const char *multicast_addr,
                                                    const char *interface_addr,
                                                    const char *source_addr,
                                                    uv_membership membership);
ASYNC_EXTERN int async_uv_udp_set_multicast_loop(async_uv_udp_t *udp, int on);
ASYNC_EXTERN int async_uv_udp_set_multicast_ttl(async_uv_udp_t *udp, int ttl);
ASYNC_EXTERN int async_uv_udp_set_multicast_interface(
    async_uv_udp_t *udp, const char *interface_addr);
ASYNC_EXTERN int async_uv_udp_set_broadcast(async_uv_udp_t *udp, int on);
ASYNC_EXTERN int async_uv_udp_set_ttl(async_uv_udp_t *udp, int ttl);

/* recv_cb runs in the UDPWRAP's scope, alloc_cb outside of it, right before.
 * A call with nread 0 and addr NULL brings no message: it only gives a buffer
 * back, so it too is outside. Errors: UV_EINVAL (closing, a callback is NULL,
 * another thread's loop), UV_EALREADY. */
ASYNC_EXTERN int async_uv_udp_recv_start(async_uv_udp_t *udp,
                                         async_uv_alloc_cb alloc_cb,
                                         async_uv_udp_recv_cb recv_cb);
ASYNC_EXTERN int async_uv_udp_recv_stop(async_uv_udp_t *udp);
ASYNC_EXTERN int async_uv_udp_using_recvmmsg(const async_uv_udp_t *udp);

/* A datagram being sent: uv_udp_send_t, tracked. */
typedef struct async_uv_udp_send_s {
  __extension__ union {
    uv_udp_send_t uv;
    struct {
      void *data; /* public */
      uv_req_type type;
      void *reserved[6]; /* libuv's */
      async_uv_udp_t *handle;
    };
  };
  /* private */
  union {
    async_resource_t resource; /* UDPSENDWRAP */
    async_tick_t tick;         /* when it was finished at once */
  };
  void (*cb)(struct async_uv_udp_send_s *req, int status);
  int status; /* for the tick */
} async_uv_udp_send_t;

/* It is sent, or `status` says why not. `req` is the caller's again. */
typedef void (*async_uv_udp_send_cb)(async_uv_udp_send_t *req, int status);

/* Sends at once when the kernel takes it. Then, and when the kernel answers an
 * error, no UDPSENDWRAP is made and cb is called from a tick; else UDPSENDWRAP,
 * triggered by the UDPWRAP. The callbacks of a handle come in the order of its
 * sends. The buffers' memory must stay until cb; cb may be NULL; `req` is the
 * caller's again when cb is called.
 * Errors: UV_EINVAL (no buffers, closing, an address that cannot be, another
 * thread's loop), UV_EISCONN (`addr` of a connected handle), UV_EDESTADDRREQ
 * (NULL `addr` of one that is not), UV_ENOMEM; then cb is not called. After
 * UV_ENOMEM the message may have been sent.
 * Node: socket.send(). */
#define async_uv_udp_send(...) async_uv_udp_send_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_udp_send_at(const async_site_t *site,
                                      async_uv_udp_send_t *req,
                                      async_uv_udp_t *udp,
                                      const uv_buf_t bufs[], unsigned int nbufs,
                                      const struct sockaddr *addr,
                                      async_uv_udp_send_cb cb);

/* Bytes sent, UV_EAGAIN when it cannot be at once. Makes no resource. Errors
 * as above, and the kernel's. */
ASYNC_EXTERN int async_uv_udp_try_send(async_uv_udp_t *udp,
                                       const uv_buf_t bufs[],
                                       unsigned int nbufs,
                                       const struct sockaddr *addr);

/* `count` messages at once: how many of them were sent, or an error; `flags`
 * must be 0. Makes no resource. UV_ENOSYS before libuv 1.50. */
ASYNC_EXTERN int async_uv_udp_try_send2(async_uv_udp_t *udp, unsigned int count,
                                        uv_buf_t *bufs[], unsigned int nbufs[],
                                        struct sockaddr *addrs[],
                                        unsigned int flags);

/* Bytes, and messages, queued and not yet sent. */
ASYNC_EXTERN size_t async_uv_udp_get_send_queue_size(const async_uv_udp_t *udp);
ASYNC_EXTERN size_t
async_uv_udp_get_send_queue_count(const async_uv_udp_t *udp);

#ifdef __cplusplus
}
#endif
#endif
