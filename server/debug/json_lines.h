/* A JSON document as lines for people and for grep: one for each thing that is
 * listed, with name=value pairs.
 *
 *   {"kind":"loops","loops":[{"name":"loop-0","loop":{"iterations":7}}]}
 *
 *   kind=loops
 *   loops: name=loop-0 loop.iterations=7
 *
 * Read byte by byte, as it is made: nothing of the document is held but the
 * names that lead to where it stands. JSON of our own, ASCII alone. */
#ifndef ASYNCSCOPE_DEBUG_JSON_LINES_H
#define ASYNCSCOPE_DEBUG_JSON_LINES_H

#include "buffer.h"

#define DEBUG_LINES_DEPTH 16
#define DEBUG_LINES_PATH  512
#define DEBUG_LINES_VALUE 8192 /* of a longer one the rest is left out */

typedef struct json_lines_level_s {
  bool array;
  size_t path_bytes; /* of the names down to here */
  uint64_t index;    /* of an array's element */
  bool listed;       /* an array whose scalars stand behind one name */
} json_lines_level_t;

/* Zeroed is at the beginning. */
typedef struct json_lines_s {
  json_lines_level_t levels[DEBUG_LINES_DEPTH];
  size_t depth;
  char path[DEBUG_LINES_PATH];
  size_t path_bytes;
  char value[DEBUG_LINES_VALUE]; /* of the scalar that is being read */
  size_t value_bytes;
  bool in_string, escaped, quoted, named; /* named: the key is known */
} json_lines_t;

/* No byte makes more text. */
#define DEBUG_LINES_ROOM (DEBUG_LINES_VALUE + DEBUG_LINES_PATH + 64)

/* The next byte of the document; the buffer has DEBUG_LINES_ROOM. */
void asyncscope__json_lines_take(json_lines_t *lines, char byte,
                                 debug_buffer_t *buffer);

#endif
