#include "http_method.h"

static const char *const NAMES[HTTP_METHOD_COUNT] = {
    "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"};

http_method_t http_method_parse(http_text_t name) {
  for (unsigned i = 0; i < HTTP_METHOD_COUNT; i++)
    if (http_text_equals(name, NAMES[i]))
      return (http_method_t)(1u << i);
  return HTTP_METHOD_NONE;
}

const char *http_method_name(http_method_t method) {
  for (unsigned i = 0; i < HTTP_METHOD_COUNT; i++)
    if ((unsigned)method == 1u << i)
      return NAMES[i];
  return "";
}
