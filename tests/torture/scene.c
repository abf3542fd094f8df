#include "scene.h"

#include "app.h"
#include "fault.h"
#include "options.h"
#include "raw_socket.h"
#include "scene_tls.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ANSWER_MAX   65536
#define ASKS_MAX     50  /* until it serves again */
#define PATIENCE_MS  100 /* decides nothing but when a fault ends */
#define BEGIN_OF(at) "asyncscope: " at

typedef struct client_s {
  int lines; /* what the server prints */
  uint16_t port, debug_port;
  scene_result_t *result;
} client_t;

#define GET(target) \
  "GET " target " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"

static const char *const asked[] = {
    GET("/hello"),
    GET("/sum?a=1&b=2"),
    GET("/file?path=README.md"),
    GET("/timer?ms=1"),
    GET("/flow?ms=1&path=README.md&a=1&b=2"),
    GET("/debug?limit=5"),
    GET("/debug/tree"),
    GET("/metrics"),
    "POST /echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n" GET("/context"),
    "NONE / HTTP/1.1\r\n\r\n",
};

/* The number behind the last colon; 0 for another line. */
static uint16_t port_in(const char *line, const char *beginning) {
  const char *colon = strrchr(line, ':');
  if (strncmp(line, beginning, strlen(beginning)) != 0 || colon == NULL) {
    return 0;
  }
  return (uint16_t)strtoul(colon + 1, NULL, 10);
}

/* Up to the line's end, or to the end of all. */
static bool read_line(int fd, char *ret_line, size_t max) {
  size_t at = 0;
  while (at + 1 < max && read(fd, ret_line + at, 1) == 1) {
    if (ret_line[at] == '\n') {
      ret_line[at] = '\0';
      return true;
    }
    at++;
  }
  return false;
}

static bool await_listening(client_t *client) {
  char line[256];
  if (!read_line(client->lines, line, sizeof(line))) {
    return false;
  }
  client->port = port_in(line, BEGIN_OF("listening on "));
  if (!read_line(client->lines, line, sizeof(line))) {
    return false;
  }
  client->debug_port = port_in(line, BEGIN_OF("debug on "));
  return client->port != 0 && client->debug_port != 0;
}

/* Who cannot be accepted waits until that is possible again. */
static void relieve_who_waits(int fd) {
  struct pollfd entry = {.fd = fd, .events = POLLIN};
  if (poll(&entry, 1, PATIENCE_MS) == 0) {
    fault_relieve();
  }
}

static int status_of(const char *answer) {
  return strncmp(answer, "HTTP/1.1 ", 9) == 0
             ? (int)strtol(answer + 9, NULL, 10)
             : 0;
}

/* The status; 0 for an end without an answer, negative for neither. */
static int ask(uint16_t port, const char *request) {
  static char answer[ANSWER_MAX + 1];
  if (scene_files.cert != NULL) {
    long size =
        scene_ask_tls(port, request, relieve_who_waits, answer, ANSWER_MAX);
    return size < 0 ? -1 : status_of(answer);
  }
  int fd = raw_socket_connect(port);
  if (fd < 0) {
    return fd == -ETIMEDOUT ? -1 : 0;
  }
  long length = raw_socket_write(fd, request, strlen(request));
  if (length == 0) {
    relieve_who_waits(fd);
    length = raw_socket_read_all(fd, answer, ANSWER_MAX);
  }
  close(fd);
  if (length < 0) {
    return length == -ETIMEDOUT ? -1 : 0;
  }
  answer[length] = '\0';
  return status_of(answer);
}

/* Without descriptors libuv closes whoever comes for as long as somebody comes:
 * after such an end the other listener is asked first, so that the one who is
 * to be tortured is not kept at that. */
static int ask_patiently(const client_t *client, uint16_t port,
                         const char *request) {
  int status = ask(port, request);
  if (status == 0) {
    ask(port == client->port ? client->debug_port : client->port,
        GET("/metrics"));
  }
  return status;
}

static void visit_one(const client_t *client, uint16_t port,
                      const char *request) {
  int status = ask_patiently(client, port, request);
  client->result->answered += status > 0;
  client->result->closed += status == 0;
  client->result->lost += status < 0;
}

static bool recovers(const client_t *client, uint16_t port,
                     const char *request) {
  int status = 0;
  for (unsigned i = 0; i < ASKS_MAX && status != 200 && status >= 0; i++) {
    status = ask_patiently(client, port, request);
  }
  client->result->lost += status < 0;
  return status == 200;
}

static void visit(client_t *client) {
  scene_result_t *result = client->result;
  size_t step = scene_files.cert == NULL ? 1 : 3; /* those are as many again */
  for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i += step) {
    visit_one(client, client->port, asked[i]);
  }
  visit_one(client, client->debug_port, GET("/debug/threads"));
  result->fired = fault_disarm();
  result->recovered = recovers(client, client->port, GET("/sum?a=1&b=2")) &&
                      recovers(client, client->debug_port, GET("/debug/loops"));
}

static void *client_main(void *arg) {
  client_t *client = arg;
  fault_spare_thread();
  client->result->served = await_listening(client);
  if (client->result->served) {
    visit(client);
    kill(getpid(), SIGTERM);
  }
  return NULL;
}

static void fill_options(app_options_t *options) {
  char error[APP_ERROR_BYTES];
  const char *root = getenv("ASYNCSCOPE_SOURCE_DIR");
  const char *const arguments[] = {"asyncscope",
                                   "--listen",
                                   "127.0.0.1:0",
                                   "--debug-listen",
                                   "127.0.0.1:0",
                                   "--loops",
                                   "1",
                                   "--workers",
                                   "1",
                                   "--access-log",
                                   "off",
                                   "--root",
                                   root == NULL ? "." : root,
                                   "--drain-timeout",
                                   "30"};
  if (app_options_parse(sizeof(arguments) / sizeof(arguments[0]),
                        (char *const *)(uintptr_t)arguments, getenv, options,
                        error) != 0) {
    fprintf(stderr, "%s\n", error);
    abort();
  }
  options->tls = scene_files;
}

/* The server's stdout is a pipe to the client, which sees its end. */
void scene_run(scene_result_t *ret_result) {
  client_t client = {.result = ret_result};
  app_options_t options;
  pthread_t thread;
  sigset_t set;
  int ends[2];
  *ret_result = (scene_result_t){.exit_status = -1};
  fill_options(&options);
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &set, NULL);
  if (pipe2(ends, O_CLOEXEC) != 0 || dup2(ends[1], STDOUT_FILENO) < 0) {
    abort();
  }
  close(ends[1]);
  client.lines = ends[0];
  if (pthread_create(&thread, NULL, client_main, &client) != 0) {
    abort();
  }
  ret_result->exit_status = app_run(&options);
  fflush(stdout);
  close(STDOUT_FILENO);
  pthread_join(thread, NULL);
  close(ends[0]);
  if (!ret_result->served) {
    ret_result->fired = fault_disarm();
  }
}
