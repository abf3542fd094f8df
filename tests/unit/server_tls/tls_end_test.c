/* How connections end: each side says so, and what is cut short is known to
 * be. */
#include "tls_fixture.h"

#include <sys/socket.h>

static void the_last_answer_is_followed_by_the_end(void **state) {
  tls_fixture_t *f = *state;

  tls_fixture_begin(f);
  assert_non_null(strstr(tls_fixture_ask(f, "GET /hello HTTP/1.1\r\n" END),
                         "\r\n\r\nhello"));
  assert_true(tls_peer_was_told_the_end(&f->peer));
}

static void a_kept_connection_is_told_the_end_too(void **state) {
  tls_fixture_t *f = *state;

  f->http->options.limits.keep_alive_timeout_ms = 300;
  tls_fixture_begin(f);
  assert_non_null(strstr(tls_fixture_ask(f, "GET /hello HTTP/1.1\r\n" KEEP),
                         "\r\n\r\nhello"));
  assert_true(tls_peer_was_told_the_end(&f->peer));
}

static void an_error_is_answered_before_the_end(void **state) {
  tls_fixture_t *f = *state;

  tls_fixture_begin(f);
  assert_non_null(
      strstr(tls_fixture_ask(f, "GET / HTTP/1.1\r\n\r\n"), "HTTP/1.1 400 "));
  assert_true(tls_peer_was_told_the_end(&f->peer));
}

static void a_peer_that_ends_is_told_so_in_turn(void **state) {
  tls_fixture_t *f = *state;

  tls_fixture_begin(f);
  assert_true(tls_peer_send(&f->peer, "GET /hello HTTP/1.1\r\n" KEEP));
  assert_true(tls_peer_read_until(&f->peer, "\r\n\r\nhello", f->http->answer,
                                  FIXTURE_TEXT_BYTES));
  assert_true(tls_peer_end(&f->peer));
  assert_int_equal(
      tls_peer_read_all(&f->peer, f->http->answer, FIXTURE_TEXT_BYTES), 0);
  assert_true(tls_peer_was_told_the_end(&f->peer));
}

static void ask_and_end(tls_fixture_t *f, const char *request) {
  tls_fixture_begin(f);
  assert_true(tls_peer_send(&f->peer, request));
  assert_true(tls_peer_end(&f->peer));
  tls_peer_read_all(&f->peer, f->http->answer, FIXTURE_TEXT_BYTES);
}

static void one_side_may_end_before_the_answer(void **state) {
  tls_fixture_t *f = *state;

  f->http->options.allow_half_open = true;
  ask_and_end(f, "GET /slow?20000 HTTP/1.1\r\n" KEEP);
  assert_non_null(strstr(f->http->answer, "Content-Length: 20000\r\n"));
  assert_true(tls_peer_was_told_the_end(&f->peer));
  assert_string_equal(http_fixture_notes(f->http),
                      "handler:1 close:1 end=ok/200:1 ");
}

static void one_side_that_ends_is_gone_where_that_is_not_allowed(void **state) {
  tls_fixture_t *f = *state;

  ask_and_end(f, "GET /never HTTP/1.1\r\n" KEEP);
  uv_sem_wait(&f->http->closes);
  assert_string_equal(f->http->answer, "");
  assert_string_equal(http_fixture_notes(f->http),
                      "handler:1 abort:1 end=ECONNRESET/0:1 ");
}

/* The end of the socket alone is one that anybody between could have made. */
static void an_end_that_nobody_vouches_for_is_none(void **state) {
  tls_fixture_t *f = *state;

  f->http->options.allow_half_open = true;
  tls_fixture_begin(f);
  assert_true(tls_peer_send(&f->peer, "GET /never HTTP/1.1\r\n" KEEP));
  uv_sem_wait(&f->http->begun);
  shutdown(f->peer.fd, SHUT_WR);
  uv_sem_wait(&f->http->closes);
  assert_string_equal(http_fixture_notes(f->http),
                      "handler:1 abort:1 end=ECONNRESET/0:1 ");
  assert_int_equal(
      tls_peer_read_all(&f->peer, f->http->answer, FIXTURE_TEXT_BYTES), 0);
  assert_false(tls_peer_was_told_the_end(&f->peer));
}

/* A body that lasts until the end of the connection is whole only when that
 * was said; this one lacks its end. */
