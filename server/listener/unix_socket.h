/* A unix socket in the file system, for this user alone. */
#ifndef ASYNCSCOPE_SERVER_UNIX_SOCKET_H
#define ASYNCSCOPE_SERVER_UNIX_SOCKET_H

#include <sys/types.h>
#include <sys/un.h>
#include <uv.h>

typedef struct unix_socket_s {
  uv_os_sock_t sock; /* listens; passes to whoever serves it */
  /* private */
  char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
  int lock_fd;
  dev_t device; /* which file is ours */
  ino_t inode;
} unix_socket_t;

/* Errors: UV_ENAMETOOLONG, UV_EADDRINUSE (somebody listens there, or is about
 * to), UV_EEXIST (there is something that is no socket), and what the system
 * answers; nothing is left behind. */
int unix_socket_open(unix_socket_t *socket, const char *path);

/* Removes the file, unless it is not ours any more, and the lock. `sock` is
 * left alone. */
void unix_socket_remove(unix_socket_t *socket);

#endif
