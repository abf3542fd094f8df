/* Nothing is done with the lock held but to copy the text: nobody who asks
 * waits for more than that. */
#include "debug_secret.h"

#include <string.h>

static int copy(char *text, const char *token) {
  size_t size;

  if (token == NULL)
    token = "";
  size = strlen(token);
  if (size > ASYNCSCOPE_DEBUG_TOKEN_MAX)
    return UV_EINVAL;
  memcpy(text, token, size + 1);
  return 0;
}

int debug_secret_init(debug_secret_t *secret, const char *token) {
  int error = copy(secret->text, token);

  return error == 0 ? uv_mutex_init(&secret->lock) : error;
}

void debug_secret_finish(debug_secret_t *secret) {
  uv_mutex_destroy(&secret->lock);
}

int debug_secret_set(debug_secret_t *secret, const char *token) {
  int error;

  uv_mutex_lock(&secret->lock);
  error = copy(secret->text, token);
  uv_mutex_unlock(&secret->lock);
  return error;
}

void debug_secret_get(debug_secret_t *secret,
                      char ret_text[ASYNCSCOPE_DEBUG_TOKEN_MAX + 1]) {
  uv_mutex_lock(&secret->lock);
  memcpy(ret_text, secret->text, sizeof(secret->text));
  uv_mutex_unlock(&secret->lock);
}
