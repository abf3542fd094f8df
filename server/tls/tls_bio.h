#ifndef ASYNCSCOPE_SERVER_TLS_BIO_H
#define ASYNCSCOPE_SERVER_TLS_BIO_H

#include "tls_session.h"
#include <openssl/bio.h>

/* NULL: out of memory. */
BIO_METHOD *tls_bio_method_create(void);

/* Reads from `session->bytes` and writes to `session->http.sealed`; belongs to
 * whoever it is given to. NULL: out of memory. */
BIO *tls_bio_create(BIO_METHOD *method, tls_session_t *session);

#endif
