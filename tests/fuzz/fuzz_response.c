/* A response to the client. The first byte: the lowest bit says that a HEAD was
 * asked, the others in pieces of how many bytes it comes a second time. */
#include "fuzz.h"

#include "http_client_parser.h"
#include <stdlib.h>
#include <string.h>

static const http_limits_t limits = {
    .header_max_bytes = 1024, .fields_max = 16, .body_max_bytes = 4096};

typedef struct reading_s {
  http_client_response_t response;
  int error;
  unsigned heads, ends;
  char body[4096];
  size_t body_bytes;
} reading_t;

static void on_head(void *arg) {
  reading_t *reading = arg;
  FUZZ_CHECK(reading->body_bytes == 0 && reading->ends == 0);
  reading->heads++;
}

static void on_data(void *arg, const char *bytes, size_t size) {
  reading_t *reading = arg;
  FUZZ_CHECK(reading->heads == 1 && reading->ends == 0);
  FUZZ_CHECK(size <= sizeof(reading->body) - reading->body_bytes);
  memcpy(reading->body + reading->body_bytes, bytes, size);
  reading->body_bytes += size;
}

static void on_end(void *arg) {
  reading_t *reading = arg;
  FUZZ_CHECK(reading->heads == 1);
  reading->ends++;
}

static const http_client_parser_callbacks_t callbacks = {on_head, on_data,
                                                         on_end};

static void read_all(reading_t *reading, const char *bytes, size_t size,
                     bool head_only, size_t stride) {
  size_t at = 0;
  memset(reading, 0, sizeof(*reading));
  http_client_parser_init(&reading->response, &limits, &callbacks, reading,
                          head_only);
  while (at < size && reading->error == 0 && !reading->response.complete) {
    size_t length = size - at < stride ? size - at : stride, read = 0;
    fuzz_input_t rest = {bytes + at, length};
    char *piece = fuzz_rest_bytes(&rest, &length);
    reading->error =
        http_client_parser_read(&reading->response, piece, length, &read);
    free(piece);
    FUZZ_CHECK(read <= length);
    FUZZ_CHECK(read > 0 || reading->error != 0);
    at += read;
  }
  if (reading->error == 0 && !reading->response.complete) {
    reading->error = http_client_parser_end(&reading->response);
  }
  FUZZ_CHECK(reading->error <= 0);
  FUZZ_CHECK(reading->error == 0 || reading->response.reason != NULL ||
             !reading->response.complete);
}

static void look(const http_client_response_t *response) {
  http_text_t name, value;
  unsigned status = http_client_response_status(response);
  FUZZ_CHECK(status >= 100 && status <= 999);
  for (unsigned i = 0; i < http_client_response_field_count(response); i++) {
    http_client_response_field_at(response, i, &name, &value);
    FUZZ_CHECK(http_text_is_token(name));
  }
  http_client_parser_keep_alive(response);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static reading_t whole, pieces;
  fuzz_input_t input = {(const char *)data, size};
  unsigned how = fuzz_byte(&input);
  bool head_only = (how & 1) != 0;
  read_all(&whole, input.at, input.size_bytes, head_only, SIZE_MAX);
  read_all(&pieces, input.at, input.size_bytes, head_only, how / 2 % 64 + 1);
  FUZZ_CHECK((whole.error == 0) == (pieces.error == 0));
  if (whole.error == 0) {
    FUZZ_CHECK(whole.heads == 1 && whole.ends == 1);
    FUZZ_CHECK(pieces.heads == 1 && pieces.ends == 1);
    FUZZ_CHECK(whole.body_bytes == pieces.body_bytes);
    FUZZ_CHECK(memcmp(whole.body, pieces.body, whole.body_bytes) == 0);
    FUZZ_CHECK(!head_only || whole.body_bytes == 0);
    look(&whole.response);
  }
  http_client_parser_finish(&whole.response);
  http_client_parser_finish(&pieces.response);
  return 0;
}
