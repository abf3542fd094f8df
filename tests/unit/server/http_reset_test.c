/* An answer that is cut short ends with a reset: without one, a body that has
 * no length of its own would look whole, and the kernel would go on offering to
 * a peer that does not read. */
#include "http_fixture.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

/* What ends the connection: 0, or a number of errno. */
static int read_to_end(int fd) {
  char bytes[65536];
  ssize_t size;

  do {
    size = recv(fd, bytes, sizeof(bytes), 0);
  } while (size > 0);
  return size == 0 ? 0 : errno;
}

static int end_of(http_fixture_t *f, const char *request) {
  int fd = raw_socket_connect(f->port);
  int end;

  assert_true(fd >= 0);
  http_send(fd, request);
  uv_sem_wait(&f->closes);
  end = read_to_end(fd);
  close(fd);
  return end;
}

static void who_does_not_read_is_reset(void **state) {
  http_fixture_t *f = *state;

  f->options.limits.write_timeout_ms = 300;
  http_fixture_start(f);
  assert_int_equal(end_of(f, "GET /length?50000000 HTTP/1.1\r\n" KEEP),
                   ECONNRESET);
}

static void a_body_without_a_length_is_not_ended_like_a_whole_one(
    void **state) {
  http_fixture_t *f = *state;

  f->options.limits.request_timeout_ms = 300;
  http_fixture_start(f);
  assert_int_equal(
      end_of(f, "POST /duplex HTTP/1.0\r\nContent-Length: 5\r\n" KEEP "hal"),
      ECONNRESET);
}

static void a_whole_answer_ends_without_a_reset(void **state) {
  http_fixture_t *f = *state;

  http_fixture_start(f);
  assert_int_equal(end_of(f, "GET /stream?5000 HTTP/1.0\r\n" KEEP), 0);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_http(who_does_not_read_is_reset),
      cmocka_unit_test_http(
          a_body_without_a_length_is_not_ended_like_a_whole_one),
      cmocka_unit_test_http(a_whole_answer_ends_without_a_reset),
  };
  return test_main(tests, argc, argv);
}
