/* The life of a request, and the calls that take an open file or directory;
 * those that take a path are in async_uv_fs_path.c. A request has a live
 * resource from the call to its callback; a synchronous one never has. */
#include "asyncscope/async_uv_fs.h"

#include "env.h"
#include "fs_request.h"
#include "resource.h"
#include "uv_tracked.h"
#include <string.h>

ASYNCSCOPE__MIRRORS_REQ(async_uv_fs_t, uv_fs_t);
ASYNCSCOPE__MIRRORS(async_uv_fs_t, uv_fs_t, fs_type);
ASYNCSCOPE__MIRRORS(async_uv_fs_t, uv_fs_t, loop);
ASYNCSCOPE__MIRRORS(async_uv_fs_t, uv_fs_t, result);
ASYNCSCOPE__MIRRORS(async_uv_fs_t, uv_fs_t, ptr);
ASYNCSCOPE__MIRRORS(async_uv_fs_t, uv_fs_t, path);
ASYNCSCOPE__MIRRORS(async_uv_fs_t, uv_fs_t, statbuf);

static void on_fs(uv_fs_t *uv) {
  async_uv_fs_t *req = (async_uv_fs_t *)uv;
  asyncscope__uv_scope_t scope = asyncscope__uv_scope_open(&req->resource);
  req->cb(req);
  asyncscope__uv_scope_close_last(&scope);
}

/* libuv has not seen the request, so it is given what cleanup reads. */
static int refuse(async_uv_fs_t *req, int error) {
  void *data = req->data;
  memset(&req->uv, 0, sizeof(req->uv));
  req->data = data;
  req->result = error;
  return error;
}

int asyncscope__fs_begin(const async_site_t *site, uv_loop_t *loop,
                         async_uv_fs_t *req, async_uv_fs_cb cb,
                         uv_fs_cb *ret_uv_cb) {
  req->resource = (async_resource_t){.data = NULL};
  req->cb = cb;
  *ret_uv_cb = cb == NULL ? NULL : on_fs;
  if (cb == NULL)
    return 0;
  int error = asyncscope__check_loop(loop);
  if (error == 0)
    error = async_resource_init_at(site, &req->resource, "FSREQCALLBACK", NULL);
  return error == 0 ? 0 : refuse(req, error);
}

/* The path is shown in diagnostics; without memory for it, it is not. */
int asyncscope__fs_end(async_uv_fs_t *req, int result) {
  if (result < 0)
    async_resource_finish(&req->resource);
  else if (req->resource.record != 0 && req->path != NULL)
    async_resource_set_name(&req->resource, req->path, strlen(req->path));
  if (result >= 0)
    asyncscope__resource_owes(&req->resource);
  return result;
}

void async_uv_fs_req_cleanup(async_uv_fs_t *req) {
  uv_fs_req_cleanup(&req->uv);
}

int async_uv_fs_cancel(async_uv_fs_t *req) {
  return asyncscope__cancel((uv_req_t *)&req->uv);
}

uv_fs_type async_uv_fs_get_type(const async_uv_fs_t *req) {
  return uv_fs_get_type(&req->uv);
}

ssize_t async_uv_fs_get_result(const async_uv_fs_t *req) {
  return uv_fs_get_result(&req->uv);
}

int async_uv_fs_get_system_error(const async_uv_fs_t *req) {
  return uv_fs_get_system_error(&req->uv);
}

void *async_uv_fs_get_ptr(const async_uv_fs_t *req) {
  return uv_fs_get_ptr(&req->uv);
}

const char *async_uv_fs_get_path(const async_uv_fs_t *req) {
  return uv_fs_get_path(&req->uv);
}

uv_stat_t *async_uv_fs_get_statbuf(async_uv_fs_t *req) {
  return uv_fs_get_statbuf(&req->uv);
}

int async_uv_fs_scandir_next(async_uv_fs_t *req, uv_dirent_t *ent) {
  return uv_fs_scandir_next(&req->uv, ent);
}

int async_uv_fs_close_at(const async_site_t *site, uv_loop_t *loop,
                         async_uv_fs_t *req, uv_file file, async_uv_fs_cb cb) {
  uv_fs_cb on_done;
  int result = asyncscope__fs_begin(site, loop, req, cb, &on_done);
  if (result == 0)
    result = uv_fs_close(loop, &req->uv, file, on_done);
  return asyncscope__fs_end(req, result);
}

int async_uv_fs_read_at(const async_site_t *site, uv_loop_t *loop,
                        async_uv_fs_t *req, uv_file file, const uv_buf_t bufs[],
                        unsigned int nbufs, int64_t offset, async_uv_fs_cb cb) {
  uv_fs_cb on_done;
  int result = asyncscope__fs_begin(site, loop, req, cb, &on_done);
  if (result == 0)
    result = uv_fs_read(loop, &req->uv, file, bufs, nbufs, offset, on_done);
  return asyncscope__fs_end(req, result);
}

