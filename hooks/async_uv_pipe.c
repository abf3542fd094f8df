/* A pipe gets its resource when it is known what it becomes, as a TCP handle
 * does. libuv forgets the first of two connect requests on one pipe, and its
 * callback would never come: a pipe has at most one at a time. */
#include "asyncscope/async_uv_pipe.h"

#include "env.h"
#include "error.h"
#include "resource.h"
#include "uv_stream.h"
#include "uv_tracked.h"
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

ASYNCSCOPE__MIRRORS_HANDLE(async_uv_pipe_t, uv_pipe_t);

#define NAME_SIZE_BYTES sizeof(((struct sockaddr_un *)0)->sun_path)

static async_uv_handle_t *as_handle(async_uv_pipe_t *pipe) {
  return (async_uv_handle_t *)pipe;
}

int async_uv_pipe_init(uv_loop_t *loop, async_uv_pipe_t *pipe, int ipc) {
  int error = asyncscope__check_loop(loop);
  if (error == 0)
    error = uv_pipe_init(loop, &pipe->uv, ipc);
  if (error != 0)
    return error;
  asyncscope__tracked_init(as_handle(pipe));
  asyncscope__stream_part_init(&pipe->stream);
  pipe->connects = false;
  return 0;
}

static int check_usable(async_uv_pipe_t *pipe) {
  int error = asyncscope__check_handle(as_handle(pipe));
  if (error == 0 && uv_is_closing((uv_handle_t *)&pipe->uv))
    error = asyncscope__fail(UV_EINVAL, "the pipe is closing");
  return error;
}

static int check_name(const char *name) {
  if (name == NULL || *name == '\0')
    return asyncscope__fail(UV_EINVAL, "a pipe needs a name");
  if (strlen(name) >= NAME_SIZE_BYTES)
    return asyncscope__fail(UV_ENAMETOOLONG,
                            "a pipe's name has at most %zu bytes",
                            NAME_SIZE_BYTES - 1);
  return 0;
}

static bool listens(uv_file file) {
  int value = 0;
  socklen_t size_bytes = sizeof(value);
  return getsockopt(file, SOL_SOCKET, SO_ACCEPTCONN, &value, &size_bytes) ==
             0 &&
         value != 0;
}

int async_uv_pipe_open_at(const async_site_t *site, async_uv_pipe_t *pipe,
                          uv_file file) {
  async_resource_t before;
  int error = check_usable(pipe);
  if (error != 0)
    return error;
  if (listens(file))
    return uv_pipe_open(&pipe->uv, file);
  error = asyncscope__track(as_handle(pipe), site, "PIPEWRAP", NULL, &before);
  if (error != 0)
    return error;
  error = uv_pipe_open(&pipe->uv, file);
  return asyncscope__track_done(as_handle(pipe), &before, error);
}

int async_uv_pipe_bind(async_uv_pipe_t *pipe, const char *name) {
  int error = check_usable(pipe);
  if (error == 0)
    error = check_name(name);
  return error != 0 ? error : uv_pipe_bind(&pipe->uv, name);
}

static int check_connect(async_uv_pipe_t *pipe) {
  int error = check_usable(pipe);
  if (error == 0)
    error = asyncscope__check_begin(pipe->loop);
  if (error == 0 && pipe->connects)
    error = asyncscope__fail(UV_EALREADY, "the pipe is connecting already");
  return error;
}

static void on_connect(uv_connect_t *uv, int status) {
  ((async_uv_pipe_t *)uv->handle)->connects = false;
  asyncscope__on_connect(uv, status);
}

/* Where to connect to, and how to ask libuv for it. */
typedef struct target_s {
  int (*connect)(async_uv_connect_t *req, async_uv_pipe_t *pipe,
                 const struct target_s *target);
  const char *name;
  size_t namelen;
  unsigned int flags;
} target_t;

