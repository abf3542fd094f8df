/* One fs request at a time uses `req`, and while one is pending (`busy`) the
 * memory is its. file_reader_close() then only marks the reader, and the
 * callback of the pending request does the rest. A callback of the user comes
 * last in every function, as it may close the reader.
 *
 * The name is opened with O_PATH first, which has no effect on what it stands
 * for: a device that lies behind a link must not be touched, and a FIFO not
 * waited for. Only what has passed the checks is opened to be read, and by its
 * descriptor: whatever the name has come to mean, it is the same file. */
#include "file_reader.h"

#include "asyncscope/async_allocator.h"
#include "asyncscope/async_uv.h"
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct file_reader_s {
  async_uv_fs_t req;
  uv_loop_t *loop;
  const char *root;
  file_reader_callbacks_t callbacks;
  void *arg;
  uv_file fd; /* -1: none */
  bool busy, closed;
  file_info_t info;
  int64_t offset_bytes;
  char buffer[FILE_READER_BUFFER_BYTES];
};

static void on_fd_closed(async_uv_fs_t *req) {
  async_uv_fs_req_cleanup(req);
  async_free(req->data);
}

/* Where the close cannot be queued it is done at once. */
static void finish(file_reader_t *reader) {
  if (reader->fd < 0) {
    async_free(reader);
    return;
  }
  if (async_uv_fs_close(reader->loop, &reader->req, reader->fd, on_fd_closed) !=
      0) {
    async_uv_fs_close(NULL, &reader->req, reader->fd, NULL);
    on_fd_closed(&reader->req);
  }
}

/* What a pending request has left, and whether anybody still wants it. */
static bool end_step(file_reader_t *reader) {
  bool wanted = !reader->closed;

  reader->busy = false;
  async_uv_fs_req_cleanup(&reader->req);
  if (!wanted)
    finish(reader);
  return wanted;
}

static int error_of(ssize_t result) {
  switch (result) {
  case UV_EMFILE:
  case UV_ENFILE:
  case UV_ENOMEM:
  case UV_EIO:
    return (int)result;
  default:
    return UV_ENOENT;
  }
}

static void opened(file_reader_t *reader, int status) {
  reader->callbacks.on_open(reader->arg, status, &reader->info);
}

static bool is_below(const char *path, const char *root) {
  size_t size = strlen(root);

  return strncmp(path, root, size) == 0 && path[size] == '/';
}

/* Nothing was opened but a place in the tree: closing it waits for nothing. */
static void close_path(uv_file fd) {
  uv_fs_t req;

  uv_fs_close(NULL, &req, fd, NULL);
  uv_fs_req_cleanup(&req);
}

static void on_opened(async_uv_fs_t *req) {
  file_reader_t *reader = req->data;
  int status = req->result < 0 ? error_of(req->result) : 0;

  if (status == 0) {
    close_path(reader->fd);
    reader->fd = (uv_file)req->result;
  }
  if (end_step(reader))
    opened(reader, status);
}

/* The name of our descriptor among all of the process. */
static void format_fd(const file_reader_t *reader, char ret_path[32]) {
  snprintf(ret_path, 32, FILE_READER_FDS "/%d", reader->fd);
}

static int start_open(file_reader_t *reader) {
  const int flags = O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY;
  char path[32];
  int error;

  format_fd(reader, path);
  error =
      async_uv_fs_open(reader->loop, &reader->req, path, flags, 0, on_opened);
  reader->busy = error == 0;
  return error;
}

static void on_readlink(async_uv_fs_t *req) {
  file_reader_t *reader = req->data;
  int status = req->result < 0 ? error_of(req->result) : 0;

  if (status == 0 && !is_below(req->ptr, reader->root))
    status = UV_ENOENT;
  if (!end_step(reader))
    return;
  if (status == 0)
    status = start_open(reader);
  if (status != 0)
    opened(reader, status);
}

static int start_readlink(file_reader_t *reader) {
  char path[32];
  int error;

  format_fd(reader, path);
  error = async_uv_fs_readlink(reader->loop, &reader->req, path, on_readlink);
  reader->busy = error == 0;
  return error;
}

