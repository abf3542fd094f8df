/* How the stream of an answer meets its reader. Below it stands a double. */
#include "debug_double.h"
#include "debug_limits.h"
#include "listener_fixture.h"

static void a_stream_is_asked_again_until_its_end(void **state) {
  listener_fixture_t *f = *state;
  int fd;

  listener_start(f, NULL);
  fd = listener_open(f, "GET /debug/wait HTTP/1.1\r\n" END);
  listener_assert_status(f, 200);
  for (size_t i = 0; i < 5; i++) {
    debug_double_await_waiting();
    debug_double_give(1);
    assert_true(raw_socket_read_until(fd, "line\n", 1, f->answer, 4096) > 0);
  }
  debug_double_end();
  assert_true(raw_socket_read_all(fd, f->answer, 4096) > 0);
  close(fd);
  listener_assert_has(f, "0\r\n\r\n");
  debug_double_await_destroyed();
}

/* HTTP/1.0 knows no chunks. */
static void an_old_client_gets_it_until_the_end(void **state) {
  listener_fixture_t *f = *state;
  int fd;

  listener_start(f, NULL);
  fd = listener_open(f, "GET /debug/wait HTTP/1.0\r\nHost: localhost\r\n\r\n");
  debug_double_await_waiting();
  debug_double_give(2);
  debug_double_end();
  assert_true(raw_socket_read_all(fd, f->answer, 4096) > 0);
  close(fd);
  assert_string_equal(f->answer, "line\nline\n");
}

static void a_client_that_leaves_frees_what_waits(void **state) {
  listener_fixture_t *f = *state;

  listener_start(f, NULL);
  for (size_t i = 0; i < 2; i++) {
    int fd = listener_open(f, i == 0 ? "GET /debug/wait HTTP/1.1\r\n" END
                                     : "GET /debug/events HTTP/1.1\r\n" END);

    debug_double_await_waiting();
    close(fd);
    debug_double_await_destroyed();
  }
}

static void a_client_that_leaves_frees_what_it_has_not_read(void **state) {
  listener_fixture_t *f = *state;
  int fd;

  listener_start(f, NULL);
  fd = listener_open(f, "GET /debug/large HTTP/1.1\r\n" END);
  close(fd);
  debug_double_await_destroyed();
}

static void a_reader_that_does_not_read_is_cut_off(void **state) {
  listener_fixture_t *f = *state;
  int fd;

  listener_start(f, NULL);
  fd = listener_open(f, "GET /debug/large HTTP/1.1\r\n" END);
  debug_double_await_destroyed();
  close(fd);
}

/* What had come by then may be missing as well. */
static void a_failure_cuts_the_connection(void **state) {
  listener_fixture_t *f = *state;
  static const char request[] = "GET /debug/broken HTTP/1.1\r\n" END;
  int fd;

  listener_start(f, NULL);
  fd = listener_connect(f);
  assert_int_equal(raw_socket_write(fd, request, sizeof(request) - 1), 0);
  assert_true(raw_socket_read_all(fd, f->answer, 4096) >= 0);
  close(fd);
  listener_assert_lacks(f, "0\r\n\r\n");
  debug_double_await_destroyed();
}

static void fill_with(listener_fixture_t *f, const char *request, size_t count,
                      int *ret_fds) {
  for (size_t i = 0; i < count; i++) {
    ret_fds[i] = listener_open(f, request);
    listener_assert_status(f, 200);
  }
}

static void close_all(const int *fds, size_t count) {
  for (size_t i = 0; i < count; i++)
    close(fds[i]);
}

static void assert_busy(listener_fixture_t *f, const char *request) {
  assert_int_equal(listener_status(f, request), 503);
  listener_assert_has(f, "\r\nRetry-After: 1\r\n");
}

