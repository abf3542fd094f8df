#include "fuzz_answer.h"
#include "fuzz.h"

#include "text.h"
#include <jansson.h>
#include <string.h>
#include <uv.h>

#define ANSWER_BYTES (1 << 20)
#define ASKS_MAX     200

static struct {
  char text[ANSWER_BYTES + 1];
  size_t length;
  bool whole;
} answer;

static void append(const char *chunk, size_t length) {
  if (length > ANSWER_BYTES - answer.length) {
    length = ANSWER_BYTES - answer.length;
  }
  memcpy(answer.text + answer.length, chunk, length);
  answer.length += length;
}

/* One that has to wait for something to happen is not waited for. */
static void read_stream(asyncscope_debug_stream_t *stream) {
  const char *chunk;
  size_t length = 1;
  int error = 0;
  answer.length = 0;
  for (unsigned i = 0; i < ASKS_MAX && length > 0; i++) {
    error = asyncscope_debug_stream_next(stream, &chunk, &length);
    if (error != 0) {
      FUZZ_CHECK(error == UV_EAGAIN);
      length = asyncscope_debug_stream_wait_ms(stream) == 0;
    } else {
      FUZZ_CHECK(length <= ASYNCSCOPE_DEBUG_CHUNK_BYTES);
      append(chunk, length);
    }
  }
  answer.whole = error == 0 && length == 0;
  answer.text[answer.length] = '\0';
}

/* No control, no mark that turns text around, nothing but UTF-8. */
static void check_characters(void) {
  size_t at = 0;
  while (at < answer.length) {
    size_t bytes;
    int32_t c = asyncscope__debug_utf8_next(answer.text + at,
                                            answer.length - at, &bytes);
    FUZZ_CHECK(c >= 0 || answer.length == ANSWER_BYTES);
    FUZZ_CHECK(c >= ' ' || c == '\n' || c < 0);
    FUZZ_CHECK(c < 0x7f || c > 0x9f);
    FUZZ_CHECK(c < 0x2028 || c > 0x202e);
    FUZZ_CHECK(c < 0x2066 || c > 0x2069);
    at += bytes;
  }
}

/* ASCII; of its controls JSON leaves DEL as it is. */
static void check_json(void) {
  json_t *document =
      json_loadb(answer.text, answer.length, JSON_REJECT_DUPLICATES, NULL);
  FUZZ_CHECK(document != NULL);
  json_decref(document);
  for (size_t i = 0; i < answer.length; i++) {
    unsigned char byte = (unsigned char)answer.text[i];
    FUZZ_CHECK(byte == '\n' || (byte >= ' ' && byte < 0x80));
  }
}

/* Strings end in the line they begin in; a backslash takes the next byte with
 * it. */
static void check_strings(void) {
  bool inside = false;
  for (size_t i = 0; i < answer.length; i++) {
    if (inside && answer.text[i] == '\\') {
      i++;
    } else if (answer.text[i] == '"') {
      inside = !inside;
    }
    FUZZ_CHECK(!inside || answer.text[i] != '\n');
  }
  FUZZ_CHECK(!inside);
}

/* Nobody's text is markup. */
static void check_markup(void) {
  FUZZ_CHECK(strstr(answer.text, FUZZ_MARK) == NULL);
}

static const char *line_end(const char *line) {
  const char *end = strchr(line, '\n');
  FUZZ_CHECK(end != NULL);
  return end;
}

/* A comment, or a name, perhaps labels, a value and no more. */
static void check_metrics(void) {
  const char *end = NULL;
  for (const char *line = answer.text; *line != '\0'; line = end + 1) {
    end = line_end(line);
    size_t name = strspn(line, "abcdefghijklmnopqrstuvwxyz_");
    FUZZ_CHECK(name > 0 || *line == '#');
    FUZZ_CHECK(*line == '#' || line[name] == '{' || line[name] == ' ');
  }
}

static bool is_type(const char *type, const char *beginning) {
  return strncmp(type, beginning, strlen(beginning)) == 0;
}

static void check(const char *type) {
  if (is_type(type, "application/octet-stream") ||
      is_type(type, "application/x-protobuf") || is_type(type, "text/event")) {
    return;
  }
  if (is_type(type, "application/json") ||
      is_type(type, "application/schema")) {
    check_json();
  } else {
    check_characters();
  }
  if (is_type(type, "text/html")) {
    check_markup();
  }
  if (is_type(type, "text/vnd.graphviz") || is_type(type, "text/vnd.mermaid")) {
    check_strings();
  }
  if (is_type(type, "text/plain; version") ||
      is_type(type, "application/openmetrics")) {
    check_strings();
    check_metrics();
  }
}

static void check_fields(const asyncscope_debug_answer_t *opened) {
  FUZZ_CHECK(opened->status >= 200 && opened->status < 600);
  FUZZ_CHECK(opened->field_count <= ASYNCSCOPE_DEBUG_FIELDS_MAX);
  for (size_t i = 0; i < opened->field_count; i++) {
    const char *value = opened->fields[i].value;
    FUZZ_CHECK(strpbrk(value, "\r\n") == NULL);
  }
}

void fuzz_answer(const asyncscope_debug_request_t *request) {
  asyncscope_debug_answer_t opened;
  FUZZ_CHECK(asyncscope_debug_open(fuzz_scene(), request, &opened) == 0);
  check_fields(&opened);
  read_stream(opened.stream);
  if (answer.whole) {
    check(opened.content_type);
  }
  asyncscope_debug_stream_destroy(opened.stream);
}
