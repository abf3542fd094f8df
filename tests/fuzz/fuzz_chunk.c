/* The line before a chunk, whole and in two pieces at every place. */
#include "fuzz.h"

#include "http_chunk_line.h"
#include <stdlib.h>

typedef struct line_s {
  http_chunk_line_t line;
  http_chunk_line_result_t result;
  size_t read;
} line_t;

static void read_piece(line_t *line, const char *bytes, size_t size) {
  fuzz_input_t rest = {bytes, size};
  char *piece = fuzz_rest_bytes(&rest, &size);
  size_t read = 0;
  line->result = http_chunk_line_read(&line->line, piece, size, &read);
  free(piece);
  FUZZ_CHECK(read <= size);
  FUZZ_CHECK(line->result != HTTP_CHUNK_LINE_MORE || read == size);
  line->read += read;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const char *bytes = (const char *)data;
  line_t whole = {.read = 0};
  read_piece(&whole, bytes, size);
  for (size_t cut = 1; cut < size && cut < 64; cut++) {
    line_t pieces = {.read = 0};
    read_piece(&pieces, bytes, cut);
    if (pieces.result == HTTP_CHUNK_LINE_MORE) {
      read_piece(&pieces, bytes + cut, size - cut);
    }
    FUZZ_CHECK(pieces.result == whole.result);
    if (whole.result == HTTP_CHUNK_LINE_END) {
      FUZZ_CHECK(pieces.read == whole.read);
      FUZZ_CHECK(pieces.line.size_bytes == whole.line.size_bytes);
    }
  }
  return 0;
}
