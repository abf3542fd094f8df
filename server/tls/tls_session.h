/* What the files of this room share of a session. */
#ifndef ASYNCSCOPE_SERVER_TLS_SESSION_H
#define ASYNCSCOPE_SERVER_TLS_SESSION_H

#include "http_session.h"
#include <openssl/ssl.h>

typedef struct tls_session_s {
  http_session_t http; /* first */
  SSL *ssl;
  /* For the BIO, while a call of OpenSSL goes on: */
  http_buffer_t *bytes;    /* what the peer sent; NULL: nothing */
  size_t sealed_max_bytes; /* of http.sealed */
  size_t handshake_bytes;  /* used up so far */
  int error;               /* why it refused; 0: it did not */
} tls_session_t;

#endif
