/* A descriptor of our own, from /proc/self/fd, can be made not to block
 * without changing stderr for everybody who shares it. Where that is refused
 * (a pipe of another user), poll() tells whether a line fits: a pipe that is
 * writable takes PIPE_BUF bytes at once, and a line is shorter. A regular file
 * never blocks, but a second descriptor would have an offset of its own: what
 * others write to stderr and our lines would overwrite each other. */
#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

_Static_assert(APP_LOG_LINE_BYTES <= PIPE_BUF, "a line is written whole");

/* Where that is refused, the lines go to where the descriptor stands. */
static void append_to_file(int fd) {
  int flags = fcntl(fd, F_GETFL);

  if (flags >= 0 && (flags & O_APPEND) == 0)
    fcntl(fd, F_SETFL, flags | O_APPEND);
}

static void open_own(app_log_t *log, int fd) {
  char path[32];

  snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
  fd = open(path, O_WRONLY | O_APPEND | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
  if (fd >= 0) {
    log->fd = fd;
    log->own_fd = true;
  }
}

void app_log_init(app_log_t *log, int fd) {
  struct stat status;
  mode_t mode = fstat(fd, &status) == 0 ? status.st_mode : 0;

  log->fd = fd;
  log->own_fd = false;
  log->socket = S_ISSOCK(mode);
  log->json = false;
  log->requests = true;
  log->level = APP_LOG_INFO;
  log->debug = NULL;
  atomic_init(&log->dropped, 0);
  if (S_ISREG(mode))
    append_to_file(fd);
  else
    open_own(log, fd);
}

static bool is_writable(int fd) {
  struct pollfd entry = {.fd = fd, .events = POLLOUT};

  return poll(&entry, 1, 0) == 1 && (entry.revents & POLLOUT) != 0;
}

static bool write_line(const app_log_t *log, const char *line, size_t size) {
  ssize_t written;

  if (log->socket)
    written = send(log->fd, line, size, MSG_DONTWAIT | MSG_NOSIGNAL);
  else if (log->own_fd || is_writable(log->fd))
    written = write(log->fd, line, size);
  else
    return false;
  return written == (ssize_t)size;
}

/* In the log's own form, with the request in whose context this runs. */
static size_t format_line(const app_log_t *log, app_log_level_t level,
                          const char *text, char line[APP_LOG_LINE_BYTES]) {
  const async_request_t *request = async_request_current();
  async_request_trace_t trace = {.flags = 0};
  uint64_t number = request == NULL ? 0 : async_request_number(request);

  if (request != NULL)
    async_request_trace(request, &trace);
  if (log->json)
    return app_log_format_json(level, text,
                               app_log_request_fields(number, &trace), line);
  if (request == NULL)
    return (size_t)snprintf(line, APP_LOG_LINE_BYTES, "%s\n", text);
  return (size_t)snprintf(line, APP_LOG_LINE_BYTES,
                          "r%" PRIu64 " %.900s trace=%016" PRIx64 "%016" PRIx64
                          "\n",
                          number, text, trace.trace_id[0], trace.trace_id[1]);
}

static void report_dropped(app_log_t *log) {
  uint_fast64_t dropped = atomic_exchange(&log->dropped, 0);
  char text[64], line[APP_LOG_LINE_BYTES];

  if (dropped == 0)
    return;
  snprintf(text, sizeof(text), "asyncscope: %" PRIuFAST64 " log lines dropped",
           dropped);
  if (!write_line(log, line, format_line(log, APP_LOG_WARN, text, line)))
    atomic_fetch_add(&log->dropped, dropped);
}

void app_log_write_line(app_log_t *log, const char *line, size_t size) {
  report_dropped(log);
  if (size == 0 || !write_line(log, line, size))
    atomic_fetch_add(&log->dropped, 1);
}

void app_log_keep(app_log_t *log, const asyncscope_debug_log_line_t *line) {
  if (log->debug != NULL)
    asyncscope_debug_log(log->debug, line);
}

void app_log_write(app_log_t *log, app_log_level_t level, const char *format,
                   ...) {
  char text[APP_LOG_LINE_BYTES - 1], line[APP_LOG_LINE_BYTES];
  va_list arguments;

  va_start(arguments, format);
  vsnprintf(text, sizeof(text), format, arguments);
  va_end(arguments);
  app_log_keep(log, &(asyncscope_debug_log_line_t){.level = level,
                                                   .text = text,
                                                   .text_bytes = strlen(text)});
  if (app_log_has(log, level))
    app_log_write_line(log, line, format_line(log, level, text, line));
}

static bool is_plain(char byte) {
  return byte > ' ' && byte <= '~' && byte != '"' && byte != '\\';
}

static size_t quote_byte(char byte, char *ret_text) {
  static const char digits[] = "0123456789abcdef";

  if (is_plain(byte)) {
    ret_text[0] = byte;
    return 1;
  }
  ret_text[0] = '\\';
  ret_text[1] = 'x';
  ret_text[2] = digits[(unsigned char)byte >> 4];
  ret_text[3] = digits[(unsigned char)byte & 15];
  return 4;
}

void app_log_quote(http_text_t text, char *ret_quoted, size_t quoted_bytes) {
  const size_t tail = sizeof("...\"");
  size_t at = 0;
  size_t i = 0;

  ret_quoted[at++] = '"';
  while (i < text.size_bytes && at + 4 + tail <= quoted_bytes)
    at += quote_byte(text.at[i++], ret_quoted + at);
  snprintf(ret_quoted + at, quoted_bytes - at, "%s\"",
           i < text.size_bytes ? "..." : "");
}

void app_log_finish(app_log_t *log) {
  if (log->own_fd)
    close(log->fd);
}
