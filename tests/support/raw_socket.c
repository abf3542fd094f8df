#include "raw_socket.h"

#include "deadline.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int fail(int fd) {
  int error = -errno;
  close(fd);
  return error;
}

static struct sockaddr_in loopback(uint16_t port) {
  return (struct sockaddr_in){.sin_family = AF_INET,
                              .sin_port = htons(port),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

int raw_socket_connect(uint16_t port) {
  struct sockaddr_in address = loopback(port);
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) {
    return -errno;
  }
  if (connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0) {
    return fail(fd);
  }
  return fd;
}

int raw_socket_listen(uint16_t *ret_port) {
  struct sockaddr_in address = loopback(0);
  socklen_t length = sizeof(address);
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) {
    return -errno;
  }
  if (bind(fd, (struct sockaddr *)&address, sizeof(address)) != 0 ||
      listen(fd, 1) != 0 ||
      getsockname(fd, (struct sockaddr *)&address, &length) != 0) {
    return fail(fd);
  }
  *ret_port = ntohs(address.sin_port);
  return fd;
}

int raw_socket_write(int fd, const char *bytes, size_t length) {
  deadline_t deadline = deadline_in(RAW_SOCKET_DEADLINE_MS);
  while (length > 0) {
    int error = deadline_poll(deadline, fd, POLLOUT);
    if (error != 0) {
      return error;
    }
    ssize_t count = send(fd, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count < 0 && errno != EAGAIN) {
      return -errno;
    }
    bytes += count > 0 ? count : 0;
    length -= count > 0 ? (size_t)count : 0;
  }
  return 0;
}

/* One read: bytes, 0 at the end of the connection (a reset is one too). */
static long read_some(deadline_t deadline, int fd, char *bytes, size_t max) {
  int error = deadline_poll(deadline, fd, POLLIN);
  if (error != 0) {
    return error;
  }
  ssize_t count = recv(fd, bytes, max, 0);
  if (count < 0) {
    return errno == ECONNRESET ? 0 : -errno;
  }
  return count;
}

long raw_socket_read_all(int fd, char *ret_bytes, size_t max) {
  deadline_t deadline = deadline_in(RAW_SOCKET_DEADLINE_MS);
  size_t length = 0;
  while (length < max) {
    long count = read_some(deadline, fd, ret_bytes + length, max - length);
    if (count < 0) {
      return count;
    }
    if (count == 0) {
      break;
    }
    length += (size_t)count;
  }
  ret_bytes[length] = '\0';
  return (long)length;
}

static size_t occurrences(const char *bytes, const char *text) {
  size_t count = 0;
  while ((bytes = strstr(bytes, text)) != NULL) {
    bytes += strlen(text);
    count++;
  }
  return count;
}

long raw_socket_read_until(int fd, const char *text, size_t times,
                           char *ret_bytes, size_t max) {
  deadline_t deadline = deadline_in(RAW_SOCKET_DEADLINE_MS);
  size_t length = 0;
  ret_bytes[0] = '\0';
  while (occurrences(ret_bytes, text) < times) {
    if (length == max) {
      return -ENOBUFS;
    }
    long count = read_some(deadline, fd, ret_bytes + length, max - length);
    if (count <= 0) {
      return count < 0 ? count : -EPIPE;
    }
    length += (size_t)count;
    ret_bytes[length] = '\0';
  }
  return (long)length;
}
