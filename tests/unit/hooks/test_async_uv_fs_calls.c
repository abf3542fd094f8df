#include "fs_directory.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Each call is made twice: blocking, then with a callback. Both must reach
 * libuv's call of the same name (its fs_type) with the arguments in place (its
 * result, and what the file system says afterwards). */
typedef struct outcome_s {
  unsigned calls;
  uv_fs_type fs_type;
  ssize_t result;
} outcome_t;

typedef struct call_s {
  async_uv_fs_t req;
  fs_fixture_t *fixture;
  uv_loop_t *loop;
  outcome_t outcome;
} call_t;

static void call_init(call_t *call, fs_fixture_t *fixture) {
  memset(call, 0, sizeof(*call));
  call->fixture = fixture;
  call->loop = &fixture->uv.loop;
  call->req.data = call;
}

static void on_done(async_uv_fs_t *req) {
  call_t *call = req->data;
  call->outcome.calls++;
  call->outcome.fs_type = req->fs_type;
  call->outcome.result = req->result;
}

static ssize_t finish_blocking(call_t *call, int answer, uv_fs_type fs_type) {
  assert_int_equal(call->req.fs_type, fs_type);
  assert_int_equal(call->req.result, answer);
  async_uv_fs_req_cleanup(&call->req);
  return answer;
}

static ssize_t finish_callback(call_t *call, int answer, uv_fs_type fs_type) {
  assert_int_equal(answer, 0);
  call->outcome = (outcome_t){.calls = 0};
  uv_fixture_run(&call->fixture->uv);
  assert_int_equal(call->outcome.calls, 1);
  assert_int_equal(call->outcome.fs_type, fs_type);
  async_uv_fs_req_cleanup(&call->req);
  return call->outcome.result;
}

