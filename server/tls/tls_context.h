/* What the files of this room share of a context. */
#ifndef ASYNCSCOPE_SERVER_TLS_CONTEXT_H
#define ASYNCSCOPE_SERVER_TLS_CONTEXT_H

#include "tls.h"
#include <openssl/ssl.h>
#include <uv.h>

struct tls_context_s {
  http_transport_t transport; /* first: the connections know only this */
  tls_files_t files;
  BIO_METHOD *bio;
  uv_mutex_t lock; /* of `current`: loops take it, another thread replaces it */
  SSL_CTX *current;
};

/* Fills in the functions of the transport (tls_session.c). */
void tls_session_transport(http_transport_t *transport);

/* What all sessions have in common; NULL: out of memory (tls_settings.c). */
SSL_CTX *tls_settings_create(void);

/* Gives `ssl_context` the certificates and the key of the files. Errors: those
 * of tls_context_create(), with their message (tls_identity.c). */
int tls_identity_load(SSL_CTX *ssl_context, const tls_files_t *files);

#endif
