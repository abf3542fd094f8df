/*
 * What must stay true: the stdout pipe has no writer but the child (our copy
 * is closed at once, and everything here is close-on-exec), so the end of the
 * child is the end of that file, and poll() can wait for both. stderr is a
 * file: it never fills and never blocks the server.
 */
#include "server_process.h"

#include "deadline.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORDS_MAX 64

extern char **environ;

/* Cuts the wrapper's words apart in `copy`. */
static size_t wrapper_words(char *copy, size_t bytes, const char **words) {
  const char *wrapper = getenv("ASYNCSCOPE_TEST_WRAPPER");
  size_t count = 0;
  snprintf(copy, bytes, "%s", wrapper != NULL ? wrapper : "");
  for (copy += strspn(copy, " "); *copy != '\0' && count < WORDS_MAX / 2;
       copy += strspn(copy, " ")) {
    words[count++] = copy;
    copy += strcspn(copy, " ");
    if (*copy == ' ') {
      *copy++ = '\0';
    }
  }
  return count;
}

static const char *server_binary(void) {
  const char *other = getenv("ASYNCSCOPE_TEST_SERVER");
  return other != NULL ? other : getenv("ASYNCSCOPE_SERVER_BINARY");
}

static bool names(const char *const *environment, const char *entry) {
  size_t bytes = strcspn(entry, "=") + 1;
  for (; *environment != NULL; environment++) {
    if (strncmp(*environment, entry, bytes) == 0) {
      return true;
    }
  }
  return false;
}

static size_t count_of(const char *const *list) {
  size_t count = 0;
  while (list[count] != NULL) {
    count++;
  }
  return count;
}

/* What the child gets: ours without ASYNCSCOPE_*, and `added`, of which the
 * last of a name counts. NULL without memory. */
static const char **environment_with(const char *const *added) {
  const char *const *own = (const char *const *)environ;
  size_t filled = 0;
  const char **whole =
      calloc(count_of(own) + count_of(added) + 1, sizeof(*whole));
  for (; whole != NULL && *added != NULL; added++) {
    if (!names(added + 1, *added)) {
      whole[filled++] = *added;
    }
  }
  for (; whole != NULL && *own != NULL; own++) {
    if (strncmp(*own, "ASYNCSCOPE_", 11) != 0 && !names(whole, *own)) {
      whole[filled++] = *own;
    }
  }
  return whole;
}

/* Allocates nothing: another thread may have held the allocator's lock when the
 * process was forked, and nobody gives it back here. */
static void run_child(const server_process_t *server, int out_fd, pid_t parent,
                      const char *const *words,
                      const char *const *environment) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) {
    _exit(126);
  }
  dup2(out_fd, STDOUT_FILENO);
  dup2(server->err_fd, STDERR_FILENO);
  execvpe(words[0], (char *const *)(uintptr_t)words,
          (char *const *)(uintptr_t)environment);
  dprintf(STDERR_FILENO, "%s: %s\n", words[0], strerror(errno));
  _exit(127);
}

static int open_files(server_process_t *server, int *ret_out_fd) {
  int out_fds[2];
  if (pipe2(out_fds, O_CLOEXEC) != 0) {
    return -errno;
  }
  server->out_fd = out_fds[0];
  *ret_out_fd = out_fds[1];
  server->err_fd = memfd_create("stderr", MFD_CLOEXEC);
  if (server->err_fd < 0) {
    int error = -errno;
    close(out_fds[1]);
    server_process_finish(server);
    return error;
  }
  return 0;
}

static int fork_server(server_process_t *server, int out_fd,
                       const char *const *words,
                       const char *const *environment) {
  static const char *const nothing[] = {NULL};
  pid_t parent = getpid();
  const char **whole =
      environment_with(environment != NULL ? environment : nothing);
  server->pid = whole == NULL ? -1 : fork();
  if (server->pid == 0) {
    run_child(server, out_fd, parent, words, whole);
  }
  int error = server->pid < 0 ? -errno : 0;
  free(whole);
  close(out_fd);
  if (error != 0) {
    server->pid = 0;
    server_process_finish(server);
  }
  return error;
}

int server_process_spawn(server_process_t *server, const char *const *arguments,
                         const char *const *environment) {
  *server = (server_process_t){.out_fd = -1, .err_fd = -1};
  char wrapper[1024];
  const char *words[WORDS_MAX];
  size_t count = wrapper_words(wrapper, sizeof(wrapper), words);
  words[count++] = server_binary();
  if (words[count - 1] == NULL) {
    return -ENOENT;
  }
  for (size_t i = 0; arguments != NULL && arguments[i] != NULL; i++) {
    if (count == WORDS_MAX - 1) {
      return -E2BIG;
    }
    words[count++] = arguments[i];
  }
  words[count] = NULL;
  int out_fd = -1;
  int error = open_files(server, &out_fd);
  return error != 0 ? error : fork_server(server, out_fd, words, environment);
}

