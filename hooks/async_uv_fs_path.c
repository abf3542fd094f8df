/* The calls that take a path. */
#include "asyncscope/async_uv_fs.h"

#include "fs_request.h"

int async_uv_fs_open_at(const async_site_t *site, uv_loop_t *loop,
                        async_uv_fs_t *req, const char *path, int flags,
                        int mode, async_uv_fs_cb cb) {
  uv_fs_cb on_done;
  int result = asyncscope__fs_begin(site, loop, req, cb, &on_done);
  if (result == 0)
    result = uv_fs_open(loop, &req->uv, path, flags, mode, on_done);
  return asyncscope__fs_end(req, result);
}

int async_uv_fs_access_at(const async_site_t *site, uv_loop_t *loop,
                          async_uv_fs_t *req, const char *path, int mode,
                          async_uv_fs_cb cb) {
  uv_fs_cb on_done;
  int result = asyncscope__fs_begin(site, loop, req, cb, &on_done);
  if (result == 0)
    result = uv_fs_access(loop, &req->uv, path, mode, on_done);
  return asyncscope__fs_end(req, result);
}

int async_uv_fs_stat_at(const async_site_t *site, uv_loop_t *loop,
                        async_uv_fs_t *req, const char *path,
                        async_uv_fs_cb cb) {
  uv_fs_cb on_done;
  int result = asyncscope__fs_begin(site, loop, req, cb, &on_done);
  if (result == 0)
    result = uv_fs_stat(loop, &req->uv, path, on_done);
  return asyncscope__fs_end(req, result);
}

int async_uv_fs_lstat_at(const async_site_t *site, uv_loop_t *loop,
                         async_uv_fs_t *req, const char *path,
                         async_uv_fs_cb cb) {
  uv_fs_cb on_done;
  int result = asyncscope__fs_begin(site, loop, req, cb, &on_done);
  if (result == 0)
    result = uv_fs_lstat(loop, &req->uv, path, on_done);
  return asyncscope__fs_end(req, result);
}

int async_uv_fs_statfs_at(const async_site_t *site, uv_loop_t *loop,
                          async_uv_fs_t *req, const char *path,
                          async_uv_fs_cb cb) {
  uv_fs_cb on_done;
  int result = asyncscope__fs_begin(site, loop, req, cb, &on_done);
  if (result == 0)
    result = uv_fs_statfs(loop, &req->uv, path, on_done);
  return asyncscope__fs_end(req, result);
}

int async_uv_fs_chmod_at(const async_site_t *site, uv_loop_t *loop,
                         async_uv_fs_t *req, const char *path, int mode,
                         async_uv_fs_cb cb) {
  uv_fs_cb on_done;
  int result = asyncscope__fs_begin(site, loop, req, cb, &on_done);
  if (result == 0)
    result = uv_fs_chmod(loop, &req->uv, path, mode, on_done);
  return asyncscope__fs_end(req, result);
}

int async_uv_fs_chown_at(const async_site_t *site, uv_loop_t *loop,
                         async_uv_fs_t *req, const char *path, uv_uid_t uid,
                         uv_gid_t gid, async_uv_fs_cb cb) {
  uv_fs_cb on_done;
  int result = asyncscope__fs_begin(site, loop, req, cb, &on_done);
  if (result == 0)
    result = uv_fs_chown(loop, &req->uv, path, uid, gid, on_done);
  return asyncscope__fs_end(req, result);
}

int async_uv_fs_lchown_at(const async_site_t *site, uv_loop_t *loop,
                          async_uv_fs_t *req, const char *path, uv_uid_t uid,
                          uv_gid_t gid, async_uv_fs_cb cb) {
  uv_fs_cb on_done;
  int result = asyncscope__fs_begin(site, loop, req, cb, &on_done);
  if (result == 0)
    result = uv_fs_lchown(loop, &req->uv, path, uid, gid, on_done);
  return asyncscope__fs_end(req, result);
}

int async_uv_fs_utime_at(const async_site_t *site, uv_loop_t *loop,
                         async_uv_fs_t *req, const char *path, double atime,
                         double mtime, async_uv_fs_cb cb) {
  uv_fs_cb on_done;
  int result = asyncscope__fs_begin(site, loop, req, cb, &on_done);
  if (result == 0)
    result = uv_fs_utime(loop, &req->uv, path, atime, mtime, on_done);
  return asyncscope__fs_end(req, result);
}

int async_uv_fs_lutime_at(const async_site_t *site, uv_loop_t *loop,
                          async_uv_fs_t *req, const char *path, double atime,
                          double mtime, async_uv_fs_cb cb) {
  uv_fs_cb on_done;
  int result = asyncscope__fs_begin(site, loop, req, cb, &on_done);
  if (result == 0)
    result = uv_fs_lutime(loop, &req->uv, path, atime, mtime, on_done);
  return asyncscope__fs_end(req, result);
}

int async_uv_fs_link_at(const async_site_t *site, uv_loop_t *loop,
                        async_uv_fs_t *req, const char *path,
                        const char *new_path, async_uv_fs_cb cb) {
  uv_fs_cb on_done;
  int result = asyncscope__fs_begin(site, loop, req, cb, &on_done);
  if (result == 0)
    result = uv_fs_link(loop, &req->uv, path, new_path, on_done);
  return asyncscope__fs_end(req, result);
}

