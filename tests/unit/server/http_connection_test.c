/* Connections: what is served on one, and when it ends. */
#include "http_connection.h"
#include "http_fixture.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

static void one_request_is_answered(void **state) {
  http_fixture_t *f = *state;
  const char *answer;

  http_fixture_start(f);
  answer = http_fixture_ask(f, "GET /hello HTTP/1.1\r\n" END);
  assert_memory_equal(answer, "HTTP/1.1 200 OK\r\nDate: ", 23);
  assert_non_null(strstr(answer, "Content-Length: 5\r\n"));
  assert_non_null(strstr(answer, "Connection: close\r\n"));
  assert_non_null(strstr(answer, "\r\n\r\nhello"));
}

static void pipelined_requests_are_answered_in_order(void **state) {
  http_fixture_t *f = *state;
  const char *answer;

  http_fixture_start(f);
  answer = http_fixture_ask(f, "GET /later HTTP/1.1\r\n" KEEP
                               "GET /hello HTTP/1.1\r\n" KEEP
                               "GET /later HTTP/1.1\r\n" END);
  answer = strstr(answer, "\r\n\r\nlater");
  assert_non_null(answer);
  answer = strstr(answer, "\r\n\r\nhello");
  assert_non_null(answer);
  assert_non_null(strstr(answer, "\r\n\r\nlater"));
  assert_string_equal(http_fixture_notes(f),
                      "handler:1 timer:1 close:1 end=ok/200:1 handler:2 "
                      "end=ok/200:2 handler:3 timer:3 close:3 end=ok/200:3 ");
}

static void many_pipelined_requests_are_all_answered(void **state) {
  http_fixture_t *f = *state;
  static char request[64 * 1024];
  size_t at = 0;
  int count = 0;

  http_fixture_start(f);
  while (count < 900) {
    at += (size_t)snprintf(request + at, sizeof(request) - at,
                           "GET /hello HTTP/1.1\r\n" KEEP);
    count++;
  }
  snprintf(request + at, sizeof(request) - at, "GET /hello HTTP/1.1\r\n" END);
  for (const char *rest = http_fixture_ask(f, request);
       (rest = strstr(rest, "\r\n\r\nhello")) != NULL; rest += 9)
    count--;
  assert_int_equal(count, -1);
}

static void a_request_may_come_byte_by_byte(void **state) {
  static const char request[] = "GET /hello HTTP/1.1\r\n" END;
  http_fixture_t *f = *state;
  int fd;

  http_fixture_start(f);
  fd = raw_socket_connect(f->port);
  for (size_t i = 0; i < sizeof(request) - 1; i++)
    assert_int_equal(raw_socket_write(fd, request + i, 1), 0);
  assert_true(raw_socket_read_all(fd, f->answer, FIXTURE_TEXT_BYTES) > 0);
  close(fd);
  assert_non_null(strstr(f->answer, "\r\n\r\nhello"));
}

static void empty_lines_before_a_request_are_left_out(void **state) {
  http_fixture_t *f = *state;

  http_fixture_start(f);
  http_expect(f, "\r\n\r\nGET /hello HTTP/1.1\r\n" END, "200");
}

static void head_has_the_fields_and_no_body(void **state) {
  http_fixture_t *f = *state;
  const char *answer;

  http_fixture_start(f);
  answer = http_fixture_ask(f, "HEAD /hello HTTP/1.1\r\n" KEEP
                               "HEAD /length?3000 HTTP/1.1\r\n" END);
  assert_non_null(strstr(answer, "Content-Length: 5\r\n"));
  assert_non_null(strstr(answer, "Content-Length: 3000\r\n"));
  assert_null(strstr(answer, "hello"));
  assert_string_equal(answer + strlen(answer) - 4, "\r\n\r\n");
}

static void http_1_0_closes_unless_asked_to_stay(void **state) {
  http_fixture_t *f = *state;

  http_fixture_start(f);
  http_expect(f, "GET /hello HTTP/1.0\r\n\r\nGET /hello HTTP/1.0\r\n\r\n",
              "200");
  http_expect(f,
              "GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
              "GET /hello HTTP/1.0\r\n\r\n",
              "200 200");
}

static void nothing_behind_connection_close_is_served(void **state) {
  http_fixture_t *f = *state;

  http_fixture_start(f);
  http_expect(f, "GET /hello HTTP/1.1\r\n" END "GET /hello HTTP/1.1\r\n" END,
              "200");
}

static void the_last_of_the_allowed_requests_closes(void **state) {
  http_fixture_t *f = *state;

  f->options.limits.requests_max = 2;
  http_fixture_start(f);
  http_expect(f,
              "GET /hello HTTP/1.1\r\n" KEEP "GET /hello HTTP/1.1\r\n" KEEP
              "GET /hello HTTP/1.1\r\n" KEEP,
              "200 200");
}