/* Byte by byte, so that nothing behind the line is taken. */
static int read_line(int fd, char *line, size_t bytes) {
  deadline_t deadline = deadline_in(SERVER_PROCESS_DEADLINE_MS);
  for (size_t length = 0; length + 1 < bytes; length++) {
    int error = deadline_poll(deadline, fd, POLLIN);
    if (error != 0) {
      return error;
    }
    if (read(fd, line + length, 1) != 1) {
      return -EPIPE;
    }
    if (line[length] == '\n') {
      line[length] = '\0';
      return 0;
    }
  }
  return -EPROTO;
}

static int parse_port(const char *url, uint16_t *ret_port) {
  const char *colon = strrchr(url, ':');
  char *end = NULL;
  unsigned long port = colon == NULL ? 0 : strtoul(colon + 1, &end, 10);
  if (port == 0 || port > UINT16_MAX || *end != '\0') {
    return -EPROTO;
  }
  *ret_port = (uint16_t)port;
  return 0;
}

/* The next line is `start` and a URL. */
static int read_url(const server_process_t *server, const char *start,
                    char *ret_url, size_t url_bytes) {
  char line[256];
  size_t length = strlen(start);
  int error = read_line(server->out_fd, line, sizeof(line));
  if (error != 0) {
    return error;
  }
  if (strncmp(line, start, length) != 0 || strlen(line + length) >= url_bytes) {
    return -EPROTO;
  }
  memcpy(ret_url, line + length, strlen(line + length) + 1);
  return 0;
}

int server_process_await_listening(server_process_t *server) {
  int error = read_url(server, "asyncscope: listening on ", server->url,
                       sizeof(server->url));
  return error != 0 ? error : parse_port(server->url, &server->port);
}

int server_process_await_debug(server_process_t *server) {
  int error = read_url(server, "asyncscope: debug on ", server->debug_url,
                       sizeof(server->debug_url));
  if (error != 0 || strncmp(server->debug_url, "unix:", 5) == 0) {
    return error;
  }
  return parse_port(server->debug_url, &server->debug_port);
}

static int drain_stdout(server_process_t *server, FILE *copy) {
  deadline_t deadline = deadline_in(SERVER_PROCESS_DEADLINE_MS);
  for (;;) {
    char bytes[4096];
    int error = deadline_poll(deadline, server->out_fd, POLLIN);
    if (error != 0) {
      return error;
    }
    ssize_t count = read(server->out_fd, bytes, sizeof(bytes));
    if (count <= 0) {
      return 0;
    }
    if (copy != NULL && fwrite(bytes, 1, (size_t)count, copy) < (size_t)count) {
      return -ENOMEM;
    }
  }
}

int server_process_await_exit(server_process_t *server, int *ret_code) {
  int error = drain_stdout(server, NULL);
  if (error != 0) {
    return error;
  }
  int status = 0;
  while (waitpid(server->pid, &status, 0) < 0) {
    if (errno != EINTR) {
      return -errno;
    }
  }
  server->pid = 0;
  *ret_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return 0;
}

int server_process_stop(server_process_t *server, int *ret_code) {
  if (kill(server->pid, SIGTERM) != 0) {
    return -errno;
  }
  return server_process_await_exit(server, ret_code);
}

char *server_process_stderr(const server_process_t *server) {
  off_t length = lseek(server->err_fd, 0, SEEK_END);
  char *text = length < 0 ? NULL : malloc((size_t)length + 1);
  if (text == NULL) {
    return NULL;
  }
  ssize_t count = pread(server->err_fd, text, (size_t)length, 0);
  text[count < 0 ? 0 : count] = '\0';
  return text;
}

char *server_process_stdout(server_process_t *server) {
  char *text = NULL;
  size_t length = 0;
  FILE *copy = open_memstream(&text, &length);
  if (copy == NULL) {
    return NULL;
  }
  int error = drain_stdout(server, copy);
  fclose(copy);
  if (error != 0) {
    free(text);
    return NULL;
  }
  return text;
}

void server_process_finish(server_process_t *server) {
  if (server->pid > 0) {
    kill(server->pid, SIGKILL);
    waitpid(server->pid, NULL, 0);
  }
  if (server->out_fd > 0) {
    close(server->out_fd);
  }
  if (server->err_fd > 0) {
    close(server->err_fd);
  }
  *server = (server_process_t){0};
}
