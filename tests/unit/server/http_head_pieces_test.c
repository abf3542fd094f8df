/* A head is the same whatever pieces it comes in. */
#include "http_head.h"
#include "test_main.h"

#include <string.h>

#define LINE "GET /a?b=c HTTP/1.1\r\n"
#define HOST "Host: a\r\n"

static const char *const TEXTS[] = {
    LINE HOST "\r\n",
    LINE HOST "\r\nGET / HTTP/1.1\r\n",
    LINE HOST "Empty:\r\nSpaces:   \r\nPadded:  a b  \r\n\r\n",
    LINE HOST "Tabs:\ta\t\r\nMixed: \t a \t \r\nInside: a\tb\r\nTab:\t\r\n\r\n",
    LINE "A-name-of-more-than-sixteen: and a value of more than that\r\n\r\n",
    LINE HOST "Utf: \xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\r\n\r\n",
    LINE HOST "One: 1\r\nTwo: 2\r\nThree: 3\r\nFour: 4\r\nFive: 5\r\n\r\n",
    LINE "\r\n",
    "\r\n" LINE HOST "\r\n",
    "GET / HTTP/3.0\r\n" HOST "\r\n",
    "GET / HTTP/1.9\r\n" HOST "\r\n",
    "GET  / HTTP/1.1\r\n" HOST "\r\n",
    "BREW / HTTP/1.1\r\n" HOST "\r\n",
    "GET /a#b HTTP/1.1\r\n" HOST "\r\n",
    "GET /a?b#c HTTP/1.1\r\n" HOST "\r\n",
    "GET /? HTTP/1.1\r\n" HOST "\r\n",
    "GET / HTTP/1.0\r\n" HOST "\r\n",
    "GET / HTTP/1.1 \r\n" HOST "\r\n",
    "GET / HTTP/1.12\r\n" HOST "\r\n",
    "GET / HTTP/1.1\n" HOST "\r\n",
    "GET /\r\n" HOST "\r\n",
    "GET http://b/a?c HTTP/1.1\r\n" HOST "\r\n",
    "OPTIONS * HTTP/1.1\r\n" HOST "\r\n",
    "POST /a HTTP/1.1\r\n" HOST "\r\n",
    "GETS /a HTTP/1.1\r\n" HOST "\r\n",
    LINE "hOsT: a\r\nHos: b\r\nHosts: c\r\nh/st: d\r\n\r\n",
    LINE "h/st: d\r\n\r\n",
    LINE "HOS\x54: a\r\nHost: b\r\n\r\n",
    "BREW / HTTP/1.1\r\n" HOST "Bad name: a\r\n\r\n",
    LINE HOST "Bad name: a\r\n\r\n",
    LINE HOST " folded\r\n\r\n",
    LINE HOST ": no name\r\n\r\n",
    LINE HOST "No colon\r\n\r\n",
    LINE HOST "Nul: a\x01\x62\r\n\r\n",
    LINE HOST "Del: a\x7f\r\n\r\n",
    LINE HOST "Bare: a\nb\r\n\r\n",
    LINE HOST "Bare: a\rb\r\n\r\n",
    LINE HOST "Long: 0123456789012345678901234567890123456789"
              "01234567890123456789012345678901234567890123456789\r\n\r\n",
    LINE HOST "Not: the end\r\n",
    LINE HOST "Not: the end\r\n\r",
};

/* Few and short enough that some of the texts pass them. */
static const http_limits_t LIMITS = {.header_max_bytes = 110, .fields_max = 5};

typedef struct outcome_s {
  http_head_t head;
  http_refusal_t refusal;
  size_t read;
} outcome_t;

static void read_in_pieces(const char *text, size_t piece, outcome_t *ret) {
  size_t size = strlen(text);

  memset(ret, 0, sizeof(*ret));
  while (ret->read < size && !ret->head.complete &&
         ret->refusal == HTTP_ACCEPTED) {
    size_t left = size - ret->read, read = 0;

    ret->refusal = http_head_read(&ret->head, &LIMITS, text + ret->read,
                                  left < piece ? left : piece, &read);
    ret->read += read;
  }
}