static void a_bad_request_is_answered_once_and_closes(void **state) {
  http_fixture_t *f = *state;

  http_fixture_start(f);
  http_expect(f, "GET /hello HTTP/1.1\r\n\r\nGET /hello HTTP/1.1\r\n" END,
              "400");
  assert_non_null(strstr(f->answer, "Connection: close\r\n"));
  assert_non_null(strstr(f->answer, "exactly one valid Host"));
  assert_string_equal(http_fixture_notes(f), "");
}

static void a_bad_request_behind_a_good_one_ends_the_connection(void **state) {
  http_fixture_t *f = *state;

  http_fixture_start(f);
  http_expect(f, "GET /later HTTP/1.1\r\n" KEEP "nonsense\r\n\r\n", "200 400");
}

static void an_unfinished_request_is_never_served(void **state) {
  http_fixture_t *f = *state;
  int fd;

  http_fixture_start(f);
  fd = raw_socket_connect(f->port);
  http_send(fd, "GET /hello HTTP/1.1\r\nHost: a\r\n");
  shutdown(fd, SHUT_WR);
  assert_int_equal(raw_socket_read_all(fd, f->answer, 100), 0);
  close(fd);
  assert_string_equal(http_fixture_notes(f), "");
}

static void hang_up(http_fixture_t *f, const char *notes) {
  int fd = raw_socket_connect(f->port);

  http_send(fd, "GET /never HTTP/1.1\r\n" KEEP);
  uv_sem_wait(&f->begun);
  close(fd);
  uv_sem_wait(&f->closes);
  assert_string_equal(http_fixture_notes(f), notes);
}

static void a_peer_that_hangs_up_cancels_its_request(void **state) {
  http_fixture_t *f = *state;

  http_fixture_start(f);
  hang_up(f, "handler:1 abort:1 end=ECONNRESET/0:1 ");
}

static void a_half_closed_peer_is_answered_when_allowed(void **state) {
  http_fixture_t *f = *state;
  int fd;

  f->options.allow_half_open = true;
  http_fixture_start(f);
  fd = raw_socket_connect(f->port);
  http_send(fd, "GET /later HTTP/1.1\r\n" KEEP);
  shutdown(fd, SHUT_WR);
  assert_true(raw_socket_read_all(fd, f->answer, 4096) > 0);
  close(fd);
  assert_non_null(strstr(f->answer, "\r\n\r\nlater"));
}

static void more_connections_than_allowed_wait_their_turn(void **state) {
  http_fixture_t *f = *state;
  int first;

  f->options.limits.connections_max = 1;
  http_fixture_start(f);
  first = raw_socket_connect(f->port);
  http_send(first, "GET /never HTTP/1.1\r\n" KEEP);
  uv_sem_wait(&f->begun);
  f->answer[0] = '\0';
  {
    int second = raw_socket_connect(f->port);

    http_send(second, "GET /hello HTTP/1.1\r\n" END);
    close(first);
    assert_true(raw_socket_read_all(second, f->answer, 4096) > 0);
    close(second);
  }
  assert_non_null(strstr(f->answer, "\r\n\r\nhello"));
  assert_string_equal(http_fixture_notes(f),
                      "handler:1 abort:1 end=ECONNRESET/0:1 handler:2 "
                      "end=ok/200:2 ");
}

/* By the thousand they are what the server's memory is. */
static void an_idle_connection_is_small(void **state) {
  (void)state;
  assert_true(http_connection_bytes(UV_TCP) <= 488);
  assert_true(http_connection_bytes(UV_NAMED_PIPE) <= 512);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_idle_connection_is_small),
      cmocka_unit_test_http(one_request_is_answered),
      cmocka_unit_test_http(pipelined_requests_are_answered_in_order),
      cmocka_unit_test_http(many_pipelined_requests_are_all_answered),
      cmocka_unit_test_http(a_request_may_come_byte_by_byte),
      cmocka_unit_test_http(empty_lines_before_a_request_are_left_out),
      cmocka_unit_test_http(head_has_the_fields_and_no_body),
      cmocka_unit_test_http(http_1_0_closes_unless_asked_to_stay),
      cmocka_unit_test_http(nothing_behind_connection_close_is_served),
      cmocka_unit_test_http(the_last_of_the_allowed_requests_closes),
      cmocka_unit_test_http(a_bad_request_is_answered_once_and_closes),
      cmocka_unit_test_http(
          a_bad_request_behind_a_good_one_ends_the_connection),
      cmocka_unit_test_http(an_unfinished_request_is_never_served),
      cmocka_unit_test_http(a_peer_that_hangs_up_cancels_its_request),
      cmocka_unit_test_http(a_half_closed_peer_is_answered_when_allowed),
      cmocka_unit_test_http(more_connections_than_allowed_wait_their_turn),
  };
  return test_main(tests, argc, argv);
}
