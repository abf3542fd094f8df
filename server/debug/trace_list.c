#include "trace_list.h"

#include <string.h>

static bool is_space(char byte) {
  return byte == ' ' || byte == '\t';
}

debug_piece_t asyncscope__debug_piece_trim(debug_piece_t piece) {
  while (piece.size_bytes > 0 && is_space(piece.at[0])) {
    piece.at++;
    piece.size_bytes--;
  }
  while (piece.size_bytes > 0 && is_space(piece.at[piece.size_bytes - 1]))
    piece.size_bytes--;
  return piece;
}

bool asyncscope__debug_piece_split(debug_piece_t piece, char separator,
                                   debug_piece_t *ret_first,
                                   debug_piece_t *ret_rest) {
  const char *found = piece.size_bytes == 0
                          ? NULL
                          : memchr(piece.at, separator, piece.size_bytes);
  if (found == NULL)
    return false;
  size_t before = (size_t)(found - piece.at);
  *ret_first = (debug_piece_t){piece.at, before};
  *ret_rest = (debug_piece_t){found + 1, piece.size_bytes - before - 1};
  return true;
}

/* A rest without an address is used up; an empty last piece is one. */
bool asyncscope__debug_piece_next(debug_piece_t *rest, char separator,
                                  debug_piece_t *ret_piece) {
  debug_piece_t first = *rest, others = {NULL, 0};
  if (rest->at == NULL)
    return false;
  asyncscope__debug_piece_split(*rest, separator, &first, &others);
  *ret_piece = asyncscope__debug_piece_trim(first);
  *rest = others;
  return true;
}

bool asyncscope__debug_piece_all(debug_piece_t piece,
                                 bool (*is_part)(unsigned char byte)) {
  for (size_t i = 0; i < piece.size_bytes; i++)
    if (!is_part((unsigned char)piece.at[i]))
      return false;
  return piece.size_bytes > 0;
}
