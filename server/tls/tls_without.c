#include "asyncscope/async_env.h"
#include "tls.h"
#include <uv.h>

bool tls_is_built(void) {
  return false;
}

int tls_context_create(const tls_files_t *files, tls_context_t **ret_context) {
  (void)files;
  (void)ret_context;
  return async_error_set(UV_ENOTSUP, "there is no TLS in this build");
}

int tls_context_reload(tls_context_t *context) {
  (void)context;
  return async_error_set(UV_ENOTSUP, "there is no TLS in this build");
}

http_transport_t *tls_context_transport(tls_context_t *context) {
  (void)context;
  return NULL;
}

void tls_context_destroy(tls_context_t *context) {
  (void)context;
}

ssize_t tls_client_ask(int sock, const char *request, char *ret_answer,
                       size_t size) {
  (void)sock;
  (void)request;
  (void)ret_answer;
  (void)size;
  return UV_ENOTSUP;
}