static void same_span(const outcome_t *one, const outcome_t *other,
                      http_span_t (*span)(const http_head_t *head, unsigned n),
                      unsigned n) {
  http_span_t a = span(&one->head, n), b = span(&other->head, n);

  assert_int_equal(a.at, b.at);
  assert_int_equal(a.size_bytes, b.size_bytes);
}

static http_span_t name_of(const http_head_t *head, unsigned n) {
  return head->fields[n].name;
}

static http_span_t value_of(const http_head_t *head, unsigned n) {
  return head->fields[n].value;
}

static http_span_t path_of(const http_head_t *head, unsigned n) {
  (void)n;
  return head->path;
}

static http_span_t target_of(const http_head_t *head, unsigned n) {
  (void)n;
  return head->target;
}

static http_span_t host_of(const http_head_t *head, unsigned n) {
  (void)n;
  return head->host;
}

static http_span_t query_of(const http_head_t *head, unsigned n) {
  (void)n;
  return head->query;
}

static void same_fields(const outcome_t *one, const outcome_t *other) {
  assert_int_equal(one->head.field_count, other->head.field_count);
  assert_true(one->head.names == other->head.names);
  for (unsigned i = 0; i < one->head.field_count; i++) {
    same_span(one, other, name_of, i);
    same_span(one, other, value_of, i);
  }
}

static void same(const outcome_t *one, const outcome_t *other) {
  const http_head_t *a = &one->head, *b = &other->head;

  assert_int_equal(one->refusal, other->refusal);
  assert_int_equal(one->read, other->read);
  assert_int_equal(a->complete, b->complete);
  assert_int_equal(a->method, b->method);
  assert_int_equal(a->version_minor, b->version_minor);
  assert_int_equal(a->line_bytes, b->line_bytes);
  assert_int_equal(a->line_at, b->line_at);
  assert_int_equal(a->lines.count, b->lines.count);
  assert_int_equal(a->raw.size_bytes, b->raw.size_bytes);
  assert_memory_equal(a->raw.bytes, b->raw.bytes, a->raw.size_bytes);
  assert_int_equal(a->host_count, b->host_count);
  same_span(one, other, host_of, 0);
  same_span(one, other, target_of, 0);
  same_span(one, other, path_of, 0);
  same_span(one, other, query_of, 0);
  same_fields(one, other);
}

static void finish(outcome_t *outcome) {
  http_head_finish(&outcome->head);
}

static void a_head_in_one_piece_is_that_in_many(void **state) {
  static outcome_t whole, pieces;

  (void)state;
  for (size_t i = 0; i < sizeof(TEXTS) / sizeof(TEXTS[0]); i++) {
    read_in_pieces(TEXTS[i], SIZE_MAX, &whole);
    for (size_t piece = 1; piece < 40; piece++) {
      read_in_pieces(TEXTS[i], piece, &pieces);
      if (whole.refusal == HTTP_ACCEPTED)
        same(&whole, &pieces);
      else
        assert_int_equal(whole.refusal, pieces.refusal);
      finish(&pieces);
    }
    finish(&whole);
  }
}

static void what_is_refused_in_one_piece_is_read_as_far(void **state) {
  static outcome_t whole, pieces;

  (void)state;
  for (size_t i = 0; i < sizeof(TEXTS) / sizeof(TEXTS[0]); i++) {
    read_in_pieces(TEXTS[i], SIZE_MAX, &whole);
    read_in_pieces(TEXTS[i], 1, &pieces);
    if (whole.refusal != HTTP_ACCEPTED)
      assert_int_equal(whole.head.line_bytes, pieces.head.line_bytes);
    finish(&whole);
    finish(&pieces);
  }
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_head_in_one_piece_is_that_in_many),
      cmocka_unit_test(what_is_refused_in_one_piece_is_read_as_far),
  };
  return test_main(tests, argc, argv);
}
