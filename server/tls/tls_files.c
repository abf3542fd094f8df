#include "tls_files.h"

#include "asyncscope/async_allocator.h"
#include "tls_limits.h"
#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <sys/stat.h>
#include <unistd.h>
#include <uv.h>

static int check(int fd) {
  struct stat stat;

  if (fstat(fd, &stat) != 0)
    return -errno;
  if (S_ISDIR(stat.st_mode))
    return UV_EISDIR;
  if (!S_ISREG(stat.st_mode))
    return UV_EINVAL;
  return stat.st_size > TLS_FILE_MAX_BYTES ? UV_EFBIG : 0;
}

/* One that grows meanwhile is read up to where it may be. */
static int read_all(int fd, tls_file_t *file) {
  ssize_t got = 1;

  file->bytes = async_malloc(TLS_FILE_MAX_BYTES);
  if (file->bytes == NULL)
    return UV_ENOMEM;
  while (file->size_bytes < TLS_FILE_MAX_BYTES && got > 0) {
    got = read(fd, file->bytes + file->size_bytes,
               TLS_FILE_MAX_BYTES - file->size_bytes);
    file->size_bytes += got > 0 ? (size_t)got : 0;
  }
  return got < 0 ? -errno : 0;
}

static int read_file(int fd, tls_file_t *file) {
  int error = check(fd);

  if (error == 0)
    error = read_all(fd, file);
  if (error != 0)
    return error;
  file->bio = BIO_new_mem_buf(file->bytes, (int)file->size_bytes);
  return file->bio == NULL ? UV_ENOMEM : 0;
}

/* Not waiting: nobody may be at the other end of what is no regular file. */
int tls_file_open(const char *path, tls_file_t *ret_file) {
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  int error;

  *ret_file = (tls_file_t){.bytes = NULL};
  if (fd < 0)
    return -errno;
  error = read_file(fd, ret_file);
  close(fd);
  if (error != 0)
    tls_file_close(ret_file);
  return error;
}

void tls_file_close(tls_file_t *file) {
  BIO_free(file->bio);
  if (file->bytes != NULL)
    OPENSSL_cleanse(file->bytes, file->size_bytes);
  async_free(file->bytes);
  *file = (tls_file_t){.bytes = NULL};
}
