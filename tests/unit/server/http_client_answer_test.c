/* Answers of every kind, good and bad, through a socket. */
#include "http_client_fixture.h"

#include <stdlib.h>
#include <string.h>

#define CHUNKS                                                            \
  OK "Transfer-Encoding: chunked\r\n\r\n3;x=y\r\nhel\r\n2\r\nlo\r\n0\r\n" \
     "Trailer: t\r\n\r\n"

static void one_answer(void **state, const peer_act_t *act, unsigned status,
                       const char *body) {
  client_fixture_t *f = *state;
  asker_t asker;

  client_start(f, act, 1);
  ask_and_wait(f, &asker);
  answered(&asker, status, body);
}

static void a_body_of_known_length_comes(void **state) {
  one_answer(state, &(peer_act_t){.text = HELLO}, 200, "hello");
}

static void a_chunked_body_comes(void **state) {
  one_answer(state, &(peer_act_t){.text = CHUNKS}, 200, "hello");
}

static void a_body_that_ends_with_the_connection_comes(void **state) {
  one_answer(state, &(peer_act_t){.text = OK "\r\nhello", .then = PEER_CLOSE},
             200, "hello");
}

static void a_body_may_end_with_a_half_closed_connection(void **state) {
  one_answer(state, &(peer_act_t){.text = OK "\r\nhello", .then = PEER_SHUT},
             200, "hello");
}

static void an_answer_may_come_byte_by_byte(void **state) {
  one_answer(state, &(peer_act_t){.text = CHUNKS, .bytewise = true}, 200,
             "hello");
}

static void interim_answers_are_passed_over(void **state) {
  one_answer(state,
             &(peer_act_t){.text = "HTTP/1.1 100 Continue\r\n\r\n"
                                   "HTTP/1.1 103 Early Hints\r\n\r\n" HELLO},
             200, "hello");
}

static void an_answer_without_a_body_ends_with_its_head(void **state) {
  static const peer_act_t acts[] = {
      {.text = "HTTP/1.1 204 No Content\r\n\r\n"},
      {.text = "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n"},
      {.text = OK "Content-Length: 0\r\n\r\n"},
  };
  static const unsigned statuses[] = {204, 304, 200};
  client_fixture_t *f = *state;
  asker_t asker;

  client_start(f, acts, 3);
  for (size_t i = 0; i < 3; i++) {
    ask_and_wait(f, &asker);
    answered(&asker, statuses[i], "");
    assert_int_equal(asker.data.calls, 0);
  }
  assert_int_equal(f->peer.connections, 1);
}

static void a_head_request_gets_no_body(void **state) {
  static const peer_act_t act = {.text = OK "Content-Length: 5\r\n\r\n"};
  client_fixture_t *f = *state;
  http_client_options_t options;
  asker_t asker;

  client_start(f, &act, 1);
  for (unsigned i = 1; i <= 2; i++) {
    asker_init(&asker, f, &options);
    options.method = "HEAD";
    ask_with(&asker, &options);
    wait_closed(&asker);
    answered(&asker, 200, "");
  }
  assert_int_equal(f->peer.connections, 1);
}

static void a_large_body_comes_whole(void **state) {
  static const char head[] = OK "Content-Length: 3000000\r\n\r\n";
  size_t size = strlen(head) + 3000000;
  char *text = malloc(size);
  client_fixture_t *f = *state;
  peer_act_t act = {.text = text, .size = size};
  asker_t asker;

  memset(text, 'x', size);
  memcpy(text, head, strlen(head));
  client_start(f, &act, 1);
  ask_and_wait(f, &asker);
  assert_int_equal(asker.close.status, 0);
  assert_int_equal(asker.body_bytes, 3000000);
  assert_int_equal(strspn(asker.body, "x"), 3000000);
  free(asker.body);
  free(text);
}

/* Whatever part of the answer comes, its end is noticed; with the whole of it
 * the request is answered. */
static void cut_answer(client_fixture_t *f, peer_act_t *act, size_t size,
                       peer_then_t then) {
  http_client_options_t options;
  asker_t asker;

  act->text = size == 0 ? NULL : CHUNKS;
  act->size = size;
  act->then = then;
  asker_init(&asker, f, &options);
  ask_with(&asker, &options);
  wait_closed(&asker);
  if (size == strlen(CHUNKS) && then == PEER_CLOSE)
    answered(&asker, 200, "hello");
  else if (size < strlen(CHUNKS))
    failed(&asker, UV_ECONNRESET, "127.0.0.1");
  free(asker.body);
}

static void an_answer_may_be_cut_at_every_byte(void **state) {
  client_fixture_t *f = *state;
  peer_act_t act = {0};

  client_start(f, &act, 1);
  for (size_t size = 0; size <= strlen(CHUNKS); size++)
    cut_answer(f, &act, size, PEER_CLOSE);
}