static void take_info(file_reader_t *reader, const uv_stat_t *stat) {
  reader->info.size_bytes = stat->st_size;
  reader->info.modified.tv_sec = stat->st_mtim.tv_sec;
  reader->info.modified.tv_nsec = stat->st_mtim.tv_nsec;
}

static void on_fstat(async_uv_fs_t *req) {
  file_reader_t *reader = req->data;
  int status = req->result < 0 ? error_of(req->result) : 0;

  if (status == 0 && !S_ISREG(req->statbuf.st_mode))
    status = UV_ENOENT;
  take_info(reader, &req->statbuf);
  if (!end_step(reader))
    return;
  if (status == 0)
    status = start_readlink(reader);
  if (status != 0)
    opened(reader, status);
}

static void on_found(async_uv_fs_t *req) {
  file_reader_t *reader = req->data;
  int status = req->result < 0 ? error_of(req->result) : 0;

  if (status == 0)
    reader->fd = (uv_file)req->result;
  if (!end_step(reader))
    return;
  if (status == 0) {
    status =
        async_uv_fs_fstat(reader->loop, &reader->req, reader->fd, on_fstat);
    reader->busy = status == 0;
  }
  if (status != 0)
    opened(reader, status);
}

/* The kernel would follow both, and the check find it out; nobody needs them.
 */
static bool has_dot_dot(const char *path) {
  while (path != NULL) {
    if (strncmp(path, "..", 2) == 0 && (path[2] == '/' || path[2] == '\0'))
      return true;
    path = strchr(path, '/');
    path = path == NULL ? NULL : path + 1;
  }
  return false;
}

static int start_find(file_reader_t *reader, const char *path) {
  char full[PATH_MAX];
  int size = snprintf(full, sizeof(full), "%s/%s", reader->root, path);
  int error;

  if (size < 0 || size >= (int)sizeof(full))
    return UV_ENOENT;
  error = async_uv_fs_open(reader->loop, &reader->req, full, O_PATH | O_CLOEXEC,
                           0, on_found);
  reader->busy = error == 0;
  return error;
}

int file_reader_check(const char *fds) {
  uv_fs_t req;
  int error = uv_fs_access(NULL, &req, fds, X_OK, NULL);

  uv_fs_req_cleanup(&req);
  return error;
}

int file_reader_open(uv_loop_t *loop, const char *root, const char *path,
                     const file_reader_callbacks_t *callbacks, void *arg,
                     file_reader_t **ret_reader) {
  file_reader_t *reader;
  int error;

  if (path[0] == '/' || has_dot_dot(path))
    return UV_ENOENT;
  reader = async_calloc(1, sizeof(*reader));
  if (reader == NULL)
    return UV_ENOMEM;
  reader->req.data = reader;
  reader->loop = loop;
  reader->root = root;
  reader->callbacks = *callbacks;
  reader->arg = arg;
  reader->fd = -1;
  error = start_find(reader, path);
  if (error != 0) {
    async_free(reader);
    return error;
  }
  *ret_reader = reader;
  return 0;
}

static void on_read(async_uv_fs_t *req) {
  file_reader_t *reader = req->data;
  ssize_t result = req->result;

  if (!end_step(reader))
    return;
  if (result > 0)
    reader->offset_bytes += result;
  reader->callbacks.on_read(reader->arg, result, reader->buffer);
}

int file_reader_read(file_reader_t *reader) {
  uv_buf_t buf = uv_buf_init(reader->buffer, sizeof(reader->buffer));
  int error = async_uv_fs_read(reader->loop, &reader->req, reader->fd, &buf, 1,
                               reader->offset_bytes, on_read);

  reader->busy = error == 0;
  return error;
}

void file_reader_seek(file_reader_t *reader, uint64_t offset_bytes) {
  reader->offset_bytes = (int64_t)offset_bytes;
}

void file_reader_close(file_reader_t *reader) {
  reader->closed = true;
  if (reader->busy)
    async_uv_fs_cancel(&reader->req);
  else
    finish(reader);
}
