/* node:fs/promises: files and directories, as promises.
 *
 * Every uv_fs_x() has an async_uv_fs_x_promise() here, with its arguments and
 * units, but for the request and the callback. The call makes a promise and a
 * resource FSREQPROMISE, in whose scope the promise is settled; files that it
 * opens are FileHandles (async_file_handle.h).
 *
 * The promise is fulfilled with the request, an async_uv_fs_t *, whose public
 * fields hold the results. It is ours: it lives while a promise that was
 * fulfilled with it does, so whoever wants a result for longer copies it. It is
 * rejected with the status: async_promise_reason_status(). The caller gives
 * `*ret_promise` up with async_promise_release(), when he likes.
 * async_promise_cancel() stops a call that has not begun to run.
 *
 * Errors of all, no promise is made: UV_EINVAL (another thread's loop, and what
 * libuv refuses), UV_ENOMEM. Thread: the loop's; inside hooks too. A call that
 * runs when the environment is detached keeps the loop from being closed, as
 * with callbacks; its promise stays pending.
 *
 * Unless a function says otherwise:
 *   Thread: the loop's.
 *   In hooks: yes.
 *   Errors: UV_EINVAL (another thread's loop, and what libuv refuses),
 *     UV_ENOMEM; then no promise is made.
 *   Memory: paths are copied; the request is ours.
 *   Node: where one is named; libuv: the function of the same name. */
#ifndef ASYNCSCOPE_ASYNC_FS_PROMISES_H
#define ASYNCSCOPE_ASYNC_FS_PROMISES_H

#include "asyncscope/async_promise.h"
#include "asyncscope/async_uv_fs.h"

