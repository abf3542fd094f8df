#include "http_lines.h"

#include "http_text.h"

enum { LINE_START, IN_NAME, IN_LINE, LINE_CR, EMPTY_CR };

/* Bytes of a field line but for CR: HTAB, visible ASCII, obs-text. */
static int is_text(unsigned char byte) {
  return byte >= 0x80 || (byte >= 0x20 && byte != 0x7f) || byte == '\t';
}

static int step_start(http_lines_t *lines, unsigned char byte) {
  if (byte == '\r') {
    lines->state = EMPTY_CR;
    return HTTP_LINES_MORE;
  }
  lines->state = lines->fields ? IN_NAME : IN_LINE;
  if (lines->fields)
    return http_is_token_char(byte) ? HTTP_LINES_MORE : HTTP_LINES_BAD;
  return byte > ' ' && is_text(byte) ? HTTP_LINES_MORE : HTTP_LINES_BAD;
}

static int step_in_name(http_lines_t *lines, unsigned char byte) {
  if (byte == ':')
    lines->state = IN_LINE;
  else if (!http_is_token_char(byte))
    return HTTP_LINES_BAD;
  return HTTP_LINES_MORE;
}

static int step_in_line(http_lines_t *lines, unsigned char byte) {
  if (byte == '\r') {
    lines->state = LINE_CR;
    return HTTP_LINES_MORE;
  }
  return is_text(byte) ? HTTP_LINES_MORE : HTTP_LINES_BAD;
}

static int step_cr(http_lines_t *lines, unsigned char byte) {
  int empty = lines->state == EMPTY_CR;

  if (byte != '\n')
    return HTTP_LINES_BAD;
  lines->state = LINE_START;
  lines->count += !empty;
  return empty ? HTTP_LINES_END : HTTP_LINES_LINE;
}

static int step(http_lines_t *lines, unsigned char byte) {
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

http_lines_result_t http_lines_read(http_lines_t *lines, const char *bytes,
                                    size_t size, size_t *ret_read) {
  size_t at = 0;
  int result = HTTP_LINES_MORE;

  while (at < size && result == HTTP_LINES_MORE)
    result = step(lines, (unsigned char)bytes[at++]);
  *ret_read = at;
  return (http_lines_result_t)result;
}
