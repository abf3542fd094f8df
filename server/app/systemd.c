#include "systemd.h"

#include "option.h"
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { FIRST_FD = 3, NOTIFY_BYTES = 512 };

/* Those that are for us: a parent may have left its own in the environment. */
static uint64_t passed_count(void) {
  const char *pid = getenv("LISTEN_PID");
  const char *fds = getenv("LISTEN_FDS");
  uint64_t number, count;
  if (pid == NULL || fds == NULL ||
      !app_option_parse_number(pid, INT64_MAX, &number) ||
      number != (uint64_t)getpid() ||
      !app_option_parse_number(fds, INT16_MAX, &count))
    return 0;
  return count;
}

static int get_option(int sock, int option, int *ret_value) {
  socklen_t size = sizeof(*ret_value);
  return getsockopt(sock, SOL_SOCKET, option, ret_value, &size) == 0
             ? 0
             : uv_translate_sys_error(errno);
}

static int check_socket(int sock) {
  int listens = 0, domain = 0, protocol = 0;
  int error = get_option(sock, SO_ACCEPTCONN, &listens);
  if (error == 0)
    error = get_option(sock, SO_DOMAIN, &domain);
  if (error == 0)
    error = get_option(sock, SO_PROTOCOL, &protocol);
  if (error != 0)
    return error;
  return listens != 0 && (domain == AF_INET || domain == AF_INET6) &&
                 protocol == IPPROTO_TCP
             ? 0
             : UV_EINVAL;
}

int app_systemd_socket(uv_os_sock_t *ret_sock) {
  uint64_t count = passed_count();
  *ret_sock = -1;
  unsetenv("LISTEN_PID");
  unsetenv("LISTEN_FDS");
  unsetenv("LISTEN_FDNAMES");
  if (count == 0)
    return 0;
  if (count > 1)
    return UV_E2BIG;
  int error = check_socket(FIRST_FD);
  if (error == 0 && fcntl(FIRST_FD, F_SETFD, FD_CLOEXEC) != 0)
    error = uv_translate_sys_error(errno);
  if (error == 0)
    *ret_sock = FIRST_FD;
  return error;
}

/* An `@` stands for the NUL of an abstract address. */
static bool make_address(const char *path, struct sockaddr_un *ret_address,
                         socklen_t *ret_size) {
  size_t size = strlen(path);
  *ret_address = (struct sockaddr_un){.sun_family = AF_UNIX};
  if ((path[0] != '/' && path[0] != '@') ||
      size >= sizeof(ret_address->sun_path))
    return false;
  memcpy(ret_address->sun_path, path, size);
  if (path[0] == '@')
    ret_address->sun_path[0] = '\0';
  *ret_size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + size);
  return true;
}

static void send_text(const char *path, const char *text, size_t size) {
  struct sockaddr_un address;
  socklen_t length;
  if (!make_address(path, &address, &length))
    return;
  int sock = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (sock < 0)
    return;
  sendto(sock, text, size, MSG_NOSIGNAL, (const struct sockaddr *)&address,
         length);
  close(sock);
}

void app_systemd_notify(const char *format, ...) {
  const char *path = getenv("NOTIFY_SOCKET");
  char text[NOTIFY_BYTES];
  va_list arguments;
  if (path == NULL)
    return;
  va_start(arguments, format);
  int size = vsnprintf(text, sizeof(text), format, arguments);
  va_end(arguments);
  if (size > 0 && size < (int)sizeof(text))
    send_text(path, text, (size_t)size);
}
