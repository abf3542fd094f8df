/* Responses as they should be. */
#include "http_reply.h"
#include "test_main.h"

#include <string.h>
#include <uv.h>

#define OK      "HTTP/1.1 200 OK\r\n"
#define LENGTH  OK "Content-Length: 5\r\n\r\nhallo"
#define CHUNKED OK "Transfer-Encoding: chunked\r\n\r\n"
#define CHUNKS  CHUNKED "5;x=y\r\nhallo\r\n1\r\n!\r\n0\r\nTrailer: t\r\n\r\n"

static void body_is(const http_reply_t *reply, const char *text) {
  assert_int_equal(reply->error, 0);
  assert_true(reply->response.complete);
  assert_int_equal(reply->heads, 1);
  assert_int_equal(reply->ends, 1);
  assert_int_equal(reply->body.size_bytes, strlen(text));
  if (*text != '\0')
    assert_memory_equal(reply->body.bytes, text, strlen(text));
}

static void reads_in_two(const char *text, size_t cut, const char *body) {
  http_reply_t reply;

  http_reply_init(&reply, false);
  assert_int_equal(http_reply_read(&reply, text, cut), 0);
  assert_int_equal(reply.ends, 0);
  http_reply_read(&reply, text + cut, strlen(text) - cut);
  body_is(&reply, body);
  assert_int_equal(reply.left_bytes, 0);
  http_reply_finish(&reply);
}

static void a_response_may_be_cut_after_every_byte(void **state) {
  (void)state;
  for (size_t cut = 1; cut < strlen(CHUNKS); cut++)
    reads_in_two(CHUNKS, cut, "hallo!");
  for (size_t cut = 1; cut < strlen(LENGTH); cut++)
    reads_in_two(LENGTH, cut, "hallo");
}

static void a_response_may_come_byte_by_byte(void **state) {
  http_reply_t reply;

  (void)state;
  http_reply_init(&reply, false);
  for (size_t i = 0; i < strlen(CHUNKS); i++)
    assert_int_equal(http_reply_read(&reply, CHUNKS + i, 1), 0);
  body_is(&reply, "hallo!");
  http_reply_finish(&reply);
}

static void is_cut_short_after(const char *text, size_t size) {
  http_reply_t reply;

  http_reply_init(&reply, false);
  assert_int_equal(http_reply_read(&reply, text, size), 0);
  assert_int_equal(http_reply_end(&reply), UV_ECONNRESET);
  assert_non_null(strstr(reply.response.reason, size == 0 ? "before" : "with"));
  assert_int_equal(reply.ends, 0);
  http_reply_finish(&reply);
}

static void a_response_that_ends_early_is_an_error_at_every_byte(void **state) {
  (void)state;
  for (size_t size = 0; size < strlen(CHUNKS); size++)
    is_cut_short_after(CHUNKS, size);
  for (size_t size = 0; size < strlen(LENGTH); size++)
    is_cut_short_after(LENGTH, size);
}

static void without_a_length_the_end_of_the_stream_is_the_bodys(void **state) {
  static const char head[] = OK "Server: a\r\n\r\n";
  http_reply_t reply;

  (void)state;
  http_reply_init(&reply, false);
  http_reply_read(&reply, head, strlen(head));
  http_reply_read(&reply, "hal", 3);
  http_reply_read(&reply, "lo", 2);
  assert_int_equal(reply.ends, 0);
  assert_int_equal(http_reply_end(&reply), 0);
  body_is(&reply, "hallo");
  assert_false(http_client_parser_keep_alive(&reply.response));
  http_reply_finish(&reply);
}

static void an_empty_body_may_end_with_the_stream(void **state) {
  http_reply_t reply;

  (void)state;
  http_reply_init(&reply, false);
  http_reply_read(&reply, OK "\r\n", strlen(OK "\r\n"));
  assert_int_equal(http_reply_end(&reply), 0);
  body_is(&reply, "");
  http_reply_finish(&reply);
}

static void has_no_body(const char *text, bool head_only) {
  http_reply_t reply;

  http_reply_init(&reply, head_only);
  http_reply_read(&reply, text, strlen(text));
  body_is(&reply, "");
  assert_true(http_client_parser_keep_alive(&reply.response));
  http_reply_finish(&reply);
}

static void some_responses_have_no_body_whatever_they_say(void **state) {
  (void)state;
  has_no_body("HTTP/1.1 204 No Content\r\n\r\n", false);
  has_no_body("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", false);
  has_no_body("HTTP/1.1 304 Not Modified\r\n\r\n", false);
  has_no_body(OK "Content-Length: 5\r\n\r\n", true);
  has_no_body(OK "Transfer-Encoding: chunked\r\n\r\n", true);
  has_no_body(OK "Content-Length: 99999999999\r\n\r\n", true);
  has_no_body(OK "\r\n", true);
  has_no_body(OK "Content-Length: 0\r\n\r\n", false);
  has_no_body(CHUNKED "0\r\n\r\n", false);
}

