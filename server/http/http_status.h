/* Status codes by name. */
#ifndef ASYNCSCOPE_SERVER_HTTP_STATUS_H
#define ASYNCSCOPE_SERVER_HTTP_STATUS_H

#include "http_text.h"

/* "HTTP/1.1 200 OK" and CRLF, static; empty for a code that has no name here.
 */
http_text_t http_status_line(int status);

#endif
