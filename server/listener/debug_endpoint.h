/* Where the diagnostics listen. */
#ifndef ASYNCSCOPE_SERVER_DEBUG_ENDPOINT_H
#define ASYNCSCOPE_SERVER_DEBUG_ENDPOINT_H

#include "debug_limits.h"
#include "unix_socket.h"
#include <stdbool.h>

typedef struct debug_endpoint_s {
  uv_os_sock_t sock; /* passes to whoever serves it */
  char url[DEBUG_URL_BYTES];
  /* private */
  bool has_file;
  unix_socket_t file;
} debug_endpoint_t;

/* HOST:PORT or unix:PATH; `for_others`: somebody who is not on the loopback
 * could be let in; `scheme` is that of `url` for the first. Errors: those of
 * asyncscope_debug_listen(), with a message that names the address. */
int debug_endpoint_open(debug_endpoint_t *endpoint, const char *address,
                        bool for_others, const char *scheme);

/* Sets the message for an `error` of that address; `words` NULL: libuv's for
 * it. Returns `error`. */
int debug_endpoint_fail(const char *address, int error, const char *words);

/* Removes the file of a unix socket. `sock` is left alone. */
void debug_endpoint_remove(debug_endpoint_t *endpoint);

#endif
