/* The program's own definitions go before those of the libraries, in the
 * libraries too. */
#include "fault_calls.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>
#include <uv.h>

/* What stood here before: the system's, or a sanitizer's. */
#define REAL(name) ((__typeof__(&(name)))(uintptr_t)dlsym(RTLD_NEXT, #name))

/* Sockets and files; libuv aborts over its own descriptors. */
static bool fails(fault_kind_t kind, int fd, int socket_error) {
  struct stat status;
  if (fstat(fd, &status) != 0 ||
      !(S_ISSOCK(status.st_mode) || S_ISREG(status.st_mode)) ||
      !fault_here(kind)) {
    return false;
  }
  errno = S_ISSOCK(status.st_mode) ? socket_error : EIO;
  return true;
}

int accept4(int fd, struct sockaddr *address, socklen_t *size, int flags) {
  if (fault_here(FAULT_ACCEPT)) {
    errno = EMFILE;
    return -1;
  }
  return REAL(accept4)(fd, address, size, flags);
}

ssize_t read(int fd, void *bytes, size_t size) {
  return fails(FAULT_READ, fd, ECONNRESET) ? -1 : REAL(read)(fd, bytes, size);
}

ssize_t pread64(int fd, void *bytes, size_t size, off64_t at) {
  return fails(FAULT_READ, fd, ECONNRESET) ? -1
                                           : REAL(pread64)(fd, bytes, size, at);
}

ssize_t pread(int fd, void *bytes, size_t size, off_t at) {
  return fails(FAULT_READ, fd, ECONNRESET) ? -1
                                           : REAL(pread)(fd, bytes, size, at);
}

ssize_t recvmsg(int fd, struct msghdr *message, int flags) {
  return fails(FAULT_READ, fd, ECONNRESET) ? -1
                                           : REAL(recvmsg)(fd, message, flags);
}

ssize_t write(int fd, const void *bytes, size_t size) {
  return fails(FAULT_WRITE, fd, EPIPE) ? -1 : REAL(write)(fd, bytes, size);
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
  return fails(FAULT_WRITE, fd, EPIPE) ? -1 : REAL(writev)(fd, parts, count);
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags) {
  return fails(FAULT_WRITE, fd, EPIPE) ? -1 : REAL(sendmsg)(fd, message, flags);
}

/* The permissions are there only where a file is made. */
static int open_with(int (*real)(const char *, int, ...), const char *path,
                     int flags, va_list more) {
  mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(more, mode_t) : 0;
  if (fault_here(FAULT_OPEN)) {
    errno = EMFILE;
    return -1;
  }
  return real(path, flags, mode);
}

int open(const char *path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  int fd = open_with(REAL(open), path, flags, more);
  va_end(more);
  return fd;
}

int open64(const char *path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  int fd = open_with(REAL(open64), path, flags, more);
  va_end(more);
  return fd;
}

int openat(int at, const char *path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(more, mode_t) : 0;
  va_end(more);
  if (fault_here(FAULT_OPEN)) {
    errno = EMFILE;
    return -1;
  }
  return REAL(openat)(at, path, flags, mode);
}

static bool no_thread(uv_thread_cb entry) {
  return !fault_is_libuvs((const void *)(uintptr_t)entry) &&
         fault_here(FAULT_THREAD);
}

int uv_thread_create(uv_thread_t *thread, uv_thread_cb entry, void *arg) {
  return no_thread(entry) ? UV_EAGAIN
                          : REAL(uv_thread_create)(thread, entry, arg);
}

int uv_thread_create_ex(uv_thread_t *thread, const uv_thread_options_t *options,
                        uv_thread_cb entry, void *arg) {
  return no_thread(entry)
             ? UV_EAGAIN
             : REAL(uv_thread_create_ex)(thread, options, entry, arg);
}

int uv_timer_start(uv_timer_t *timer, uv_timer_cb cb, uint64_t timeout_ms,
                   uint64_t repeat_ms) {
  return fault_here(FAULT_TIMER)
             ? UV_EINVAL
             : REAL(uv_timer_start)(timer, cb, timeout_ms, repeat_ms);
}
