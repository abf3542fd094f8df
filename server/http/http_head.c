#include "http_head.h"

#include "http_bytes.h"
#include <string.h>

void http_head_reset(http_head_t *head) {
  http_buffer_t raw = head->raw;

  if (raw.capacity_bytes > HTTP_SPARE_HEAD_MAX_BYTES)
    http_buffer_finish(&raw);
  raw.size_bytes = 0;
  memset(head, 0, offsetof(http_head_t, fields));
  head->raw = raw;
}

/* What makes a first line too long that has no end yet: of a request without a
 * space it is the method (RFC 9112 3). */
static http_refusal_t longest_part(const http_head_t *head) {
  bool method = !head->is_response &&
                memchr(head->raw.bytes, ' ', head->raw.size_bytes) == NULL;

  return method ? HTTP_REFUSE_METHOD : HTTP_REFUSE_TARGET_LENGTH;
}

/* Also while the line that passes the limit is not complete. */
static http_refusal_t check_length(const http_head_t *head,
                                   const http_limits_t *limits) {
  /* The line holds more than the target: the method and the version. */
  const size_t beside_target = 32;
  size_t line_bytes =
      head->line_bytes > 0 ? head->line_bytes : head->raw.size_bytes;

  if (line_bytes > limits->header_max_bytes + beside_target)
    return longest_part(head);
  if (head->line_bytes == 0)
    return HTTP_ACCEPTED;
  if (head->target.size_bytes > limits->header_max_bytes)
    return HTTP_REFUSE_TARGET_LENGTH;
  if (head->lines.count > limits->fields_max + 1)
    return HTTP_REFUSE_FIELDS;
  return head->raw.size_bytes - head->line_bytes > limits->header_max_bytes
             ? HTTP_REFUSE_HEADER_LENGTH
             : HTTP_ACCEPTED;
}

static char *white_space_end(char *at, const char *end) {
  while (at < end && (*at == ' ' || *at == '\t'))
    *at++ = ' ';
  return at;
}

/* White space around a value says nothing, and llhttp has its own ideas of
 * tabs in it: they become spaces. The line is a token, a colon, and so on up to
 * CRLF. */
static http_refusal_t take_field_line(http_head_t *head,
                                      const http_limits_t *limits) {
  char *begin = head->raw.bytes + head->line_at;
  char *end = head->raw.bytes + head->raw.size_bytes - 2;
  size_t name_bytes = head->lines.name_bytes > 0
                          ? head->lines.name_bytes
                          : http_bytes_span(begin, end, HTTP_BYTE_TOKEN);
  char *value = white_space_end(begin + name_bytes + 1, end);

  if (head->field_count == limits->fields_max)
    return HTTP_REFUSE_FIELDS;
  while (end > value && (end[-1] == ' ' || end[-1] == '\t'))
    *--end = ' ';
  http_head_add(head, head->raw.bytes, (http_text_t){begin, name_bytes},
                (http_text_t){value, (size_t)(end - value)});
  head->line_at = head->raw.size_bytes;
  return HTTP_ACCEPTED;
}

static http_refusal_t take_first_line(http_head_t *head) {
  head->line_bytes = head->raw.size_bytes;
  head->line_at = head->raw.size_bytes;
  head->lines.fields = true;
  return head->is_response ? http_status_line_parse(head)
                           : http_request_line_parse(head);
}

/* An empty line before a request-line is left out; before a status-line it is
 * not where the response should be. */
static http_refusal_t take_empty_line(http_head_t *head) {
  head->complete = head->line_bytes > 0;
  if (head->complete)
    return HTTP_ACCEPTED;
  head->raw.size_bytes = 0;
  head->lines = (http_lines_t){0};
  return head->is_response ? HTTP_REFUSE_SYNTAX : HTTP_ACCEPTED;
}

static http_refusal_t take_piece(http_head_t *head, const http_limits_t *limits,
                                 http_lines_result_t result) {
  switch (result) {
  case HTTP_LINES_BAD:
    return HTTP_REFUSE_SYNTAX;
  case HTTP_LINES_LINE:
    return head->line_bytes == 0 ? take_first_line(head)
                                 : take_field_line(head, limits);
  case HTTP_LINES_END:
    return take_empty_line(head);
  default:
    return HTTP_ACCEPTED;
  }
}

/* One piece: up to the end of a line. */
static http_refusal_t read_piece(http_head_t *head, const http_limits_t *limits,
                                 const char *bytes, size_t size,
                                 size_t *ret_read) {
  http_lines_result_t result =
      http_lines_read(&head->lines, bytes, size, ret_read);
  http_refusal_t refusal;

  if (http_buffer_reserve(&head->raw, *ret_read, HTTP_HEAD_FIRST_BYTES) != 0)
    return HTTP_REFUSE_MEMORY;
  memcpy(head->raw.bytes + head->raw.size_bytes, bytes, *ret_read);
  head->raw.size_bytes += *ret_read;
  refusal = take_piece(head, limits, result);
  return refusal != HTTP_ACCEPTED ? refusal : check_length(head, limits);
}

http_refusal_t http_head_read_lines(http_head_t *head,
                                    const http_limits_t *limits,
                                    const char *bytes, size_t size,
                                    size_t *ret_read) {
  http_refusal_t refusal = HTTP_ACCEPTED;
  size_t at = 0;

  while (at < size && !head->complete && refusal == HTTP_ACCEPTED) {
    size_t read = 0;
    /* A line that never ends is copied in pieces no longer than the limit. */
    size_t piece = size - at;

    if (piece > limits->header_max_bytes + 1)
      piece = limits->header_max_bytes + 1;
    refusal = read_piece(head, limits, bytes + at, piece, &read);
    at += read;
  }
  *ret_read = at;
  return refusal;
}

static bool list_has(http_text_t list, const char *token) {
  while (list.at != NULL)
    if (http_text_equals_nocase(http_text_trim(http_text_cut(&list, ',')),
                                token))
      return true;
  return false;
}

bool http_head_search_token(const http_head_t *head, const char *name,
                            const char *token) {
  for (unsigned i = 0; i < head->field_count; i++) {
    const http_field_t *field = &head->fields[i];

    if (http_text_equals_nocase(http_head_text(head, field->name), name) &&
        list_has(http_head_text(head, field->value), token))
      return true;
  }
  return false;
}

unsigned http_head_search(const http_head_t *head, const char *name,
                          http_text_t *ret_value) {
  unsigned count = 0;

  for (unsigned i = 0; i < head->field_count; i++) {
    if (http_text_equals_nocase(http_head_text(head, head->fields[i].name),
                                name)) {
      *ret_value = http_head_text(head, head->fields[i].value);
      count++;
    }
  }
  return count;
}

bool http_head_search_at(const http_head_t *head, const char *name,
                         unsigned skip, http_text_t *ret_value) {
  for (unsigned i = 0; i < head->field_count; i++) {
    if (http_text_equals_nocase(http_head_text(head, head->fields[i].name),
                                name) &&
        skip-- == 0) {
      *ret_value = http_head_text(head, head->fields[i].value);
      return true;
    }
  }
  return false;
}

void http_head_finish(http_head_t *head) {
  http_buffer_finish(&head->raw);
}
