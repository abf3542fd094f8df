/* What a head may look like. */
#include "http_message.h"
#include "test_main.h"

#include <stdio.h>
#include <string.h>

#define LINE "GET / HTTP/1.1\r\n"
#define HOST "Host: a\r\n"

static void refused(const char *text, http_refusal_t refusal) {
  assert_int_equal(http_message_refusal(text), refusal);
}

static void the_parts_of_a_head_are_found(void **state) {
  static const char text[] = "POST /a/b?c=d HTTP/1.1\r\nHost:  x:80 \r\n"
                             "Empty:\r\nContent-Length: 0\r\n\r\n";
  http_message_t m;
  http_text_t value;

  (void)state;
  http_message_init(&m);
  assert_int_equal(http_message_read(&m, text, strlen(text)), HTTP_ACCEPTED);
  assert_int_equal(m.head.method, HTTP_METHOD_POST);
  assert_true(http_text_equals(http_head_text(&m.head, m.head.path), "/a/b"));
  assert_true(http_text_equals(http_head_text(&m.head, m.head.query), "c=d"));
  assert_int_equal(http_head_find(&m.head, "HOST", &value), 1);
  assert_true(http_text_equals(value, "x:80"));
  assert_int_equal(http_head_find(&m.head, "empty", &value), 1);
  assert_int_equal(value.size_bytes, 0);
  assert_true(m.parser.complete);
  http_message_finish(&m);
}

static void an_absolute_target_has_its_own_host(void **state) {
  static const char text[] = "GET http://b:81?q HTTP/1.1\r\n" HOST "\r\n";
  http_message_t m;

  (void)state;
  http_message_init(&m);
  assert_int_equal(http_message_read(&m, text, strlen(text)), HTTP_ACCEPTED);
  assert_true(
      http_text_equals(http_head_text(&m.head, m.head.authority), "b:81"));
  assert_true(http_text_equals(http_head_text(&m.head, m.head.path), "/"));
  assert_true(http_text_equals(http_head_text(&m.head, m.head.query), "q"));
  http_message_finish(&m);
}

static void a_request_line_has_exactly_two_spaces(void **state) {
  (void)state;
  refused("GET  / HTTP/1.1\r\n", HTTP_REFUSE_SYNTAX);
  refused("GET / HTTP/1.1 \r\n", HTTP_REFUSE_SYNTAX);
  refused("GET\t/ HTTP/1.1\r\n", HTTP_REFUSE_SYNTAX);
  refused("GET\r\n", HTTP_REFUSE_SYNTAX);
}

static void other_versions_are_refused(void **state) {
  (void)state;
  refused("GET /\r\n", HTTP_REFUSE_VERSION);
  refused("GET / HTTP/0.9\r\n", HTTP_REFUSE_VERSION);
  refused("GET / HTTP/2.0\r\n", HTTP_REFUSE_VERSION);
  refused("GET / HTTP/3.0\r\n", HTTP_REFUSE_VERSION);
  refused("GET / http/1.1\r\n", HTTP_REFUSE_SYNTAX);
}

static void unknown_methods_are_not_implemented(void **state) {
  (void)state;
  refused("CONNECT a:1 HTTP/1.1\r\n", HTTP_REFUSE_METHOD);
  refused("TRACE / HTTP/1.1\r\n", HTTP_REFUSE_METHOD);
  refused("get / HTTP/1.1\r\n", HTTP_REFUSE_METHOD);
  refused("G(T / HTTP/1.1\r\n", HTTP_REFUSE_SYNTAX);
}

static void targets_of_other_forms_are_refused(void **state) {
  (void)state;
  refused("GET a HTTP/1.1\r\n", HTTP_REFUSE_TARGET);
  refused("GET * HTTP/1.1\r\n", HTTP_REFUSE_TARGET);
  refused("GET /a#b HTTP/1.1\r\n", HTTP_REFUSE_TARGET);
  refused("GET /\xc3\xa4 HTTP/1.1\r\n", HTTP_REFUSE_TARGET);
  refused("GET https://a/ HTTP/1.1\r\n", HTTP_REFUSE_TARGET);
  refused("GET http://a@b/ HTTP/1.1\r\n", HTTP_REFUSE_TARGET);
  refused("OPTIONS * HTTP/1.1\r\n" HOST "\r\n", HTTP_ACCEPTED);
}

static void host_must_be_there_once(void **state) {
  (void)state;
  refused(LINE "\r\n", HTTP_REFUSE_HOST);
  refused(LINE HOST HOST "\r\n", HTTP_REFUSE_HOST);
  refused(LINE "Host:\r\n\r\n", HTTP_REFUSE_HOST);
  refused(LINE "Host: a b\r\n\r\n", HTTP_REFUSE_HOST);
  refused("GET / HTTP/1.0\r\n\r\n", HTTP_ACCEPTED);
}

