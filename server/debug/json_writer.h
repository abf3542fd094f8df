/* A JSON document, written in pieces that jansson made.
 *
 * What is open is known at every moment, so that a document may be of any
 * size: only its pieces are ever in memory. Keys and values are escaped by
 * jansson, to ASCII alone, so that a terminal shows them harmlessly. */
#ifndef ASYNCSCOPE_DEBUG_JSON_WRITER_H
#define ASYNCSCOPE_DEBUG_JSON_WRITER_H

#include "buffer.h"
#include <jansson.h>
#include <stdint.h>

#define DEBUG_JSON_DEPTH 16 /* that may be open */

/* Copied to go back to where it stood. */
typedef struct json_writer_s {
  debug_buffer_t *buffer; /* of this step */
  bool pretty;
  unsigned depth;
  uint32_t arrays; /* a bit for each level: an array, not an object */
  uint32_t filled; /* and: something stands in it */
} json_writer_t;

/* `key` is NULL in an array and for the document itself. `value` is taken
 * over. Errors: UV_ENOBUFS, and then what was written has to be taken back;
 * UV_ENOMEM, also for a NULL value. */
int asyncscope__json_write(json_writer_t *writer, const char *key,
                           json_t *value);
/* Every member of `object`, which is taken over, as if written one by one. */
int asyncscope__json_write_members(json_writer_t *writer, json_t *object);
int asyncscope__json_open_object(json_writer_t *writer, const char *key);
int asyncscope__json_open_array(json_writer_t *writer, const char *key);
/* What was opened last; behind the document itself comes the line's end. */
int asyncscope__json_close(json_writer_t *writer);

#endif