#ifdef __cplusplus
extern "C" {
#endif

/* `mode` is F_OK or of R_OK, W_OK, X_OK. Node: fsPromises.access(). */
#define async_uv_fs_access_promise(...) \
  async_uv_fs_access_promise_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_fs_access_promise_at(const async_site_t *site,
                                               uv_loop_t *loop,
                                               const char *path, int mode,
                                               async_promise_t **ret_promise);

/* Of the request: `statbuf`. Node: fsPromises.stat(). */
#define async_uv_fs_stat_promise(...) \
  async_uv_fs_stat_promise_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_fs_stat_promise_at(const async_site_t *site,
                                             uv_loop_t *loop, const char *path,
                                             async_promise_t **ret_promise);

/* Of the request: `statbuf`, of a link itself.
 * Node: fsPromises.lstat(). */
#define async_uv_fs_lstat_promise(...) \
  async_uv_fs_lstat_promise_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_fs_lstat_promise_at(const async_site_t *site,
                                              uv_loop_t *loop, const char *path,
                                              async_promise_t **ret_promise);

/* Of the request: `ptr` is a uv_statfs_t. Node: fsPromises.statfs(). */
#define async_uv_fs_statfs_promise(...) \
  async_uv_fs_statfs_promise_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_fs_statfs_promise_at(const async_site_t *site,
                                               uv_loop_t *loop,
                                               const char *path,
                                               async_promise_t **ret_promise);

/* Node: fsPromises.chmod(). */
#define async_uv_fs_chmod_promise(...) \
  async_uv_fs_chmod_promise_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_fs_chmod_promise_at(const async_site_t *site,
                                              uv_loop_t *loop, const char *path,
                                              int mode,
                                              async_promise_t **ret_promise);

/* Node: fsPromises.chown(). */
#define async_uv_fs_chown_promise(...) \
  async_uv_fs_chown_promise_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_fs_chown_promise_at(const async_site_t *site,
                                              uv_loop_t *loop, const char *path,
                                              uv_uid_t uid, uv_gid_t gid,
                                              async_promise_t **ret_promise);

/* Node: fsPromises.lchown(). */
#define async_uv_fs_lchown_promise(...) \
  async_uv_fs_lchown_promise_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_fs_lchown_promise_at(const async_site_t *site,
                                               uv_loop_t *loop,
                                               const char *path, uv_uid_t uid,
                                               uv_gid_t gid,
                                               async_promise_t **ret_promise);

/* Times in seconds since 1970. Node: fsPromises.utimes(). */
#define async_uv_fs_utime_promise(...) \
  async_uv_fs_utime_promise_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_fs_utime_promise_at(const async_site_t *site,
                                              uv_loop_t *loop, const char *path,
                                              double atime, double mtime,
                                              async_promise_t **ret_promise);

/* Times in seconds since 1970. Node: fsPromises.lutimes(). */
#define async_uv_fs_lutime_promise(...) \
  async_uv_fs_lutime_promise_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_fs_lutime_promise_at(const async_site_t *site,
                                               uv_loop_t *loop,
                                               const char *path, double atime,
                                               double mtime,
                                               async_promise_t **ret_promise);

/* Node: fsPromises.link(). */
#define async_uv_fs_link_promise(...) \
  async_uv_fs_link_promise_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_fs_link_promise_at(const async_site_t *site,
                                             uv_loop_t *loop, const char *path,
                                             const char *new_path,
                                             async_promise_t **ret_promise);

/* `flags` means nothing but on Windows. Node: fsPromises.symlink(). */
#define async_uv_fs_symlink_promise(...) \
  async_uv_fs_symlink_promise_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_fs_symlink_promise_at(const async_site_t *site,
                                                uv_loop_t *loop,
                                                const char *path,
                                                const char *new_path, int flags,
                                                async_promise_t **ret_promise);

/* Of the request: `ptr` is the target, a string.
 * Node: fsPromises.readlink(). */
#define async_uv_fs_readlink_promise(...) \
  async_uv_fs_readlink_promise_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_fs_readlink_promise_at(const async_site_t *site,
                                                 uv_loop_t *loop,
                                                 const char *path,
                                                 async_promise_t **ret_promise);

/* Of the request: `ptr` is the path, a string.
 * Node: fsPromises.realpath(). */
#define async_uv_fs_realpath_promise(...) \
  async_uv_fs_realpath_promise_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_fs_realpath_promise_at(const async_site_t *site,
                                                 uv_loop_t *loop,
                                                 const char *path,
                                                 async_promise_t **ret_promise);

/* Node: fsPromises.rename(). */
#define async_uv_fs_rename_promise(...) \
  async_uv_fs_rename_promise_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_fs_rename_promise_at(const async_site_t *site,
                                               uv_loop_t *loop,
                                               const char *path,
                                               const char *new_path,
                                               async_promise_t **ret_promise);

/* Node: fsPromises.unlink(). */
#define async_uv_fs_unlink_promise(...) \
  async_uv_fs_unlink_promise_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_fs_unlink_promise_at(const async_site_t *site,
                                               uv_loop_t *loop,
                                               const char *path,
                                               async_promise_t **ret_promise);

/* `flags` of UV_FS_COPYFILE_*. Node: fsPromises.copyFile(). */
#define async_uv_fs_copyfile_promise(...) \
  async_uv_fs_copyfile_promise_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_fs_copyfile_promise_at(
    const async_site_t *site, uv_loop_t *loop, const char *path,
    const char *new_path, int flags, async_promise_t **ret_promise);

/* Node: fsPromises.mkdir(). */
#define async_uv_fs_mkdir_promise(...) \
  async_uv_fs_mkdir_promise_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_fs_mkdir_promise_at(const async_site_t *site,
                                              uv_loop_t *loop, const char *path,
                                              int mode,
                                              async_promise_t **ret_promise);

/* Of the request: `path` is the directory. `tpl` ends in XXXXXX.
 * Node: fsPromises.mkdtemp(). */
#define async_uv_fs_mkdtemp_promise(...) \
  async_uv_fs_mkdtemp_promise_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_fs_mkdtemp_promise_at(const async_site_t *site,
                                                uv_loop_t *loop,
                                                const char *tpl,
                                                async_promise_t **ret_promise);

/* Of the request: `path` is the file and `result` its descriptor, open and the
 * caller's. `tpl` ends in XXXXXX. */
#define async_uv_fs_mkstemp_promise(...) \
  async_uv_fs_mkstemp_promise_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_fs_mkstemp_promise_at(const async_site_t *site,
                                                uv_loop_t *loop,
                                                const char *tpl,
                                                async_promise_t **ret_promise);

/* Node: fsPromises.rmdir(). */
#define async_uv_fs_rmdir_promise(...) \
  async_uv_fs_rmdir_promise_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_fs_rmdir_promise_at(const async_site_t *site,
                                              uv_loop_t *loop, const char *path,
                                              async_promise_t **ret_promise);

/* The request is for async_uv_fs_scandir_next().
 * Node: fsPromises.readdir(). */
#define async_uv_fs_scandir_promise(...) \
  async_uv_fs_scandir_promise_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_fs_scandir_promise_at(const async_site_t *site,
                                                uv_loop_t *loop,
                                                const char *path, int flags,
                                                async_promise_t **ret_promise);

/* Node: filehandle.close() of a file without a handle. */
#define async_uv_fs_close_promise(...) \
  async_uv_fs_close_promise_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_fs_close_promise_at(const async_site_t *site,
                                              uv_loop_t *loop, uv_file file,
                                              async_promise_t **ret_promise);

/* Of the request: `result` bytes were read into `bufs`, 0 at the end of the
 * file. The array is copied; the memory it names must stay until the promise is
 * settled. A negative `offset` is the file's own position.
 * Node: filehandle.read(), filehandle.readv(). */
#define async_uv_fs_read_promise(...) \
  async_uv_fs_read_promise_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_fs_read_promise_at(const async_site_t *site,
                                             uv_loop_t *loop, uv_file file,
                                             const uv_buf_t bufs[],
                                             unsigned int nbufs, int64_t offset,
                                             async_promise_t **ret_promise);

/* Of the request: `result` bytes were written, perhaps fewer than given.
 * Buffers and offset as of async_uv_fs_read_promise(). Node:
 * filehandle.write(), filehandle.writev(). */
#define async_uv_fs_write_promise(...) \
  async_uv_fs_write_promise_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_fs_write_promise_at(const async_site_t *site,
                                              uv_loop_t *loop, uv_file file,
                                              const uv_buf_t bufs[],
                                              unsigned int nbufs,
                                              int64_t offset,
                                              async_promise_t **ret_promise);

/* Of the request: `statbuf`. Node: filehandle.stat(). */
#define async_uv_fs_fstat_promise(...) \
  async_uv_fs_fstat_promise_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_fs_fstat_promise_at(const async_site_t *site,
                                              uv_loop_t *loop, uv_file file,
                                              async_promise_t **ret_promise);

/* Node: filehandle.sync(). */
#define async_uv_fs_fsync_promise(...) \
  async_uv_fs_fsync_promise_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_fs_fsync_promise_at(const async_site_t *site,
                                              uv_loop_t *loop, uv_file file,
                                              async_promise_t **ret_promise);

/* Node: filehandle.datasync(). */
#define async_uv_fs_fdatasync_promise(...) \
  async_uv_fs_fdatasync_promise_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_fs_fdatasync_promise_at(
    const async_site_t *site, uv_loop_t *loop, uv_file file,
    async_promise_t **ret_promise);

/* `offset` is the length in bytes. Node: filehandle.truncate(). */
#define async_uv_fs_ftruncate_promise(...) \
  async_uv_fs_ftruncate_promise_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_fs_ftruncate_promise_at(
    const async_site_t *site, uv_loop_t *loop, uv_file file, int64_t offset,
    async_promise_t **ret_promise);

/* Node: filehandle.chmod(). */
#define async_uv_fs_fchmod_promise(...) \
  async_uv_fs_fchmod_promise_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_fs_fchmod_promise_at(const async_site_t *site,
                                               uv_loop_t *loop, uv_file file,
                                               int mode,
                                               async_promise_t **ret_promise);

/* Node: filehandle.chown(). */
#define async_uv_fs_fchown_promise(...) \
  async_uv_fs_fchown_promise_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_fs_fchown_promise_at(const async_site_t *site,
                                               uv_loop_t *loop, uv_file file,
                                               uv_uid_t uid, uv_gid_t gid,
                                               async_promise_t **ret_promise);

/* Times in seconds since 1970. Node: filehandle.utimes(). */
#define async_uv_fs_futime_promise(...) \
  async_uv_fs_futime_promise_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_fs_futime_promise_at(const async_site_t *site,
                                               uv_loop_t *loop, uv_file file,
                                               double atime, double mtime,
                                               async_promise_t **ret_promise);

/* Of the request: `result` of the `length` bytes were copied. */
#define async_uv_fs_sendfile_promise(...) \
  async_uv_fs_sendfile_promise_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_fs_sendfile_promise_at(
    const async_site_t *site, uv_loop_t *loop, uv_file out_fd, uv_file in_fd,
    int64_t in_offset, size_t length, async_promise_t **ret_promise);

#ifdef __cplusplus
}
#endif
#endif
