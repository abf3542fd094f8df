#include "asyncscope/async_uv_req.h"

#include "env.h"
#include "uv_tracked.h"

ASYNCSCOPE__MIRRORS_REQ(async_uv_req_t, uv_req_t);

/* NULL for a type that cannot be cancelled. */
static const uv_loop_t *loop_of(const uv_req_t *req) {
  switch (req->type) {
  case UV_FS:
    return ((const uv_fs_t *)req)->loop;
  case UV_GETADDRINFO:
    return ((const uv_getaddrinfo_t *)req)->loop;
  case UV_GETNAMEINFO:
    return ((const uv_getnameinfo_t *)req)->loop;
  case UV_RANDOM:
    return ((const uv_random_t *)req)->loop;
  case UV_WORK:
    return ((const uv_work_t *)req)->loop;
  default:
    return NULL;
  }
}

int asyncscope__cancel(uv_req_t *req) {
  const uv_loop_t *loop = loop_of(req);
  int error = loop == NULL ? 0 : asyncscope__check_not_elsewhere(loop);
  return error != 0 ? error : uv_cancel(req);
}

int async_uv_cancel(async_uv_req_t *req) {
  return asyncscope__cancel(&req->uv);
}

uv_req_type async_uv_req_get_type(const async_uv_req_t *req) {
  return uv_req_get_type(&req->uv);
}

void *async_uv_req_get_data(const async_uv_req_t *req) {
  return uv_req_get_data(&req->uv);
}

void async_uv_req_set_data(async_uv_req_t *req, void *data) {
  uv_req_set_data(&req->uv, data);
}
