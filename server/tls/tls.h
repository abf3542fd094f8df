/* TLS for servers of this layer: a transport for their connections, whose
 * sessions are OpenSSL's, and a client that asks whether such a server is well.
 *
 * TLS 1.2 and 1.3, with ciphers that are authenticated and forward secret;
 * renegotiation, compression and early data are not there. HTTP/1.1 is what it
 * speaks (ALPN); the name a client asks for (SNI) makes no difference. */
#ifndef ASYNCSCOPE_SERVER_TLS_H
#define ASYNCSCOPE_SERVER_TLS_H

#include "http_session.h"
#include <stdbool.h>
#include <stddef.h>

typedef struct tls_context_s tls_context_t;

/* Both are PEM: the server's certificate and those that lead to its root, and
 * its key, without a passphrase. */
typedef struct tls_files_s {
  const char *cert, *key; /* borrowed */
} tls_files_t;

/* Whether this build has TLS; without, nothing below succeeds. */
bool tls_is_built(void);

/* Reads the files. On an error async_error_message() names the file and says
 * what is wrong with it. Errors: UV_ENOMEM, UV_ENOTSUP (this build has no TLS),
 * UV_EINVAL, what opening and reading answer. */
int tls_context_create(const tls_files_t *files, tls_context_t **ret_context);

/* Reads the files anew, for connections to come; on an error, the same as
 * above, what it had still holds. Thread: any. */
int tls_context_reload(tls_context_t *context);

/* For http_server_options_t; as long as the context lives. Of NULL NULL. */
http_transport_t *tls_context_transport(tls_context_t *context);

/* When no server uses it any more. NULL is left alone. */
void tls_context_destroy(tls_context_t *context);

/* Writes `request` to a connected socket that waits, by TLS, and reads until
 * `size` bytes have come or the peer has ended; answers how many. Nobody looks
 * at the certificate: it is for who asks their own server. Errors: UV_EPROTO
 * (there is no TLS), UV_ETIMEDOUT, UV_ENOMEM, UV_ENOTSUP. */
ssize_t tls_client_ask(int sock, const char *request, char *ret_answer,
                       size_t size);

#endif
