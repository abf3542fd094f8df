#include "tls_context.h"

#include <string.h>

/* Of TLS 1.2: with elliptic curves for forward secrecy, and authenticated. Of
 * TLS 1.3 all of OpenSSL's are. */
static const char ciphers[] =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

/* As in ALPN: a length and a name. The first that the client has too. */
static const unsigned char protocols[] = "\x08http/1.1\x08http/1.0";

static const unsigned char *find_protocol(const unsigned char *wanted,
                                          const unsigned char *offered,
                                          unsigned offered_bytes) {
  unsigned at = 0;

  while (at < offered_bytes && offered[at] < offered_bytes - at) {
    if (offered[at] == wanted[0] &&
        memcmp(offered + at + 1, wanted + 1, wanted[0]) == 0)
      return offered + at;
    at += offered[at] + 1U;
  }
  return NULL;
}

/* A client that names only others would misread every answer. */
static int select_protocol(SSL *ssl, const unsigned char **ret_name,
                           unsigned char *ret_name_bytes,
                           const unsigned char *offered, unsigned offered_bytes,
                           void *arg) {
  const unsigned char *end = protocols + sizeof(protocols) - 1;

  (void)ssl;
  (void)arg;
  for (const unsigned char *at = protocols; at < end; at += at[0] + 1) {
    const unsigned char *found = find_protocol(at, offered, offered_bytes);

    if (found != NULL) {
      *ret_name = found + 1;
      *ret_name_bytes = found[0];
      return SSL_TLSEXT_ERR_OK;
    }
  }
  return SSL_TLSEXT_ERR_ALERT_FATAL;
}

/* Tickets hold what resuming takes, so that the server keeps nothing for those
 * who may come back. */
static bool set_up(SSL_CTX *ssl_context) {
  SSL_CTX_set_options(ssl_context,
                      SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_mode(ssl_context, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_cache_mode(ssl_context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_verify(ssl_context, SSL_VERIFY_NONE, NULL);
  SSL_CTX_set_alpn_select_cb(ssl_context, select_protocol, NULL);
  return SSL_CTX_set_min_proto_version(ssl_context, TLS1_2_VERSION) == 1 &&
         SSL_CTX_set_max_proto_version(ssl_context, TLS1_3_VERSION) == 1 &&
         SSL_CTX_set_cipher_list(ssl_context, ciphers) == 1;
}

SSL_CTX *tls_settings_create(void) {
  SSL_CTX *ssl_context = SSL_CTX_new(TLS_server_method());

  if (ssl_context != NULL && !set_up(ssl_context)) {
    SSL_CTX_free(ssl_context);
    return NULL;
  }
  return ssl_context;
}
