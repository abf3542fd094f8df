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
    return http_bytes_text_span(at, end);
  default:
    return 0;
  }
}

size_t http_lines_whole(http_lines_t *lines, const char *at, const char *end) {
  const char *begin = at;

  lines->name_bytes = 0;
  if (lines->fields) {
    at += http_bytes_span(at, end, HTTP_BYTE_TOKEN);
    if (at == begin || at == end || *at != ':')
      return 0;
    lines->name_bytes = (size_t)(at - begin);
  } else if (at == end || *at == ' ' || *at == '\t' || *at == '\r') {
    return 0;
  }
  at += http_bytes_text_span(at, end);
  return end - at >= 2 && at[0] == '\r' && at[1] == '\n'
             ? (size_t)(at - begin) + 2
             : 0;
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
