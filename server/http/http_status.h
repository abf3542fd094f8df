/* Status codes by name. */
#ifndef ASYNCSCOPE_SERVER_HTTP_STATUS_H
#define ASYNCSCOPE_SERVER_HTTP_STATUS_H

/* Static; "Status" for a code this server never sends. */
const char *http_status_reason(int status);

#endif
