#include "http_text.h"

#include "http_bytes.h"
#include <string.h>

/* Apart by no more than the bit of the case, which only letters have. */
static bool same_nocase(char one, char other) {
  char lower = (char)(one | 0x20);

  return one == other ||
         ((one ^ other) == 0x20 && lower >= 'a' && lower <= 'z');
}

bool http_text_equals_nocase(http_text_t text, const char *other) {
  if (text.size_bytes != strlen(other))
    return false;
  for (size_t i = 0; i < text.size_bytes; i++)
    if (!same_nocase(text.at[i], other[i]))
      return false;
  return true;
}

bool http_text_is_token(http_text_t text) {
  return text.size_bytes > 0 &&
         http_bytes_span(text.at, text.at + text.size_bytes, HTTP_BYTE_TOKEN) ==
             text.size_bytes;
}

bool http_text_is_field_value(http_text_t text) {
  return http_bytes_span(text.at, text.at + text.size_bytes, HTTP_BYTE_TEXT) ==
         text.size_bytes;
}

bool http_is_field_value(const char *text) {
  return http_text_is_field_value(http_text(text));
}

http_text_t http_text_cut(http_text_t *rest, char separator) {
  const char *found = memchr(rest->at, separator, rest->size_bytes);
  http_text_t head = *rest;

  if (found == NULL) {
    *rest = (http_text_t){NULL, 0};
    return head;
  }
  head.size_bytes = (size_t)(found - head.at);
  rest->at = found + 1;
  rest->size_bytes -= head.size_bytes + 1;
  return head;
}

http_text_t http_text_trim(http_text_t text) {
  while (text.size_bytes > 0 && (*text.at == ' ' || *text.at == '\t')) {
    text.at++;
    text.size_bytes--;
  }
  while (text.size_bytes > 0 && (text.at[text.size_bytes - 1] == ' ' ||
                                 text.at[text.size_bytes - 1] == '\t'))
    text.size_bytes--;
  return text;
}
