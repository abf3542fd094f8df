#include "listener_fixture.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>

int listener_setup(void **state) {
  listener_fixture_t *fixture = calloc(1, sizeof(*fixture));

  *state = fixture;
  snprintf(fixture->directory, sizeof(fixture->directory),
           "/tmp/asyncscope.XXXXXX");
  if (mkdtemp(fixture->directory) == NULL)
    return -1;
  if (uv_loop_init(&fixture->loop) != 0)
    return -1;
  return async_env_attach(&fixture->loop);
}

int listener_teardown(void **state) {
  listener_fixture_t *fixture = *state;
  int error;

  asyncscope_debug_listener_close(fixture->listener);
  error = rmdir(fixture->directory);
  async_env_detach();
  if (error == 0)
    error = uv_loop_close(&fixture->loop);
  free(fixture);
  return error;
}

void listener_start(listener_fixture_t *fixture, const char *token) {
  const asyncscope_debug_listen_options_t options = {.token = token};
  const char *url;

  assert_int_equal(asyncscope_debug_listen(NULL, "127.0.0.1:0", &options,
                                           &fixture->listener),
                   0);
  url = asyncscope_debug_listener_url(fixture->listener);
  assert_memory_equal(url, "http://127.0.0.1:", 17);
  fixture->port = (uint16_t)strtoul(url + 17, NULL, 10);
  assert_true(fixture->port > 0);
}

const char *listener_unix_address(const listener_fixture_t *fixture) {
  static char address[64];

  snprintf(address, sizeof(address), "unix:%s/debug", fixture->directory);
  return address;
}

static int connect_to_file(const listener_fixture_t *fixture) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

  snprintf(address.sun_path, sizeof(address.sun_path), "%s/debug",
           fixture->directory);
  if (fd >= 0 &&
      connect(fd, (const struct sockaddr *)&address, sizeof(address)) != 0) {
    close(fd);
    fd = -1;
  }
  return fd;
}

int listener_connect(const listener_fixture_t *fixture) {
  int fd = fixture->port > 0 ? raw_socket_connect(fixture->port)
                             : connect_to_file(fixture);

  assert_true(fd >= 0);
  return fd;
}

const char *listener_ask(listener_fixture_t *fixture, const char *request) {
  int fd = listener_connect(fixture);
  long size;

  assert_int_equal(raw_socket_write(fd, request, strlen(request)), 0);
  size = raw_socket_read_all(fd, fixture->answer, LISTENER_ANSWER_BYTES);
  close(fd);
  assert_true(size > 0);
  return fixture->answer;
}

int listener_status(listener_fixture_t *fixture, const char *request) {
  const char *answer = listener_ask(fixture, request);

  assert_memory_equal(answer, "HTTP/1.1 ", 9);
  return (int)strtol(answer + 9, NULL, 10);
}

void listener_assert_has(const listener_fixture_t *fixture, const char *text) {
  if (strstr(fixture->answer, text) == NULL)
    fail_msg("no \"%s\" in \"%.2000s\"", text, fixture->answer);
}

void listener_assert_lacks(const listener_fixture_t *fixture,
                           const char *text) {
  if (strstr(fixture->answer, text) != NULL)
    fail_msg("\"%s\" in \"%.2000s\"", text, fixture->answer);
}

int listener_open(listener_fixture_t *fixture, const char *request) {
  int fd = listener_connect(fixture);

  assert_int_equal(raw_socket_write(fd, request, strlen(request)), 0);
  assert_true(raw_socket_read_until(fd, "\r\n\r\n", 1, fixture->answer, 65536) >
              0);
  return fd;
}

void listener_assert_status(const listener_fixture_t *fixture, int status) {
  assert_memory_equal(fixture->answer, "HTTP/1.1 ", 9);
  assert_int_equal(strtol(fixture->answer + 9, NULL, 10), status);
}
