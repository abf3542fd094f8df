#include "asyncscope/async_uv_req.h"

#include "uv_tracked.h"

ASYNCSCOPE__MIRRORS_REQ(async_uv_req_t, uv_req_t);

int async_uv_cancel(async_uv_req_t *req) {
  return uv_cancel(&req->uv);
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
