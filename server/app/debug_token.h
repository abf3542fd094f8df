/* The token that opens the diagnostics. */
#ifndef ASYNCSCOPE_SERVER_DEBUG_TOKEN_H
#define ASYNCSCOPE_SERVER_DEBUG_TOKEN_H

#include "asyncscope/asyncscope_debug.h"

typedef struct app_debug_token_s {
  char text[ASYNCSCOPE_DEBUG_TOKEN_MAX + 1];
} app_debug_token_t;

/* NULL, or what is wrong with it: "must be ...". Static. */
const char *app_debug_token_check(const char *token);

/* The first and only line of a file. Errors: UV_EINVAL (that is no token), and
 * what reading it answers. */
int app_debug_token_read(const char *path, app_debug_token_t *ret_token);

#endif