static void an_answer_that_is_cut_short_is_not_called_whole(void **state) {
  tls_fixture_t *f = *state;

  tls_fixture_begin(f);
  assert_true(
      tls_peer_send(&f->peer, "GET /stream?1000000000 HTTP/1.0\r\n\r\n"));
  assert_int_equal(tls_peer_read_all(&f->peer, f->http->answer, 1000), 1000);
  http_fixture_cut_off(f->http);
  while (tls_peer_read_all(&f->peer, f->http->answer, 100000) == 100000) {
  }
  assert_false(tls_peer_was_told_the_end(&f->peer));
}

/* A request that is being read is not gone on with. */
static void a_record_that_was_changed_ends_the_request(void **state) {
  static const char record[] = "\x17\x03\x03\x00\x20"
                               "0123456789abcdef0123456789abcdef";
  tls_fixture_t *f = *state;

  tls_fixture_begin(f);
  assert_true(tls_peer_send(
      &f->peer, "POST /echo HTTP/1.1\r\nContent-Length: 9\r\n" KEEP "half"));
  assert_int_equal(raw_socket_write(f->peer.fd, record, sizeof(record) - 1), 0);
  uv_sem_wait(&f->http->closes);
  assert_int_equal(
      tls_peer_read_all(&f->peer, f->http->answer, FIXTURE_TEXT_BYTES), 0);
  assert_non_null(strstr(f->peer.words, "alert bad record mac"));
  assert_non_null(strstr(http_fixture_notes(f->http), "end=EPROTO/0:1 "));
}

static void a_record_that_was_changed_between_requests_ends_all(void **state) {
  static const char record[] = "\x17\x03\x03\x00\x20"
                               "0123456789abcdef0123456789abcdef";
  tls_fixture_t *f = *state;

  tls_fixture_begin(f);
  assert_int_equal(raw_socket_write(f->peer.fd, record, sizeof(record) - 1), 0);
  tls_peer_read_all(&f->peer, f->http->answer, FIXTURE_TEXT_BYTES);
  assert_non_null(strstr(f->peer.words, "alert bad record mac"));
}

static void a_stop_answers_first_and_then_ends(void **state) {
  tls_fixture_t *f = *state;

  tls_fixture_begin(f);
  assert_true(tls_peer_send(&f->peer, "GET /slow?20000 HTTP/1.1\r\n" KEEP));
  assert_true(tls_peer_read_until(&f->peer, "\r\n\r\n", f->http->answer,
                                  FIXTURE_TEXT_BYTES) ||
              f->http->answer[0] != '\0');
  http_fixture_stop(f->http);
  tls_peer_read_all(&f->peer, f->http->answer, FIXTURE_TEXT_BYTES);
  assert_true(tls_peer_was_told_the_end(&f->peer));
  uv_sem_wait(&f->http->closes);
  assert_string_equal(http_fixture_notes(f->http),
                      "handler:1 close:1 end=ok/200:1 ");
}

static void a_stop_tells_those_who_wait_for_nothing(void **state) {
  tls_fixture_t *f = *state;

  tls_fixture_begin(f);
  assert_true(tls_peer_send(&f->peer, "GET /hello HTTP/1.1\r\n" KEEP));
  assert_true(tls_peer_read_until(&f->peer, "\r\n\r\nhello", f->http->answer,
                                  FIXTURE_TEXT_BYTES));
  http_fixture_stop(f->http);
  assert_int_equal(
      tls_peer_read_all(&f->peer, f->http->answer, FIXTURE_TEXT_BYTES), 0);
  assert_true(tls_peer_was_told_the_end(&f->peer));
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_tls(the_last_answer_is_followed_by_the_end),
      cmocka_unit_test_tls(a_kept_connection_is_told_the_end_too),
      cmocka_unit_test_tls(an_error_is_answered_before_the_end),
      cmocka_unit_test_tls(a_peer_that_ends_is_told_so_in_turn),
      cmocka_unit_test_tls(one_side_may_end_before_the_answer),
      cmocka_unit_test_tls(
          one_side_that_ends_is_gone_where_that_is_not_allowed),
      cmocka_unit_test_tls(an_end_that_nobody_vouches_for_is_none),
      cmocka_unit_test_tls(an_answer_that_is_cut_short_is_not_called_whole),
      cmocka_unit_test_tls(a_record_that_was_changed_ends_the_request),
      cmocka_unit_test_tls(a_record_that_was_changed_between_requests_ends_all),
      cmocka_unit_test_tls(a_stop_answers_first_and_then_ends),
      cmocka_unit_test_tls(a_stop_tells_those_who_wait_for_nothing),
  };
  return test_main(tests, argc, argv);
}
