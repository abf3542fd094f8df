/* The methods this server knows; every other one is answered 501. */
#ifndef ASYNCSCOPE_SERVER_HTTP_METHOD_H
#define ASYNCSCOPE_SERVER_HTTP_METHOD_H

#include "http_text.h"

typedef enum http_method_e {
  HTTP_METHOD_NONE = 0,
  HTTP_METHOD_GET = 1 << 0,
  HTTP_METHOD_HEAD = 1 << 1,
  HTTP_METHOD_POST = 1 << 2,
  HTTP_METHOD_PUT = 1 << 3,
  HTTP_METHOD_DELETE = 1 << 4,
  HTTP_METHOD_OPTIONS = 1 << 5,
  HTTP_METHOD_PATCH = 1 << 6,
  HTTP_METHOD_ALL = (1 << 7) - 1
} http_method_t;

#define HTTP_METHOD_COUNT 7

/* HTTP_METHOD_NONE for a method that is not known. */
http_method_t http_method_parse(http_text_t name);

/* Static; "" for HTTP_METHOD_NONE. */
const char *http_method_name(http_method_t method);
http_text_t http_method_text(http_method_t method);

#endif