static void an_answer_may_be_reset_at_every_byte(void **state) {
  client_fixture_t *f = *state;
  peer_act_t act = {0};

  client_start(f, &act, 1);
  for (size_t size = 0; size < strlen(CHUNKS); size++)
    cut_answer(f, &act, size, PEER_RESET);
}

static void one_failure(void **state, const char *text, int error,
                        const char *why) {
  client_fixture_t *f = *state;
  peer_act_t act = {.text = text};
  asker_t asker;

  client_start(f, &act, 1);
  ask_and_wait(f, &asker);
  failed(&asker, error, why);
  wait_none(f, &f->agent.socket_count);
}

static void what_is_no_answer_ends_the_request(void **state) {
  one_failure(state, "hello\r\n", UV_EPROTO,
              "response: the response is not HTTP/1.1");
}

static void a_change_of_protocol_ends_the_request(void **state) {
  one_failure(state, "HTTP/1.1 101 Switching Protocols\r\n\r\n", UV_EPROTO,
              "protocol");
}

static void two_readings_of_a_length_end_the_request(void **state) {
  one_failure(state,
              OK "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
              UV_EPROTO, "response: ");
}

static void a_flood_of_fields_ends_the_request(void **state) {
  static const char line[] = "A: b\r\n";
  char text[8192] = OK;
  size_t at = strlen(text);

  for (; at + strlen(line) < sizeof(text); at += strlen(line))
    memcpy(text + at, line, sizeof(line));
  one_failure(state, text, UV_EMSGSIZE, "too many header fields");
}

static void a_body_over_the_limit_ends_the_request(void **state) {
  client_fixture_t *f = *state;

  f->options.limits.body_max_bytes = 4;
  one_failure(state, OK "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
              UV_EMSGSIZE, "the body is too long");
}

static void a_greeting_is_no_answer(void **state) {
  static const peer_act_t greeting = {.text = "220 mail\r\n"};
  client_fixture_t *f = *state;
  asker_t asker;

  f->peer.greeting = &greeting;
  client_start(f, NULL, 0);
  ask_and_wait(f, &asker);
  failed(&asker, UV_EPROTO, "");
}

static void a_silent_peer_is_given_up(void **state) {
  client_fixture_t *f = *state;
  asker_t asker;

  f->options.limits.idle_timeout_ms = 300;
  client_start(f, NULL, 0);
  ask_and_wait(f, &asker);
  failed(&asker, UV_ETIMEDOUT, "response: connection timed out");
}

static void a_peer_that_stops_in_its_answer_is_given_up(void **state) {
  static const peer_act_t act = {.text = OK "Content-Length: 5\r\n\r\nhel"};
  client_fixture_t *f = *state;
  asker_t asker;

  f->options.limits.idle_timeout_ms = 300;
  client_start(f, &act, 1);
  ask_and_wait(f, &asker);
  assert_int_equal(asker.response.calls, 1);
  failed(&asker, UV_ETIMEDOUT, "response");
}

static void a_request_may_have_a_time_in_all(void **state) {
  client_fixture_t *f = *state;
  http_client_options_t options;
  asker_t asker;

  f->options.limits.idle_timeout_ms = 0;
  client_start(f, NULL, 0);
  asker_init(&asker, f, &options);
  options.timeout_ms = 300;
  ask_with(&asker, &options);
  wait_closed(&asker);
  failed(&asker, UV_ETIMEDOUT, "request");
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_client(a_body_of_known_length_comes),
      cmocka_unit_test_client(a_chunked_body_comes),
      cmocka_unit_test_client(a_body_that_ends_with_the_connection_comes),
      cmocka_unit_test_client(a_body_may_end_with_a_half_closed_connection),
      cmocka_unit_test_client(an_answer_may_come_byte_by_byte),
      cmocka_unit_test_client(interim_answers_are_passed_over),
      cmocka_unit_test_client(an_answer_without_a_body_ends_with_its_head),
      cmocka_unit_test_client(a_head_request_gets_no_body),
      cmocka_unit_test_client(a_large_body_comes_whole),
      cmocka_unit_test_client(an_answer_may_be_cut_at_every_byte),
      cmocka_unit_test_client(an_answer_may_be_reset_at_every_byte),
      cmocka_unit_test_client(what_is_no_answer_ends_the_request),
      cmocka_unit_test_client(a_change_of_protocol_ends_the_request),
      cmocka_unit_test_client(two_readings_of_a_length_end_the_request),
      cmocka_unit_test_client(a_flood_of_fields_ends_the_request),
      cmocka_unit_test_client(a_body_over_the_limit_ends_the_request),
      cmocka_unit_test_client(a_greeting_is_no_answer),
      cmocka_unit_test_client(a_silent_peer_is_given_up),
      cmocka_unit_test_client(a_peer_that_stops_in_its_answer_is_given_up),
      cmocka_unit_test_client(a_request_may_have_a_time_in_all),
  };
  return test_main(tests, argc, argv);
}
