#include "debug_token.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

const char *app_debug_token_check(const char *token) {
  if (*token == '\0')
    return "must not be empty";
  for (const char *at = token; *at != '\0'; at++)
    if (*at <= ' ' || *at > '~')
      return "must be visible ASCII without spaces";
  return strlen(token) > ASYNCSCOPE_DEBUG_TOKEN_MAX ? "is too long" : NULL;
}

/* What is left of it, rounded up. */
static int left_ms(uint64_t deadline_ns) {
  uint64_t now_ns = uv_hrtime();

  return deadline_ns <= now_ns ? 0
                               : (int)((deadline_ns - now_ns) / 1000000 + 1);
}

/* Of a pipe that nobody writes to nothing comes, and no end; and another reader
 * may always be the one who gets it. */
static ssize_t read_piece(int fd, uint64_t deadline_ns, char *ret_bytes,
                          size_t size) {
  struct pollfd entry = {.fd = fd, .events = POLLIN};
  ssize_t got;
  int wait_ms;

  do {
    wait_ms = left_ms(deadline_ns);
    got = poll(&entry, 1, wait_ms);
    if (got > 0)
      got = read(fd, ret_bytes, size);
    else if (got == 0)
      got = -1, errno = ETIMEDOUT;
  } while (got < 0 && (errno == EINTR || errno == EAGAIN) && wait_ms > 0);
  return got;
}

/* Up to `size` bytes; a negative errno value. The deadline is that of all
 * pieces: who writes a byte now and then gains nothing. */
static ssize_t read_some(const char *path, unsigned wait_ms, char *ret_bytes,
                         size_t size) {
  uint64_t deadline_ns = uv_hrtime() + (uint64_t)wait_ms * 1000000;
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  size_t count = 0;
  ssize_t got = 1;

  if (fd < 0)
    return -errno;
  while (count < size && got > 0) {
    got = read_piece(fd, deadline_ns, ret_bytes + count, size - count);
    count += got > 0 ? (size_t)got : 0;
  }
  got = got < 0 ? -errno : (ssize_t)count;
  close(fd);
  return got;
}

/* A NUL inside would cut the token short without a word. */
int app_debug_token_read(const char *path, unsigned wait_ms,
                         app_debug_token_t *ret_token) {
  char bytes[sizeof(ret_token->text) + sizeof("\r\n")];
  ssize_t size = read_some(path, wait_ms, bytes, sizeof(bytes) - 1);

  if (size < 0)
    return (int)size;
  if (size > 0 && bytes[size - 1] == '\n')
    size--;
  if (size > 0 && bytes[size - 1] == '\r')
    size--;
  bytes[size] = '\0';
  if (strlen(bytes) != (size_t)size || app_debug_token_check(bytes) != NULL)
    return UV_EINVAL;
  memcpy(ret_token->text, bytes, (size_t)size + 1);
  return 0;
}

int app_debug_token_generate(app_debug_token_t *ret_token) {
  static const char digits[] = "0123456789abcdef";
  unsigned char bytes[16];
  char *at = ret_token->text;
  int error = uv_random(NULL, NULL, bytes, sizeof(bytes), 0, NULL);

  if (error != 0)
    return error;
  for (size_t i = 0; i < sizeof(bytes); i++) {
    *at++ = digits[bytes[i] >> 4];
    *at++ = digits[bytes[i] & 15];
  }
  *at = '\0';
  return 0;
}

void app_debug_link(const char *url, const char *token,
                    char ret_link[APP_DEBUG_LINK_BYTES]) {
  static const char *const everywhere[] = {"0.0.0.0:", "[::]:"};
  const char *address = strstr(url, "://");
  const char *host = "";
  int scheme_bytes;

  address = address == NULL ? url : address + 3;
  scheme_bytes = (int)(address - url);
  for (size_t i = 0; i < sizeof(everywhere) / sizeof(everywhere[0]); i++) {
    size_t length = strlen(everywhere[i]);
    if (strncmp(address, everywhere[i], length) == 0) {
      host = "127.0.0.1:";
      address += length;
    }
  }
  snprintf(ret_link, APP_DEBUG_LINK_BYTES, "%.*s%s%s/debug#token=%s",
           scheme_bytes, url, host, address, token);
}
