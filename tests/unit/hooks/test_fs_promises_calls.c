/* Each call reaches libuv's of the same name with its arguments in place. */
#include "fs_promise_probe.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static struct stat status_of(const char *path) {
  struct stat status;
  assert_int_equal(lstat(path, &status), 0);
  return status;
}

static uv_file open_file(const char *path, int flags) {
  uv_file file = open(path, flags | O_CLOEXEC, 0600);
  assert_true(file >= 0);
  return file;
}

static void reading_and_writing_reach_libuv(void **state) {
  fs_fixture_t *fixture = *state;
  char out[] = "abc", text[8] = "";
  uv_buf_t from = uv_buf_init(out, 3), to = uv_buf_init(text, 7);
  uv_file file = open_file(fs_path(fixture, "file"), O_CREAT | O_RDWR);
  settled_t settled = PROMISED(fixture, write, file, &from, 1, 2);
  assert_int_equal(settled.fs_type, UV_FS_WRITE);
  assert_int_equal(settled.result, 3);
  settled = PROMISED(fixture, read, file, &to, 1, 3);
  assert_int_equal(settled.fs_type, UV_FS_READ);
  assert_int_equal(settled.result, 2);
  assert_string_equal(text, "bc");
  ASSERT_DONE(fixture, close, CLOSE, file);
  settled = PROMISED(fixture, close, file);
  assert_int_equal(settled.result, UV_EBADF);
}

static void the_calls_on_an_open_file_reach_libuv(void **state) {
  fs_fixture_t *fixture = *state;
  const char *path = fs_file(fixture, "file", "some text");
  uv_file file = open_file(path, O_RDWR);
  ASSERT_DONE(fixture, fstat, FSTAT, file);
  ASSERT_DONE(fixture, fsync, FSYNC, file);
  ASSERT_DONE(fixture, fdatasync, FDATASYNC, file);
  ASSERT_DONE(fixture, fchmod, FCHMOD, file, 0400);
  ASSERT_DONE(fixture, fchown, FCHOWN, file, (uv_uid_t)-1, (uv_gid_t)-1);
  ASSERT_DONE(fixture, futime, FUTIME, file, 111.0, 222.0);
  struct stat status = status_of(path);
  assert_int_equal(status.st_mode & 0777, 0400);
  assert_int_equal(status.st_atime, 111);
  assert_int_equal(status.st_mtime, 222);
  ASSERT_DONE(fixture, ftruncate, FTRUNCATE, file, 4);
  assert_int_equal(status_of(path).st_size, 4);
  close(file);
}

static void sendfile_reaches_libuv(void **state) {
  fs_fixture_t *fixture = *state;
  uv_file from = open_file(fs_file(fixture, "from", "abcdef"), O_RDONLY);
  const char *path = fs_path(fixture, "to");
  uv_file to = open_file(path, O_CREAT | O_WRONLY);
  settled_t settled = PROMISED(fixture, sendfile, to, from, 2, 3);
  assert_int_equal(settled.fs_type, UV_FS_SENDFILE);
  assert_int_equal(settled.result, 3);
  assert_int_equal(status_of(path).st_size, 3);
  close(from);
  close(to);
}

static void the_calls_that_ask_reach_libuv(void **state) {
  fs_fixture_t *fixture = *state;
  const char *path = fs_file(fixture, "file", "text");
  ASSERT_DONE(fixture, access, ACCESS, path, R_OK);
  ASSERT_DONE(fixture, stat, STAT, path);
  ASSERT_DONE(fixture, lstat, LSTAT, path);
  ASSERT_DONE(fixture, statfs, STATFS, path);
  ASSERT_DONE(fixture, realpath, REALPATH, path);
}