int async_uv_fs_symlink_at(const async_site_t *site, uv_loop_t *loop,
                           async_uv_fs_t *req, const char *path,
                           const char *new_path, int flags, async_uv_fs_cb cb) {
  uv_fs_cb on_done;
  int result = asyncscope__fs_begin(site, loop, req, cb, &on_done);
  if (result == 0)
    result = uv_fs_symlink(loop, &req->uv, path, new_path, flags, on_done);
  return asyncscope__fs_end(req, result);
}

int async_uv_fs_readlink_at(const async_site_t *site, uv_loop_t *loop,
                            async_uv_fs_t *req, const char *path,
                            async_uv_fs_cb cb) {
  uv_fs_cb on_done;
  int result = asyncscope__fs_begin(site, loop, req, cb, &on_done);
  if (result == 0)
    result = uv_fs_readlink(loop, &req->uv, path, on_done);
  return asyncscope__fs_end(req, result);
}

int async_uv_fs_realpath_at(const async_site_t *site, uv_loop_t *loop,
                            async_uv_fs_t *req, const char *path,
                            async_uv_fs_cb cb) {
  uv_fs_cb on_done;
  int result = asyncscope__fs_begin(site, loop, req, cb, &on_done);
  if (result == 0)
    result = uv_fs_realpath(loop, &req->uv, path, on_done);
  return asyncscope__fs_end(req, result);
}

int async_uv_fs_rename_at(const async_site_t *site, uv_loop_t *loop,
                          async_uv_fs_t *req, const char *path,
                          const char *new_path, async_uv_fs_cb cb) {
  uv_fs_cb on_done;
  int result = asyncscope__fs_begin(site, loop, req, cb, &on_done);
  if (result == 0)
    result = uv_fs_rename(loop, &req->uv, path, new_path, on_done);
  return asyncscope__fs_end(req, result);
}

int async_uv_fs_unlink_at(const async_site_t *site, uv_loop_t *loop,
                          async_uv_fs_t *req, const char *path,
                          async_uv_fs_cb cb) {
  uv_fs_cb on_done;
  int result = asyncscope__fs_begin(site, loop, req, cb, &on_done);
  if (result == 0)
    result = uv_fs_unlink(loop, &req->uv, path, on_done);
  return asyncscope__fs_end(req, result);
}

int async_uv_fs_copyfile_at(const async_site_t *site, uv_loop_t *loop,
                            async_uv_fs_t *req, const char *path,
                            const char *new_path, int flags,
                            async_uv_fs_cb cb) {
  uv_fs_cb on_done;
  int result = asyncscope__fs_begin(site, loop, req, cb, &on_done);
  if (result == 0)
    result = uv_fs_copyfile(loop, &req->uv, path, new_path, flags, on_done);
  return asyncscope__fs_end(req, result);
}

int async_uv_fs_mkdir_at(const async_site_t *site, uv_loop_t *loop,
                         async_uv_fs_t *req, const char *path, int mode,
                         async_uv_fs_cb cb) {
  uv_fs_cb on_done;
  int result = asyncscope__fs_begin(site, loop, req, cb, &on_done);
  if (result == 0)
    result = uv_fs_mkdir(loop, &req->uv, path, mode, on_done);
  return asyncscope__fs_end(req, result);
}

int async_uv_fs_mkdtemp_at(const async_site_t *site, uv_loop_t *loop,
                           async_uv_fs_t *req, const char *tpl,
                           async_uv_fs_cb cb) {
  uv_fs_cb on_done;
  int result = asyncscope__fs_begin(site, loop, req, cb, &on_done);
  if (result == 0)
    result = uv_fs_mkdtemp(loop, &req->uv, tpl, on_done);
  return asyncscope__fs_end(req, result);
}

int async_uv_fs_mkstemp_at(const async_site_t *site, uv_loop_t *loop,
                           async_uv_fs_t *req, const char *tpl,
                           async_uv_fs_cb cb) {
  uv_fs_cb on_done;
  int result = asyncscope__fs_begin(site, loop, req, cb, &on_done);
  if (result == 0)
    result = uv_fs_mkstemp(loop, &req->uv, tpl, on_done);
  return asyncscope__fs_end(req, result);
}

int async_uv_fs_rmdir_at(const async_site_t *site, uv_loop_t *loop,
                         async_uv_fs_t *req, const char *path,
                         async_uv_fs_cb cb) {
  uv_fs_cb on_done;
  int result = asyncscope__fs_begin(site, loop, req, cb, &on_done);
  if (result == 0)
    result = uv_fs_rmdir(loop, &req->uv, path, on_done);
  return asyncscope__fs_end(req, result);
}

int async_uv_fs_scandir_at(const async_site_t *site, uv_loop_t *loop,
                           async_uv_fs_t *req, const char *path, int flags,
                           async_uv_fs_cb cb) {
  uv_fs_cb on_done;
  int result = asyncscope__fs_begin(site, loop, req, cb, &on_done);
  if (result == 0)
    result = uv_fs_scandir(loop, &req->uv, path, flags, on_done);
  return asyncscope__fs_end(req, result);
}

int async_uv_fs_opendir_at(const async_site_t *site, uv_loop_t *loop,
                           async_uv_fs_t *req, const char *path,
                           async_uv_fs_cb cb) {
  uv_fs_cb on_done;
  int result = asyncscope__fs_begin(site, loop, req, cb, &on_done);
  if (result == 0)
    result = uv_fs_opendir(loop, &req->uv, path, on_done);
  return asyncscope__fs_end(req, result);
}
