/* What of a file an answer has: the whole, a range, or several ranges, which
 * are framed as multipart/byteranges (RFC 9110 14.6). */
#ifndef ASYNCSCOPE_SERVER_FILE_PARTS_H
#define ASYNCSCOPE_SERVER_FILE_PARTS_H

#include "http_range.h"

#define FILE_PARTS_TEXT_BYTES 256 /* of a part's head, with the NUL */

typedef struct file_parts_s {
  http_ranges_t ranges;
  uint64_t size_bytes; /* of the file */
  const char *type;    /* static; of the file */
  bool multipart;
  char boundary[40];
} file_parts_t;

void file_parts_whole(file_parts_t *ret_parts, const char *type,
                      uint64_t size_bytes);

/* As `ranges` says, which has one or more. Errors: those of uv_random(). */
int file_parts_ranges(file_parts_t *ret_parts, const char *type,
                      uint64_t size_bytes, const http_ranges_t *ranges);

/* Of the body in all. */
uint64_t file_parts_length(const file_parts_t *parts);

/* Of the answer: that of the file, or of the multipart. */
void file_parts_type(const file_parts_t *parts,
                     char ret_type[FILE_PARTS_TEXT_BYTES]);

/* "bytes 0-4/5", of one range; "bytes *" and the size for none. */
void file_parts_content_range(uint64_t size_bytes, const http_range_t *range,
                              char ret_text[FILE_PARTS_TEXT_BYTES]);

/* What stands before part `index`, or for the number of parts behind the last;
 * "" where nothing does. Answers its length. */
size_t file_parts_head(const file_parts_t *parts, unsigned index,
                       char ret_text[FILE_PARTS_TEXT_BYTES]);

#endif
