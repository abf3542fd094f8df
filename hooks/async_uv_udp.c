/* The UDPWRAP is made before libuv's handle: an initialised handle could only
 * be undone by closing it, which takes an iteration of the loop. */
#include "asyncscope/async_uv_udp.h"

#include "env.h"
#include "error.h"
#include "uv_tracked.h"

ASYNCSCOPE__MIRRORS_HANDLE(async_uv_udp_t, uv_udp_t);

int async_uv_udp_init_ex_at(const async_site_t *site, uv_loop_t *loop,
                            async_uv_udp_t *udp, unsigned int flags) {
  int error = asyncscope__tracked_begin(&udp->tracked, site, loop, "UDPWRAP");
  if (error != 0)
    return error;
  udp->alloc_cb = NULL;
  udp->recv_cb = NULL;
  error = uv_udp_init_ex(loop, &udp->uv, flags);
  return asyncscope__tracked_begun(&udp->tracked, udp, error);
}

static int check_thread(const async_uv_udp_t *udp) {
  return asyncscope__check_handle((const async_uv_handle_t *)udp);
}

static int check_usable(const async_uv_udp_t *udp) {
  int error = check_thread(udp);
  if (error == 0 && uv_is_closing((const uv_handle_t *)&udp->uv))
    error = asyncscope__fail(UV_EINVAL, "the UDP handle is closing");
  return error;
}

int async_uv_udp_open(async_uv_udp_t *udp, uv_os_sock_t sock) {
  int error = check_usable(udp);
  return error != 0 ? error : uv_udp_open(&udp->uv, sock);
}

int async_uv_udp_open_ex(async_uv_udp_t *udp, uv_os_sock_t sock,
                         unsigned int flags) {
  int error = check_usable(udp);
#if UV_VERSION_HEX >= 0x013400
  return error != 0 ? error : uv_udp_open_ex(&udp->uv, sock, flags);
#else
  (void)sock, (void)flags;
  return error != 0
             ? error
             : asyncscope__fail(UV_ENOSYS, "uv_udp_open_ex() is of libuv 1.52");
#endif
}

int async_uv_udp_bind(async_uv_udp_t *udp, const struct sockaddr *addr,
                      unsigned int flags) {
  int error = check_usable(udp);
  return error != 0 ? error : uv_udp_bind(&udp->uv, addr, flags);
}

int async_uv_udp_connect(async_uv_udp_t *udp, const struct sockaddr *addr) {
  int error = check_usable(udp);
  return error != 0 ? error : uv_udp_connect(&udp->uv, addr);
}

static void on_alloc(uv_handle_t *uv, size_t suggested_size_bytes,
                     uv_buf_t *buf) {
  async_uv_udp_t *udp = (async_uv_udp_t *)uv;
  udp->alloc_cb((async_uv_handle_t *)udp, suggested_size_bytes, buf);
}

static void on_recv(uv_udp_t *uv, ssize_t nread, const uv_buf_t *buf,
                    const struct sockaddr *addr, unsigned int flags) {
  async_uv_udp_t *udp = (async_uv_udp_t *)uv;
  if (nread == 0 && addr == NULL) {
    udp->recv_cb(udp, nread, buf, addr, flags);
    return;
  }
  asyncscope__uv_scope_t scope =
      asyncscope__uv_scope_open(&udp->tracked.resource);
  udp->recv_cb(udp, nread, buf, addr, flags);
  asyncscope__uv_scope_close(&scope);
}

int async_uv_udp_recv_start(async_uv_udp_t *udp, async_uv_alloc_cb alloc_cb,
                            async_uv_udp_recv_cb recv_cb) {
  int error = check_usable(udp);
  if (error == 0)
    error = asyncscope__check_begin(udp->loop);
  if (error == 0 && (alloc_cb == NULL || recv_cb == NULL))
    error = asyncscope__fail(UV_EINVAL, "receiving needs both callbacks");
  if (error == 0)
    error = uv_udp_recv_start(&udp->uv, on_alloc, on_recv);
  if (error != 0)
    return error;
  asyncscope__handle_used((const async_uv_handle_t *)udp);
  udp->alloc_cb = alloc_cb;
  udp->recv_cb = recv_cb;
  return 0;
}

int async_uv_udp_recv_stop(async_uv_udp_t *udp) {
  int error = asyncscope__check_handle((const async_uv_handle_t *)udp);
  return error != 0 ? error : uv_udp_recv_stop(&udp->uv);
}

int async_uv_udp_using_recvmmsg(const async_uv_udp_t *udp) {
  return uv_udp_using_recvmmsg(&udp->uv);
}

int async_uv_udp_set_membership(async_uv_udp_t *udp, const char *multicast_addr,
                                const char *interface_addr,
                                uv_membership membership) {
  int error = check_thread(udp);
  return error != 0 ? error
                    : uv_udp_set_membership(&udp->uv, multicast_addr,
                                            interface_addr, membership);
}

int async_uv_udp_set_source_membership(async_uv_udp_t *udp,
                                       const char *multicast_addr,
                                       const char *interface_addr,
                                       const char *source_addr,
                                       uv_membership membership) {
  int error = check_thread(udp);
  return error != 0 ? error
                    : uv_udp_set_source_membership(&udp->uv, multicast_addr,
                                                   interface_addr, source_addr,
                                                   membership);
}

int async_uv_udp_set_multicast_loop(async_uv_udp_t *udp, int on) {
  int error = check_thread(udp);
  return error != 0 ? error : uv_udp_set_multicast_loop(&udp->uv, on);
}

int async_uv_udp_set_multicast_ttl(async_uv_udp_t *udp, int ttl) {
  int error = check_thread(udp);
  return error != 0 ? error : uv_udp_set_multicast_ttl(&udp->uv, ttl);
}

int async_uv_udp_set_multicast_interface(async_uv_udp_t *udp,
                                         const char *interface_addr) {
  int error = check_thread(udp);
  return error != 0 ? error
                    : uv_udp_set_multicast_interface(&udp->uv, interface_addr);
}

int async_uv_udp_set_broadcast(async_uv_udp_t *udp, int on) {
  int error = check_thread(udp);
  return error != 0 ? error : uv_udp_set_broadcast(&udp->uv, on);
}

int async_uv_udp_set_ttl(async_uv_udp_t *udp, int ttl) {
  int error = check_thread(udp);
  return error != 0 ? error : uv_udp_set_ttl(&udp->uv, ttl);
}

int async_uv_udp_getpeername(const async_uv_udp_t *udp,
                             struct sockaddr *ret_name, int *namelen) {
  return uv_udp_getpeername(&udp->uv, ret_name, namelen);
}

int async_uv_udp_getsockname(const async_uv_udp_t *udp,
                             struct sockaddr *ret_name, int *namelen) {
  return uv_udp_getsockname(&udp->uv, ret_name, namelen);
}

size_t async_uv_udp_get_send_queue_size(const async_uv_udp_t *udp) {
  return uv_udp_get_send_queue_size(&udp->uv);
}

size_t async_uv_udp_get_send_queue_count(const async_uv_udp_t *udp) {
  return uv_udp_get_send_queue_count(&udp->uv);
}