static int start_connect(const async_site_t *site, async_uv_connect_t *req,
                         async_uv_pipe_t *pipe, const target_t *target) {
  int error =
      asyncscope__connect_track(site, req, as_handle(pipe), "PIPECONNECTWRAP");
  if (error != 0)
    return error;
  pipe->connects = true;
  error = target->connect(req, pipe, target);
  pipe->connects = error == 0;
  return asyncscope__connect_tracked(req, error);
}

static int connect_to(const async_site_t *site, async_uv_connect_t *req,
                      async_uv_pipe_t *pipe, const target_t *target,
                      async_uv_connect_cb cb) {
  async_resource_t before;
  req->cb = cb;
  if (asyncscope__is_tracked(as_handle(pipe)))
    return start_connect(site, req, pipe, target);
  int error =
      asyncscope__track(as_handle(pipe), site, "PIPEWRAP", NULL, &before);
  if (error != 0)
    return error;
  error = start_connect(site, req, pipe, target);
  return asyncscope__track_done(as_handle(pipe), &before, error);
}

static int connect_by_name(async_uv_connect_t *req, async_uv_pipe_t *pipe,
                           const target_t *target) {
  uv_pipe_connect(&req->uv, &pipe->uv, target->name, on_connect);
  return 0;
}

int async_uv_pipe_connect_at(const async_site_t *site, async_uv_connect_t *req,
                             async_uv_pipe_t *pipe, const char *name,
                             async_uv_connect_cb cb) {
  target_t target = {.connect = connect_by_name, .name = name};
  int error = check_connect(pipe);
  if (error == 0)
    error = check_name(name);
  return error != 0 ? error : connect_to(site, req, pipe, &target, cb);
}

static int connect_by_bytes(async_uv_connect_t *req, async_uv_pipe_t *pipe,
                            const target_t *target) {
#if UV_VERSION_HEX >= 0x012E00
  return uv_pipe_connect2(&req->uv, &pipe->uv, target->name, target->namelen,
                          target->flags, on_connect);
#else
  (void)req, (void)pipe, (void)target;
  return asyncscope__fail(UV_ENOSYS, "uv_pipe_connect2() is of libuv 1.46");
#endif
}

int async_uv_pipe_connect2_at(const async_site_t *site, async_uv_connect_t *req,
                              async_uv_pipe_t *pipe, const char *name,
                              size_t namelen, unsigned int flags,
                              async_uv_connect_cb cb) {
  target_t target = {connect_by_bytes, name, namelen, flags};
  int error = check_connect(pipe);
  return error != 0 ? error : connect_to(site, req, pipe, &target, cb);
}

int async_uv_pipe_bind2(async_uv_pipe_t *pipe, const char *name, size_t namelen,
                        unsigned int flags) {
  int error = check_usable(pipe);
#if UV_VERSION_HEX >= 0x012E00
  return error != 0 ? error : uv_pipe_bind2(&pipe->uv, name, namelen, flags);
#else
  (void)name, (void)namelen, (void)flags;
  return error != 0
             ? error
             : asyncscope__fail(UV_ENOSYS, "uv_pipe_bind2() is of libuv 1.46");
#endif
}

int async_uv_pipe_pending_count(async_uv_pipe_t *pipe) {
  return uv_pipe_pending_count(&pipe->uv);
}

uv_handle_type async_uv_pipe_pending_type(async_uv_pipe_t *pipe) {
  return uv_pipe_pending_type(&pipe->uv);
}

void async_uv_pipe_pending_instances(async_uv_pipe_t *pipe, int count) {
  uv_pipe_pending_instances(&pipe->uv, count);
}

int async_uv_pipe_getsockname(const async_uv_pipe_t *pipe, char *ret_name,
                              size_t *size_bytes) {
  return uv_pipe_getsockname(&pipe->uv, ret_name, size_bytes);
}

int async_uv_pipe_getpeername(const async_uv_pipe_t *pipe, char *ret_name,
                              size_t *size_bytes) {
  return uv_pipe_getpeername(&pipe->uv, ret_name, size_bytes);
}

int async_uv_pipe_chmod(async_uv_pipe_t *pipe, int flags) {
  int error = check_usable(pipe);
  return error != 0 ? error : uv_pipe_chmod(&pipe->uv, flags);
}