static void the_calls_that_change_an_inode_reach_libuv(void **state) {
  fs_fixture_t *fixture = *state;
  const char *path = fs_file(fixture, "file", "text");
  ASSERT_DONE(fixture, chmod, CHMOD, path, 0640);
  ASSERT_DONE(fixture, chown, CHOWN, path, (uv_uid_t)-1, (uv_gid_t)-1);
  ASSERT_DONE(fixture, lchown, LCHOWN, path, (uv_uid_t)-1, (uv_gid_t)-1);
  ASSERT_DONE(fixture, utime, UTIME, path, 333.0, 444.0);
  struct stat status = status_of(path);
  assert_int_equal(status.st_mode & 0777, 0640);
  assert_int_equal(status.st_atime, 333);
  assert_int_equal(status.st_mtime, 444);
  ASSERT_DONE(fixture, lutime, LUTIME, path, 555.0, 666.0);
  assert_int_equal(status_of(path).st_mtime, 666);
}

static void the_calls_on_links_reach_libuv(void **state) {
  fs_fixture_t *fixture = *state;
  const char *path = fs_file(fixture, "file", "text");
  const char *soft = fs_path(fixture, "soft"), *hard = fs_path(fixture, "hard");
  ASSERT_DONE(fixture, symlink, SYMLINK, path, soft, 0);
  ASSERT_DONE(fixture, link, LINK, path, hard);
  assert_true(S_ISLNK(status_of(soft).st_mode));
  assert_int_equal(status_of(hard).st_nlink, 2);
  ASSERT_DONE(fixture, readlink, READLINK, soft);
}

static void the_calls_that_move_files_reach_libuv(void **state) {
  fs_fixture_t *fixture = *state;
  const char *from = fs_file(fixture, "from", "text");
  const char *to = fs_path(fixture, "to"), *copy = fs_path(fixture, "copy");
  ASSERT_DONE(fixture, copyfile, COPYFILE, from, copy, 0);
  settled_t settled =
      PROMISED(fixture, copyfile, from, copy, UV_FS_COPYFILE_EXCL);
  assert_int_equal(settled.result, UV_EEXIST);
  ASSERT_DONE(fixture, rename, RENAME, from, to);
  assert_int_equal(status_of(to).st_size, 4);
  ASSERT_DONE(fixture, unlink, UNLINK, to);
  settled = PROMISED(fixture, unlink, to);
  assert_int_equal(settled.result, UV_ENOENT);
}

static void the_calls_that_make_things_reach_libuv(void **state) {
  fs_fixture_t *fixture = *state;
  const char *path = fs_path(fixture, "sub");
  const char *template = fs_path(fixture, "temporary-XXXXXX");
  ASSERT_DONE(fixture, mkdir, MKDIR, path, 0700);
  assert_true(S_ISDIR(status_of(path).st_mode));
  ASSERT_DONE(fixture, rmdir, RMDIR, path);
  ASSERT_DONE(fixture, mkdtemp, MKDTEMP, template);
  settled_t settled = PROMISED(fixture, mkstemp, template);
  assert_int_equal(settled.fs_type, UV_FS_MKSTEMP);
  assert_int_equal(close((int)settled.result), 0);
}

static void scandir_lists_the_entries(void **state) {
  fs_fixture_t *fixture = *state;
  async_promise_t *promise = NULL;
  uv_dirent_t entry;
  fs_file(fixture, "only", "text");
  int error = async_uv_fs_scandir_promise(&fixture->uv.loop, fixture->directory,
                                          0, &promise);
  async_uv_fs_t *req = settle_value(&fixture->uv, error, promise);
  assert_int_equal(req->result, 1);
  assert_int_equal(async_uv_fs_scandir_next(req, &entry), 0);
  assert_string_equal(entry.name, "only");
  assert_int_equal(async_uv_fs_scandir_next(req, &entry), UV_EOF);
  async_promise_release(promise);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_fs(reading_and_writing_reach_libuv),
      cmocka_unit_test_fs(the_calls_on_an_open_file_reach_libuv),
      cmocka_unit_test_fs(sendfile_reaches_libuv),
      cmocka_unit_test_fs(the_calls_that_ask_reach_libuv),
      cmocka_unit_test_fs(the_calls_that_change_an_inode_reach_libuv),
      cmocka_unit_test_fs(the_calls_on_links_reach_libuv),
      cmocka_unit_test_fs(the_calls_that_move_files_reach_libuv),
      cmocka_unit_test_fs(the_calls_that_make_things_reach_libuv),
      cmocka_unit_test_fs(scandir_lists_the_entries),
  };
  return test_main(tests, argc, argv);
}
