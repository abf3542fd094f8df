#include "http_method.h"

static const http_text_t NAMES[HTTP_METHOD_COUNT] = {
    {"GET", 3},    {"HEAD", 4},    {"POST", 4}, {"PUT", 3},
    {"DELETE", 6}, {"OPTIONS", 7}, {"PATCH", 5}};

/* They are shorter than a call takes. */
static bool equals(http_text_t one, http_text_t other) {
  if (one.size_bytes != other.size_bytes)
    return false;
  for (size_t i = 0; i < one.size_bytes; i++)
    if (one.at[i] != other.at[i])
      return false;
  return true;
}

http_method_t http_method_parse(http_text_t name) {
  for (unsigned i = 0; i < HTTP_METHOD_COUNT; i++)
    if (equals(name, NAMES[i]))
      return (http_method_t)(1u << i);
  return HTTP_METHOD_NONE;
}

http_text_t http_method_text(http_method_t method) {
  return method == HTTP_METHOD_NONE ? (http_text_t){"", 0}
                                    : NAMES[__builtin_ctz((unsigned)method)];
}

const char *http_method_name(http_method_t method) {
  return http_method_text(method).at;
}
