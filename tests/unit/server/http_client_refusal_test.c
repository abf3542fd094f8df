/* Responses nobody should send, and those that do not end. */
#include "asyncscope/async_allocator.h"
#include "http_reply.h"
#include "test_main.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#define OK      "HTTP/1.1 200 OK\r\n"
#define CHUNKED OK "Transfer-Encoding: chunked\r\n\r\n"

static void refused(const char *text, int error, const char *why) {
  const char *reason = NULL;
  int found = http_reply_error(text, &reason);

  if (found != error || reason == NULL || strstr(reason, why) == NULL)
    fail_msg("%s: %s (%s)", text, found == 0 ? "taken" : uv_err_name(found),
             reason == NULL ? "no reason" : reason);
}

static void what_is_not_http_1_is_refused(void **state) {
  (void)state;
  refused("hello\r\n\r\n", UV_EPROTO, "HTTP/1");
  refused("HTTP/2.0 200 OK\r\n\r\n", UV_EPROTO, "not of HTTP/1");
  refused("HTTP/0.9 200 OK\r\n\r\n", UV_EPROTO, "not of HTTP/1");
  refused("HTTP/3.0 200 OK\r\n\r\n", UV_EPROTO, "not of HTTP/1");
  refused("http/1.1 200 OK\r\n\r\n", UV_EPROTO, "HTTP/1.1");
  refused("ICY 200 OK\r\n\r\n", UV_EPROTO, "HTTP/1.1");
  refused("GET / HTTP/1.1\r\nHost: a\r\n\r\n", UV_EPROTO, "HTTP/1.1");
  refused("\r\n" OK "\r\n", UV_EPROTO, "HTTP/1.1");
}

static void a_status_is_three_digits_from_100_up(void **state) {
  (void)state;
  refused("HTTP/1.1 20 OK\r\n\r\n", UV_EPROTO, "HTTP/1.1");
  refused("HTTP/1.1 2000 OK\r\n\r\n", UV_EPROTO, "HTTP/1.1");
  refused("HTTP/1.1 099 OK\r\n\r\n", UV_EPROTO, "HTTP/1.1");
  refused("HTTP/1.1 2x0 OK\r\n\r\n", UV_EPROTO, "HTTP/1.1");
  refused("HTTP/1.1  200 OK\r\n\r\n", UV_EPROTO, "HTTP/1.1");
  refused("HTTP/1.1\r\n\r\n", UV_EPROTO, "HTTP/1.1");
  refused("HTTP/1.1 \r\n\r\n", UV_EPROTO, "HTTP/1.1");
}

static void lines_are_read_strictly(void **state) {
  (void)state;
  refused("HTTP/1.1 200 OK\n\n", UV_EPROTO, "HTTP/1.1");
  refused(OK "A: b\n\r\n", UV_EPROTO, "HTTP/1.1");
  refused(OK "A: b\rC: d\r\n\r\n", UV_EPROTO, "HTTP/1.1");
  refused(OK "A: b\r\n folded\r\n\r\n", UV_EPROTO, "HTTP/1.1");
  refused(OK "A: \x01\r\n\r\n", UV_EPROTO, "HTTP/1.1");
  refused(OK "A : b\r\n\r\n", UV_EPROTO, "HTTP/1.1");
  refused(OK ": b\r\n\r\n", UV_EPROTO, "HTTP/1.1");
  refused(OK "no colon\r\n\r\n", UV_EPROTO, "HTTP/1.1");
}

static void where_a_body_ends_is_said_once(void **state) {
  (void)state;
  refused(OK "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhallo", UV_EPROTO,
          "HTTP/1.1");
  refused(OK "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
          UV_EPROTO, "");
  refused(OK "Content-Length: -1\r\n\r\n", UV_EPROTO, "");
  refused(OK "Content-Length: 5, 5\r\n\r\nhallo", UV_EPROTO, "");
  refused(OK "Content-Length: 0x5\r\n\r\nhallo", UV_EPROTO, "");
  refused(OK "Content-Length: 18446744073709551616\r\n\r\n", UV_EPROTO, "");
  refused(OK "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", UV_EPROTO,
          "");
  refused(OK "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", UV_EPROTO,
          "transfer coding");
  refused(OK "Transfer-Encoding: identity\r\n\r\nhallo", UV_EPROTO,
          "Transfer-Encoding");
  refused("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
          UV_EPROTO, "Transfer-Encoding");
}

static void a_chunk_is_read_strictly(void **state) {
  (void)state;
  refused(CHUNKED "x\r\n", UV_EPROTO, "chunked");
  refused(CHUNKED "-1\r\n", UV_EPROTO, "chunked");
  refused(CHUNKED "11111111111111111\r\n", UV_EPROTO, "chunked");
  refused(CHUNKED "5\r\nhallo!\r\n", UV_EPROTO, "chunked");
  refused(CHUNKED "5\nhallo\n0\n\n", UV_EPROTO, "chunked");
  refused(CHUNKED "0\r\nA: b\n\r\n", UV_EPROTO, "chunked");
  refused(CHUNKED "0\r\n folded\r\n\r\n", UV_EPROTO, "chunked");
}

