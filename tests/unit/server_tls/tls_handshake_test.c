/* Handshakes that come to nothing, and what becomes of their connections. */
#include "tls_fixture.h"

#include <unistd.h>

/* What the server still says in clear is no answer; then it ends. */
static void expect_an_end(tls_fixture_t *f, int fd) {
  long size = raw_socket_read_all(fd, f->http->answer, FIXTURE_TEXT_BYTES);

  close(fd);
  assert_true(size >= 0);
  assert_null(memmem(f->http->answer, (size_t)size, "HTTP/", 5));
}

static int connect_to(tls_fixture_t *f) {
  int fd = raw_socket_connect(f->http->port);

  assert_true(fd >= 0);
  return fd;
}

static void one_who_says_nothing_is_closed(void **state) {
  tls_fixture_t *f = *state;

  f->http->options.limits.header_timeout_ms = 300;
  http_fixture_start(f->http);
  expect_an_end(f, connect_to(f));
}

/* Only the deadline can bring the end that the peer reads. */
static void stop_after(tls_fixture_t *f, size_t bytes) {
  const tls_peer_options_t options = {.send_max_bytes = bytes};

  f->http->options.limits.header_timeout_ms = 300;
  http_fixture_start(f->http);
  assert_false(tls_fixture_connect(f, &options));
  assert_null(f->peer.words);
}

static void one_who_stops_within_its_first_record_is_closed(void **state) {
  stop_after(*state, 3);
}

static void one_who_stops_within_its_hello_is_closed(void **state) {
  stop_after(*state, 100);
}

/* All of a client's hello, and one byte of what ends its handshake: that is
 * the client's last word, so for itself it is done. */
static void one_who_does_not_finish_is_closed(void **state) {
  tls_fixture_t *f = *state;
  tls_peer_options_t options = {.send_max_bytes = 0};

  f->http->options.limits.header_timeout_ms = 300;
  http_fixture_start(f->http);
  assert_true(tls_fixture_connect(f, &options));
  options.send_max_bytes = f->peer.sent_bytes - 1;
  tls_fixture_connect(f, &options);
  assert_int_equal(
      tls_peer_read_all(&f->peer, f->http->answer, FIXTURE_TEXT_BYTES), 0);
  assert_null(f->peer.words);
  assert_false(tls_peer_was_told_the_end(&f->peer));
}

static void one_who_ends_within_it_is_closed(void **state) {
  tls_fixture_t *f = *state;
  int fd;

  http_fixture_start(f->http);
  fd = connect_to(f);
  assert_int_equal(raw_socket_write(fd, "\x16\x03\x01", 3), 0);
  shutdown(fd, SHUT_WR);
  expect_an_end(f, fd);
}

static void plain_http_is_closed(void **state) {
  tls_fixture_t *f = *state;
  int fd;

  http_fixture_start(f->http);
  fd = connect_to(f);
  http_send(fd, "GET /hello HTTP/1.1\r\n" END);
  expect_an_end(f, fd);
  tls_fixture_expect_words(f, "http request");
  assert_string_equal(http_fixture_notes(f->http), "");
}

static void what_is_no_record_is_closed(void **state) {
  tls_fixture_t *f = *state;
  char noise[4096];
  int fd;

  memset(noise, 0xa5, sizeof(noise));
  http_fixture_start(f->http);
  fd = connect_to(f);
  assert_int_equal(raw_socket_write(fd, noise, sizeof(noise)), 0);
  expect_an_end(f, fd);
  tls_fixture_expect_words(f, "wrong version number");
}

/* A hello may be long, and in records of one byte it takes six times as many:
 * there is a ceiling before OpenSSL's own. */
static void a_handshake_that_goes_on_and_on_is_ended(void **state) {
  static const char hello[] = {0x16, 3, 1, 0, 1};
  static const char start[] = {1, 0, 0x3f, 0x00};
  tls_fixture_t *f = *state;
  int fd;

  http_fixture_start(f->http);
  fd = connect_to(f);
  for (size_t i = 0; i < 16000; i++) {
    char record[6];

    memcpy(record, hello, sizeof(hello));
    record[5] = i < sizeof(start) ? start[i] : 0;
    if (raw_socket_write(fd, record, sizeof(record)) != 0)
      break;
  }
  expect_an_end(f, fd);
  tls_fixture_expect_words(f, "the handshake is too long");
}

static void a_byte_at_a_time_is_as_good(void **state) {
  const tls_peer_options_t options = {.piece_bytes = 1};
  tls_fixture_t *f = *state;

  http_fixture_start(f->http);
  assert_true(tls_fixture_connect(f, &options));
  tls_fixture_ask(f, "GET /hello HTTP/1.1\r\n" END);
  assert_non_null(strstr(f->http->answer, "\r\n\r\nhello"));
}

/* The time to send a request begins with the end of the handshake, and lasts
 * as long as on a connection without. */
static void one_who_asks_nothing_afterwards_is_closed(void **state) {
  tls_fixture_t *f = *state;

  f->http->options.limits.header_timeout_ms = 1000; /* to shake hands in */
  tls_fixture_begin(f);
  tls_peer_read_all(&f->peer, f->http->answer, FIXTURE_TEXT_BYTES);
  assert_true(tls_peer_was_told_the_end(&f->peer));
  assert_string_equal(http_fixture_notes(f->http), "");
}

static void many_at_once_do_not_mix(void **state) {
  enum { PEERS = 16 };
  tls_fixture_t *f = *state;
  tls_peer_t peers[PEERS];

  http_fixture_start(f->http);
  for (size_t i = 0; i < PEERS; i++)
    assert_true(tls_peer_connect(&peers[i], f->http->port));
  for (size_t i = 0; i < PEERS; i++)
    assert_true(tls_peer_send(&peers[i], "GET /hello HTTP/1.1\r\n" END));
  for (size_t i = 0; i < PEERS; i++) {
    tls_peer_read_all(&peers[i], f->http->answer, FIXTURE_TEXT_BYTES);
    assert_non_null(strstr(f->http->answer, "\r\n\r\nhello"));
    assert_true(tls_peer_was_told_the_end(&peers[i]));
    tls_peer_finish(&peers[i]);
  }
}

static void a_stop_does_not_wait_for_it(void **state) {
  tls_fixture_t *f = *state;
  int fd;

  f->http->options.limits.header_timeout_ms = HTTP_TIMEOUT_MAX_MS;
  tls_fixture_begin(f); /* so that the other has been accepted, too */
  fd = connect_to(f);
  tls_peer_finish(&f->peer);
  assert_true(tls_fixture_connect(f, NULL));
  http_fixture_stop(f->http);
  expect_an_end(f, fd);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_tls(one_who_says_nothing_is_closed),
      cmocka_unit_test_tls(one_who_stops_within_its_first_record_is_closed),
      cmocka_unit_test_tls(one_who_stops_within_its_hello_is_closed),
      cmocka_unit_test_tls(one_who_does_not_finish_is_closed),
      cmocka_unit_test_tls(one_who_ends_within_it_is_closed),
      cmocka_unit_test_tls(plain_http_is_closed),
      cmocka_unit_test_tls(what_is_no_record_is_closed),
      cmocka_unit_test_tls(a_handshake_that_goes_on_and_on_is_ended),
      cmocka_unit_test_tls(a_byte_at_a_time_is_as_good),
      cmocka_unit_test_tls(one_who_asks_nothing_afterwards_is_closed),
      cmocka_unit_test_tls(many_at_once_do_not_mix),
      cmocka_unit_test_tls(a_stop_does_not_wait_for_it),
  };
  return test_main(tests, argc, argv);
}
