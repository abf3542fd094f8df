/* A session holds the SSL_CTX it was made from, so replacing the current one
 * frees nothing that is in use. The tickets of the one before are worth nothing
 * to the next, so nobody resumes with a certificate that was replaced. */
#include "tls_context.h"

#include "asyncscope/async_allocator.h"
#include "asyncscope/async_env.h"
#include "tls_bio.h"

bool tls_is_built(void) {
  return true;
}

static int load(const tls_files_t *files, SSL_CTX **ret_ssl_context) {
  SSL_CTX *ssl_context = tls_settings_create();
  int error;

  if (ssl_context == NULL)
    return async_error_set(UV_ENOMEM, "no memory for TLS");
  error = tls_identity_load(ssl_context, files);
  if (error != 0)
    SSL_CTX_free(ssl_context);
  else
    *ret_ssl_context = ssl_context;
  return error;
}

static int init(tls_context_t *context, const tls_files_t *files) {
  int error;

  context->files = *files;
  tls_session_transport(&context->transport);
  context->bio = tls_bio_method_create();
  if (context->bio == NULL)
    return async_error_set(UV_ENOMEM, "no memory for TLS");
  error = load(files, &context->current);
  if (error != 0)
    return error;
  error = uv_mutex_init(&context->lock);
  if (error != 0)
    async_error_set(error, "no lock for TLS: %s", uv_strerror(error));
  return error;
}

int tls_context_create(const tls_files_t *files, tls_context_t **ret_context) {
  tls_context_t *context = async_calloc(1, sizeof(*context));
  int error;

  if (context == NULL)
    return async_error_set(UV_ENOMEM, "no memory for TLS");
  error = init(context, files);
  if (error == 0) {
    *ret_context = context;
    return 0;
  }
  SSL_CTX_free(context->current);
  BIO_meth_free(context->bio);
  async_free(context);
  return error;
}

int tls_context_reload(tls_context_t *context) {
  SSL_CTX *before;
  SSL_CTX *next = NULL;
  int error = load(&context->files, &next);

  if (error != 0)
    return error;
  uv_mutex_lock(&context->lock);
  before = context->current;
  context->current = next;
  uv_mutex_unlock(&context->lock);
  SSL_CTX_free(before);
  return 0;
}

http_transport_t *tls_context_transport(tls_context_t *context) {
  return context == NULL ? NULL : &context->transport;
}

void tls_context_destroy(tls_context_t *context) {
  if (context == NULL)
    return;
  SSL_CTX_free(context->current);
  BIO_meth_free(context->bio);
  uv_mutex_destroy(&context->lock);
  async_free(context);
}
