/* A file below a directory, read in the background: by file_find.h, so nothing
 * but a regular file below the root is even opened. To find it, and to read it
 * where it is small, is one turn of libuv's pool. */
#ifndef ASYNCSCOPE_SERVER_FILE_READER_H
#define ASYNCSCOPE_SERVER_FILE_READER_H

#include <stddef.h>
#include <stdint.h>
#include <time.h>
#include <uv.h>

#define FILE_READER_BUFFER_BYTES 32768

typedef struct file_reader_s file_reader_t;

/* Of the file as it was found. */
typedef struct file_info_s {
  uint64_t size_bytes;
  struct timespec modified;
} file_info_t;

/* Called at most once for each open and read, and not after
 * file_reader_close(). Each may close the reader. */
typedef struct file_reader_callbacks_s {
  /* `status` 0 and what the file is, borrowed; else an error of file_find().
   * Never called from inside file_reader_open(). */
  void (*on_open)(void *arg, int status, const file_info_t *info);
  /* Bytes read, borrowed; 0 at the end of the file, or an error. Of a file that
   * fits into the buffer it is called from inside file_reader_read(). */
  void (*on_read)(void *arg, ssize_t size, const char *bytes);
} file_reader_callbacks_t;

/* `root` (a real path without a final slash, "" for /) must stay as long as
 * the reader; `path` is copied. Errors: UV_ENOMEM, UV_ENOENT (a path that is
 * absolute or has a `..`), what async_resource_init() answers. */
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
