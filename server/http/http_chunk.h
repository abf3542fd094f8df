/* One chunk of a chunked body. */
#ifndef ASYNCSCOPE_SERVER_HTTP_CHUNK_H
#define ASYNCSCOPE_SERVER_HTTP_CHUNK_H

#include "http_buffer.h"

#define HTTP_CHUNK_LAST "0\r\n\r\n"

/* Nothing is added for 0 bytes, which would be the last chunk.
 * Errors: UV_ENOMEM; nothing was added. */
int http_chunk_append(http_buffer_t *buffer, const void *bytes, size_t size);

#endif
