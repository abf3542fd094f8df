/* A file below a directory, read through the tracked fs calls. What is sent is
 * what was found and then checked: a name that comes to mean something else in
 * between changes nothing. What lies outside, or is no regular file, is not
 * even opened. */
#ifndef ASYNCSCOPE_SERVER_FILE_READER_H
#define ASYNCSCOPE_SERVER_FILE_READER_H

#include <stddef.h>
#include <stdint.h>
#include <time.h>
#include <uv.h>

#define FILE_READER_BUFFER_BYTES 32768

/* Tells what a descriptor stands for. */
#define FILE_READER_FDS "/proc/self/fd"

typedef struct file_reader_s file_reader_t;

/* Of the file as it was found. */
typedef struct file_info_s {
  uint64_t size_bytes;
  struct timespec modified;
} file_info_t;

/* Whether files can be checked by `fds`, FILE_READER_FDS; without, no file is
 * ever found. Errors: those of uv_fs_access(). Blocks, for the start. */
int file_reader_check(const char *fds);

/* Called at most once for each open and read, never from inside these, and
 * not after file_reader_close(). Each may close the reader. */
typedef struct file_reader_callbacks_s {
  /* `status` 0 and what the file is, borrowed; UV_ENOENT for all that is not a
   * regular file below the root, so that nobody learns what lies outside. */
  void (*on_open)(void *arg, int status, const file_info_t *info);
  /* Bytes read, borrowed; 0 at the end of the file, or an error. */
  void (*on_read)(void *arg, ssize_t size, const char *bytes);
} file_reader_callbacks_t;

/* `root` (a real path without a final slash, "" for /) must stay as long as
 * the reader; `path` is copied. Errors: UV_ENOMEM, UV_ENOENT (a path that is
 * absolute or has a `..`), what async_uv_fs_open() answers. */
int file_reader_open(uv_loop_t *loop, const char *root, const char *path,
                     const file_reader_callbacks_t *callbacks, void *arg,
                     file_reader_t **ret_reader);

/* Reads on, up to FILE_READER_BUFFER_BYTES, after on_open and one at a time. */
int file_reader_read(file_reader_t *reader);

/* Where the next read begins. */
void file_reader_seek(file_reader_t *reader, uint64_t offset_bytes);

/* Ends it at any time: what runs is cancelled or its result dropped, the file
 * closed, then the memory freed. */
void file_reader_close(file_reader_t *reader);

#endif