static void no_more_read_at_once_than_may(void **state) {
  listener_fixture_t *f = *state;
  int fds[DEBUG_LISTENER_STREAMS_MAX];

  listener_start(f, NULL);
  fill_with(f, "GET /debug/wait HTTP/1.1\r\n" END, DEBUG_LISTENER_STREAMS_MAX,
            fds);
  assert_busy(f, "GET /debug HTTP/1.1\r\n" END);
  assert_int_equal(debug_double_opened(), DEBUG_LISTENER_STREAMS_MAX);
  close(fds[0]);
  debug_double_await_destroyed();
  assert_int_equal(listener_status(f, "GET /debug HTTP/1.1\r\n" END), 200);
  close_all(fds + 1, DEBUG_LISTENER_STREAMS_MAX - 1);
}

static void endless_ones_leave_room_for_others(void **state) {
  listener_fixture_t *f = *state;
  int fds[DEBUG_LISTENER_LASTING_MAX];

  listener_start(f, NULL);
  fill_with(f, "GET /debug/events HTTP/1.1\r\n" END, DEBUG_LISTENER_LASTING_MAX,
            fds);
  assert_busy(f, "GET /debug/events HTTP/1.1\r\n" END);
  debug_double_await_destroyed();
  assert_int_equal(listener_status(f, "GET /debug HTTP/1.1\r\n" END), 200);
  debug_double_await_destroyed();
  close(fds[0]);
  debug_double_await_destroyed();
  close(listener_open(f, "GET /debug/events HTTP/1.1\r\n" END));
  listener_assert_status(f, 200);
  close_all(fds + 1, DEBUG_LISTENER_LASTING_MAX - 1);
}

static void those_that_wait_for_a_time_leave_room_for_others(void **state) {
  listener_fixture_t *f = *state;
  int fds[DEBUG_LISTENER_LASTING_MAX];

  listener_start(f, NULL);
  fill_with(f, "GET /debug/profile HTTP/1.1\r\n" END,
            DEBUG_LISTENER_LASTING_MAX, fds);
  assert_busy(f, "GET /debug/profile HTTP/1.1\r\n" END);
  debug_double_await_destroyed();
  assert_busy(f, "GET /debug/events HTTP/1.1\r\n" END);
  debug_double_await_destroyed();
  assert_int_equal(listener_status(f, "GET /debug HTTP/1.1\r\n" END), 200);
  close_all(fds, DEBUG_LISTENER_LASTING_MAX);
}

static void events_end_well_with_the_listener(void **state) {
  listener_fixture_t *f = *state;
  int fd;

  listener_start(f, NULL);
  fd = listener_open(f, "GET /debug/events HTTP/1.1\r\n" END);
  asyncscope_debug_listener_close(f->listener);
  f->listener = NULL;
  assert_int_equal(raw_socket_read_all(fd, f->answer, 4096), 5);
  close(fd);
  assert_string_equal(f->answer, "0\r\n\r\n");
}

/* Nobody may take what has come of it for all of it. */
static void what_still_waits_is_cut_off_with_the_listener(void **state) {
  listener_fixture_t *f = *state;
  int fd;

  listener_start(f, NULL);
  fd = listener_open(f, "GET /debug/wait HTTP/1.1\r\n" END);
  debug_double_await_waiting();
  asyncscope_debug_listener_close(f->listener);
  f->listener = NULL;
  assert_int_equal(raw_socket_read_all(fd, f->answer, 4096), 0);
  close(fd);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_double(a_stream_is_asked_again_until_its_end),
      cmocka_unit_test_double(an_old_client_gets_it_until_the_end),
      cmocka_unit_test_double(a_client_that_leaves_frees_what_waits),
      cmocka_unit_test_double(a_client_that_leaves_frees_what_it_has_not_read),
      cmocka_unit_test_double(a_reader_that_does_not_read_is_cut_off),
      cmocka_unit_test_double(a_failure_cuts_the_connection),
      cmocka_unit_test_double(no_more_read_at_once_than_may),
      cmocka_unit_test_double(endless_ones_leave_room_for_others),
      cmocka_unit_test_double(those_that_wait_for_a_time_leave_room_for_others),
      cmocka_unit_test_double(events_end_well_with_the_listener),
      cmocka_unit_test_double(what_still_waits_is_cut_off_with_the_listener),
  };
  return test_main(tests, argc, argv);
}
