#include "file_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <uv.h>

void file_parts_whole(file_parts_t *ret_parts, const char *type,
                      uint64_t size_bytes) {
  *ret_parts = (file_parts_t){.type = type, .size_bytes = size_bytes};
  if (size_bytes > 0) {
    ret_parts->ranges.count = 1;
    ret_parts->ranges.ranges[0] = (http_range_t){0, size_bytes - 1};
  }
}

/* What nobody can have put into the file. */
static int make_boundary(file_parts_t *parts) {
  uint64_t random[2];
  int error = uv_random(NULL, NULL, random, sizeof(random), 0, NULL);
  if (error == 0)
    snprintf(parts->boundary, sizeof(parts->boundary),
             "%016" PRIx64 "%016" PRIx64, random[0], random[1]);
  return error;
}

int file_parts_ranges(file_parts_t *ret_parts, const char *type,
                      uint64_t size_bytes, const http_ranges_t *ranges) {
  *ret_parts = (file_parts_t){.type = type,
                              .size_bytes = size_bytes,
                              .ranges = *ranges,
                              .multipart = ranges->count > 1};
  return ret_parts->multipart ? make_boundary(ret_parts) : 0;
}

uint64_t file_parts_length(const file_parts_t *parts) {
  char text[FILE_PARTS_TEXT_BYTES];
  uint64_t length = 0;
  for (unsigned i = 0; i < parts->ranges.count; i++) {
    const http_range_t *range = &parts->ranges.ranges[i];
    length += file_parts_head(parts, i, text) + range->last - range->first + 1;
  }
  return length + file_parts_head(parts, parts->ranges.count, text);
}

void file_parts_type(const file_parts_t *parts,
                     char ret_type[FILE_PARTS_TEXT_BYTES]) {
  if (parts->multipart)
    snprintf(ret_type, FILE_PARTS_TEXT_BYTES,
             "multipart/byteranges; boundary=%s", parts->boundary);
  else
    snprintf(ret_type, FILE_PARTS_TEXT_BYTES, "%s", parts->type);
}

void file_parts_content_range(uint64_t size_bytes, const http_range_t *range,
                              char ret_text[FILE_PARTS_TEXT_BYTES]) {
  if (range == NULL)
    snprintf(ret_text, FILE_PARTS_TEXT_BYTES, "bytes */%" PRIu64, size_bytes);
  else
    snprintf(ret_text, FILE_PARTS_TEXT_BYTES,
             "bytes %" PRIu64 "-%" PRIu64 "/%" PRIu64, range->first,
             range->last, size_bytes);
}

size_t file_parts_head(const file_parts_t *parts, unsigned index,
                       char ret_text[FILE_PARTS_TEXT_BYTES]) {
  char range[FILE_PARTS_TEXT_BYTES];
  int size = 0;
  ret_text[0] = '\0';
  if (!parts->multipart)
    return 0;
  if (index == parts->ranges.count) {
    size = snprintf(ret_text, FILE_PARTS_TEXT_BYTES, "\r\n--%s--\r\n",
                    parts->boundary);
  } else {
    file_parts_content_range(parts->size_bytes, &parts->ranges.ranges[index],
                             range);
    size =
        snprintf(ret_text, FILE_PARTS_TEXT_BYTES,
                 "%s--%s\r\nContent-Type: %s\r\nContent-Range: %.80s\r\n\r\n",
                 index == 0 ? "" : "\r\n", parts->boundary, parts->type, range);
  }
  return size > 0 ? (size_t)size : 0;
}
