/* The line before the data of a chunk, read strictly (RFC 9112 7.1):
 *
 *   1a3f ;name="a quoted value" ;other CRLF
 *   size  extensions, which mean nothing here
 *
 * What servers read differently is refused: a size with a sign or white space
 * at its end, line ends of one byte, control bytes anywhere. */
#ifndef ASYNCSCOPE_SERVER_HTTP_CHUNK_LINE_H
#define ASYNCSCOPE_SERVER_HTTP_CHUNK_LINE_H

#include <stddef.h>
#include <stdint.h>

/* Zeroed is the beginning of a line. */
typedef struct http_chunk_line_s {
  unsigned state;
  uint64_t size_bytes; /* of the data, when the line is complete */
} http_chunk_line_t;

typedef enum http_chunk_line_result_e {
  HTTP_CHUNK_LINE_MORE, /* all bytes are read, the line goes on */
  HTTP_CHUNK_LINE_END,
  HTTP_CHUNK_LINE_BAD
} http_chunk_line_result_t;

/* Reads up to the end of the line and answers in `ret_read` how many bytes
 * that were. */
http_chunk_line_result_t http_chunk_line_read(http_chunk_line_t *line,
                                              const char *bytes, size_t size,
                                              size_t *ret_read);

#endif
