/* The name is opened with O_PATH first, which has no effect on what it stands
 * for: a device that lies behind a link must not be touched, and a FIFO not
 * waited for. Only what has passed the checks is opened to be read, and by its
 * descriptor: whatever the name has come to mean, it is the same file. */
#include "file_find.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

#define FD_NAME_BYTES 32

static int last_error(void) {
  int error = uv_translate_sys_error(errno);
  switch (error) {
  case UV_EMFILE:
  case UV_ENFILE:
  case UV_ENOMEM:
  case UV_EIO:
    return error;
  default:
    return UV_ENOENT;
  }
}

/* The name of our descriptor among all of the process. */
static void format_fd(int fd, char ret_name[FD_NAME_BYTES]) {
  snprintf(ret_name, FD_NAME_BYTES, FILE_FIND_FDS "/%d", fd);
}

static bool is_below(const char *path, size_t path_bytes, const char *root) {
  size_t size = strlen(root);
  return path_bytes > size && memcmp(path, root, size) == 0 &&
         path[size] == '/';
}

static int check_place(int place, const char *root) {
  char name[FD_NAME_BYTES];
  char path[PATH_MAX];
  format_fd(place, name);
  ssize_t size = readlink(name, path, sizeof(path));
  if (size < 0)
    return last_error();
  return is_below(path, (size_t)size, root) ? 0 : UV_ENOENT;
}

static int check(int place, const char *root, struct stat *ret_stat) {
  if (fstat(place, ret_stat) != 0)
    return last_error();
  return S_ISREG(ret_stat->st_mode) ? check_place(place, root) : UV_ENOENT;
}

static int open_place(int place) {
  char name[FD_NAME_BYTES];
  format_fd(place, name);
  int fd = open(name, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
  if (fd < 0)
    return last_error();
  return fd;
}

int file_find(const char *root, const char *path, struct stat *ret_stat) {
  int place = open(path, O_PATH | O_CLOEXEC);
  if (place < 0)
    return last_error();
  int error = check(place, root, ret_stat);
  int fd = error == 0 ? open_place(place) : error;
  close(place);
  return fd;
}

int file_find_check(const char *fds) {
  uv_fs_t req;
  int error = uv_fs_access(NULL, &req, fds, X_OK, NULL);
  uv_fs_req_cleanup(&req);
  return error;
}
