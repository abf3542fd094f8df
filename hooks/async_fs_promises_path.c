/* The calls that take a path. */
#include "asyncscope/async_fs_promises.h"

#include "fs_promise.h"

int async_uv_fs_access_promise_at(const async_site_t *site, uv_loop_t *loop,
                                  const char *path, int mode,
                                  async_promise_t **ret_promise) {
  asyncscope__fs_promise_t *operation;
  int error =
      asyncscope__fs_promise_begin(site, loop, "FSREQPROMISE", &operation);
  if (error == 0)
    error = uv_fs_access(loop, &operation->req.uv, path, mode,
                         asyncscope__on_fs_promise);
  return asyncscope__fs_promise_end(operation, error, ret_promise);
}

int async_uv_fs_stat_promise_at(const async_site_t *site, uv_loop_t *loop,
                                const char *path,
                                async_promise_t **ret_promise) {
  asyncscope__fs_promise_t *operation;
  int error =
      asyncscope__fs_promise_begin(site, loop, "FSREQPROMISE", &operation);
  if (error == 0)
    error =
        uv_fs_stat(loop, &operation->req.uv, path, asyncscope__on_fs_promise);
  return asyncscope__fs_promise_end(operation, error, ret_promise);
}

int async_uv_fs_lstat_promise_at(const async_site_t *site, uv_loop_t *loop,
                                 const char *path,
                                 async_promise_t **ret_promise) {
  asyncscope__fs_promise_t *operation;
  int error =
      asyncscope__fs_promise_begin(site, loop, "FSREQPROMISE", &operation);
  if (error == 0)
    error =
        uv_fs_lstat(loop, &operation->req.uv, path, asyncscope__on_fs_promise);
  return asyncscope__fs_promise_end(operation, error, ret_promise);
}

int async_uv_fs_statfs_promise_at(const async_site_t *site, uv_loop_t *loop,
                                  const char *path,
                                  async_promise_t **ret_promise) {
  asyncscope__fs_promise_t *operation;
  int error =
      asyncscope__fs_promise_begin(site, loop, "FSREQPROMISE", &operation);
  if (error == 0)
    error =
        uv_fs_statfs(loop, &operation->req.uv, path, asyncscope__on_fs_promise);
  return asyncscope__fs_promise_end(operation, error, ret_promise);
}

int async_uv_fs_chmod_promise_at(const async_site_t *site, uv_loop_t *loop,
                                 const char *path, int mode,
                                 async_promise_t **ret_promise) {
  asyncscope__fs_promise_t *operation;
  int error =
      asyncscope__fs_promise_begin(site, loop, "FSREQPROMISE", &operation);
  if (error == 0)
    error = uv_fs_chmod(loop, &operation->req.uv, path, mode,
                        asyncscope__on_fs_promise);
  return asyncscope__fs_promise_end(operation, error, ret_promise);
}

int async_uv_fs_chown_promise_at(const async_site_t *site, uv_loop_t *loop,
                                 const char *path, uv_uid_t uid, uv_gid_t gid,
                                 async_promise_t **ret_promise) {
  asyncscope__fs_promise_t *operation;
  int error =
      asyncscope__fs_promise_begin(site, loop, "FSREQPROMISE", &operation);
  if (error == 0)
    error = uv_fs_chown(loop, &operation->req.uv, path, uid, gid,
                        asyncscope__on_fs_promise);
  return asyncscope__fs_promise_end(operation, error, ret_promise);
}

int async_uv_fs_lchown_promise_at(const async_site_t *site, uv_loop_t *loop,
                                  const char *path, uv_uid_t uid, uv_gid_t gid,
                                  async_promise_t **ret_promise) {
  asyncscope__fs_promise_t *operation;
  int error =
      asyncscope__fs_promise_begin(site, loop, "FSREQPROMISE", &operation);
  if (error == 0)
    error = uv_fs_lchown(loop, &operation->req.uv, path, uid, gid,
                         asyncscope__on_fs_promise);
  return asyncscope__fs_promise_end(operation, error, ret_promise);
}

