/* Our own reading of the line structure of a head or a trailer section: it
 * finds the end, and refuses what llhttp, or one of its versions, lets pass: a
 * bare CR or LF, control bytes, folded lines, and lines that are no field. */
#ifndef ASYNCSCOPE_SERVER_HTTP_LINES_H
#define ASYNCSCOPE_SERVER_HTTP_LINES_H

#include <stdbool.h>
#include <stddef.h>

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

/* Zeroed is the beginning of a section. Reads up to the end of a line and
 * answers in `ret_read` how many bytes that were. */
http_lines_result_t http_lines_read(http_lines_t *lines, const char *bytes,
                                    size_t size, size_t *ret_read);

#endif