int async_uv_fs_write_at(const async_site_t *site, uv_loop_t *loop,
                         async_uv_fs_t *req, uv_file file,
                         const uv_buf_t bufs[], unsigned int nbufs,
                         int64_t offset, async_uv_fs_cb cb) {
  uv_fs_cb on_done;
  int result = asyncscope__fs_begin(site, loop, req, cb, &on_done);
  if (result == 0)
    result = uv_fs_write(loop, &req->uv, file, bufs, nbufs, offset, on_done);
  return asyncscope__fs_end(req, result);
}

int async_uv_fs_fstat_at(const async_site_t *site, uv_loop_t *loop,
                         async_uv_fs_t *req, uv_file file, async_uv_fs_cb cb) {
  uv_fs_cb on_done;
  int result = asyncscope__fs_begin(site, loop, req, cb, &on_done);
  if (result == 0)
    result = uv_fs_fstat(loop, &req->uv, file, on_done);
  return asyncscope__fs_end(req, result);
}

int async_uv_fs_fsync_at(const async_site_t *site, uv_loop_t *loop,
                         async_uv_fs_t *req, uv_file file, async_uv_fs_cb cb) {
  uv_fs_cb on_done;
  int result = asyncscope__fs_begin(site, loop, req, cb, &on_done);
  if (result == 0)
    result = uv_fs_fsync(loop, &req->uv, file, on_done);
  return asyncscope__fs_end(req, result);
}

int async_uv_fs_fdatasync_at(const async_site_t *site, uv_loop_t *loop,
                             async_uv_fs_t *req, uv_file file,
                             async_uv_fs_cb cb) {
  uv_fs_cb on_done;
  int result = asyncscope__fs_begin(site, loop, req, cb, &on_done);
  if (result == 0)
    result = uv_fs_fdatasync(loop, &req->uv, file, on_done);
  return asyncscope__fs_end(req, result);
}

int async_uv_fs_ftruncate_at(const async_site_t *site, uv_loop_t *loop,
                             async_uv_fs_t *req, uv_file file, int64_t offset,
                             async_uv_fs_cb cb) {
  uv_fs_cb on_done;
  int result = asyncscope__fs_begin(site, loop, req, cb, &on_done);
  if (result == 0)
    result = uv_fs_ftruncate(loop, &req->uv, file, offset, on_done);
  return asyncscope__fs_end(req, result);
}

int async_uv_fs_fchmod_at(const async_site_t *site, uv_loop_t *loop,
                          async_uv_fs_t *req, uv_file file, int mode,
                          async_uv_fs_cb cb) {
  uv_fs_cb on_done;
  int result = asyncscope__fs_begin(site, loop, req, cb, &on_done);
  if (result == 0)
    result = uv_fs_fchmod(loop, &req->uv, file, mode, on_done);
  return asyncscope__fs_end(req, result);
}

int async_uv_fs_fchown_at(const async_site_t *site, uv_loop_t *loop,
                          async_uv_fs_t *req, uv_file file, uv_uid_t uid,
                          uv_gid_t gid, async_uv_fs_cb cb) {
  uv_fs_cb on_done;
  int result = asyncscope__fs_begin(site, loop, req, cb, &on_done);
  if (result == 0)
    result = uv_fs_fchown(loop, &req->uv, file, uid, gid, on_done);
  return asyncscope__fs_end(req, result);
}

int async_uv_fs_futime_at(const async_site_t *site, uv_loop_t *loop,
                          async_uv_fs_t *req, uv_file file, double atime,
                          double mtime, async_uv_fs_cb cb) {
  uv_fs_cb on_done;
  int result = asyncscope__fs_begin(site, loop, req, cb, &on_done);
  if (result == 0)
    result = uv_fs_futime(loop, &req->uv, file, atime, mtime, on_done);
  return asyncscope__fs_end(req, result);
}

int async_uv_fs_sendfile_at(const async_site_t *site, uv_loop_t *loop,
                            async_uv_fs_t *req, uv_file out_fd, uv_file in_fd,
                            int64_t in_offset, size_t length,
                            async_uv_fs_cb cb) {
  uv_fs_cb on_done;
  int result = asyncscope__fs_begin(site, loop, req, cb, &on_done);
  if (result == 0)
    result = uv_fs_sendfile(loop, &req->uv, out_fd, in_fd, in_offset, length,
                            on_done);
  return asyncscope__fs_end(req, result);
}

int async_uv_fs_readdir_at(const async_site_t *site, uv_loop_t *loop,
                           async_uv_fs_t *req, uv_dir_t *dir,
                           async_uv_fs_cb cb) {
  uv_fs_cb on_done;
  int result = asyncscope__fs_begin(site, loop, req, cb, &on_done);
  if (result == 0)
    result = uv_fs_readdir(loop, &req->uv, dir, on_done);
  return asyncscope__fs_end(req, result);
}

int async_uv_fs_closedir_at(const async_site_t *site, uv_loop_t *loop,
                            async_uv_fs_t *req, uv_dir_t *dir,
                            async_uv_fs_cb cb) {
  uv_fs_cb on_done;
  int result = asyncscope__fs_begin(site, loop, req, cb, &on_done);
  if (result == 0)
    result = uv_fs_closedir(loop, &req->uv, dir, on_done);
  return asyncscope__fs_end(req, result);
}
