/* Each ceiling of what is read is of bytes that came, line ends too, and is
 * where it is said to be however these come: at once, byte by byte, or cut in
 * two anywhere. */
#include "http_message.h"
#include "http_reply.h"
#include "test_main.h"

#include <stdio.h>
#include <string.h>
#include <uv.h>

#define LIMIT  64 /* of a section, in bytes; a target, too */
#define FIELDS 4
#define BODY   48
#define TEXT   8192
#define LINE   "GET / HTTP/1.1\r\n"
#define HOST   "Host: a\r\n"
#define CHUNKED \
  "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
#define OK    "HTTP/1.1 200 OK\r\n"
#define CODED OK "Transfer-Encoding: chunked\r\n\r\n"

/* `count` times `part` between the other two. */
typedef struct subject_s {
  const char *before, *part, *after;
  size_t most; /* of them that are let pass */
  http_refusal_t refusal;
} subject_t;

#define CHUNK_LINE_MAX \
  (HTTP_CHUNK_EXTENSIONS_MAX_BYTES + HTTP_CHUNK_HEADER_BYTES)

static const subject_t SUBJECTS[] = {
    {"GET /", "x", " HTTP/1.1\r\n" HOST "\r\n", LIMIT - 1,
     HTTP_REFUSE_TARGET_LENGTH},
    {LINE HOST "A: ", "x", "\r\n\r\n", LIMIT - 16, HTTP_REFUSE_HEADER_LENGTH},
    {LINE HOST "A:", " ", "\r\n\r\n", LIMIT - 15, HTTP_REFUSE_HEADER_LENGTH},
    {LINE HOST, "A: b\r\n", "\r\n", FIELDS - 1, HTTP_REFUSE_FIELDS},
    {LINE HOST "Content-Length: ", "0", "48\r\n\r\n", LIMIT - 31,
     HTTP_REFUSE_HEADER_LENGTH},
    {CHUNKED "0\r\nA: ", "x", "\r\n\r\n", LIMIT - 7,
     HTTP_REFUSE_TRAILER_LENGTH},
    {CHUNKED "0\r\n", "A: b\r\n", "\r\n", FIELDS, HTTP_REFUSE_TRAILER_LENGTH},
    {CHUNKED, "8\r\n01234567\r\n", "0\r\n\r\n", BODY / 8,
     HTTP_REFUSE_BODY_LENGTH},
    {CHUNKED "2;", "x", "\r\nab\r\n0\r\n\r\n", CHUNK_LINE_MAX - 4,
     HTTP_REFUSE_CHUNK_EXTENSIONS},
};

enum { SUBJECT_COUNT = sizeof(SUBJECTS) / sizeof(SUBJECTS[0]) };

static size_t write_text(const subject_t *subject, size_t count,
                         char ret_text[TEXT]) {
  size_t size = (size_t)snprintf(ret_text, TEXT, "%s", subject->before);

  for (size_t i = 0; i < count; i++)
    size += (size_t)snprintf(ret_text + size, TEXT - size, "%s", subject->part);
  return size +
         (size_t)snprintf(ret_text + size, TEXT - size, "%s", subject->after);
}

static const http_limits_t *limits(void) {
  static const http_limits_t small = {
      .header_max_bytes = LIMIT, .fields_max = FIELDS, .body_max_bytes = BODY};

  return &small;
}

/* In pieces of `piece` bytes behind a first one of `cut`. */
static http_refusal_t read_in(const char *text, size_t size, size_t cut,
                              size_t piece) {
  http_message_t m;
  http_refusal_t refusal;

  http_message_init(&m);
  m.limits = *limits();
  refusal = http_message_read(&m, text, cut);
  for (size_t at = cut; at < size && refusal == HTTP_ACCEPTED; at += piece)
    refusal =
        http_message_read(&m, text + at, size - at < piece ? size - at : piece);
  if (refusal == HTTP_ACCEPTED)
    assert_true(m.parser.complete || m.parser.headers_complete);
  http_message_finish(&m);
  return refusal;
}

