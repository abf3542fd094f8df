/* A message goes to the kernel at once unless others wait: libuv then answers
 * UV_EAGAIN until the last of them has called back, so that callbacks come in
 * the order of the sends. A tick of one that was sent before them runs first:
 * opening their scope runs the ticks. */
#include "asyncscope/async_uv_udp.h"

#include "env.h"
#include "error.h"
#include "resource.h"
#include "uv_tracked.h"
#include <string.h>

ASYNCSCOPE__MIRRORS_REQ(async_uv_udp_send_t, uv_udp_send_t);
ASYNCSCOPE__MIRRORS(async_uv_udp_send_t, uv_udp_send_t, handle);

static int check_usable(const async_uv_udp_t *udp) {
  int error = asyncscope__check_handle((const async_uv_handle_t *)udp);
  if (error == 0 && uv_is_closing((const uv_handle_t *)&udp->uv))
    error = asyncscope__fail(UV_EINVAL, "the UDP handle is closing");
  return error;
}

static int check_send(const async_uv_udp_t *udp, const uv_buf_t bufs[],
                      unsigned int nbufs) {
  int error = check_usable(udp);
  if (error != 0)
    return error;
  if (bufs == NULL || nbufs == 0)
    return asyncscope__fail(UV_EINVAL, "a send needs at least one buffer");
  asyncscope__handle_used((const async_uv_handle_t *)udp);
  return 0;
}

/* What uv_udp_send() would not begin, as against what became of a message. */
static bool is_refused(int sent) {
  return sent == UV_EINVAL || sent == UV_EISCONN || sent == UV_EDESTADDRREQ;
}

static void on_tick(async_tick_t *tick) {
  async_uv_udp_send_t *req =
      (void *)((char *)tick - offsetof(async_uv_udp_send_t, tick));
  req->cb(req, req->status);
}

static int finish_at_once(const async_site_t *site, async_uv_udp_send_t *req,
                          int status) {
  req->status = status;
  return asyncscope__finish_at_once(site, &req->tick,
                                    req->cb == NULL ? NULL : on_tick);
}

static void on_send(uv_udp_send_t *uv, int status) {
  async_uv_udp_send_t *req = (async_uv_udp_send_t *)uv;
  if (req->cb == NULL) {
    async_resource_finish(&req->resource);
    return;
  }
  asyncscope__uv_scope_t scope = asyncscope__uv_scope_open(&req->resource);
  req->cb(req, status);
  asyncscope__uv_scope_close_last(&scope);
}

static int finish_later(const async_site_t *site, async_uv_udp_send_t *req,
                        async_uv_udp_t *udp, const uv_buf_t bufs[],
                        unsigned int nbufs, const struct sockaddr *addr) {
  async_resource_options_t options =
      asyncscope__triggered_by((const async_uv_handle_t *)udp);
  memset(&req->resource, 0, sizeof(req->resource));
  int error =
      async_resource_init_at(site, &req->resource, "UDPSENDWRAP", &options);
  if (error != 0)
    return error;
  error = uv_udp_send(&req->uv, &udp->uv, bufs, nbufs, addr, on_send);
  if (error != 0)
    async_resource_finish(&req->resource);
  else if (req->cb != NULL)
    asyncscope__resource_owes(&req->resource);
  return error;
}

int async_uv_udp_send_at(const async_site_t *site, async_uv_udp_send_t *req,
                         async_uv_udp_t *udp, const uv_buf_t bufs[],
                         unsigned int nbufs, const struct sockaddr *addr,
                         async_uv_udp_send_cb cb) {
  int sent = check_send(udp, bufs, nbufs);
  if (sent == 0)
    sent = asyncscope__check_begin(udp->loop);
  if (sent != 0)
    return sent;
  sent = uv_udp_try_send(&udp->uv, bufs, nbufs, addr);
  if (is_refused(sent))
    return sent;
  req->cb = cb;
  req->type = UV_UDP_SEND;
  req->uv.handle = &udp->uv;
  if (sent == UV_EAGAIN)
    return finish_later(site, req, udp, bufs, nbufs, addr);
  return finish_at_once(site, req, sent < 0 ? sent : 0);
}

int async_uv_udp_try_send(async_uv_udp_t *udp, const uv_buf_t bufs[],
                          unsigned int nbufs, const struct sockaddr *addr) {
  int error = check_send(udp, bufs, nbufs);
  return error != 0 ? error : uv_udp_try_send(&udp->uv, bufs, nbufs, addr);
}

int async_uv_udp_try_send2(async_uv_udp_t *udp, unsigned int count,
                           uv_buf_t *bufs[], unsigned int nbufs[],
                           struct sockaddr *addrs[], unsigned int flags) {
  int error = check_usable(udp);
#if UV_VERSION_HEX >= 0x013200
  return error != 0
             ? error
             : uv_udp_try_send2(&udp->uv, count, bufs, nbufs, addrs, flags);
#else
  (void)count, (void)bufs, (void)nbufs, (void)addrs, (void)flags;
  return error != 0 ? error
                    : asyncscope__fail(UV_ENOSYS,
                                       "uv_udp_try_send2() is of libuv 1.50");
#endif
}
