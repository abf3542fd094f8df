/* A TCP handle gets its resource when it is known what it becomes: a server
 * (async_uv_listen), a client (connect, accept) or what it was opened with. */
#include "asyncscope/async_uv_tcp.h"

#include "env.h"
#include "error.h"
#include "resource.h"
#include "uv_stream.h"
#include "uv_tracked.h"
#include <sys/socket.h>

ASYNCSCOPE__MIRRORS_HANDLE(async_uv_tcp_t, uv_tcp_t);

static async_uv_handle_t *as_handle(async_uv_tcp_t *tcp) {
  return (async_uv_handle_t *)tcp;
}

int async_uv_tcp_init(uv_loop_t *loop, async_uv_tcp_t *tcp) {
  return async_uv_tcp_init_ex(loop, tcp, AF_UNSPEC);
}

int async_uv_tcp_init_ex(uv_loop_t *loop, async_uv_tcp_t *tcp,
                         unsigned int flags) {
  int error = asyncscope__check_loop(loop);
  if (error == 0)
    error = uv_tcp_init_ex(loop, &tcp->uv, flags);
  if (error != 0)
    return error;
  asyncscope__tracked_init(as_handle(tcp));
  asyncscope__stream_part_init(&tcp->stream);
  return 0;
}

static int check_usable(async_uv_tcp_t *tcp) {
  int error = asyncscope__check_handle(as_handle(tcp));
  if (error == 0 && uv_is_closing((uv_handle_t *)&tcp->uv))
    error = asyncscope__fail(UV_EINVAL, "the TCP handle is closing");
  return error;
}

static bool listens(uv_os_sock_t sock) {
  int value = 0;
  socklen_t size_bytes = sizeof(value);
  return getsockopt(sock, SOL_SOCKET, SO_ACCEPTCONN, &value, &size_bytes) ==
             0 &&
         value != 0;
}

int async_uv_tcp_open_at(const async_site_t *site, async_uv_tcp_t *tcp,
                         uv_os_sock_t sock) {
  async_resource_t before;
  int error = check_usable(tcp);
  if (error != 0)
    return error;
  if (listens(sock))
    return uv_tcp_open(&tcp->uv, sock);
  error = asyncscope__track(as_handle(tcp), site, "TCPWRAP", NULL, &before);
  if (error != 0)
    return error;
  error = uv_tcp_open(&tcp->uv, sock);
  return asyncscope__track_done(as_handle(tcp), &before, error);
}

int async_uv_tcp_bind(async_uv_tcp_t *tcp, const struct sockaddr *addr,
                      unsigned int flags) {
  int error = check_usable(tcp);
  return error != 0 ? error : uv_tcp_bind(&tcp->uv, addr, flags);
}

int async_uv_tcp_nodelay(async_uv_tcp_t *tcp, int enable) {
  int error = asyncscope__check_handle(as_handle(tcp));
  return error != 0 ? error : uv_tcp_nodelay(&tcp->uv, enable);
}

int async_uv_tcp_keepalive(async_uv_tcp_t *tcp, int enable,
                           unsigned int delay_s) {
  int error = asyncscope__check_handle(as_handle(tcp));
  return error != 0 ? error : uv_tcp_keepalive(&tcp->uv, enable, delay_s);
}

int async_uv_tcp_getsockname(const async_uv_tcp_t *tcp,
                             struct sockaddr *ret_name, int *namelen) {
  return uv_tcp_getsockname(&tcp->uv, ret_name, namelen);
}

int async_uv_tcp_getpeername(const async_uv_tcp_t *tcp,
                             struct sockaddr *ret_name, int *namelen) {
  return uv_tcp_getpeername(&tcp->uv, ret_name, namelen);
}

static int start_connect(const async_site_t *site, async_uv_connect_t *req,
                         async_uv_tcp_t *tcp, const struct sockaddr *addr) {
  int error =
      asyncscope__connect_track(site, req, as_handle(tcp), "TCPCONNECTWRAP");
  if (error != 0)
    return error;
  error = uv_tcp_connect(&req->uv, &tcp->uv, addr, asyncscope__on_connect);
  return asyncscope__connect_tracked(req, error);
}

int async_uv_tcp_connect_at(const async_site_t *site, async_uv_connect_t *req,
                            async_uv_tcp_t *tcp, const struct sockaddr *addr,
                            async_uv_connect_cb cb) {
  async_resource_t before;
  int error = check_usable(tcp);
  if (error == 0)
    error = asyncscope__check_begin(tcp->loop);
  if (error != 0)
    return error;
  req->cb = cb;
  if (asyncscope__is_tracked(as_handle(tcp)))
    return start_connect(site, req, tcp, addr);
  error = asyncscope__track(as_handle(tcp), site, "TCPWRAP", NULL, &before);
  if (error != 0)
    return error;
  error = start_connect(site, req, tcp, addr);
  return asyncscope__track_done(as_handle(tcp), &before, error);
}

int async_uv_tcp_close_reset(async_uv_tcp_t *tcp, async_uv_close_cb close_cb) {
  int error = check_usable(tcp);
  if (error == 0)
    error = uv_tcp_close_reset(&tcp->uv, asyncscope__on_close);
  if (error != 0)
    return error;
  asyncscope__resource_is_closing(&tcp->tracked.resource);
  tcp->tracked.close_cb = close_cb;
  return 0;
}

int async_uv_tcp_simultaneous_accepts(async_uv_tcp_t *tcp, int enable) {
  int error = asyncscope__check_handle(as_handle(tcp));
  return error != 0 ? error : uv_tcp_simultaneous_accepts(&tcp->uv, enable);
}

int async_uv_tcp_keepalive_ex(async_uv_tcp_t *tcp, int on, unsigned int idle_s,
                              unsigned int interval_s, unsigned int count) {
#if UV_VERSION_HEX >= 0x013400
  int error = asyncscope__check_handle(as_handle(tcp));
  return error != 0
             ? error
             : uv_tcp_keepalive_ex(&tcp->uv, on, idle_s, interval_s, count);
#else
  (void)tcp, (void)on, (void)idle_s, (void)interval_s, (void)count;
  return asyncscope__fail(UV_ENOSYS, "uv_tcp_keepalive_ex() is of libuv 1.52");
#endif
}
