/* Our own reading of the line structure of a head or a trailer section: it
 * finds the end, and refuses what llhttp, or one of its versions, lets pass: a
 * bare CR or LF, control bytes, folded lines, and lines that are no field. */
#ifndef ASYNCSCOPE_SERVER_HTTP_LINES_H
#define ASYNCSCOPE_SERVER_HTTP_LINES_H

#include "http_bytes.h"
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

typedef struct http_lines_s {
  unsigned state;
  unsigned count;    /* lines complete, without the empty one */
  size_t name_bytes; /* of the field line that has ended; 0: not known, as it
                        came in pieces */
  bool fields;       /* set by the user when those that follow are field lines:
                        a token and a colon */
} http_lines_t;

typedef enum http_lines_result_e {
  HTTP_LINES_MORE, /* all bytes are read, the section goes on */
  HTTP_LINES_LINE, /* a line has ended */
  HTTP_LINES_END,  /* the empty line has ended */
  HTTP_LINES_BAD
} http_lines_result_t;

/* `state` between two lines. */
#define HTTP_LINES_START 0

/* Private: how long the name is of the field line that begins here, 0 where
 * there is none with a colon. */
static inline size_t http_lines_name(const char *at, const char *end) {
  size_t name = http_bytes_span(at, end, HTTP_BYTE_TOKEN);

  return at + name < end && at[name] == ':' ? name : 0;
}

/* Private: where the line ends that goes on here, before its CRLF; NULL where
 * it is not all here, or has a byte that may not stand in it. The bytes from
 * `from` on are there too. */
static inline const char *http_lines_end(const char *from, const char *at,
                                         const char *end) {
  at += http_bytes_text_span(from, at, end);
  return end - at >= 2 && memcmp(at, "\r\n", 2) == 0 ? at : NULL;
}

/* Private: how long the line is that begins here, if all of it is here and it
 * is one of those that are let pass; else 0, and its bytes are looked at one by
 * one by the other. */
size_t http_lines_whole(http_lines_t *lines, const char *at, const char *end);
http_lines_result_t http_lines_read_on(http_lines_t *lines, const char *bytes,
                                       size_t size, size_t *ret_read);

/* Zeroed is the beginning of a section. Reads up to the end of a line and
 * answers in `ret_read` how many bytes that were. */
static inline http_lines_result_t http_lines_read(http_lines_t *lines,
                                                  const char *bytes,
                                                  size_t size,
                                                  size_t *ret_read) {
  if (lines->state != HTTP_LINES_START)
    return http_lines_read_on(lines, bytes, size, ret_read);
  if (size >= 2 && bytes[0] == '\r' && bytes[1] == '\n') {
    *ret_read = 2;
    return HTTP_LINES_END;
  }
  *ret_read = http_lines_whole(lines, bytes, bytes + size);
  if (*ret_read == 0)
    return http_lines_read_on(lines, bytes, size, ret_read);
  lines->count++;
  return HTTP_LINES_LINE;
}

#endif
