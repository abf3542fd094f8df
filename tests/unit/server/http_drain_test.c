/* The time between the signal and the end of listening. */
#include "http_fixture.h"

#include <unistd.h>

static void the_answer_that_drains_is_the_last_of_its_connection(void **state) {
  http_fixture_t *f = *state;
  http_fixture_start(f);
  http_expect(f, "GET /drain HTTP/1.1\r\n" KEEP "GET /hello HTTP/1.1\r\n" KEEP,
              "200");
  assert_non_null(strstr(f->answer, "Connection: close\r\n"));
}

static void a_draining_server_takes_new_connections(void **state) {
  http_fixture_t *f = *state;
  http_fixture_start(f);
  http_expect(f, "GET /drain HTTP/1.1\r\n" KEEP, "200");
  http_expect(f, "GET /hello HTTP/1.1\r\n" KEEP, "200");
  assert_non_null(strstr(f->answer, "Connection: close\r\n"));
}

/* It was served, and waits for the next request. */
static void a_draining_server_closes_what_is_idle(void **state) {
  http_fixture_t *f = *state;
  http_fixture_start(f);
  int idle = raw_socket_connect(f->port);
  assert_true(idle >= 0);
  http_send(idle, "GET /hello HTTP/1.1\r\n" KEEP);
  assert_true(raw_socket_read_until(idle, "hello", 1, f->answer, 4096) > 0);
  assert_null(strstr(f->answer, "Connection: close\r\n"));
  http_expect(f, "GET /drain HTTP/1.1\r\n" KEEP, "200");
  assert_int_equal(raw_socket_read_all(idle, f->answer, 4096), 0);
  close(idle);
}

/* It has connected, and the server has seen it. */
static void a_draining_server_serves_who_has_not_asked_yet(void **state) {
  http_fixture_t *f = *state;
  http_fixture_start(f);
  int fd = raw_socket_connect(f->port);
  assert_true(fd >= 0);
  http_expect(f, "GET /drain HTTP/1.1\r\n" KEEP, "200");
  http_send(fd, "GET /hello HTTP/1.1\r\n" KEEP);
  assert_true(raw_socket_read_all(fd, f->answer, 4096) > 0);
  close(fd);
  assert_non_null(strstr(f->answer, "Connection: close\r\n"));
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_http(
          the_answer_that_drains_is_the_last_of_its_connection),
      cmocka_unit_test_http(a_draining_server_takes_new_connections),
      cmocka_unit_test_http(a_draining_server_closes_what_is_idle),
      cmocka_unit_test_http(a_draining_server_serves_who_has_not_asked_yet),
  };
  return test_main(tests, argc, argv);
}
