/* A regular file below a directory, opened for a thread that may wait. Whatever
 * a name comes to mean while it is looked at, what is opened is what was found
 * and then checked; what lies outside, or is no regular file, is not even
 * opened. */
#ifndef ASYNCSCOPE_SERVER_FILE_FIND_H
#define ASYNCSCOPE_SERVER_FILE_FIND_H

#include <sys/stat.h>

/* Tells what a descriptor stands for. */
#define FILE_FIND_FDS "/proc/self/fd"

/* Whether files can be checked by `fds`, FILE_FIND_FDS; without, no file is
 * ever found. Errors: those of uv_fs_access(). Blocks. */
int file_find_check(const char *fds);

/* Opens `path`, which begins with `root` (a real path without a final slash, ""
 * for /), to be read, and answers the descriptor, the caller's, or an error:
 * UV_EMFILE, UV_ENFILE, UV_ENOMEM, UV_EIO, or UV_ENOENT for all else, so that
 * nobody learns what lies outside. Blocks. Thread: any. */
int file_find(const char *root, const char *path, struct stat *ret_stat);

#endif
