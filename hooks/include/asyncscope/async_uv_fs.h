/* uv_fs_*(), tracked as FSREQCALLBACK: files and directories.
 *
 * Every function of libuv's has one here of the same name, arguments and units
 * behind async_. With a callback: init before the call, before and after around
 * the callback, then destroy; answers 0, or an error, and then the callback is
 * not called. With a NULL callback the call blocks, answers its result or an
 * error, makes no resource, and may be made on any thread, `loop` NULL too.
 * Errors of all: UV_EINVAL (another thread's loop), UV_ENOMEM, and what libuv
 * answers. Every request ends with async_uv_fs_req_cleanup(), in its callback
 * or later; `req` is the caller's again when the callback is called, so it may
 * be freed or used for the next call there. Inside hooks too.
 * Node: fs.open() and its like with a callback.
 *
 * Unless a function says otherwise:
 *   Thread: the loop's; without a callback any.
 *   In hooks: yes.
 *   Errors: UV_EINVAL (another thread's loop), UV_ECANCELED while the
 *     environment ends, UV_ENOMEM, and what libuv answers.
 *   Memory: a request is the caller's again when its callback is called; paths
 *     are copied, buffers must stay until then.
 *   Node: where one is named; libuv: the function of the same name. */
#ifndef ASYNCSCOPE_ASYNC_UV_FS_H
#define ASYNCSCOPE_ASYNC_UV_FS_H

#include "asyncscope/async_resource.h"
#include <uv.h>

