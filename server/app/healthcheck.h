/* Asks a running server whether it is well, as Docker's HEALTHCHECK does. */
#ifndef ASYNCSCOPE_SERVER_HEALTHCHECK_H
#define ASYNCSCOPE_SERVER_HEALTHCHECK_H

#include "options.h"

/* GET /healthz at the address of `options` (an address that means all is
 * asked on loopback), waiting at most 2 s for each step. Errors: UV_EPROTO
 * for an answer other than 200, UV_ETIMEDOUT, what connect answers. */
int app_healthcheck(const app_options_t *options);

#endif