int async_uv_fs_utime_promise_at(const async_site_t *site, uv_loop_t *loop,
                                 const char *path, double atime, double mtime,
                                 async_promise_t **ret_promise) {
  asyncscope__fs_promise_t *operation;
  int error =
      asyncscope__fs_promise_begin(site, loop, "FSREQPROMISE", &operation);
  if (error == 0)
    error = uv_fs_utime(loop, &operation->req.uv, path, atime, mtime,
                        asyncscope__on_fs_promise);
  return asyncscope__fs_promise_end(operation, error, ret_promise);
}

int async_uv_fs_lutime_promise_at(const async_site_t *site, uv_loop_t *loop,
                                  const char *path, double atime, double mtime,
                                  async_promise_t **ret_promise) {
  asyncscope__fs_promise_t *operation;
  int error =
      asyncscope__fs_promise_begin(site, loop, "FSREQPROMISE", &operation);
  if (error == 0)
    error = uv_fs_lutime(loop, &operation->req.uv, path, atime, mtime,
                         asyncscope__on_fs_promise);
  return asyncscope__fs_promise_end(operation, error, ret_promise);
}

int async_uv_fs_link_promise_at(const async_site_t *site, uv_loop_t *loop,
                                const char *path, const char *new_path,
                                async_promise_t **ret_promise) {
  asyncscope__fs_promise_t *operation;
  int error =
      asyncscope__fs_promise_begin(site, loop, "FSREQPROMISE", &operation);
  if (error == 0)
    error = uv_fs_link(loop, &operation->req.uv, path, new_path,
                       asyncscope__on_fs_promise);
  return asyncscope__fs_promise_end(operation, error, ret_promise);
}

int async_uv_fs_symlink_promise_at(const async_site_t *site, uv_loop_t *loop,
                                   const char *path, const char *new_path,
                                   int flags, async_promise_t **ret_promise) {
  asyncscope__fs_promise_t *operation;
  int error =
      asyncscope__fs_promise_begin(site, loop, "FSREQPROMISE", &operation);
  if (error == 0)
    error = uv_fs_symlink(loop, &operation->req.uv, path, new_path, flags,
                          asyncscope__on_fs_promise);
  return asyncscope__fs_promise_end(operation, error, ret_promise);
}

int async_uv_fs_readlink_promise_at(const async_site_t *site, uv_loop_t *loop,
                                    const char *path,
                                    async_promise_t **ret_promise) {
  asyncscope__fs_promise_t *operation;
  int error =
      asyncscope__fs_promise_begin(site, loop, "FSREQPROMISE", &operation);
  if (error == 0)
    error = uv_fs_readlink(loop, &operation->req.uv, path,
                           asyncscope__on_fs_promise);
  return asyncscope__fs_promise_end(operation, error, ret_promise);
}

int async_uv_fs_realpath_promise_at(const async_site_t *site, uv_loop_t *loop,
                                    const char *path,
                                    async_promise_t **ret_promise) {
  asyncscope__fs_promise_t *operation;
  int error =
      asyncscope__fs_promise_begin(site, loop, "FSREQPROMISE", &operation);
  if (error == 0)
    error = uv_fs_realpath(loop, &operation->req.uv, path,
                           asyncscope__on_fs_promise);
  return asyncscope__fs_promise_end(operation, error, ret_promise);
}

int async_uv_fs_rename_promise_at(const async_site_t *site, uv_loop_t *loop,
                                  const char *path, const char *new_path,
                                  async_promise_t **ret_promise) {
  asyncscope__fs_promise_t *operation;
  int error =
      asyncscope__fs_promise_begin(site, loop, "FSREQPROMISE", &operation);
  if (error == 0)
    error = uv_fs_rename(loop, &operation->req.uv, path, new_path,
                         asyncscope__on_fs_promise);
  return asyncscope__fs_promise_end(operation, error, ret_promise);
}

