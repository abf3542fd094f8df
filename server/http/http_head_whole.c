/* A head that lies whole in what was read, as most do: its lines are found
 * where they lie, and it is copied once. What is out of the ordinary is not
 * judged here: http_head_read() does, line by line. */
#include "http_head.h"

#include <string.h>

/* What is known of the head before it is copied. */
typedef struct reading_s {
  const char *bytes;
  size_t size;
  size_t at; /* where the next line begins */
  http_lines_t lines;
  unsigned field_count;
  uint64_t names;
} reading_t;

/* False where tabs stand around the value, which would have to become spaces.
 */
static bool find_value(const char *at, const char *end,
                       http_text_t *ret_value) {
  while (at < end && *at == ' ')
    at++;
  while (end > at && end[-1] == ' ')
    end--;
  *ret_value = (http_text_t){at, (size_t)(end - at)};
  return at == end || (*at != '\t' && end[-1] != '\t');
}

static bool add_field(reading_t *reading, http_field_t *fields,
                      size_t line_bytes) {
  const char *line = reading->bytes + reading->at;
  size_t name_bytes = reading->lines.name_bytes;
  http_text_t value;

  if (!find_value(line + name_bytes + 1, line + line_bytes - 2, &value))
    return false;
  fields[reading->field_count++] =
      (http_field_t){.name = {(uint32_t)reading->at, (uint32_t)name_bytes},
                     .value = {(uint32_t)(value.at - reading->bytes),
                               (uint32_t)value.size_bytes}};
  reading->names |= http_head_name_bit(line, name_bytes);
  return true;
}

static size_t next_line(reading_t *reading) {
  return http_lines_whole(&reading->lines, reading->bytes + reading->at,
                          reading->bytes + reading->size);
}

static bool at_empty_line(const reading_t *reading) {
  return reading->size - reading->at >= 2 &&
         memcmp(reading->bytes + reading->at, "\r\n", 2) == 0;
}

static bool find_fields(reading_t *reading, http_field_t *fields,
                        unsigned fields_max) {
  size_t line_bytes;

  reading->lines.fields = true;
  for (; !at_empty_line(reading); reading->at += line_bytes) {
    line_bytes = next_line(reading);
    if (line_bytes == 0 || reading->field_count == fields_max ||
        !add_field(reading, fields, line_bytes))
      return false;
  }
  reading->at += 2;
  return true;
}

static bool take(http_head_t *head, const reading_t *reading,
                 size_t first_line_bytes) {
  if (http_buffer_append_first(&head->raw, reading->bytes, reading->at,
                               HTTP_HEAD_FIRST_BYTES) != 0)
    return false;
  head->lines = reading->lines;
  head->lines.count = reading->field_count + 1;
  head->line_bytes = first_line_bytes;
  head->line_at = reading->at - 2;
  head->names = reading->names;
  head->field_count = reading->field_count;
  head->complete = true;
  return true;
}

/* The fields that were found are not part of the head any more. */
static void give_back(http_head_t *head) {
  head->raw.size_bytes = 0;
  head->lines = (http_lines_t){0};
  head->line_bytes = 0;
  head->line_at = 0;
  head->names = 0;
  head->field_count = 0;
  head->complete = false;
}

/* None of the limits is passed where the whole is no longer than the least of
 * them. */
bool http_head_whole(http_head_t *head, const http_limits_t *limits,
                     const char *bytes, size_t size, size_t *ret_read) {
  size_t most = limits->header_max_bytes;
  reading_t reading = {.bytes = bytes, .size = size < most ? size : most};
  size_t first_line_bytes = next_line(&reading);

  reading.at = first_line_bytes;
  if (first_line_bytes == 0 ||
      !find_fields(&reading, head->fields, limits->fields_max) ||
      !take(head, &reading, first_line_bytes))
    return false;
  if (http_request_line_parse(head) != HTTP_ACCEPTED) {
    give_back(head);
    return false;
  }
  *ret_read = reading.at;
  return true;
}
