/* What finds a file is an operation of our own in libuv's pool, so its resource
 * is made here, as AsyncResource is for; its type is that of libuv's own calls,
 * which read on where a file is larger than the buffer.
 *
 * While an operation is pending the memory is its. file_reader_close() then
 * only marks the reader, and the callback of the operation does the rest. A
 * callback of the user comes last in every function, as it may close the
 * reader. */
#include "file_reader.h"

#include "asyncscope/async_allocator.h"
#include "asyncscope/async_uv.h"
#include "file_find.h"
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef enum pending_e {
  PENDING_NOTHING,
  PENDING_FIND,
  PENDING_READ
} pending_t;

struct file_reader_s {
  uv_work_t find;
  async_resource_t resource; /* of `find` */
  async_uv_fs_t req;
  uv_loop_t *loop;
  const char *root;
  file_reader_callbacks_t callbacks;
  void *arg;
  pending_t pending;
  bool closed;
  bool whole; /* the buffer has all of the file, which is closed again */
  int status; /* of `find` */
  uv_file fd; /* -1: none */
  file_info_t info;
  size_t buffered_bytes;
  uint64_t offset_bytes;
  char *path;
  char buffer[]; /* FILE_READER_BUFFER_BYTES, and the path */
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

/* Whether anybody still wants what was pending. */
static bool end_pending(file_reader_t *reader) {
  bool wanted = !reader->closed;
  reader->pending = PENDING_NOTHING;
  if (!wanted)
    finish(reader);
  return wanted;
}

static void take_info(file_reader_t *reader, const struct stat *stat) {
  reader->info.size_bytes = (uint64_t)stat->st_size;
  reader->info.modified = stat->st_mtim;
}

/* What cannot be read is left open: the read that is asked for meets the error
 * again and reports it. */
static void read_whole(file_reader_t *reader) {
  size_t size = (size_t)reader->info.size_bytes, got = 0;
  ssize_t more = 1;
  while (got < size && more > 0) {
    more = pread(reader->fd, reader->buffer + got, size - got, (off_t)got);
    got += more > 0 ? (size_t)more : 0;
  }
  if (more < 0)
    return;
  reader->buffered_bytes = got;
  reader->whole = true;
  close(reader->fd);
  reader->fd = -1;
}

/* On a thread of the pool. */
static void find(uv_work_t *work) {
  file_reader_t *reader = work->data;
  struct stat stat;
  int fd = file_find(reader->root, reader->path, &stat);
  reader->status = fd < 0 ? fd : 0;
  if (fd < 0)
    return;
  reader->fd = fd;
  take_info(reader, &stat);
  if (reader->info.size_bytes <= FILE_READER_BUFFER_BYTES)
    read_whole(reader);
}

static void on_found(uv_work_t *work, int status) {
  file_reader_t *reader = work->data;
  async_resource_t resource = reader->resource;
  bool entered = async_callback_scope_open(&resource) == 0;
  (void)status; /* cancelled only where nobody wants it */
  if (end_pending(reader))
    reader->callbacks.on_open(reader->arg, reader->status, &reader->info);
  if (entered)
    async_callback_scope_close_last(&resource);
}

/* libuv refuses only what has nothing to run. */
static int start_find(file_reader_t *reader) {
  async_resource_options_t options = {.flags = ASYNC_RESOURCE_OWES_CALLBACK};
  int error = async_resource_init(&reader->resource, "FSREQCALLBACK", &options);
  if (error != 0)
    return error;
  async_resource_set_name(&reader->resource, reader->path,
                          strlen(reader->path));
  reader->pending = PENDING_FIND;
  return uv_queue_work(reader->loop, &reader->find, find, on_found);
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

/* The buffer is left as it is. */
static file_reader_t *make(const char *root, const char *path) {
  size_t path_bytes = strlen(root) + strlen(path) + 2;
  file_reader_t *reader =
      async_malloc(sizeof(*reader) + FILE_READER_BUFFER_BYTES + path_bytes);
  if (reader == NULL)
    return NULL;
  *reader = (file_reader_t){.root = root, .fd = -1};
  reader->find.data = reader->req.data = reader;
  reader->path = reader->buffer + FILE_READER_BUFFER_BYTES;
  snprintf(reader->path, path_bytes, "%s/%s", root, path);
  return reader;
}

int file_reader_open(uv_loop_t *loop, const char *root, const char *path,
                     const file_reader_callbacks_t *callbacks, void *arg,
                     file_reader_t **ret_reader) {
  if (path[0] == '/' || has_dot_dot(path))
    return UV_ENOENT;
  file_reader_t *reader = make(root, path);
  if (reader == NULL)
    return UV_ENOMEM;
  reader->loop = loop;
  reader->callbacks = *callbacks;
  reader->arg = arg;
  int error = start_find(reader);
  if (error != 0)
    async_free(reader);
  else
    *ret_reader = reader;
  return error;
}

static void give_buffered(file_reader_t *reader) {
  uint64_t at = reader->offset_bytes;
  if (at > reader->buffered_bytes)
    at = reader->buffered_bytes;
  size_t size = reader->buffered_bytes - (size_t)at;
  reader->offset_bytes += size;
  reader->callbacks.on_read(reader->arg, (ssize_t)size, reader->buffer + at);
}

static void on_read(async_uv_fs_t *req) {
  file_reader_t *reader = req->data;
  ssize_t result = req->result;
  async_uv_fs_req_cleanup(req);
  if (!end_pending(reader))
    return;
  if (result > 0)
    reader->offset_bytes += (uint64_t)result;
  reader->callbacks.on_read(reader->arg, result, reader->buffer);
}

static int start_read(file_reader_t *reader) {
  uv_buf_t buf = uv_buf_init(reader->buffer, FILE_READER_BUFFER_BYTES);
  int error = async_uv_fs_read(reader->loop, &reader->req, reader->fd, &buf, 1,
                               (int64_t)reader->offset_bytes, on_read);
  if (error == 0)
    reader->pending = PENDING_READ;
  return error;
}

int file_reader_read(file_reader_t *reader) {
  if (!reader->whole)
    return start_read(reader);
  give_buffered(reader);
  return 0;
}

void file_reader_seek(file_reader_t *reader, uint64_t offset_bytes) {
  reader->offset_bytes = offset_bytes;
}

void file_reader_close(file_reader_t *reader) {
  reader->closed = true;
  if (reader->pending == PENDING_FIND)
    uv_cancel((uv_req_t *)&reader->find);
  else if (reader->pending == PENDING_READ)
    async_uv_fs_cancel(&reader->req);
  else
    finish(reader);
}