static void a_change_of_protocol_is_refused(void **state) {
  (void)state;
  refused("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n"
          "Connection: Upgrade\r\n\r\n",
          UV_EPROTO, "protocol");
}

/* Feeds `first`, then `more` until the response is refused. */
static void flood(const char *first, const char *more, size_t times, int error,
                  const char *why) {
  http_reply_t reply;
  size_t fed = 0;

  http_reply_init(&reply, false);
  http_reply_read(&reply, first, strlen(first));
  while (fed < times && http_reply_read(&reply, more, strlen(more)) == 0)
    fed++;
  assert_int_equal(reply.error, error);
  assert_non_null(strstr(reply.response.reason, why));
  assert_in_range(reply.response.head.raw.capacity_bytes, 0, 65536);
  http_reply_finish(&reply);
}

static void what_does_not_end_is_refused_at_its_limit(void **state) {
  (void)state;
  flood("HTTP/1.1 200 ", "reason ", 10000, UV_EMSGSIZE, "status-line");
  flood(OK, "A: b\r\n", 10000, UV_EMSGSIZE, "many header fields");
  flood(OK "A: ", "bbbbbbbbbbbbbbbb", 10000, UV_EMSGSIZE, "header section");
  flood("", "HTTP/1.1 100 Continue\r\n\r\n", 10000, UV_EPROTO, "interim");
  flood(CHUNKED "1;", "xxxxxxxxxxxxxxxx", 10000, UV_EMSGSIZE, "extensions");
  flood(CHUNKED "0\r\n", "A: b\r\n", 10000, UV_EMSGSIZE, "trailer");
  flood(CHUNKED, "10\r\n0123456789abcdef\r\n", 100000, UV_EMSGSIZE, "body");
  flood(OK "\r\n", "0123456789abcdef", 100000, UV_EMSGSIZE, "body");
}

static void a_long_line_is_refused_with_its_end_too(void **state) {
  static char text[17000];
  int begun = snprintf(text, sizeof(text), "HTTP/1.1 200 ");

  (void)state;
  memset(text + begun, 'x', sizeof(text) - (size_t)begun - 1);
  memcpy(text + sizeof(text) - 5, "\r\n\r\n", 4);
  refused(text, UV_EMSGSIZE, "status-line");
}

static void a_length_over_the_limit_is_refused_at_once(void **state) {
  http_reply_t reply;
  const char *text = OK "Content-Length: 1048577\r\n\r\n";

  (void)state;
  http_reply_init(&reply, false);
  assert_int_equal(http_reply_read(&reply, text, strlen(text)), UV_EMSGSIZE);
  assert_int_equal(reply.heads, 0);
  http_reply_finish(&reply);
}

/* Whatever single byte is changed, the end is one of two: taken, or an error
 * with a reason. */
static void every_changed_byte_is_survived(void **state) {
  static const char text[] = "HTTP/1.1 100 Continue\r\n\r\n" CHUNKED
                             "5;x=y\r\nhallo\r\n0\r\nTrailer: t\r\n\r\n";
  const char *reason;
  char changed[sizeof(text)];

  (void)state;
  for (size_t at = 0; at < sizeof(text) - 1; at++) {
    for (int byte = 1; byte < 256; byte++) {
      memcpy(changed, text, sizeof(text));
      changed[at] = (char)byte;
      reason = NULL;
      if (http_reply_error(changed, &reason) != 0)
        assert_non_null(reason);
    }
  }
}

static void *no_memory(void *memory, size_t size_bytes) {
  (void)memory;
  (void)size_bytes;
  return NULL;
}

static void without_memory_the_response_is_refused(void **state) {
  (void)state;
  assert_int_equal(async_replace_allocator(malloc, no_memory, calloc, free), 0);
  refused(OK "\r\n", UV_ENOMEM, "memory");
  assert_int_equal(async_replace_allocator(malloc, realloc, calloc, free), 0);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_is_not_http_1_is_refused),
      cmocka_unit_test(a_status_is_three_digits_from_100_up),
      cmocka_unit_test(lines_are_read_strictly),
      cmocka_unit_test(where_a_body_ends_is_said_once),
      cmocka_unit_test(a_chunk_is_read_strictly),
      cmocka_unit_test(a_change_of_protocol_is_refused),
      cmocka_unit_test(what_does_not_end_is_refused_at_its_limit),
      cmocka_unit_test(a_long_line_is_refused_with_its_end_too),
      cmocka_unit_test(a_length_over_the_limit_is_refused_at_once),
      cmocka_unit_test(every_changed_byte_is_survived),
      cmocka_unit_test(without_memory_the_response_is_refused),
  };
  return test_main(tests, argc, argv);
}
