/* Requests and answers of all sizes, and peers that do not keep up. */
#include "tls_fixture.h"

#include <stdlib.h>
#include <unistd.h>

#define BODY_BYTES 1000000

static void answers_follow_each_other_on_one_connection(void **state) {
  tls_fixture_t *f = *state;

  tls_fixture_begin(f);
  for (size_t i = 0; i < 50; i++) {
    assert_true(tls_peer_send(&f->peer, "GET /hello HTTP/1.1\r\n" KEEP));
    assert_true(tls_peer_read_until(&f->peer, "\r\n\r\nhello", f->http->answer,
                                    FIXTURE_TEXT_BYTES));
  }
}

static void requests_may_come_together(void **state) {
  tls_fixture_t *f = *state;
  char statuses[64];

  tls_fixture_begin(f);
  tls_fixture_ask(f,
                  "GET /hello HTTP/1.1\r\n" KEEP "GET /later HTTP/1.1\r\n" KEEP
                  "GET /none HTTP/1.1\r\n" KEEP "GET /hello HTTP/1.1\r\n" END);
  http_statuses(f->http->answer, statuses, sizeof(statuses));
  assert_string_equal(statuses, "200 200 404 200");
}

/* Here the server is that of https, too. */
static void a_target_may_be_absolute(void **state) {
  tls_fixture_t *f = *state;
  char statuses[64];

  tls_fixture_begin(f);
  tls_fixture_ask(f, "GET https://a/hello HTTP/1.1\r\n" KEEP
                     "GET HTTPS://a HTTP/1.1\r\n" KEEP
                     "GET http://a/hello HTTP/1.1\r\n" KEEP
                     "GET ftp://a/hello HTTP/1.1\r\n" END);
  http_statuses(f->http->answer, statuses, sizeof(statuses));
  assert_string_equal(statuses, "200 404 200 400");
}

/* Of several records that one read brings, those behind a request whose answer
 * is pending wait as plain bytes. */
static void records_that_come_together_wait_for_their_turn(void **state) {
  tls_fixture_t *f = *state;
  char statuses[64];

  tls_fixture_begin(f);
  assert_true(tls_peer_send(&f->peer, "GET /later HTTP/1.1\r\n" KEEP));
  assert_true(tls_peer_send(&f->peer, "GET /later HTTP/1.1\r\nHo"));
  assert_true(tls_peer_send(&f->peer,
                            "st: a\r\n\r\nGET /slow?30000 HTTP/1.1\r\n" KEEP));
  tls_fixture_ask(f, "GET /hello HTTP/1.1\r\n" END);
  http_statuses(f->http->answer, statuses, sizeof(statuses));
  assert_string_equal(statuses, "200 200 200");
}

static char *make_body(void) {
  char *body = malloc(BODY_BYTES);

  assert_non_null(body);
  for (size_t i = 0; i < BODY_BYTES; i++)
    body[i] = (char)('a' + (i * 2654435761u >> 16) % 26);
  return body;
}

static void expect_echo(tls_fixture_t *f, const char *request) {
  char *body = make_body();
  const char *came;
  size_t size;

  assert_true(tls_peer_send(&f->peer, request));
  assert_true(tls_peer_write(&f->peer, body, BODY_BYTES));
  size = tls_peer_read_all(&f->peer, f->http->answer, FIXTURE_TEXT_BYTES);
  came = strstr(f->http->answer, "\r\n\r\n");
  assert_non_null(came);
  assert_int_equal(f->http->answer + size - (came + 4), BODY_BYTES);
  assert_memory_equal(came + 4, body, BODY_BYTES);
  free(body);
}

static void a_large_body_comes_and_goes_whole(void **state) {
  tls_fixture_t *f = *state;

  tls_fixture_begin(f);
  expect_echo(f, "POST /echo HTTP/1.1\r\nContent-Length: 1000000\r\n" END);
}

static void a_large_body_may_come_in_small_pieces(void **state) {
  const tls_peer_options_t options = {.piece_bytes = 997};
  tls_fixture_t *f = *state;

  http_fixture_start(f->http);
  assert_true(tls_fixture_connect(f, &options));
  expect_echo(f, "POST /echo HTTP/1.1\r\nContent-Length: 1000000\r\n" END);
}

static void ask_for_much(tls_fixture_t *f, int version) {
  const tls_peer_options_t options = {.max_version = version};
  const char *body;
  size_t size;

  assert_true(tls_fixture_connect(f, &options));
  assert_true(tls_peer_send(&f->peer, "GET /length?3000000 HTTP/1.1\r\n" END));
  size = tls_peer_read_all(&f->peer, f->http->answer, FIXTURE_TEXT_BYTES);
  body = strstr(f->http->answer, "\r\n\r\n");
  assert_non_null(body);
  assert_int_equal(f->http->answer + size - (body + 4), 3000000);
  assert_true(tls_peer_was_told_the_end(&f->peer));
}

