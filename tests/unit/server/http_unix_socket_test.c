/* A server on a unix socket, whose name is chosen by the kernel and is in no
 * directory. */
#include "http_fixture.h"

#include "asyncscope/async_inspect.h"
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static void start(http_fixture_t *f, struct sockaddr_un *ret_address,
                  socklen_t *ret_size) {
  const struct sockaddr_un any = {.sun_family = AF_UNIX};
  int sock = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

  assert_true(sock >= 0);
  assert_int_equal(
      bind(sock, (const struct sockaddr *)&any, sizeof(sa_family_t)), 0);
  *ret_size = sizeof(*ret_address);
  assert_int_equal(getsockname(sock, (struct sockaddr *)ret_address, ret_size),
                   0);
  http_fixture_start_on(f, sock);
}

static int connect_to(const struct sockaddr_un *address, socklen_t size) {
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

  assert_true(fd >= 0);
  assert_int_equal(connect(fd, (const struct sockaddr *)address, size), 0);
  return fd;
}

static void it_is_served_like_any_other(void **state) {
  http_fixture_t *f = *state;
  struct sockaddr_un address;
  socklen_t size;
  int fd;

  start(f, &address, &size);
  fd = connect_to(&address, size);
  http_send(fd, "GET /hello HTTP/1.1\r\n" KEEP);
  assert_true(raw_socket_read_until(fd, "hello", 1, f->answer, 4096) > 0);
  http_send(fd, "GET /stream?1000000 HTTP/1.1\r\n" END);
  assert_true(raw_socket_read_all(fd, f->answer, FIXTURE_TEXT_BYTES) > 1000000);
  close(fd);
}

static void its_peer_is_known_by_its_family(void **state) {
  http_fixture_t *f = *state;
  struct sockaddr_un address;
  socklen_t size;
  int fd;

  start(f, &address, &size);
  fd = connect_to(&address, size);
  http_send(fd, "GET /peer HTTP/1.1\r\n" END);
  assert_true(raw_socket_read_all(fd, f->answer, 4096) > 0);
  assert_non_null(strstr(f->answer, "\r\n\r\nunix"));
  close(fd);
}

/* Its resources are those of a pipe in Node. */
static unsigned count(const char *type) {
  async_resource_info_t info;
  async_env_t *env = NULL;
  unsigned found = 0;

  while ((env = async_inspect_next(env)) != NULL) {
    uint32_t cursor = 0;

    while (async_inspect_resources(env, &cursor, &info, 1) == 1)
      found += strcmp(info.type, type) == 0;
  }
  return found;
}

static void its_resources_are_pipes(void **state) {
  http_fixture_t *f = *state;
  struct sockaddr_un address;
  socklen_t size;
  int fd;

  start(f, &address, &size);
  fd = connect_to(&address, size);
  http_send(fd, "GET /never HTTP/1.1\r\n" KEEP);
  uv_sem_wait(&f->begun);
  assert_int_equal(count("PIPESERVERWRAP"), 1);
  assert_int_equal(count("PIPEWRAP"), 1);
  assert_int_equal(count("HTTPINCOMINGMESSAGE"), 1);
  close(fd);
  uv_sem_wait(&f->closes);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_http(it_is_served_like_any_other),
      cmocka_unit_test_http(its_peer_is_known_by_its_family),
      cmocka_unit_test_http(its_resources_are_pipes),
  };
  return test_main(tests, argc, argv);
}
