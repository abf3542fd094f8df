/* A state is what may come next; each byte leads to one. BWS is the white
 * space that RFC 9112 7.1.1 has a recipient leave out around `;` and `=`, and
 * nowhere else. */
#include "http_chunk_line.h"

#include "http_bytes.h"
#include <stdbool.h>

enum {
  SIZE_START,
  SIZE,
  BEFORE_SEMICOLON, /* BWS behind the size, a name or a value */
  NAME_START,
  NAME,
  BEFORE_EQUALS, /* BWS behind a name: `=` or `;` */
  VALUE_START,
  VALUE,
  QUOTED,
  ESCAPED,  /* behind a backslash in quotes */
  UNQUOTED, /* behind the closing quote */
  CR,
  END,
  BAD
};

static int hex_digit(unsigned char byte) {
  if (byte >= '0' && byte <= '9')
    return byte - '0';
  unsigned char lower = byte | 0x20;
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

static bool is_space(unsigned char byte) {
  return byte == ' ' || byte == '\t';
}

/* In quotes, and behind a backslash there. */
static bool is_text(unsigned char byte) {
  return byte >= 0x80 || byte == '\t' || (byte >= ' ' && byte != 0x7f);
}

/* Where the size, a name without a value, or a value may end. */
static unsigned step_behind(unsigned char byte, unsigned spaces) {
  switch (byte) {
  case '\r':
    return CR;
  case ';':
    return NAME_START;
  default:
    return is_space(byte) ? spaces : BAD;
  }
}

static unsigned step_size(http_chunk_line_t *line, unsigned char byte) {
  int digit = hex_digit(byte);
  if (digit < 0)
    return line->state == SIZE ? step_behind(byte, BEFORE_SEMICOLON) : BAD;
  if (line->size_bytes > UINT64_MAX >> 4)
    return BAD;
  line->size_bytes = line->size_bytes << 4 | (unsigned)digit;
  return SIZE;
}

static unsigned step_name(unsigned state, unsigned char byte) {
  if (http_byte_is((char)byte, HTTP_BYTE_TOKEN))
    return NAME;
  if (state == NAME_START)
    return is_space(byte) ? NAME_START : BAD;
  return byte == '=' ? VALUE_START : step_behind(byte, BEFORE_EQUALS);
}

static unsigned step_value(unsigned state, unsigned char byte) {
  if (http_byte_is((char)byte, HTTP_BYTE_TOKEN))
    return VALUE;
  if (state == VALUE)
    return step_behind(byte, BEFORE_SEMICOLON);
  if (byte == '"')
    return QUOTED;
  return is_space(byte) ? VALUE_START : BAD;
}

static unsigned step_quoted(unsigned char byte) {
  if (byte == '"')
    return UNQUOTED;
  if (byte == '\\')
    return ESCAPED;
  return is_text(byte) ? QUOTED : BAD;
}

/* White space must be followed by what it stands before. */
static unsigned step_spaces(unsigned state, unsigned char byte) {
  if (state == BEFORE_EQUALS && byte == '=')
    return VALUE_START;
  if (byte == ';')
    return NAME_START;
  return is_space(byte) ? state : BAD;
}

static unsigned step(http_chunk_line_t *line, unsigned char byte) {
  switch (line->state) {
  case SIZE_START:
  case SIZE:
    return step_size(line, byte);
  case NAME_START:
  case NAME:
    return step_name(line->state, byte);
  case VALUE_START:
  case VALUE:
    return step_value(line->state, byte);
  case QUOTED:
    return step_quoted(byte);
  case ESCAPED:
    return is_text(byte) ? QUOTED : BAD;
  case UNQUOTED:
    return step_behind(byte, BEFORE_SEMICOLON);
  case CR:
    return byte == '\n' ? END : BAD;
  default:
    return step_spaces(line->state, byte);
  }
}

http_chunk_line_result_t http_chunk_line_read(http_chunk_line_t *line,
                                              const char *bytes, size_t size,
                                              size_t *ret_read) {
  size_t at = 0;
  while (at < size && line->state != END && line->state != BAD)
    line->state = step(line, (unsigned char)bytes[at++]);
  *ret_read = at;
  if (line->state == BAD)
    return HTTP_CHUNK_LINE_BAD;
  return line->state == END ? HTTP_CHUNK_LINE_END : HTTP_CHUNK_LINE_MORE;
}