static void a_large_answer_comes_whole(void **state) {
  tls_fixture_t *f = *state;

  http_fixture_start(f->http);
  ask_for_much(f, TLS1_2_VERSION);
  ask_for_much(f, TLS1_3_VERSION);
}

/* What it gives is bounded by our buffer and the kernel's, far below what there
 * is. */
static void a_peer_that_does_not_read_stops_the_source(void **state) {
  tls_fixture_t *f = *state;

  f->http->options.limits.write_timeout_ms = 500;
  tls_fixture_begin(f);
  assert_true(
      tls_peer_send(&f->peer, "GET /length?1000000000 HTTP/1.1\r\n" END));
  uv_sem_wait(&f->http->closes);
  assert_string_equal(http_fixture_notes(f->http),
                      "handler:1 abort:1 end=ETIMEDOUT/200:1 ");
}

static void a_peer_that_does_not_read_cannot_go_on_sending(void **state) {
  static const char chunk[] = "3e8\r\n";
  tls_fixture_t *f = *state;
  char piece[1007];
  size_t sent = 0;

  memset(piece, 'x', sizeof(piece));
  memcpy(piece, chunk, 5);
  memcpy(piece + 1005, "\r\n", 2);
  f->http->options.limits.body_max_bytes = HTTP_BODY_MAX_CEILING;
  f->http->options.limits.write_timeout_ms = 300;
  tls_fixture_begin(f);
  tls_peer_send(&f->peer, "POST /duplex HTTP/1.1\r\n"
                          "Transfer-Encoding: chunked\r\n" KEEP);
  while (!f->peer.send_failed) {
    tls_peer_write(&f->peer, piece, sizeof(piece));
    sent += sizeof(piece);
  }
  uv_sem_wait(&f->http->closes);
  assert_in_range(sent, 1, 64u << 20);
  assert_string_equal(http_fixture_notes(f->http),
                      "handler:1 abort:1 end=ETIMEDOUT/200:1 ");
}

static void a_peer_that_hangs_up_within_a_stream_ends_it(void **state) {
  tls_fixture_t *f = *state;

  tls_fixture_begin(f);
  assert_true(
      tls_peer_send(&f->peer, "GET /length?1000000000 HTTP/1.1\r\n" END));
  assert_int_equal(tls_peer_read_all(&f->peer, f->http->answer, 1000), 1000);
  tls_peer_finish(&f->peer);
  uv_sem_wait(&f->http->closes);
  assert_non_null(
      strstr(http_fixture_notes(f->http), "handler:1 abort:1 end=E"));
}

/* What comes while an answer is pending is read when that is out. */
static void reading_stops_and_goes_on(void **state) {
  tls_fixture_t *f = *state;
  char *body = make_body();
  size_t size;

  tls_fixture_begin(f);
  assert_true(tls_peer_send(&f->peer, "GET /slow?20000 HTTP/1.1\r\n" KEEP));
  assert_true(tls_peer_send(
      &f->peer, "POST /echo HTTP/1.1\r\nContent-Length: 1000000\r\n" END));
  assert_true(tls_peer_write(&f->peer, body, BODY_BYTES));
  size = tls_peer_read_all(&f->peer, f->http->answer, FIXTURE_TEXT_BYTES);
  assert_true(size > BODY_BYTES + 20000);
  assert_memory_equal(f->http->answer + size - BODY_BYTES, body, BODY_BYTES);
  free(body);
  assert_true(tls_peer_was_told_the_end(&f->peer));
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_tls(answers_follow_each_other_on_one_connection),
      cmocka_unit_test_tls(requests_may_come_together),
      cmocka_unit_test_tls(a_target_may_be_absolute),
      cmocka_unit_test_tls(records_that_come_together_wait_for_their_turn),
      cmocka_unit_test_tls(a_large_body_comes_and_goes_whole),
      cmocka_unit_test_tls(a_large_body_may_come_in_small_pieces),
      cmocka_unit_test_tls(a_large_answer_comes_whole),
      cmocka_unit_test_tls(a_peer_that_does_not_read_stops_the_source),
      cmocka_unit_test_tls(a_peer_that_does_not_read_cannot_go_on_sending),
      cmocka_unit_test_tls(a_peer_that_hangs_up_within_a_stream_ends_it),
      cmocka_unit_test_tls(reading_stops_and_goes_on),
  };
  return test_main(tests, argc, argv);
}
