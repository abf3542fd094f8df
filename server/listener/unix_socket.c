/* A process that was killed leaves its socket behind, and nothing tells such a
 * file from one whose process is about to listen. So whoever binds holds
 * "PATH.lock" for as long as it serves: the kernel drops that lock with the
 * process. Who holds it may replace a socket that nobody answers on.
 *
 * The lock's file is removed only by its holder. Somebody else may have opened
 * it before, and then gets a lock on a file that has no name any more: a lock
 * counts when the name still leads to the file that was locked. */
#include "unix_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define OWNER_ONLY 0600
#define BACKLOG    128

typedef struct lock_name_s {
  char path[sizeof(((unix_socket_t *)0)->path) + sizeof(".lock")];
} lock_name_t;

static lock_name_t lock_name(const char *path) {
  lock_name_t name;

  snprintf(name.path, sizeof(name.path), "%s.lock", path);
  return name;
}

static bool is_named(int fd, const char *path) {
  struct stat held, named;

  return fstat(fd, &held) == 0 && lstat(path, &named) == 0 &&
         held.st_dev == named.st_dev && held.st_ino == named.st_ino;
}

/* Answers the locked descriptor; UV_EAGAIN: the name has moved on. */
static int try_lock(const char *path) {
  int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, OWNER_ONLY);
  int error = 0;

  if (fd < 0)
    return -errno;
  if (flock(fd, LOCK_EX | LOCK_NB) != 0)
    error = errno == EWOULDBLOCK ? UV_EADDRINUSE : -errno;
  else if (!is_named(fd, path))
    error = UV_EAGAIN;
  if (error != 0) {
    close(fd);
    return error;
  }
  return fd;
}

static int take_lock(unix_socket_t *socket) {
  const lock_name_t name = lock_name(socket->path);

  do
    socket->lock_fd = try_lock(name.path);
  while (socket->lock_fd == UV_EAGAIN);
  return socket->lock_fd < 0 ? socket->lock_fd : 0;
}

static void drop_lock(unix_socket_t *socket) {
  unlink(lock_name(socket->path).path);
  close(socket->lock_fd);
}

static struct sockaddr_un address_of(const unix_socket_t *socket) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};

  memcpy(address.sun_path, socket->path, sizeof(address.sun_path));
  return address;
}

static int new_socket(void) {
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

  if (fd < 0)
    return -errno;
  return fd;
}

/* 0 when nobody listens there. A full backlog is somebody too. */
static int check_deserted(const unix_socket_t *socket) {
  const struct sockaddr_un address = address_of(socket);
  int fd = new_socket();
  int error = UV_EADDRINUSE;

  if (fd < 0)
    return fd;
  if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) != 0 &&
      (errno == ECONNREFUSED || errno == ENOENT))
    error = 0;
  close(fd);
  return error;
}

static int make_way(const unix_socket_t *socket) {
  struct stat there;
  int error;

  if (lstat(socket->path, &there) != 0)
    return errno == ENOENT ? 0 : -errno;
  if (!S_ISSOCK(there.st_mode))
    return UV_EEXIST;
  error = check_deserted(socket);
  if (error != 0)
    return error;
  return unlink(socket->path) == 0 || errno == ENOENT ? 0 : -errno;
}

/* The mode a socket has before it is bound is that of the file: at no moment
 * may others connect, and the process's umask is left alone. */
static int listen_at(unix_socket_t *socket) {
  const struct sockaddr_un address = address_of(socket);
  struct stat file;

  if (fchmod(socket->sock, OWNER_ONLY) != 0 ||
      bind(socket->sock, (const struct sockaddr *)&address, sizeof(address)) !=
          0)
    return -errno;
  if (listen(socket->sock, BACKLOG) != 0 || lstat(socket->path, &file) != 0) {
    int error = -errno;

    unlink(socket->path);
    return error;
  }
  socket->device = file.st_dev;
  socket->inode = file.st_ino;
  return 0;
}

static int bind_locked(unix_socket_t *socket) {
  int error = make_way(socket);

  if (error != 0)
    return error;
  socket->sock = new_socket();
  if (socket->sock < 0)
    return socket->sock;
  error = listen_at(socket);
  if (error != 0)
    close(socket->sock);
  return error;
}

int unix_socket_open(unix_socket_t *socket, const char *path) {
  size_t size = strlen(path);
  int error;

  if (size == 0)
    return UV_EINVAL;
  if (size >= sizeof(socket->path))
    return UV_ENAMETOOLONG;
  memset(socket, 0, sizeof(*socket));
  memcpy(socket->path, path, size);
  error = take_lock(socket);
  if (error != 0)
    return error;
  error = bind_locked(socket);
  if (error != 0)
    drop_lock(socket);
  return error;
}

void unix_socket_remove(unix_socket_t *socket) {
  struct stat there;

  if (lstat(socket->path, &there) == 0 && there.st_dev == socket->device &&
      there.st_ino == socket->inode)
    unlink(socket->path);
  drop_lock(socket);
}
