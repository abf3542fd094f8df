#include "http_lines.h"

#include "http_bytes.h"

enum { LINE_START = HTTP_LINES_START, IN_NAME, IN_LINE, LINE_CR, EMPTY_CR };

static int step_start(http_lines_t *lines, char byte) {
  if (byte == '\r') {
    lines->state = EMPTY_CR;
    return HTTP_LINES_MORE;
  }
  lines->state = lines->fields ? IN_NAME : IN_LINE;
  if (lines->fields)
    return http_byte_is(byte, HTTP_BYTE_TOKEN) ? HTTP_LINES_MORE
                                               : HTTP_LINES_BAD;
  return byte != ' ' && byte != '\t' && http_byte_is(byte, HTTP_BYTE_TEXT)
             ? HTTP_LINES_MORE
             : HTTP_LINES_BAD;
}

static int step_in_name(http_lines_t *lines, char byte) {
  if (byte == ':')
    lines->state = IN_LINE;
  else if (!http_byte_is(byte, HTTP_BYTE_TOKEN))
    return HTTP_LINES_BAD;
  return HTTP_LINES_MORE;
}

static int step_in_line(http_lines_t *lines, char byte) {
  if (byte == '\r') {
    lines->state = LINE_CR;
    return HTTP_LINES_MORE;
  }
  return http_byte_is(byte, HTTP_BYTE_TEXT) ? HTTP_LINES_MORE : HTTP_LINES_BAD;
}

static int step_cr(http_lines_t *lines, char byte) {
  int empty = lines->state == EMPTY_CR;

  if (byte != '\n')
    return HTTP_LINES_BAD;
  lines->state = LINE_START;
  lines->count += !empty;
  return empty ? HTTP_LINES_END : HTTP_LINES_LINE;
}

static int step(http_lines_t *lines, char byte) {
  switch (lines->state) {
  case LINE_START:
    return step_start(lines, byte);
  case IN_NAME:
    return step_in_name(lines, byte);
  case IN_LINE:
    return step_in_line(lines, byte);
  default:
    return step_cr(lines, byte);
  }
}

/* Bytes that leave everything as it is: most of them. */
static size_t skip(const http_lines_t *lines, const char *at, const char *end) {
  switch (lines->state) {
  case IN_NAME:
    return http_bytes_span(at, end, HTTP_BYTE_TOKEN);
  case IN_LINE:
    return http_bytes_text_span(at, at, end);
  default:
    return 0;
  }
}

size_t http_lines_whole(http_lines_t *lines, const char *at, const char *end) {
  const char *line_end;

  lines->name_bytes = 0;
  if (lines->fields) {
    lines->name_bytes = http_lines_name(at, end);
    if (lines->name_bytes == 0)
      return 0;
  } else if (at == end || *at == ' ' || *at == '\t' || *at == '\r') {
    return 0;
  }
  line_end = http_lines_end(at, at + lines->name_bytes, end);
  return line_end == NULL ? 0 : (size_t)(line_end - at) + 2;
}

http_lines_result_t http_lines_read_on(http_lines_t *lines, const char *bytes,
                                       size_t size, size_t *ret_read) {
  size_t at = 0;
  int result = HTTP_LINES_MORE;

  lines->name_bytes = 0;
  while (at < size && result == HTTP_LINES_MORE) {
    at += skip(lines, bytes + at, bytes + size);
    if (at < size)
      result = step(lines, bytes[at++]);
  }
  *ret_read = at;
  return (http_lines_result_t)result;
}
