/* The grammar of Host: uri-host [ ":" port ]. */
#ifndef ASYNCSCOPE_SERVER_HTTP_HOST_H
#define ASYNCSCOPE_SERVER_HTTP_HOST_H

#include "http_text.h"

/* False for an empty host too: every http URL has one. */
bool http_host_valid(http_text_t host);

#endif
