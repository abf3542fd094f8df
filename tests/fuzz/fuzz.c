#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Noreturn void fuzz_failed(const char *condition, const char *file, int line) {
  fprintf(stderr, "%s:%d: not so: %s\n", file, line, condition);
  abort();
}

unsigned fuzz_byte(fuzz_input_t *input) {
  if (input->size_bytes == 0) {
    return 0;
  }
  input->size_bytes--;
  return (unsigned char)*input->at++;
}

uint64_t fuzz_number(fuzz_input_t *input) {
  uint64_t number = 0;
  for (unsigned i = 0; i < 8; i++) {
    number |= (uint64_t)fuzz_byte(input) << 8 * i;
  }
  return number;
}

static char *copy(const char *bytes, size_t size, size_t more) {
  char *block = malloc(size + more > 0 ? size + more : 1);
  if (block == NULL) {
    abort();
  }
  if (size > 0) {
    memcpy(block, bytes, size);
  }
  return block;
}

static size_t cut_line(fuzz_input_t *input, const char **ret_at) {
  const char *end = memchr(input->at, '\n', input->size_bytes);
  size_t size = end == NULL ? input->size_bytes : (size_t)(end - input->at);
  *ret_at = input->at;
  size_t used = size + (end != NULL);
  input->at += used;
  input->size_bytes -= used;
  return size;
}

char *fuzz_line(fuzz_input_t *input) {
  const char *at;
  size_t size = cut_line(input, &at);
  char *line = copy(at, size, 1);
  line[size] = '\0';
  return line;
}

char *fuzz_line_bytes(fuzz_input_t *input, size_t *ret_size) {
  const char *at;
  *ret_size = cut_line(input, &at);
  return copy(at, *ret_size, 0);
}

char *fuzz_rest_bytes(fuzz_input_t *input, size_t *ret_size) {
  char *rest = copy(input->at, input->size_bytes, 0);
  *ret_size = input->size_bytes;
  input->at += input->size_bytes;
  input->size_bytes = 0;
  return rest;
}
