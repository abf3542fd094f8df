/* What becomes of connections when the loop itself stood: for a minute, by the
 * clock. What was sent meanwhile waits in the kernel, and is no one's lateness
 * but the loop's. */
#include "http_fixture.h"
#include "moved_clock.h"

#include <unistd.h>

/* At /away the loop stands until the test lets it go. */
static void handle(void *data, http_request_t *request,
                   http_response_t *response) {
  http_fixture_t *f = data;

  if (!http_text_equals(http_request_path(request), "/away")) {
    http_fixture_handle(data, request, response);
    return;
  }
  uv_sem_post(&f->begun);
  uv_sem_wait(f->extra);
  moved_clock_by_ms(60000);
  uv_sem_post(&f->begun);
  http_response_send(response, 200, "text/plain", "back", 4);
}

/* A connection that has sent this, behind a request that was answered. */
static int keep_one(http_fixture_t *f, const char *text) {
  int fd = raw_socket_connect(f->port);

  assert_true(fd >= 0);
  http_send(fd, "GET /hello HTTP/1.1\r\n" KEEP);
  assert_true(raw_socket_read_until(fd, "hello", 1, f->answer, 4096) > 0);
  http_send(fd, text);
  return fd;
}

/* The connection sends `text` while the loop stands. The test reads when the
 * clock has moved: its own deadline is by the same one. */
static void send_while_away(http_fixture_t *f, int fd, const char *text) {
  int other = raw_socket_connect(f->port);

  assert_true(other >= 0);
  http_send(other, "GET /away HTTP/1.1\r\n" END);
  uv_sem_wait(&f->begun);
  http_send(fd, text);
  uv_sem_post(f->extra);
  uv_sem_wait(&f->begun);
  assert_true(raw_socket_read_all(other, f->answer, 4096) > 0);
  close(other);
}

static int setup(void **state) {
  static uv_sem_t go;
  int error = http_fixture_setup(state);
  http_fixture_t *f = *state;

  f->options.callbacks.on_request = handle;
  f->extra = &go;
  return error == 0 ? uv_sem_init(&go, 0) : error;
}

static int teardown(void **state) {
  uv_sem_destroy(((http_fixture_t *)*state)->extra);
  return http_fixture_teardown(state);
}

static void a_request_sent_meanwhile_is_answered(void **state) {
  http_fixture_t *f = *state;
  int fd;

  http_fixture_start(f);
  fd = keep_one(f, "");
  send_while_away(f, fd, "GET /hello HTTP/1.1\r\n" KEEP);
  assert_true(raw_socket_read_until(fd, "hello", 1, f->answer, 4096) > 0);
  close(fd);
}

static void a_head_that_was_ended_meanwhile_is_answered(void **state) {
  http_fixture_t *f = *state;
  int fd;

  http_fixture_start(f);
  fd = keep_one(f, "GET /hello HTTP/1.1\r\n");
  send_while_away(f, fd, KEEP);
  assert_true(raw_socket_read_until(fd, "hello", 1, f->answer, 4096) > 0);
  close(fd);
}

static void a_body_that_was_sent_meanwhile_is_taken(void **state) {
  http_fixture_t *f = *state;
  int fd;

  http_fixture_start(f);
  fd = keep_one(f, "POST /echo HTTP/1.1\r\nContent-Length: 5\r\n" KEEP "hal");
  send_while_away(f, fd, "lo");
  assert_true(raw_socket_read_until(fd, "hallo", 1, f->answer, 4096) > 0);
  close(fd);
}

static void who_sent_nothing_is_late_all_the_same(void **state) {
  http_fixture_t *f = *state;
  int fd;

  http_fixture_start(f);
  fd = keep_one(f, "");
  send_while_away(f, fd, "");
  assert_int_equal(raw_socket_read_all(fd, f->answer, 4096), 0);
  close(fd);
}

static void a_part_of_what_is_owed_is_late_all_the_same(void **state) {
  http_fixture_t *f = *state;
  int fd;

  http_fixture_start(f);
  fd = keep_one(f, "GET /hello HTTP/1.1\r\n");
  send_while_away(f, fd, "Host: a\r\n");
  assert_true(raw_socket_read_all(fd, f->answer, 4096) > 0);
  assert_non_null(strstr(f->answer, "HTTP/1.1 408 "));
  close(fd);
}

#define cmocka_unit_test_away(name) \
  cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_away(a_request_sent_meanwhile_is_answered),
      cmocka_unit_test_away(a_head_that_was_ended_meanwhile_is_answered),
      cmocka_unit_test_away(a_body_that_was_sent_meanwhile_is_taken),
      cmocka_unit_test_away(who_sent_nothing_is_late_all_the_same),
      cmocka_unit_test_away(a_part_of_what_is_owed_is_late_all_the_same),
  };
  return test_main(tests, argc, argv);
}