/* In the middle of a long line one place is like another. */
static size_t next_cut(size_t cut, size_t size) {
  return cut > 128 && cut + 256 < size ? cut + 97 : cut + 1;
}

static void reads_as(const subject_t *subject, size_t count,
                     http_refusal_t refusal) {
  char text[TEXT];
  size_t size = write_text(subject, count, text);

  assert_int_equal(read_in(text, size, 0, 1), refusal);
  for (size_t cut = 0; cut <= size; cut = next_cut(cut, size))
    assert_int_equal(read_in(text, size, cut, TEXT), refusal);
}

static void a_ceiling_is_let_pass_and_one_more_is_not(void **state) {
  (void)state;
  for (size_t i = 0; i < SUBJECT_COUNT; i++) {
    reads_as(&SUBJECTS[i], SUBJECTS[i].most - 1, HTTP_ACCEPTED);
    reads_as(&SUBJECTS[i], SUBJECTS[i].most, HTTP_ACCEPTED);
    reads_as(&SUBJECTS[i], SUBJECTS[i].most + 1, SUBJECTS[i].refusal);
  }
}

/* A chunk more may have as many bytes more as a line without extensions. */
static void each_chunk_adds_a_lines_worth(void **state) {
  const subject_t subject = {CHUNKED "1\r\na\r\n2;", "x", "\r\nab\r\n0\r\n\r\n",
                             CHUNK_LINE_MAX + HTTP_CHUNK_HEADER_BYTES - 7,
                             HTTP_REFUSE_CHUNK_EXTENSIONS};

  (void)state;
  reads_as(&subject, subject.most, HTTP_ACCEPTED);
  reads_as(&subject, subject.most + 1, subject.refusal);
}

static int reply_in(const char *text, size_t size, size_t cut, size_t piece) {
  http_reply_t reply;
  int error;

  http_reply_init(&reply, false);
  reply.limits = *limits();
  error = http_reply_read(&reply, text, cut);
  for (size_t at = cut; at < size && error == 0; at += piece)
    error = http_reply_read(&reply, text + at,
                            size - at < piece ? size - at : piece);
  http_reply_finish(&reply);
  return error;
}

static void replies(const subject_t *subject, size_t count, int error) {
  char text[TEXT];
  size_t size = write_text(subject, count, text);

  assert_int_equal(reply_in(text, size, 0, 1), error);
  for (size_t cut = 0; cut <= size; cut = next_cut(cut, size))
    assert_int_equal(reply_in(text, size, cut, TEXT), error);
}

static void those_of_a_response_are_the_same(void **state) {
  static const subject_t subjects[] = {
      {"HTTP/1.1 200 ", "x", "\r\nContent-Length: 0\r\n\r\n", LIMIT + 32 - 15,
       HTTP_ACCEPTED},
      {OK "A: ", "x", "\r\n\r\n", LIMIT - 7, HTTP_ACCEPTED},
      {OK, "A: b\r\n", "\r\n", FIELDS, HTTP_ACCEPTED},
      {CODED "0\r\nA: ", "x", "\r\n\r\n", LIMIT - 7, HTTP_ACCEPTED},
      {CODED, "8\r\n01234567\r\n", "0\r\n\r\n", BODY / 8, HTTP_ACCEPTED},
      {OK "\r\n", "x", "", BODY, HTTP_ACCEPTED},
      {CODED "2;", "x", "\r\nab\r\n0\r\n\r\n", CHUNK_LINE_MAX - 4,
       HTTP_ACCEPTED},
  };

  (void)state;
  for (size_t i = 0; i < sizeof(subjects) / sizeof(subjects[0]); i++) {
    replies(&subjects[i], subjects[i].most - 1, 0);
    replies(&subjects[i], subjects[i].most, 0);
    replies(&subjects[i], subjects[i].most + 1, UV_EMSGSIZE);
  }
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_ceiling_is_let_pass_and_one_more_is_not),
      cmocka_unit_test(each_chunk_adds_a_lines_worth),
      cmocka_unit_test(those_of_a_response_are_the_same),
  };
  return test_main(tests, argc, argv);
}
