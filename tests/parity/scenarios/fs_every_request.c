#include "scenario.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

static async_uv_fs_t request;
static uv_file file;
static char bytes[] = "content", temporary[] = "directory/xXXXXXX";

static void start_next(void);
static const char *name;

static void done(async_uv_fs_t *req) {
  char text[64];
  snprintf(text, sizeof(text), "%s %s", name,
           req->result < 0 ? uv_err_name((int)req->result) : "done");
  if (strcmp(name, "open") == 0) {
    file = (uv_file)req->result;
  } else if (strcmp(name, "mkdtemp") == 0) {
    snprintf(temporary, sizeof(temporary), "%s", req->path);
  }
  async_uv_fs_req_cleanup(req);
  trace_where(text);
  start_next();
}

static int start_mkdir(uv_loop_t *loop, async_uv_fs_t *req) {
  return async_uv_fs_mkdir(loop, req, "directory", 0700, done);
}

static int start_open(uv_loop_t *loop, async_uv_fs_t *req) {
  return async_uv_fs_open(loop, req, "file", O_CREAT | O_RDWR, 0600, done);
}

static int start_write(uv_loop_t *loop, async_uv_fs_t *req) {
  uv_buf_t buf = uv_buf_init(bytes, 7);
  return async_uv_fs_write(loop, req, file, &buf, 1, 0, done);
}

static int start_read(uv_loop_t *loop, async_uv_fs_t *req) {
  uv_buf_t buf = uv_buf_init(bytes, 7);
  return async_uv_fs_read(loop, req, file, &buf, 1, 0, done);
}

static int start_fsync(uv_loop_t *loop, async_uv_fs_t *req) {
  return async_uv_fs_fsync(loop, req, file, done);
}

static int start_fdatasync(uv_loop_t *loop, async_uv_fs_t *req) {
  return async_uv_fs_fdatasync(loop, req, file, done);
}

static int start_ftruncate(uv_loop_t *loop, async_uv_fs_t *req) {
  return async_uv_fs_ftruncate(loop, req, file, 3, done);
}

static int start_fchmod(uv_loop_t *loop, async_uv_fs_t *req) {
  return async_uv_fs_fchmod(loop, req, file, 0600, done);
}

static int start_futimes(uv_loop_t *loop, async_uv_fs_t *req) {
  return async_uv_fs_futime(loop, req, file, 1, 1, done);
}

static int start_fstat(uv_loop_t *loop, async_uv_fs_t *req) {
  return async_uv_fs_fstat(loop, req, file, done);
}

static int start_close(uv_loop_t *loop, async_uv_fs_t *req) {
  return async_uv_fs_close(loop, req, file, done);
}

static int start_stat(uv_loop_t *loop, async_uv_fs_t *req) {
  return async_uv_fs_stat(loop, req, "file", done);
}

static int start_lstat(uv_loop_t *loop, async_uv_fs_t *req) {
  return async_uv_fs_lstat(loop, req, "file", done);
}

static int start_statfs(uv_loop_t *loop, async_uv_fs_t *req) {
  return async_uv_fs_statfs(loop, req, "file", done);
}

static int start_chmod(uv_loop_t *loop, async_uv_fs_t *req) {
  return async_uv_fs_chmod(loop, req, "file", 0600, done);
}

static int start_utimes(uv_loop_t *loop, async_uv_fs_t *req) {
  return async_uv_fs_utime(loop, req, "file", 1, 1, done);
}

static int start_lutimes(uv_loop_t *loop, async_uv_fs_t *req) {
  return async_uv_fs_lutime(loop, req, "file", 1, 1, done);
}

static int start_link(uv_loop_t *loop, async_uv_fs_t *req) {
  return async_uv_fs_link(loop, req, "file", "link", done);
}

static int start_symlink(uv_loop_t *loop, async_uv_fs_t *req) {
  return async_uv_fs_symlink(loop, req, "file", "symlink", 0, done);
}

static int start_readlink(uv_loop_t *loop, async_uv_fs_t *req) {
  return async_uv_fs_readlink(loop, req, "symlink", done);
}

static int start_realpath(uv_loop_t *loop, async_uv_fs_t *req) {
  return async_uv_fs_realpath(loop, req, "symlink", done);
}

static int start_rename(uv_loop_t *loop, async_uv_fs_t *req) {
  return async_uv_fs_rename(loop, req, "link", "renamed", done);
}

static int start_copyfile(uv_loop_t *loop, async_uv_fs_t *req) {
  return async_uv_fs_copyfile(loop, req, "file", "copy", 0, done);
}

static int start_mkdtemp(uv_loop_t *loop, async_uv_fs_t *req) {
  return async_uv_fs_mkdtemp(loop, req, temporary, done);
}

static int start_scandir(uv_loop_t *loop, async_uv_fs_t *req) {
  return async_uv_fs_scandir(loop, req, ".", 0, done);
}

static int start_unlink(uv_loop_t *loop, async_uv_fs_t *req) {
  return async_uv_fs_unlink(loop, req, "copy", done);
}

static int start_rmdir(uv_loop_t *loop, async_uv_fs_t *req) {
  return async_uv_fs_rmdir(loop, req, temporary, done);
}

static void start_next(void) {
  static const struct {
    const char *name;
    int (*start)(uv_loop_t *loop, async_uv_fs_t *req);
  } steps[] = {
      {"mkdir", start_mkdir},         {"open", start_open},
      {"write", start_write},         {"read", start_read},
      {"fsync", start_fsync},         {"fdatasync", start_fdatasync},
      {"ftruncate", start_ftruncate}, {"fchmod", start_fchmod},
      {"futimes", start_futimes},     {"fstat", start_fstat},
      {"close", start_close},         {"stat", start_stat},
      {"lstat", start_lstat},         {"statfs", start_statfs},
      {"chmod", start_chmod},         {"utimes", start_utimes},
      {"lutimes", start_lutimes},     {"link", start_link},
      {"symlink", start_symlink},     {"readlink", start_readlink},
      {"realpath", start_realpath},   {"rename", start_rename},
      {"copyfile", start_copyfile},   {"mkdtemp", start_mkdtemp},
      {"scandir", start_scandir},     {"unlink", start_unlink},
      {"rmdir", start_rmdir},
  };
  static size_t next;
  if (next < sizeof(steps) / sizeof(steps[0])) {
    name = steps[next].name;
    must(steps[next++].start(scenario_loop(), &request), name);
  }
}

SCENARIO(fs_every_request) {
  trace_start();
  start_next();
}