/* The results of async_uv_fs_<name>(). */
#define BLOCKING(call, name, TYPE, ...)                                  \
  finish_blocking(                                                       \
      (call),                                                            \
      async_uv_fs_##name((call)->loop, &(call)->req, __VA_ARGS__, NULL), \
      UV_FS_##TYPE)
#define CALLBACK(call, name, TYPE, ...)                                     \
  finish_callback(                                                          \
      (call),                                                               \
      async_uv_fs_##name((call)->loop, &(call)->req, __VA_ARGS__, on_done), \
      UV_FS_##TYPE)
#define BOTH_SUCCEED(call, name, TYPE, ...)                       \
  do {                                                            \
    assert_int_equal(BLOCKING(call, name, TYPE, __VA_ARGS__), 0); \
    assert_int_equal(CALLBACK(call, name, TYPE, __VA_ARGS__), 0); \
  } while (0)

static uv_file open_file(call_t *call, const char *path, int flags) {
  uv_file file = (uv_file)BLOCKING(call, open, OPEN, path, flags, 0600);
  assert_true(file >= 0);
  return file;
}

static struct stat status_of(const char *path) {
  struct stat status;
  assert_int_equal(lstat(path, &status), 0);
  return status;
}

static void open_and_close_reach_libuv(void **state) {
  call_t call;
  call_init(&call, *state);
  const char *path = fs_path(*state, "file");
  uv_file first = (uv_file)BLOCKING(&call, open, OPEN, path,
                                    O_CREAT | O_EXCL | O_WRONLY, 0640);
  assert_int_equal(status_of(path).st_mode & 0700, 0600);
  uv_file second = (uv_file)CALLBACK(&call, open, OPEN, path, O_RDONLY, 0);
  assert_true(first >= 0 && second >= 0 && first != second);
  assert_int_equal(BLOCKING(&call, close, CLOSE, first), 0);
  assert_int_equal(CALLBACK(&call, close, CLOSE, second), 0);
  assert_int_equal(BLOCKING(&call, close, CLOSE, second), UV_EBADF);
}

static void read_and_write_reach_libuv(void **state) {
  char first[] = "abc", second[] = "XY", text[8] = "";
  uv_buf_t out = uv_buf_init(first, 3), in = uv_buf_init(text, 7);
  call_t call;
  call_init(&call, *state);
  uv_file file = open_file(&call, fs_path(*state, "file"), O_CREAT | O_RDWR);
  assert_int_equal(BLOCKING(&call, write, WRITE, file, &out, 1, 0), 3);
  out = uv_buf_init(second, 2);
  assert_int_equal(CALLBACK(&call, write, WRITE, file, &out, 1, 2), 2);
  assert_int_equal(CALLBACK(&call, read, READ, file, &in, 1, 1), 3);
  assert_string_equal(text, "bXY");
  assert_int_equal(BLOCKING(&call, read, READ, file, &in, 1, 4), 0);
  assert_int_equal(BLOCKING(&call, close, CLOSE, file), 0);
}

static void the_calls_on_an_open_file_reach_libuv(void **state) {
  call_t call;
  call_init(&call, *state);
  const char *path = fs_file(*state, "file", "some text");
  uv_file file = open_file(&call, path, O_RDWR);
  BOTH_SUCCEED(&call, fstat, FSTAT, file);
  BOTH_SUCCEED(&call, fsync, FSYNC, file);
  BOTH_SUCCEED(&call, fdatasync, FDATASYNC, file);
  BOTH_SUCCEED(&call, fchmod, FCHMOD, file, 0400);
  BOTH_SUCCEED(&call, fchown, FCHOWN, file, (uv_uid_t)-1, (uv_gid_t)-1);
  BOTH_SUCCEED(&call, futime, FUTIME, file, 111.0, 222.0);
  struct stat status = status_of(path);
  assert_int_equal(status.st_mode & 0777, 0400);
  assert_int_equal(status.st_atime, 111);
  assert_int_equal(status.st_mtime, 222);
  BOTH_SUCCEED(&call, ftruncate, FTRUNCATE, file, 4);
  assert_int_equal(status_of(path).st_size, 4);
  assert_int_equal(BLOCKING(&call, close, CLOSE, file), 0);
}

static void sendfile_reaches_libuv(void **state) {
  call_t call;
  call_init(&call, *state);
  uv_file from = open_file(&call, fs_file(*state, "from", "abcdef"), O_RDONLY);
  const char *path = fs_path(*state, "to");
  uv_file to = open_file(&call, path, O_CREAT | O_WRONLY);
  assert_int_equal(BLOCKING(&call, sendfile, SENDFILE, to, from, 2, 3), 3);
  assert_int_equal(CALLBACK(&call, sendfile, SENDFILE, to, from, 1, 5), 5);
  assert_int_equal(status_of(path).st_size, 8);
  assert_int_equal(BLOCKING(&call, close, CLOSE, from), 0);
  assert_int_equal(BLOCKING(&call, close, CLOSE, to), 0);
}

static void the_calls_that_ask_reach_libuv(void **state) {
  call_t call;
  call_init(&call, *state);
  const char *path = fs_file(*state, "file", "text");
  BOTH_SUCCEED(&call, access, ACCESS, path, R_OK);
  BOTH_SUCCEED(&call, stat, STAT, path);
  BOTH_SUCCEED(&call, lstat, LSTAT, path);
  BOTH_SUCCEED(&call, statfs, STATFS, path);
  BOTH_SUCCEED(&call, realpath, REALPATH, path);
}

static void the_calls_that_change_an_inode_reach_libuv(void **state) {
  call_t call;
  call_init(&call, *state);
  const char *path = fs_file(*state, "file", "text");
  BOTH_SUCCEED(&call, chmod, CHMOD, path, 0640);
  BOTH_SUCCEED(&call, chown, CHOWN, path, (uv_uid_t)-1, (uv_gid_t)-1);
  BOTH_SUCCEED(&call, lchown, LCHOWN, path, (uv_uid_t)-1, (uv_gid_t)-1);
  BOTH_SUCCEED(&call, utime, UTIME, path, 333.0, 444.0);
  struct stat status = status_of(path);
  assert_int_equal(status.st_mode & 0777, 0640);
  assert_int_equal(status.st_atime, 333);
  assert_int_equal(status.st_mtime, 444);
  BOTH_SUCCEED(&call, lutime, LUTIME, path, 555.0, 666.0);
  assert_int_equal(status_of(path).st_mtime, 666);
}

static void the_calls_on_links_reach_libuv(void **state) {
  call_t call;
  call_init(&call, *state);
  const char *path = fs_file(*state, "file", "text");
  const char *soft = fs_path(*state, "soft"), *hard = fs_path(*state, "hard");
  assert_int_equal(BLOCKING(&call, symlink, SYMLINK, path, soft, 0), 0);
  assert_int_equal(CALLBACK(&call, symlink, SYMLINK, path, soft, 0), UV_EEXIST);
  assert_int_equal(CALLBACK(&call, link, LINK, path, hard), 0);
  assert_int_equal(BLOCKING(&call, link, LINK, path, hard), UV_EEXIST);
  assert_true(S_ISLNK(status_of(soft).st_mode));
  assert_int_equal(status_of(hard).st_nlink, 2);
  BOTH_SUCCEED(&call, readlink, READLINK, soft);
}

static void the_calls_that_move_files_reach_libuv(void **state) {
  call_t call;
  call_init(&call, *state);
  const char *from = fs_file(*state, "from", "text");
  const char *to = fs_path(*state, "to"), *copy = fs_path(*state, "copy");
  assert_int_equal(CALLBACK(&call, copyfile, COPYFILE, from, copy, 0), 0);
  assert_int_equal(
      BLOCKING(&call, copyfile, COPYFILE, from, copy, UV_FS_COPYFILE_EXCL),
      UV_EEXIST);
  assert_int_equal(status_of(copy).st_size, 4);
  assert_int_equal(CALLBACK(&call, rename, RENAME, from, to), 0);
  assert_int_equal(BLOCKING(&call, rename, RENAME, to, from), 0);
  assert_int_equal(CALLBACK(&call, unlink, UNLINK, from), 0);
  assert_int_equal(BLOCKING(&call, unlink, UNLINK, from), UV_ENOENT);
}

static void the_calls_that_make_directories_reach_libuv(void **state) {
  call_t call;
  call_init(&call, *state);
  const char *path = fs_path(*state, "sub");
  const char *template = fs_path(*state, "temporary-XXXXXX");
  assert_int_equal(BLOCKING(&call, mkdir, MKDIR, path, 0700), 0);
  assert_int_equal(CALLBACK(&call, mkdir, MKDIR, path, 0700), UV_EEXIST);
  assert_true(S_ISDIR(status_of(path).st_mode));
  assert_int_equal(CALLBACK(&call, rmdir, RMDIR, path), 0);
  assert_int_equal(BLOCKING(&call, rmdir, RMDIR, path), UV_ENOENT);
  BOTH_SUCCEED(&call, mkdtemp, MKDTEMP, template);
  uv_file first = (uv_file)BLOCKING(&call, mkstemp, MKSTEMP, template);
  uv_file second = (uv_file)CALLBACK(&call, mkstemp, MKSTEMP, template);
  assert_int_equal(BLOCKING(&call, close, CLOSE, first), 0);
  assert_int_equal(BLOCKING(&call, close, CLOSE, second), 0);
}

static void scandir_lists_the_entries(void **state) {
  fs_fixture_t *fixture = *state;
  uv_dirent_t entry;
  call_t call;
  call_init(&call, fixture);
  fs_file(fixture, "only", "text");
  assert_int_equal(BLOCKING(&call, scandir, SCANDIR, fixture->directory, 0), 1);
  assert_int_equal(
      async_uv_fs_scandir(call.loop, &call.req, fixture->directory, 0, on_done),
      0);
  uv_fixture_run(&fixture->uv);
  assert_int_equal(call.outcome.result, 1);
  assert_int_equal(call.outcome.fs_type, UV_FS_SCANDIR);
  assert_int_equal(async_uv_fs_scandir_next(&call.req, &entry), 0);
  assert_string_equal(entry.name, "only");
  assert_int_equal(async_uv_fs_scandir_next(&call.req, &entry), UV_EOF);
  async_uv_fs_req_cleanup(&call.req);
}

/* cleanup frees what opendir answers in ptr only by way of closedir. */
static uv_dir_t *open_directory(call_t *call, async_uv_fs_cb cb) {
  assert_int_equal(
      async_uv_fs_opendir(call->loop, &call->req, call->fixture->directory, cb),
      0);
  uv_fixture_run(&call->fixture->uv);
  assert_int_equal(call->req.fs_type, UV_FS_OPENDIR);
  uv_dir_t *directory = call->req.ptr;
  assert_non_null(directory);
  async_uv_fs_req_cleanup(&call->req);
  return directory;
}

static void the_calls_on_open_directories_reach_libuv(void **state) {
  uv_dirent_t entries[4];
  call_t call;
  call_init(&call, *state);
  fs_file(*state, "only", "text");
  uv_dir_t *first = open_directory(&call, NULL);
  uv_dir_t *second = open_directory(&call, on_done);
  first->dirents = second->dirents = entries;
  first->nentries = second->nentries = 4;
  assert_int_equal(BLOCKING(&call, readdir, READDIR, first), 1);
  assert_int_equal(CALLBACK(&call, readdir, READDIR, second), 1);
  assert_int_equal(CALLBACK(&call, readdir, READDIR, second), 0);
  assert_int_equal(BLOCKING(&call, closedir, CLOSEDIR, first), 0);
  assert_int_equal(CALLBACK(&call, closedir, CLOSEDIR, second), 0);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_fs(open_and_close_reach_libuv),
      cmocka_unit_test_fs(read_and_write_reach_libuv),
      cmocka_unit_test_fs(the_calls_on_an_open_file_reach_libuv),
      cmocka_unit_test_fs(sendfile_reaches_libuv),
      cmocka_unit_test_fs(the_calls_that_ask_reach_libuv),
      cmocka_unit_test_fs(the_calls_that_change_an_inode_reach_libuv),
      cmocka_unit_test_fs(the_calls_on_links_reach_libuv),
      cmocka_unit_test_fs(the_calls_that_move_files_reach_libuv),
      cmocka_unit_test_fs(the_calls_that_make_directories_reach_libuv),
      cmocka_unit_test_fs(scandir_lists_the_entries),
      cmocka_unit_test_fs(the_calls_on_open_directories_reach_libuv),
  };
  return test_main(tests, argc, argv);
}
