/* A head that lies whole in what was read, as most do: it is read where it
 * lies, and copied once. What is out of the ordinary is not judged here:
 * http_head_read_lines() does. */
#include "http_apart.h"
#include "http_head.h"

#include <string.h>

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

/* Answers where the next line begins. */
static const char *read_field(http_head_t *head, const char *text,
                              const char *at, const char *end) {
  http_text_t name = {at, http_lines_name(at, end)};
  const char *line_end;
  http_text_t value;

  if (name.size_bytes == 0)
    return NULL;
  at += name.size_bytes + 1;
  line_end = http_lines_end(text, at, end);
  if (line_end == NULL || !find_value(at, line_end, &value))
    return NULL;
  http_head_add(head, text, name, value);
  return line_end + 2;
}

/* Answers where the head ends. */
static const char *read_fields(http_head_t *head, unsigned fields_max,
                               const char *text, const char *at,
                               const char *end) {
  while (at < end && *at != '\r') {
    if (head->field_count == fields_max)
      return NULL;
    at = read_field(head, text, at, end);
    if (at == NULL)
      return NULL;
  }
  return end - at >= 2 && at[1] == '\n' ? at + 2 : NULL;
}

static const char *read_head(http_head_t *head, const http_limits_t *limits,
                             const char *text, const char *end) {
  const char *at = http_request_line_read(head, text, end);

  if (at == NULL)
    return NULL;
  head->line_bytes = (size_t)(at - text);
  return read_fields(head, limits->fields_max, text, at, end);
}

static bool keep(http_head_t *head, const char *text, size_t size) {
  if (http_buffer_reserve(&head->raw, size, HTTP_HEAD_FIRST_BYTES) != 0)
    return false;
  memcpy(head->raw.bytes, text, size);
  head->raw.size_bytes = size;
  head->lines.count = head->field_count + 1;
  head->line_at = size - 2;
  head->complete = true;
  return true;
}

/* What was found is not part of the head any more. */
static void give_back(http_head_t *head) {
  bool secured = head->secured;

  http_head_reset(head);
  head->secured = secured;
}

/* None of the limits is passed where the whole is no longer than the least of
 * them. */
HTTP_FLAT bool http_head_whole(http_head_t *head, const http_limits_t *limits,
                               const char *bytes, size_t size,
                               size_t *ret_read) {
  size_t most = limits->header_max_bytes;
  const char *end = bytes + (size < most ? size : most);
  const char *head_end = read_head(head, limits, bytes, end);

  if (head_end == NULL || !keep(head, bytes, (size_t)(head_end - bytes))) {
    give_back(head);
    return false;
  }
  *ret_read = (size_t)(head_end - bytes);
  return true;
}
