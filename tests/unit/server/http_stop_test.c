/* Draining. The teardown waits for the end of the server in any case. */
#include "http_fixture.h"

#include <unistd.h>

static void an_idle_server_stops(void **state) {
  http_fixture_t *f = *state;

  http_fixture_start(f);
}

static void idle_connections_are_closed(void **state) {
  http_fixture_t *f = *state;
  int fd;

  http_fixture_start(f);
  fd = raw_socket_connect(f->port);
  http_send(fd, "GET /hello HTTP/1.1\r\n" KEEP);
  assert_true(raw_socket_read_until(fd, "hello", 1, f->answer, 4096) > 0);
  http_fixture_stop(f);
  assert_int_equal(raw_socket_read_all(fd, f->answer, 4096), 0);
  close(fd);
}

/* The answer to another connection tells that the byte has been read, as it
 * came before. */
static void a_part_of_a_head_does_not_hold_up_the_end(void **state) {
  http_fixture_t *f = *state;
  int fd, other;

  http_fixture_start(f);
  fd = raw_socket_connect(f->port);
  http_send(fd, "G");
  other = raw_socket_connect(f->port);
  http_send(other, "GET /hello HTTP/1.1\r\n" KEEP);
  assert_true(raw_socket_read_until(other, "hello", 1, f->answer, 4096) > 0);
  http_fixture_stop(f);
  assert_int_equal(raw_socket_read_all(fd, f->answer, 4096), 0);
  close(other);
  close(fd);
}

static void requests_in_flight_are_answered_and_close(void **state) {
  http_fixture_t *f = *state;
  int fd;

  http_fixture_start(f);
  fd = raw_socket_connect(f->port);
  http_send(fd, "GET /slow?200000 HTTP/1.1\r\n" KEEP);
  assert_true(raw_socket_read_until(fd, "\r\n\r\n", 1, f->answer, 8192) > 0);
  http_fixture_stop(f);
  assert_true(raw_socket_read_all(fd, f->answer, FIXTURE_TEXT_BYTES) > 0);
  close(fd);
  uv_sem_wait(&f->closes);
  assert_string_equal(http_fixture_notes(f), "handler:1 close:1 end=ok/200:1 ");
}

static int keep_one(http_fixture_t *f) {
  int fd = raw_socket_connect(f->port);

  assert_true(fd >= 0);
  http_send(fd, "GET /hello HTTP/1.1\r\n" KEEP);
  assert_true(raw_socket_read_until(fd, "hello", 1, f->answer, 4096) > 0);
  return fd;
}

static void halt(http_fixture_t *f, int fd, const char *bytes) {
  int other = raw_socket_connect(f->port);

  f->stopping = true;
  http_send(other, "GET /halt HTTP/1.1\r\n" KEEP);
  uv_sem_wait(&f->begun);
  http_send(fd, bytes);
  assert_true(raw_socket_read_all(other, f->answer, 4096) > 0);
  close(other);
}

/* Its peer could not know that it comes late, and has no answer to tell it. */
static void a_request_that_waits_to_be_read_is_answered(void **state) {
  http_fixture_t *f = *state;
  int fd;

  http_fixture_start(f);
  fd = keep_one(f);
  halt(f, fd, "GET /hello HTTP/1.1\r\n" KEEP);
  assert_true(raw_socket_read_all(fd, f->answer, 4096) > 0);
  assert_non_null(strstr(f->answer, "HTTP/1.1 200 OK\r\n"));
  assert_non_null(strstr(f->answer, "Connection: close\r\n"));
  close(fd);
}

static void what_waits_and_is_no_request_ends_with_it(void **state) {
  http_fixture_t *f = *state;
  int fd;

  http_fixture_start(f);
  fd = keep_one(f);
  halt(f, fd, "GET /hel");
  assert_int_equal(raw_socket_read_all(fd, f->answer, 4096), 0);
  close(fd);
}

static void new_connections_are_refused(void **state) {
  http_fixture_t *f = *state;
  int fd;

  http_fixture_start(f);
  fd = raw_socket_connect(f->port);
  http_send(fd, "GET /never HTTP/1.1\r\n" KEEP);
  uv_sem_wait(&f->begun);
  http_fixture_stop(f);
  while (true) {
    int other = raw_socket_connect(f->port);

    if (other < 0)
      break;
    close(other);
  }
  close(fd);
  uv_sem_wait(&f->closes);
}

static void what_is_cut_off_ends_at_once(void **state) {
  http_fixture_t *f = *state;
  int idle, fd;

  http_fixture_start(f);
  idle = raw_socket_connect(f->port);
  fd = raw_socket_connect(f->port);
  http_send(fd, "GET /never HTTP/1.1\r\n" KEEP);
  uv_sem_wait(&f->begun);
  http_fixture_cut_off(f);
  assert_int_equal(raw_socket_read_all(fd, f->answer, 4096), 0);
  assert_int_equal(raw_socket_read_all(idle, f->answer, 4096), 0);
  close(fd);
  close(idle);
  uv_sem_wait(&f->closes);
  assert_string_equal(http_fixture_notes(f),
                      "handler:1 abort:1 end=ECANCELED/0:1 ");
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_http(an_idle_server_stops),
      cmocka_unit_test_http(idle_connections_are_closed),
      cmocka_unit_test_http(a_part_of_a_head_does_not_hold_up_the_end),
      cmocka_unit_test_http(requests_in_flight_are_answered_and_close),
      cmocka_unit_test_http(a_request_that_waits_to_be_read_is_answered),
      cmocka_unit_test_http(what_waits_and_is_no_request_ends_with_it),
      cmocka_unit_test_http(new_connections_are_refused),
      cmocka_unit_test_http(what_is_cut_off_ends_at_once),
  };
  return test_main(tests, argc, argv);
}
