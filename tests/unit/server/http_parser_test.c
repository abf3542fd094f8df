/* Bodies, and messages in pieces. */
#include "http_message.h"
#include "test_main.h"

#include <string.h>

#define CHUNKED \
  "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"

static void body_is(http_message_t *m, const char *text) {
  assert_true(m->parser.complete);
  assert_int_equal(m->body.size_bytes, strlen(text));
  assert_memory_equal(m->body.bytes, text, strlen(text));
}

/* The message cut in two after `cut` bytes. */
static void reads_in_two(const char *text, size_t cut, const char *body) {
  http_message_t m;

  http_message_init(&m);
  assert_int_equal(http_message_read(&m, text, cut), HTTP_ACCEPTED);
  assert_false(m.parser.complete);
  assert_int_equal(http_message_read(&m, text + cut, strlen(text) - cut),
                   HTTP_ACCEPTED);
  body_is(&m, body);
  http_message_finish(&m);
}

static void a_message_may_be_cut_after_every_byte(void **state) {
  static const char text[] = CHUNKED "5;x=y\r\nhallo\r\n1\r\n!\r\n"
                                     "0\r\nTrailer: t\r\n\r\n";

  (void)state;
  for (size_t cut = 1; cut < sizeof(text) - 1; cut++)
    reads_in_two(text, cut, "hallo!");
}

static void a_body_of_known_length_may_be_cut_after_every_byte(void **state) {
  static const char text[] = "\r\nPUT /echo HTTP/1.1\r\nHost: a\r\n"
                             "Content-Length: 5\r\n\r\nhallo";

  (void)state;
  for (size_t cut = 1; cut < sizeof(text) - 1; cut++)
    reads_in_two(text, cut, "hallo");
}

static void a_message_may_come_byte_by_byte(void **state) {
  static const char text[] = CHUNKED "5\r\nhallo\r\n0\r\n\r\n";
  http_message_t m;

  (void)state;
  http_message_init(&m);
  for (size_t i = 0; i < sizeof(text) - 1; i++)
    assert_int_equal(http_message_read(&m, text + i, 1), HTTP_ACCEPTED);
  body_is(&m, "hallo");
  http_message_finish(&m);
}

static void a_message_ends_where_the_next_begins(void **state) {
  static const char first[] = CHUNKED "0\r\n\r\n";
  static const char text[] = CHUNKED "0\r\n\r\nGET / HTTP/1.1\r\n";
  http_message_t m;
  size_t read = 0;

  (void)state;
  http_message_init(&m);
  assert_int_equal(http_message_read(&m, CHUNKED, strlen(CHUNKED)),
                   HTTP_ACCEPTED);
  assert_int_equal(http_parser_body(&m.parser, text + strlen(CHUNKED),
                                    strlen(text) - strlen(CHUNKED), &read),
                   HTTP_ACCEPTED);
  assert_int_equal(read, strlen(first) - strlen(CHUNKED));
  http_message_finish(&m);
}

static void upgrade_is_ignored(void **state) {
  static const char text[] = "GET / HTTP/1.1\r\nHost: a\r\n"
                             "Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n";
  http_message_t m;

  (void)state;
  http_message_init(&m);
  assert_int_equal(http_message_read(&m, text, strlen(text)), HTTP_ACCEPTED);
  assert_true(m.parser.complete);
  assert_true(m.parser.framing.keep_alive);
  http_message_finish(&m);
}

static void bad_chunk_sizes_are_refused(void **state) {
  (void)state;
  assert_int_equal(http_message_refusal(CHUNKED "g\r\n"), HTTP_REFUSE_CHUNK);
  assert_int_equal(http_message_refusal(CHUNKED "-1\r\n"), HTTP_REFUSE_CHUNK);
  assert_int_equal(http_message_refusal(CHUNKED "fffffffffffffffff\r\n"),
                   HTTP_REFUSE_CHUNK);
}

static void bad_chunk_line_ends_are_refused(void **state) {
  (void)state;
  assert_int_equal(http_message_refusal(CHUNKED "1\na\r\n0\r\n\r\n"),
                   HTTP_REFUSE_CHUNK);
  assert_int_equal(http_message_refusal(CHUNKED "1\rXa\r\n0\r\n\r\n"),
                   HTTP_REFUSE_CHUNK);
  assert_int_equal(http_message_refusal(CHUNKED "1\r\nab\r\n0\r\n\r\n"),
                   HTTP_REFUSE_CHUNK);
}

static void bad_trailers_are_refused(void **state) {
  (void)state;
  assert_int_equal(http_message_refusal(CHUNKED "0\r\nA: b\n\r\n"),
                   HTTP_REFUSE_CHUNK);
  assert_int_equal(http_message_refusal(CHUNKED "0\r\n A: b\r\n\r\n"),
                   HTTP_REFUSE_CHUNK);
}

/* `part` again and again until it is refused. */
static http_refusal_t endless(const char *part, size_t count) {
  http_message_t m;
  http_refusal_t refusal;

  http_message_init(&m);
  refusal = http_message_read(&m, CHUNKED, strlen(CHUNKED));
  for (size_t i = 0; i < count && refusal == HTTP_ACCEPTED; i++)
    refusal = http_message_read(&m, part, strlen(part));
  http_message_finish(&m);
  return refusal;
}

static void chunk_extensions_are_counted_over_the_request(void **state) {
  (void)state;
  assert_int_equal(endless("1;abcdefghijklmnopqrstuvwxyz=abcdef\r\na\r\n", 300),
                   HTTP_REFUSE_CHUNK_EXTENSIONS);
}

static void many_small_chunks_without_extensions_are_fine(void **state) {
  (void)state;
  assert_int_equal(endless("1\r\na\r\n", 10000), HTTP_ACCEPTED);
}

static void chunks_over_the_limit_of_the_body_are_refused(void **state) {
  (void)state;
  assert_int_equal(endless("10\r\n0123456789abcdef\r\n", 65536), HTTP_ACCEPTED);
  assert_int_equal(endless("10\r\n0123456789abcdef\r\n", 65537),
                   HTTP_REFUSE_BODY_LENGTH);
}

static void trailers_have_their_limit(void **state) {
  http_message_t m;
  http_refusal_t refusal;

  (void)state;
  http_message_init(&m);
  refusal = http_message_read(&m, CHUNKED "0\r\n", strlen(CHUNKED) + 3);
  for (size_t i = 0; i < 200 && refusal == HTTP_ACCEPTED; i++)
    refusal = http_message_read(&m, "A: b\r\n", 6);
  assert_int_equal(refusal, HTTP_REFUSE_TRAILER_LENGTH);
  http_message_finish(&m);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_message_may_be_cut_after_every_byte),
      cmocka_unit_test(a_body_of_known_length_may_be_cut_after_every_byte),
      cmocka_unit_test(a_message_may_come_byte_by_byte),
      cmocka_unit_test(a_message_ends_where_the_next_begins),
      cmocka_unit_test(upgrade_is_ignored),
      cmocka_unit_test(bad_chunk_sizes_are_refused),
      cmocka_unit_test(bad_chunk_line_ends_are_refused),
      cmocka_unit_test(bad_trailers_are_refused),
      cmocka_unit_test(chunk_extensions_are_counted_over_the_request),
      cmocka_unit_test(many_small_chunks_without_extensions_are_fine),
      cmocka_unit_test(chunks_over_the_limit_of_the_body_are_refused),
      cmocka_unit_test(trailers_have_their_limit),
  };
  return test_main(tests, argc, argv);
}