#ifdef __cplusplus
extern "C" {
#endif

/* An operation on files: uv_fs_t, tracked. */
typedef struct async_uv_fs_s {
  __extension__ union {
    uv_fs_t uv;
    struct {
      void *data; /* public */
      uv_req_type type;
      void *reserved[6]; /* libuv's */
      uv_fs_type fs_type;
      uv_loop_t *loop;
      uv_fs_cb uv_cb; /* libuv's */
      ssize_t result;
      void *ptr;
      const char *path;
      uv_stat_t statbuf;
    };
  };
  /* private */
  async_resource_t resource;
  void (*cb)(struct async_uv_fs_s *req);
} async_uv_fs_t;

/* The result is in `req`. */
typedef void (*async_uv_fs_cb)(async_uv_fs_t *req);

/* Frees what libuv keeps for the request's results. Any thread. */
ASYNC_EXTERN
void async_uv_fs_req_cleanup(async_uv_fs_t *req);

/* uv_cancel(): the callback gets `result` UV_ECANCELED. UV_EBUSY once the
 * request runs or has run. Thread: the loop's. */
ASYNC_EXTERN
int async_uv_fs_cancel(async_uv_fs_t *req);

/* uv_fs_get_*(): the public fields, as functions. */
ASYNC_EXTERN
uv_fs_type async_uv_fs_get_type(const async_uv_fs_t *req);
ASYNC_EXTERN
ssize_t async_uv_fs_get_result(const async_uv_fs_t *req);
ASYNC_EXTERN
int async_uv_fs_get_system_error(const async_uv_fs_t *req);
ASYNC_EXTERN
void *async_uv_fs_get_ptr(const async_uv_fs_t *req);
ASYNC_EXTERN
const char *async_uv_fs_get_path(const async_uv_fs_t *req);
ASYNC_EXTERN
uv_stat_t *async_uv_fs_get_statbuf(async_uv_fs_t *req);

/* The next entry of a finished scandir; UV_EOF behind the last. */
ASYNC_EXTERN
int async_uv_fs_scandir_next(async_uv_fs_t *req, uv_dirent_t *ent);

/* `result` is the file, the caller's. Node: fs.open(). */
#define async_uv_fs_open(...) async_uv_fs_open_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN
int async_uv_fs_open_at(const async_site_t *site, uv_loop_t *loop,
                        async_uv_fs_t *req, const char *path, int flags,
                        int mode, async_uv_fs_cb cb);

/* Node: fs.close(). */
#define async_uv_fs_close(...) async_uv_fs_close_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN
int async_uv_fs_close_at(const async_site_t *site, uv_loop_t *loop,
                         async_uv_fs_t *req, uv_file file, async_uv_fs_cb cb);

/* `result` bytes were read, 0 at the end of the file. The memory of the
 * buffers must stay until cb. A negative `offset` is the file's own position.
 * Node: fs.read(), fs.readv(). */
#define async_uv_fs_read(...) async_uv_fs_read_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN
int async_uv_fs_read_at(const async_site_t *site, uv_loop_t *loop,
                        async_uv_fs_t *req, uv_file file, const uv_buf_t bufs[],
                        unsigned int nbufs, int64_t offset, async_uv_fs_cb cb);

/* `result` bytes were written, perhaps fewer than given. Buffers and offset
 * as of async_uv_fs_read(). Node: fs.write(), fs.writev(). */
#define async_uv_fs_write(...) async_uv_fs_write_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN
int async_uv_fs_write_at(const async_site_t *site, uv_loop_t *loop,
                         async_uv_fs_t *req, uv_file file,
                         const uv_buf_t bufs[], unsigned int nbufs,
                         int64_t offset, async_uv_fs_cb cb);

/* `statbuf`. Node: fs.fstat(). */
#define async_uv_fs_fstat(...) async_uv_fs_fstat_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN
int async_uv_fs_fstat_at(const async_site_t *site, uv_loop_t *loop,
                         async_uv_fs_t *req, uv_file file, async_uv_fs_cb cb);

/* Node: fs.fsync(). */
#define async_uv_fs_fsync(...) async_uv_fs_fsync_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN
int async_uv_fs_fsync_at(const async_site_t *site, uv_loop_t *loop,
                         async_uv_fs_t *req, uv_file file, async_uv_fs_cb cb);

/* Node: fs.fdatasync(). */
#define async_uv_fs_fdatasync(...) \
  async_uv_fs_fdatasync_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN
int async_uv_fs_fdatasync_at(const async_site_t *site, uv_loop_t *loop,
                             async_uv_fs_t *req, uv_file file,
                             async_uv_fs_cb cb);

/* `offset` is the length in bytes. Node: fs.ftruncate(). */
#define async_uv_fs_ftruncate(...) \
  async_uv_fs_ftruncate_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN
int async_uv_fs_ftruncate_at(const async_site_t *site, uv_loop_t *loop,
                             async_uv_fs_t *req, uv_file file, int64_t offset,
                             async_uv_fs_cb cb);

/* Node: fs.fchmod(). */
#define async_uv_fs_fchmod(...) async_uv_fs_fchmod_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN
int async_uv_fs_fchmod_at(const async_site_t *site, uv_loop_t *loop,
                          async_uv_fs_t *req, uv_file file, int mode,
                          async_uv_fs_cb cb);

/* Node: fs.fchown(). */
#define async_uv_fs_fchown(...) async_uv_fs_fchown_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN
int async_uv_fs_fchown_at(const async_site_t *site, uv_loop_t *loop,
                          async_uv_fs_t *req, uv_file file, uv_uid_t uid,
                          uv_gid_t gid, async_uv_fs_cb cb);

/* Times in seconds since 1970. Node: fs.futimes(). */
#define async_uv_fs_futime(...) async_uv_fs_futime_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN
int async_uv_fs_futime_at(const async_site_t *site, uv_loop_t *loop,
                          async_uv_fs_t *req, uv_file file, double atime,
                          double mtime, async_uv_fs_cb cb);

/* `result` of the `length` bytes were copied. Node has no such call. */
#define async_uv_fs_sendfile(...) \
  async_uv_fs_sendfile_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN
int async_uv_fs_sendfile_at(const async_site_t *site, uv_loop_t *loop,
                            async_uv_fs_t *req, uv_file out_fd, uv_file in_fd,
                            int64_t in_offset, size_t length,
                            async_uv_fs_cb cb);

/* `mode` is F_OK or of R_OK, W_OK, X_OK. Node: fs.access(). */
#define async_uv_fs_access(...) async_uv_fs_access_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN
int async_uv_fs_access_at(const async_site_t *site, uv_loop_t *loop,
                          async_uv_fs_t *req, const char *path, int mode,
                          async_uv_fs_cb cb);

/* `statbuf`. Node: fs.stat(). */
#define async_uv_fs_stat(...) async_uv_fs_stat_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN
int async_uv_fs_stat_at(const async_site_t *site, uv_loop_t *loop,
                        async_uv_fs_t *req, const char *path,
                        async_uv_fs_cb cb);

/* `statbuf`, of a link itself. Node: fs.lstat(). */
#define async_uv_fs_lstat(...) async_uv_fs_lstat_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN
int async_uv_fs_lstat_at(const async_site_t *site, uv_loop_t *loop,
                         async_uv_fs_t *req, const char *path,
                         async_uv_fs_cb cb);

/* `ptr` is a uv_statfs_t, until cleanup. Node: fs.statfs(). */
#define async_uv_fs_statfs(...) async_uv_fs_statfs_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN
int async_uv_fs_statfs_at(const async_site_t *site, uv_loop_t *loop,
                          async_uv_fs_t *req, const char *path,
                          async_uv_fs_cb cb);

/* Node: fs.chmod(). */
#define async_uv_fs_chmod(...) async_uv_fs_chmod_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN
int async_uv_fs_chmod_at(const async_site_t *site, uv_loop_t *loop,
                         async_uv_fs_t *req, const char *path, int mode,
                         async_uv_fs_cb cb);

/* Node: fs.chown(). */
#define async_uv_fs_chown(...) async_uv_fs_chown_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN
int async_uv_fs_chown_at(const async_site_t *site, uv_loop_t *loop,
                         async_uv_fs_t *req, const char *path, uv_uid_t uid,
                         uv_gid_t gid, async_uv_fs_cb cb);

/* Node: fs.lchown(). */
#define async_uv_fs_lchown(...) async_uv_fs_lchown_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN
int async_uv_fs_lchown_at(const async_site_t *site, uv_loop_t *loop,
                          async_uv_fs_t *req, const char *path, uv_uid_t uid,
                          uv_gid_t gid, async_uv_fs_cb cb);

/* Times in seconds since 1970. Node: fs.utimes(). */
#define async_uv_fs_utime(...) async_uv_fs_utime_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN
int async_uv_fs_utime_at(const async_site_t *site, uv_loop_t *loop,
                         async_uv_fs_t *req, const char *path, double atime,
                         double mtime, async_uv_fs_cb cb);

/* Times in seconds since 1970. Node: fs.lutimes(). */
#define async_uv_fs_lutime(...) async_uv_fs_lutime_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN
int async_uv_fs_lutime_at(const async_site_t *site, uv_loop_t *loop,
                          async_uv_fs_t *req, const char *path, double atime,
                          double mtime, async_uv_fs_cb cb);

/* Node: fs.link(). */
#define async_uv_fs_link(...) async_uv_fs_link_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN
int async_uv_fs_link_at(const async_site_t *site, uv_loop_t *loop,
                        async_uv_fs_t *req, const char *path,
                        const char *new_path, async_uv_fs_cb cb);

/* `flags` means nothing but on Windows. Node: fs.symlink(). */
#define async_uv_fs_symlink(...) \
  async_uv_fs_symlink_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN
int async_uv_fs_symlink_at(const async_site_t *site, uv_loop_t *loop,
                           async_uv_fs_t *req, const char *path,
                           const char *new_path, int flags, async_uv_fs_cb cb);

/* `ptr` is the target, a string, until cleanup. Node: fs.readlink(). */
#define async_uv_fs_readlink(...) \
  async_uv_fs_readlink_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN
int async_uv_fs_readlink_at(const async_site_t *site, uv_loop_t *loop,
                            async_uv_fs_t *req, const char *path,
                            async_uv_fs_cb cb);

/* `ptr` is the path, a string, until cleanup. Node: fs.realpath(). */
#define async_uv_fs_realpath(...) \
  async_uv_fs_realpath_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN
int async_uv_fs_realpath_at(const async_site_t *site, uv_loop_t *loop,
                            async_uv_fs_t *req, const char *path,
                            async_uv_fs_cb cb);

/* Node: fs.rename(). */
#define async_uv_fs_rename(...) async_uv_fs_rename_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN
int async_uv_fs_rename_at(const async_site_t *site, uv_loop_t *loop,
                          async_uv_fs_t *req, const char *path,
                          const char *new_path, async_uv_fs_cb cb);

/* Node: fs.unlink(). */
#define async_uv_fs_unlink(...) async_uv_fs_unlink_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN
int async_uv_fs_unlink_at(const async_site_t *site, uv_loop_t *loop,
                          async_uv_fs_t *req, const char *path,
                          async_uv_fs_cb cb);

/* `flags` of UV_FS_COPYFILE_*. Node: fs.copyFile(). */
#define async_uv_fs_copyfile(...) \
  async_uv_fs_copyfile_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN
int async_uv_fs_copyfile_at(const async_site_t *site, uv_loop_t *loop,
                            async_uv_fs_t *req, const char *path,
                            const char *new_path, int flags, async_uv_fs_cb cb);

/* Node: fs.mkdir(). */
#define async_uv_fs_mkdir(...) async_uv_fs_mkdir_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN
int async_uv_fs_mkdir_at(const async_site_t *site, uv_loop_t *loop,
                         async_uv_fs_t *req, const char *path, int mode,
                         async_uv_fs_cb cb);

/* `path` is the directory, until cleanup. `tpl` ends in XXXXXX.
 * Node: fs.mkdtemp(). */
#define async_uv_fs_mkdtemp(...) \
  async_uv_fs_mkdtemp_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN
int async_uv_fs_mkdtemp_at(const async_site_t *site, uv_loop_t *loop,
                           async_uv_fs_t *req, const char *tpl,
                           async_uv_fs_cb cb);

/* `path` is the file, until cleanup, and `result` its descriptor, the
 * caller's. `tpl` ends in XXXXXX. Node has no such call. */
#define async_uv_fs_mkstemp(...) \
  async_uv_fs_mkstemp_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN
int async_uv_fs_mkstemp_at(const async_site_t *site, uv_loop_t *loop,
                           async_uv_fs_t *req, const char *tpl,
                           async_uv_fs_cb cb);

/* Node: fs.rmdir(). */
#define async_uv_fs_rmdir(...) async_uv_fs_rmdir_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN
int async_uv_fs_rmdir_at(const async_site_t *site, uv_loop_t *loop,
                         async_uv_fs_t *req, const char *path,
                         async_uv_fs_cb cb);

/* `result` entries, for async_uv_fs_scandir_next().
 * Node: fs.readdir(). */
#define async_uv_fs_scandir(...) \
  async_uv_fs_scandir_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN
int async_uv_fs_scandir_at(const async_site_t *site, uv_loop_t *loop,
                           async_uv_fs_t *req, const char *path, int flags,
                           async_uv_fs_cb cb);

/* `ptr` is a uv_dir_t, the caller's to close. Node: fs.opendir(). */
#define async_uv_fs_opendir(...) \
  async_uv_fs_opendir_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN
int async_uv_fs_opendir_at(const async_site_t *site, uv_loop_t *loop,
                           async_uv_fs_t *req, const char *path,
                           async_uv_fs_cb cb);

/* `result` entries were read into dir->dirents, room for dir->nentries, both
 * the caller's; 0 at the end. Names are there until cleanup, which must come
 * before the next read. Node: dir.read(). */
#define async_uv_fs_readdir(...) \
  async_uv_fs_readdir_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN
int async_uv_fs_readdir_at(const async_site_t *site, uv_loop_t *loop,
                           async_uv_fs_t *req, uv_dir_t *dir,
                           async_uv_fs_cb cb);

/* Node: dir.close(). */
#define async_uv_fs_closedir(...) \
  async_uv_fs_closedir_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN
int async_uv_fs_closedir_at(const async_site_t *site, uv_loop_t *loop,
                            async_uv_fs_t *req, uv_dir_t *dir,
                            async_uv_fs_cb cb);

#ifdef __cplusplus
}
#endif
#endif
