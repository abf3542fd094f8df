/* Where a body comes from that is given a piece at a time. */
#ifndef ASYNCSCOPE_SERVER_HTTP_SOURCE_H
#define ASYNCSCOPE_SERVER_HTTP_SOURCE_H

#include <stdint.h>

/* `pull` asks for more: answer it, now or later, by one of write, end and
 * abort. It is not called again before. */
typedef struct http_source_s {
  void (*pull)(void *arg);
  void *arg;
} http_source_t;

#define HTTP_LENGTH_UNKNOWN ((int64_t)-1)

#endif