static int read_behind_interims(unsigned interims) {
  http_reply_t reply;
  int error = 0;

  http_reply_init(&reply, false);
  for (unsigned i = 0; i < interims && error == 0; i++)
    error = http_reply_read(&reply, "HTTP/1.1 102 \r\n\r\n", 17);
  if (error == 0)
    error = http_reply_read(&reply, LENGTH, strlen(LENGTH));
  http_reply_finish(&reply);
  return error;
}

static void so_many_interim_responses_and_no_more(void **state) {
  (void)state;
  assert_int_equal(read_behind_interims(HTTP_CLIENT_INTERIMS_MAX), 0);
  assert_int_equal(read_behind_interims(HTTP_CLIENT_INTERIMS_MAX + 1),
                   UV_EPROTO);
}

static void interim_responses_are_passed_over(void **state) {
  static const char text[] =
      "HTTP/1.1 100 Continue\r\n\r\n"
      "HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n" LENGTH;
  http_reply_t reply;
  http_text_t value;

  (void)state;
  for (size_t cut = 1; cut < strlen(text); cut++)
    reads_in_two(text, cut, "hallo");
  http_reply_init(&reply, false);
  http_reply_read(&reply, text, strlen(text));
  assert_int_equal(http_client_response_status(&reply.response), 200);
  assert_int_equal(http_client_response_field(&reply.response, "link", &value),
                   0);
  http_reply_finish(&reply);
}

static void what_follows_the_response_is_not_read(void **state) {
  http_reply_t reply;

  (void)state;
  http_reply_init(&reply, false);
  http_reply_read(&reply, LENGTH OK, strlen(LENGTH OK));
  body_is(&reply, "hallo");
  assert_int_equal(reply.left_bytes, strlen(OK));
  http_reply_finish(&reply);
}

static bool keeps_alive(const char *text) {
  http_reply_t reply;
  bool keeps;

  http_reply_init(&reply, false);
  http_reply_read(&reply, text, strlen(text));
  body_is(&reply, "");
  keeps = http_client_parser_keep_alive(&reply.response);
  http_reply_finish(&reply);
  return keeps;
}

static void the_peer_says_whether_the_connection_is_kept(void **state) {
  (void)state;
  assert_true(keeps_alive(OK "Content-Length: 0\r\n\r\n"));
  assert_false(
      keeps_alive(OK "Content-Length: 0\r\nConnection: close\r\n\r\n"));
  assert_false(keeps_alive("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n"));
  assert_true(keeps_alive("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n"
                          "Connection: keep-alive\r\n\r\n"));
  assert_false(
      keeps_alive("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"));
}

static void text_is(http_text_t text, const char *expected) {
  assert_int_equal(text.size_bytes, strlen(expected));
  assert_memory_equal(text.at, expected, strlen(expected));
}

static void the_head_is_there_for_its_reader(void **state) {
  static const char text[] = "HTTP/1.1 404 Not Found\r\nA:  1 \r\nX: first\r\n"
                             "x: second\r\nContent-Length: 0\r\n\r\n";
  http_reply_t reply;
  http_text_t name, value;

  (void)state;
  http_reply_init(&reply, false);
  http_reply_read(&reply, text, strlen(text));
  assert_int_equal(http_client_response_status(&reply.response), 404);
  text_is(http_client_response_reason(&reply.response), "Not Found");
  assert_int_equal(http_client_response_field_count(&reply.response), 4);
  http_client_response_field_at(&reply.response, 0, &name, &value);
  text_is(name, "A");
  text_is(value, "1");
  assert_int_equal(http_client_response_field(&reply.response, "X", &value), 2);
  text_is(value, "second");
  http_reply_finish(&reply);
}

static void a_reason_may_be_missing(void **state) {
  (void)state;
  assert_int_equal(
      http_reply_error("HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", NULL), 0);
  assert_int_equal(
      http_reply_error("HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n", NULL), 0);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_response_may_be_cut_after_every_byte),
      cmocka_unit_test(a_response_may_come_byte_by_byte),
      cmocka_unit_test(a_response_that_ends_early_is_an_error_at_every_byte),
      cmocka_unit_test(without_a_length_the_end_of_the_stream_is_the_bodys),
      cmocka_unit_test(an_empty_body_may_end_with_the_stream),
      cmocka_unit_test(some_responses_have_no_body_whatever_they_say),
      cmocka_unit_test(so_many_interim_responses_and_no_more),
      cmocka_unit_test(interim_responses_are_passed_over),
      cmocka_unit_test(what_follows_the_response_is_not_read),
      cmocka_unit_test(the_peer_says_whether_the_connection_is_kept),
      cmocka_unit_test(the_head_is_there_for_its_reader),
      cmocka_unit_test(a_reason_may_be_missing),
  };
  return test_main(tests, argc, argv);
}
