/* A line each of traceparent and tracestate, a baggage key, fields of
 * baggage. */
#include "fuzz.h"

#include "asyncscope/asyncscope_trace.h"
#include <stdlib.h>
#include <string.h>

static void check_parent(const char *text, size_t size) {
  asyncscope_trace_t read, again;
  char formatted[ASYNCSCOPE_TRACE_TEXT_BYTES];
  memset(&read, 0, sizeof(read));
  memset(&again, 0, sizeof(again));
  if (asyncscope_trace_parse(text, size, &read) != 0) {
    return;
  }
  FUZZ_CHECK((read.trace_id[0] | read.trace_id[1]) != 0 && read.span_id != 0);
  asyncscope_trace_format(&read, formatted);
  FUZZ_CHECK(strnlen(formatted, sizeof(formatted)) == sizeof(formatted) - 1);
  FUZZ_CHECK(asyncscope_trace_parse(formatted, strlen(formatted), &again) == 0);
  FUZZ_CHECK(memcmp(read.trace_id, again.trace_id, sizeof(read.trace_id)) == 0);
  FUZZ_CHECK(read.span_id == again.span_id);
}

/* What may be sent on ends no field and begins none. */
static void check_sent(const char *text, size_t size) {
  for (size_t i = 0; i < size; i++) {
    FUZZ_CHECK((text[i] >= ' ' && text[i] <= '~') || text[i] == '\t');
  }
}

static void check_state(const char *text, size_t size) {
  if (asyncscope_tracestate_is_valid(text, size)) {
    check_sent(text, size);
  }
}

/* What was kept is kept whole when it comes again. */
static void check_kept(const asyncscope_baggage_t *baggage) {
  static asyncscope_baggage_t again;
  FUZZ_CHECK(baggage->text_bytes <= ASYNCSCOPE_BAGGAGE_BYTES);
  FUZZ_CHECK(baggage->members <= ASYNCSCOPE_BAGGAGE_MEMBERS);
  check_sent(baggage->text, baggage->text_bytes);
  again.text_bytes = 0;
  again.members = 0;
  asyncscope_baggage_add(&again, baggage->text, baggage->text_bytes);
  FUZZ_CHECK(again.members == baggage->members);
  FUZZ_CHECK(again.text_bytes == baggage->text_bytes);
  FUZZ_CHECK(memcmp(again.text, baggage->text, again.text_bytes) == 0);
}

static void check_baggage(fuzz_input_t *input) {
  static asyncscope_baggage_t baggage;
  char value[8];
  char *key = fuzz_line(input);
  baggage.text_bytes = 0;
  baggage.members = 0;
  while (input->size_bytes > 0) {
    size_t size;
    char *field = fuzz_line_bytes(input, &size);
    asyncscope_baggage_add(&baggage, field, size);
    asyncscope_baggage_get(field, size, key, value, sizeof(value));
    free(field);
  }
  check_kept(&baggage);
  if (asyncscope_baggage_get(baggage.text, baggage.text_bytes, key, value,
                             sizeof(value))) {
    FUZZ_CHECK(memchr(value, '\0', sizeof(value)) != NULL);
  }
  free(key);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  fuzz_input_t input = {(const char *)data, size};
  size_t length;
  char *line = fuzz_line_bytes(&input, &length);
  check_parent(line, length);
  free(line);
  line = fuzz_line_bytes(&input, &length);
  check_state(line, length);
  free(line);
  check_baggage(&input);
  return 0;
}
