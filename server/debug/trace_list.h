/* Comma-separated lists out of header fields. */
#ifndef ASYNCSCOPE_DEBUG_TRACE_LIST_H
#define ASYNCSCOPE_DEBUG_TRACE_LIST_H

#include <stdbool.h>
#include <stddef.h>

/* A piece of somebody else's text, not NUL-terminated. */
typedef struct debug_piece_s {
  const char *at;
  size_t size_bytes;
} debug_piece_t;

/* Without spaces and tabs at both ends. */
debug_piece_t asyncscope__debug_piece_trim(debug_piece_t piece);

/* Cuts off what stands before `separator`, or all of it, and trims that; false
 * when `rest` was used up before. */
bool asyncscope__debug_piece_next(debug_piece_t *rest, char separator,
                                  debug_piece_t *ret_piece);

/* What stands before the first `separator`, and in `ret_rest` what stands
 * behind it; false, and both untouched, where there is none. */
bool asyncscope__debug_piece_split(debug_piece_t piece, char separator,
                                   debug_piece_t *ret_first,
                                   debug_piece_t *ret_rest);

/* One byte or more, each of them in `is_part`. */
bool asyncscope__debug_piece_all(debug_piece_t piece,
                                 bool (*is_part)(unsigned char byte));

#endif