static void content_length_is_one_number(void **state) {
  (void)state;
  refused(LINE HOST "Content-Length: 1\r\nContent-Length: 1\r\n\r\n",
          HTTP_REFUSE_SYNTAX);
  refused(LINE HOST "Content-Length: +1\r\n\r\n", HTTP_REFUSE_SYNTAX);
  refused(LINE HOST "Content-Length: 1,1\r\n\r\n", HTTP_REFUSE_SYNTAX);
  refused(LINE HOST "Content-Length: 99999999999999999999\r\n\r\n",
          HTTP_REFUSE_SYNTAX);
}

static void transfer_encoding_is_chunked_and_nothing_else(void **state) {
  (void)state;
  refused(LINE HOST "Transfer-Encoding: gzip, chunked\r\n\r\n",
          HTTP_REFUSE_TRANSFER_CODING);
  refused(LINE HOST "Transfer-Encoding: gzip\r\n\r\n",
          HTTP_REFUSE_TRANSFER_ENCODING);
  refused(LINE HOST "Transfer-Encoding:\r\n\r\n",
          HTTP_REFUSE_TRANSFER_ENCODING);
  refused("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
          HTTP_REFUSE_TRANSFER_ENCODING);
}

static void length_and_chunks_together_are_refused(void **state) {
  (void)state;
  assert_int_equal(
      http_refusal_status(http_message_refusal(
          LINE HOST "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n")),
      400);
}

static void only_one_expectation_is_known(void **state) {
  (void)state;
  refused(LINE HOST "Expect: 200-ok\r\n\r\n", HTTP_REFUSE_EXPECT);
  refused(LINE HOST "Expect: 100-Continue\r\n\r\n", HTTP_ACCEPTED);
}

static void a_space_before_the_colon_is_refused(void **state) {
  (void)state;
  refused(LINE "Host : a\r\n\r\n", HTTP_REFUSE_SYNTAX);
  refused(LINE HOST ": a\r\n\r\n", HTTP_REFUSE_SYNTAX);
}

static void a_body_over_the_limit_is_refused_by_its_length(void **state) {
  (void)state;
  refused(LINE HOST "Content-Length: 1048577\r\n\r\n", HTTP_REFUSE_BODY_LENGTH);
  refused(LINE HOST "Content-Length: 1048576\r\n\r\n", HTTP_ACCEPTED);
}

/* `count` times `part` between `before` and `after`. */
static http_refusal_t repeated(const char *before, const char *part,
                               size_t count, const char *after) {
  http_message_t m;
  http_refusal_t refusal;

  http_message_init(&m);
  refusal = http_message_read(&m, before, strlen(before));
  for (size_t i = 0; i < count && refusal == HTTP_ACCEPTED; i++)
    refusal = http_message_read(&m, part, strlen(part));
  if (refusal == HTTP_ACCEPTED)
    refusal = http_message_read(&m, after, strlen(after));
  http_message_finish(&m);
  return refusal;
}

static void a_target_may_have_8000_bytes_and_must_end(void **state) {
  (void)state;
  assert_int_equal(
      repeated("GET /", "12345678", 1000, " HTTP/1.1\r\n" HOST "\r\n"),
      HTTP_ACCEPTED);
  assert_int_equal(repeated("GET /", "12345678", 5000, ""),
                   HTTP_REFUSE_TARGET_LENGTH);
}

static void a_header_section_has_its_limit(void **state) {
  (void)state;
  assert_int_equal(repeated(LINE HOST "A: ", "12345678", 1900, "\r\n\r\n"),
                   HTTP_ACCEPTED);
  assert_int_equal(repeated(LINE HOST "A: ", "12345678", 5000, ""),
                   HTTP_REFUSE_HEADER_LENGTH);
}

static void a_hundred_fields_are_enough(void **state) {
  (void)state;
  assert_int_equal(repeated(LINE HOST, "A: b\r\n", 99, "\r\n"), HTTP_ACCEPTED);
  assert_int_equal(repeated(LINE HOST, "A: b\r\n", 100, "\r\n"),
                   HTTP_REFUSE_FIELDS);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_parts_of_a_head_are_found),
      cmocka_unit_test(an_absolute_target_has_its_own_host),
      cmocka_unit_test(a_request_line_has_exactly_two_spaces),
      cmocka_unit_test(other_versions_are_refused),
      cmocka_unit_test(unknown_methods_are_not_implemented),
      cmocka_unit_test(targets_of_other_forms_are_refused),
      cmocka_unit_test(host_must_be_there_once),
      cmocka_unit_test(content_length_is_one_number),
      cmocka_unit_test(transfer_encoding_is_chunked_and_nothing_else),
      cmocka_unit_test(length_and_chunks_together_are_refused),
      cmocka_unit_test(only_one_expectation_is_known),
      cmocka_unit_test(a_space_before_the_colon_is_refused),
      cmocka_unit_test(a_body_over_the_limit_is_refused_by_its_length),
      cmocka_unit_test(a_target_may_have_8000_bytes_and_must_end),
      cmocka_unit_test(a_header_section_has_its_limit),
      cmocka_unit_test(a_hundred_fields_are_enough),
  };
  return test_main(tests, argc, argv);
}
