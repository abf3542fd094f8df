#include "asyncscope/async_fail.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#define LINE_BYTES 1024

/* Whether the write succeeds is nobody's business inside a hook; errno is the
 * code's around it. */
static void print(int fd, const char *format, va_list arguments) {
  char line[LINE_BYTES];
  int error = errno;
  int bytes = vsnprintf(line, sizeof(line), format, arguments);
  if (bytes < 0)
    return;
  if (bytes >= LINE_BYTES)
    bytes = LINE_BYTES - 1;
  ssize_t written = write(fd, line, (size_t)bytes);
  (void)written;
  errno = error;
}

void async_debug_print(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  print(STDERR_FILENO, format, arguments);
  va_end(arguments);
}

void async_debug_print_to(int fd, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  print(fd, format, arguments);
  va_end(arguments);
}
