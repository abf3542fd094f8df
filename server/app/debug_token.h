/* The token that opens the diagnostics. */
#ifndef ASYNCSCOPE_SERVER_DEBUG_TOKEN_H
#define ASYNCSCOPE_SERVER_DEBUG_TOKEN_H

#include "asyncscope/asyncscope_debug.h"
#include "http_address.h"

typedef struct app_debug_token_s {
  char text[ASYNCSCOPE_DEBUG_TOKEN_MAX + 1];
} app_debug_token_t;

/* NULL, or what is wrong with it: "must be ...". Static. */
const char *app_debug_token_check(const char *token);

/* The first and only line of a file. Of one that is a pipe all of it is waited
 * for, up to `wait_ms`, and its end too; a file that blocks who reads it
 * although it says that it is ready, as a network's may, is not. Errors:
 * UV_EINVAL (that is no token), UV_ETIMEDOUT, and what reading it answers. */
#define APP_DEBUG_TOKEN_MS 5000
int app_debug_token_read(const char *path, unsigned wait_ms,
                         app_debug_token_t *ret_token);

/* One that nobody guesses. Errors: of uv_random(). */
int app_debug_token_generate(app_debug_token_t *ret_token);

/* Room for the longest address and the longest token. */
#define APP_DEBUG_LINK_BYTES \
  (HTTP_ADDRESS_TEXT_BYTES + 32 + ASYNCSCOPE_DEBUG_TOKEN_MAX)

/* The page at `url` ("https://HOST:PORT"), which the token opens. An address
 * that stands for all of them is written as the loopback's, which a browser
 * can open. */
void app_debug_link(const char *url, const char *token,
                    char ret_link[APP_DEBUG_LINK_BYTES]);

#endif
