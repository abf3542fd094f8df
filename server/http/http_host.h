/* The grammar of Host: uri-host [ ":" port ]. */
#ifndef ASYNCSCOPE_SERVER_HTTP_HOST_H
#define ASYNCSCOPE_SERVER_HTTP_HOST_H

#include "http_text.h"

/* False for an empty host too: every http URL has one. The bytes from `from` on
 * may be looked at too. */
bool http_host_valid(const char *from, http_text_t host);

#endif
