/* A request up to the route that answers it: its head, its body, its target.
 * The first byte says in pieces of how many bytes it comes a second time:
 * that makes no difference. */
#include "fuzz.h"

#include "http_exchange.h"
#include "http_router.h"
#include "routes.h"
#include <stdlib.h>
#include <string.h>

/* Small, so that all of them are met. */
static const http_limits_t limits = {
    .header_max_bytes = 1024, .fields_max = 16, .body_max_bytes = 512};

typedef struct reading_s {
  http_request_t request;
  http_refusal_t refusal;
  char body[512];
  size_t body_bytes;
} reading_t;

static void on_body(void *arg, const char *bytes, size_t size) {
  reading_t *reading = arg;
  FUZZ_CHECK(size > 0);
  FUZZ_CHECK(size <= sizeof(reading->body) - reading->body_bytes);
  memcpy(reading->body + reading->body_bytes, bytes, size);
  reading->body_bytes += size;
}

static size_t read_piece(reading_t *reading, const char *bytes, size_t size) {
  http_request_t *request = &reading->request;
  size_t read = 0;
  if (request->head.complete) {
    reading->refusal = http_parser_body(&request->parser, bytes, size, &read);
    return read;
  }
  reading->refusal =
      http_head_read(&request->head, &limits, bytes, size, &read);
  if (reading->refusal == HTTP_ACCEPTED && request->head.complete) {
    reading->refusal = http_parser_head(&request->parser);
  }
  return read;
}

/* Each piece in a block of its own. Answers how much was read. */
static size_t read_all(reading_t *reading, const char *bytes, size_t size,
                       size_t stride) {
  size_t at = 0;
  memset(reading, 0, sizeof(*reading));
  http_parser_init(&reading->request.parser, &reading->request.head, &limits,
                   on_body, reading);
  while (at < size && reading->refusal == HTTP_ACCEPTED &&
         !reading->request.parser.complete) {
    size_t length = size - at < stride ? size - at : stride;
    fuzz_input_t rest = {bytes + at, length};
    char *piece = fuzz_rest_bytes(&rest, &length);
    size_t read = read_piece(reading, piece, length);
    free(piece);
    FUZZ_CHECK(read <= length);
    FUZZ_CHECK(read > 0 || reading->refusal != HTTP_ACCEPTED);
    at += read;
  }
  return at;
}

static void check_text(const http_head_t *head, http_text_t text) {
  FUZZ_CHECK(
      text.size_bytes == 0 ||
      (text.at >= head->raw.bytes &&
       text.at + text.size_bytes <= head->raw.bytes + head->raw.size_bytes));
}

/* What a handler would be shown. */
static void check_request(const http_request_t *request) {
  char name[ASYNC_RESOURCE_NAME_BYTES];
  const http_head_t *head = &request->head;
  http_text_t host, text;
  FUZZ_CHECK(http_method_name(http_request_method(request))[0] != '\0');
  FUZZ_CHECK(head->field_count <= limits.fields_max);
  text = http_request_name(request, name, sizeof(name));
  if (text.at == name)
    FUZZ_CHECK(text.size_bytes <= sizeof(name));
  else
    check_text(head, text);
  check_text(head, http_request_path(request));
  check_text(head, http_request_query(request));
  host = http_request_host(request);
  check_text(head, host);
  FUZZ_CHECK(head->version_minor == 0 || host.size_bytes > 0);
  for (unsigned i = 0; i < head->field_count; i++) {
    http_text_t field = http_head_text(head, head->fields[i].name);
    check_text(head, field);
    FUZZ_CHECK(http_text_is_token(field));
    check_text(head, http_head_text(head, head->fields[i].value));
  }
  FUZZ_CHECK(http_router_find(app_routes(true), request) != NULL);
}

static void finish(reading_t *reading) {
  http_head_finish(&reading->request.head);
}

static void compare(const reading_t *a, const reading_t *b) {
  FUZZ_CHECK((a->refusal == HTTP_ACCEPTED) == (b->refusal == HTTP_ACCEPTED));
  if (a->refusal == HTTP_ACCEPTED) {
    const http_head_t *heads[] = {&a->request.head, &b->request.head};
    FUZZ_CHECK(heads[0]->complete == heads[1]->complete);
    FUZZ_CHECK(heads[0]->field_count == heads[1]->field_count);
    FUZZ_CHECK(a->request.parser.complete == b->request.parser.complete);
    FUZZ_CHECK(a->body_bytes == b->body_bytes);
    FUZZ_CHECK(memcmp(a->body, b->body, a->body_bytes) == 0);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static reading_t whole, pieces;
  fuzz_input_t input = {(const char *)data, size};
  size_t stride = fuzz_byte(&input) % 64 + 1;
  size_t used = read_all(&whole, input.at, input.size_bytes, SIZE_MAX);
  size_t used_too = read_all(&pieces, input.at, input.size_bytes, stride);
  compare(&whole, &pieces);
  if (whole.refusal == HTTP_ACCEPTED) {
    FUZZ_CHECK(used == used_too);
    if (whole.request.head.complete) {
      check_request(&whole.request);
    }
    http_parser_end(&whole.request.parser);
  }
  finish(&whole);
  finish(&pieces);
  return 0;
}
