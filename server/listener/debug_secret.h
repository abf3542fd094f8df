/* The token that opens the diagnostics, where it may be exchanged while they
 * are being asked for. */
#ifndef ASYNCSCOPE_SERVER_DEBUG_SECRET_H
#define ASYNCSCOPE_SERVER_DEBUG_SECRET_H

#include "asyncscope/asyncscope_debug.h"
#include <uv.h>

typedef struct debug_secret_s {
  /* private */
  uv_mutex_t lock;
  char text[ASYNCSCOPE_DEBUG_TOKEN_MAX + 1];
} debug_secret_t;

/* `token` is copied; NULL and "" are none. Errors: UV_EINVAL (too long), those
 * of uv_mutex_init(). */
int debug_secret_init(debug_secret_t *secret, const char *token);
void debug_secret_finish(debug_secret_t *secret);

/* Thread: any. Errors: UV_EINVAL, and it stays as it was. */
int debug_secret_set(debug_secret_t *secret, const char *token);

/* A copy, "" for none. Thread: any. */
void debug_secret_get(debug_secret_t *secret,
                      char ret_text[ASYNCSCOPE_DEBUG_TOKEN_MAX + 1]);

#endif
