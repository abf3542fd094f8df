#ifndef HTTP_MESSAGE_H
#define HTTP_MESSAGE_H

/* One message read without a connection, in pieces of a test's choice. */

#include "http_parser.h"

typedef struct http_message_s {
  http_limits_t limits;
  http_head_t head;
  http_parser_t parser;
  http_buffer_t body;
} http_message_t;

void http_message_init(http_message_t *message);

/* Reads on; may be called again and again. Bytes behind the end are left. */
http_refusal_t http_message_read(http_message_t *message, const char *bytes,
                                 size_t size);

void http_message_finish(http_message_t *message);

/* A message of its own for `text`. */
http_refusal_t http_message_refusal(const char *text);

#endif