int async_uv_fs_unlink_promise_at(const async_site_t *site, uv_loop_t *loop,
                                  const char *path,
                                  async_promise_t **ret_promise) {
  asyncscope__fs_promise_t *operation;
  int error =
      asyncscope__fs_promise_begin(site, loop, "FSREQPROMISE", &operation);
  if (error == 0)
    error =
        uv_fs_unlink(loop, &operation->req.uv, path, asyncscope__on_fs_promise);
  return asyncscope__fs_promise_end(operation, error, ret_promise);
}

int async_uv_fs_copyfile_promise_at(const async_site_t *site, uv_loop_t *loop,
                                    const char *path, const char *new_path,
                                    int flags, async_promise_t **ret_promise) {
  asyncscope__fs_promise_t *operation;
  int error =
      asyncscope__fs_promise_begin(site, loop, "FSREQPROMISE", &operation);
  if (error == 0)
    error = uv_fs_copyfile(loop, &operation->req.uv, path, new_path, flags,
                           asyncscope__on_fs_promise);
  return asyncscope__fs_promise_end(operation, error, ret_promise);
}

int async_uv_fs_mkdir_promise_at(const async_site_t *site, uv_loop_t *loop,
                                 const char *path, int mode,
                                 async_promise_t **ret_promise) {
  asyncscope__fs_promise_t *operation;
  int error =
      asyncscope__fs_promise_begin(site, loop, "FSREQPROMISE", &operation);
  if (error == 0)
    error = uv_fs_mkdir(loop, &operation->req.uv, path, mode,
                        asyncscope__on_fs_promise);
  return asyncscope__fs_promise_end(operation, error, ret_promise);
}

int async_uv_fs_mkdtemp_promise_at(const async_site_t *site, uv_loop_t *loop,
                                   const char *tpl,
                                   async_promise_t **ret_promise) {
  asyncscope__fs_promise_t *operation;
  int error =
      asyncscope__fs_promise_begin(site, loop, "FSREQPROMISE", &operation);
  if (error == 0)
    error =
        uv_fs_mkdtemp(loop, &operation->req.uv, tpl, asyncscope__on_fs_promise);
  return asyncscope__fs_promise_end(operation, error, ret_promise);
}

int async_uv_fs_mkstemp_promise_at(const async_site_t *site, uv_loop_t *loop,
                                   const char *tpl,
                                   async_promise_t **ret_promise) {
  asyncscope__fs_promise_t *operation;
  int error =
      asyncscope__fs_promise_begin(site, loop, "FSREQPROMISE", &operation);
  if (error == 0)
    error =
        uv_fs_mkstemp(loop, &operation->req.uv, tpl, asyncscope__on_fs_promise);
  return asyncscope__fs_promise_end(operation, error, ret_promise);
}

int async_uv_fs_rmdir_promise_at(const async_site_t *site, uv_loop_t *loop,
                                 const char *path,
                                 async_promise_t **ret_promise) {
  asyncscope__fs_promise_t *operation;
  int error =
      asyncscope__fs_promise_begin(site, loop, "FSREQPROMISE", &operation);
  if (error == 0)
    error =
        uv_fs_rmdir(loop, &operation->req.uv, path, asyncscope__on_fs_promise);
  return asyncscope__fs_promise_end(operation, error, ret_promise);
}

int async_uv_fs_scandir_promise_at(const async_site_t *site, uv_loop_t *loop,
                                   const char *path, int flags,
                                   async_promise_t **ret_promise) {
  asyncscope__fs_promise_t *operation;
  int error =
      asyncscope__fs_promise_begin(site, loop, "FSREQPROMISE", &operation);
  if (error == 0)
    error = uv_fs_scandir(loop, &operation->req.uv, path, flags,
                          asyncscope__on_fs_promise);
  return asyncscope__fs_promise_end(operation, error, ret_promise);
}
