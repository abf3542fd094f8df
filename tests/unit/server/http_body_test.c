/* Bodies over a connection. */
#include "http_fixture.h"

#include <unistd.h>

#define POST "POST /echo HTTP/1.1\r\n"

static void a_body_of_known_length_is_echoed(void **state) {
  http_fixture_t *f = *state;

  http_fixture_start(f);
  http_expect(f, POST "Content-Length: 5\r\n" END "hallo", "200");
  assert_non_null(strstr(f->answer, "\r\n\r\nhallo"));
}

static void a_chunked_body_is_echoed(void **state) {
  http_fixture_t *f = *state;

  http_fixture_start(f);
  http_expect(f,
              POST "Transfer-Encoding: chunked\r\n" END
                   "3\r\nhal\r\n2\r\nlo\r\n0\r\n\r\n",
              "200");
  assert_non_null(strstr(f->answer, "\r\n\r\nhallo"));
}

static void requests_with_bodies_may_be_pipelined(void **state) {
  http_fixture_t *f = *state;

  http_fixture_start(f);
  http_expect(f,
              POST "Content-Length: 3\r\n" KEEP "one" POST
                   "Transfer-Encoding: chunked\r\n" KEEP
                   "3\r\ntwo\r\n0\r\n\r\nGET /hello HTTP/1.1\r\n" END,
              "200 200 200");
  assert_non_null(strstr(f->answer, "\r\n\r\noneHTTP"));
  assert_non_null(strstr(f->answer, "\r\n\r\ntwoHTTP"));
}

static void a_peer_that_waits_is_told_to_go_on(void **state) {
  http_fixture_t *f = *state;
  int fd;

  http_fixture_start(f);
  fd = raw_socket_connect(f->port);
  http_send(fd, POST "Expect: 100-continue\r\nContent-Length: 5\r\n" END);
  assert_true(raw_socket_read_until(fd, "100 Continue\r\n\r\n", 1, f->answer,
                                    4096) > 0);
  http_send(fd, "hallo");
  assert_true(raw_socket_read_all(fd, f->answer, 4096) > 0);
  close(fd);
  assert_non_null(strstr(f->answer, "\r\n\r\nhallo"));
}

static void nobody_is_told_to_go_on_whose_body_is_refused(void **state) {
  http_fixture_t *f = *state;

  http_fixture_start(f);
  http_expect(f, POST "Expect: 100-continue\r\nContent-Length: 2000000\r\n" END,
              "413");
}

static void a_body_that_is_here_needs_no_invitation(void **state) {
  http_fixture_t *f = *state;

  http_fixture_start(f);
  http_expect(f, POST "Expect: 100-continue\r\nContent-Length: 0\r\n" END,
              "200");
}

static void an_early_answer_closes_the_connection(void **state) {
  http_fixture_t *f = *state;

  http_fixture_start(f);
  http_expect(f,
              "POST /early HTTP/1.1\r\nContent-Length: 5\r\n" KEEP
              "halloGET /hello HTTP/1.1\r\n" KEEP,
              "200");
  assert_non_null(strstr(f->answer, "Connection: close\r\n"));
}

static void a_bad_chunk_is_answered_after_the_handler_was_told(void **state) {
  http_fixture_t *f = *state;

  http_fixture_start(f);
  http_expect(f, POST "Transfer-Encoding: chunked\r\n" KEEP "1\r\na\r\nx\r\n",
              "400");
  assert_string_equal(http_fixture_notes(f),
                      "handler:1 data:1 abort:1 end=ok/400:1 ");
}

static void chunks_over_the_limit_are_refused(void **state) {
  http_fixture_t *f = *state;

  f->options.limits.body_max_bytes = 4;
  http_fixture_start(f);
  http_expect(f,
              POST "Transfer-Encoding: chunked\r\n" KEEP
                   "3\r\nabc\r\n3\r\nabc\r\n0\r\n\r\n",
              "413");
}

static void a_peer_that_ends_within_the_body_is_not_served(void **state) {
  http_fixture_t *f = *state;
  int fd;

  http_fixture_start(f);
  fd = raw_socket_connect(f->port);
  http_send(fd, POST "Content-Length: 5\r\n" KEEP "hal");
  close(fd);
  uv_sem_wait(&f->closes);
  assert_string_equal(http_fixture_notes(f),
                      "handler:1 data:1 abort:1 end=ECONNRESET/0:1 ");
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_http(a_body_of_known_length_is_echoed),
      cmocka_unit_test_http(a_chunked_body_is_echoed),
      cmocka_unit_test_http(requests_with_bodies_may_be_pipelined),
      cmocka_unit_test_http(a_peer_that_waits_is_told_to_go_on),
      cmocka_unit_test_http(nobody_is_told_to_go_on_whose_body_is_refused),
      cmocka_unit_test_http(a_body_that_is_here_needs_no_invitation),
      cmocka_unit_test_http(an_early_answer_closes_the_connection),
      cmocka_unit_test_http(a_bad_chunk_is_answered_after_the_handler_was_told),
      cmocka_unit_test_http(chunks_over_the_limit_are_refused),
      cmocka_unit_test_http(a_peer_that_ends_within_the_body_is_not_served),
  };
  return test_main(tests, argc, argv);
}
