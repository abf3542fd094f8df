/* The calls that take an open file; those that take a path are in
 * async_fs_promises_path.c. */
#include "asyncscope/async_fs_promises.h"

#include "fs_promise.h"

int async_uv_fs_close_promise_at(const async_site_t *site, uv_loop_t *loop,
                                 uv_file file, async_promise_t **ret_promise) {
  asyncscope__fs_promise_t *operation;
  int error =
      asyncscope__fs_promise_begin(site, loop, "FSREQPROMISE", &operation);
  if (error == 0)
    error =
        uv_fs_close(loop, &operation->req.uv, file, asyncscope__on_fs_promise);
  return asyncscope__fs_promise_end(operation, error, ret_promise);
}

int async_uv_fs_read_promise_at(const async_site_t *site, uv_loop_t *loop,
                                uv_file file, const uv_buf_t bufs[],
                                unsigned int nbufs, int64_t offset,
                                async_promise_t **ret_promise) {
  asyncscope__fs_promise_t *operation;
  int error =
      asyncscope__fs_promise_begin(site, loop, "FSREQPROMISE", &operation);
  if (error == 0)
    error = uv_fs_read(loop, &operation->req.uv, file, bufs, nbufs, offset,
                       asyncscope__on_fs_promise);
  return asyncscope__fs_promise_end(operation, error, ret_promise);
}

int async_uv_fs_write_promise_at(const async_site_t *site, uv_loop_t *loop,
                                 uv_file file, const uv_buf_t bufs[],
                                 unsigned int nbufs, int64_t offset,
                                 async_promise_t **ret_promise) {
  asyncscope__fs_promise_t *operation;
  int error =
      asyncscope__fs_promise_begin(site, loop, "FSREQPROMISE", &operation);
  if (error == 0)
    error = uv_fs_write(loop, &operation->req.uv, file, bufs, nbufs, offset,
                        asyncscope__on_fs_promise);
  return asyncscope__fs_promise_end(operation, error, ret_promise);
}

int async_uv_fs_fstat_promise_at(const async_site_t *site, uv_loop_t *loop,
                                 uv_file file, async_promise_t **ret_promise) {
  asyncscope__fs_promise_t *operation;
  int error =
      asyncscope__fs_promise_begin(site, loop, "FSREQPROMISE", &operation);
  if (error == 0)
    error =
        uv_fs_fstat(loop, &operation->req.uv, file, asyncscope__on_fs_promise);
  return asyncscope__fs_promise_end(operation, error, ret_promise);
}

int async_uv_fs_fsync_promise_at(const async_site_t *site, uv_loop_t *loop,
                                 uv_file file, async_promise_t **ret_promise) {
  asyncscope__fs_promise_t *operation;
  int error =
      asyncscope__fs_promise_begin(site, loop, "FSREQPROMISE", &operation);
  if (error == 0)
    error =
        uv_fs_fsync(loop, &operation->req.uv, file, asyncscope__on_fs_promise);
  return asyncscope__fs_promise_end(operation, error, ret_promise);
}

int async_uv_fs_fdatasync_promise_at(const async_site_t *site, uv_loop_t *loop,
                                     uv_file file,
                                     async_promise_t **ret_promise) {
  asyncscope__fs_promise_t *operation;
  int error =
      asyncscope__fs_promise_begin(site, loop, "FSREQPROMISE", &operation);
  if (error == 0)
    error = uv_fs_fdatasync(loop, &operation->req.uv, file,
                            asyncscope__on_fs_promise);
  return asyncscope__fs_promise_end(operation, error, ret_promise);
}

int async_uv_fs_ftruncate_promise_at(const async_site_t *site, uv_loop_t *loop,
                                     uv_file file, int64_t offset,
                                     async_promise_t **ret_promise) {
  asyncscope__fs_promise_t *operation;
  int error =
      asyncscope__fs_promise_begin(site, loop, "FSREQPROMISE", &operation);
  if (error == 0)
    error = uv_fs_ftruncate(loop, &operation->req.uv, file, offset,
                            asyncscope__on_fs_promise);
  return asyncscope__fs_promise_end(operation, error, ret_promise);
}

int async_uv_fs_fchmod_promise_at(const async_site_t *site, uv_loop_t *loop,
                                  uv_file file, int mode,
                                  async_promise_t **ret_promise) {
  asyncscope__fs_promise_t *operation;
  int error =
      asyncscope__fs_promise_begin(site, loop, "FSREQPROMISE", &operation);
  if (error == 0)
    error = uv_fs_fchmod(loop, &operation->req.uv, file, mode,
                         asyncscope__on_fs_promise);
  return asyncscope__fs_promise_end(operation, error, ret_promise);
}

int async_uv_fs_fchown_promise_at(const async_site_t *site, uv_loop_t *loop,
                                  uv_file file, uv_uid_t uid, uv_gid_t gid,
                                  async_promise_t **ret_promise) {
  asyncscope__fs_promise_t *operation;
  int error =
      asyncscope__fs_promise_begin(site, loop, "FSREQPROMISE", &operation);
  if (error == 0)
    error = uv_fs_fchown(loop, &operation->req.uv, file, uid, gid,
                         asyncscope__on_fs_promise);
  return asyncscope__fs_promise_end(operation, error, ret_promise);
}

int async_uv_fs_futime_promise_at(const async_site_t *site, uv_loop_t *loop,
                                  uv_file file, double atime, double mtime,
                                  async_promise_t **ret_promise) {
  asyncscope__fs_promise_t *operation;
  int error =
      asyncscope__fs_promise_begin(site, loop, "FSREQPROMISE", &operation);
  if (error == 0)
    error = uv_fs_futime(loop, &operation->req.uv, file, atime, mtime,
                         asyncscope__on_fs_promise);
  return asyncscope__fs_promise_end(operation, error, ret_promise);
}

int async_uv_fs_sendfile_promise_at(const async_site_t *site, uv_loop_t *loop,
                                    uv_file out_fd, uv_file in_fd,
                                    int64_t in_offset, size_t length,
                                    async_promise_t **ret_promise) {
  asyncscope__fs_promise_t *operation;
  int error =
      asyncscope__fs_promise_begin(site, loop, "FSREQPROMISE", &operation);
  if (error == 0)
    error = uv_fs_sendfile(loop, &operation->req.uv, out_fd, in_fd, in_offset,
                           length, asyncscope__on_fs_promise);
  return asyncscope__fs_promise_end(operation, error, ret_promise);
}
