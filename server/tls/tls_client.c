#include "tls.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <string.h>
#include <uv.h>

/* The socket has its time limits, after which it answers EAGAIN. */
static int error_of(SSL *ssl, int result) {
  int error = SSL_get_error(ssl, result);

  if (error == SSL_ERROR_ZERO_RETURN)
    return UV_EOF;
  if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE)
    return UV_ETIMEDOUT;
  return UV_EPROTO;
}

static ssize_t read_answer(SSL *ssl, char *ret_answer, size_t size) {
  size_t at = 0;

  while (at < size) {
    int got = SSL_read(ssl, ret_answer + at, (int)(size - at));

    if (got <= 0) {
      int error = error_of(ssl, got);

      return error == UV_EOF ? (ssize_t)at : error;
    }
    at += (size_t)got;
  }
  return (ssize_t)at;
}

static ssize_t ask(SSL *ssl, int sock, const char *request, char *ret_answer,
                   size_t size) {
  int result;

  if (SSL_set_fd(ssl, sock) != 1)
    return UV_ENOMEM;
  result = SSL_connect(ssl);
  if (result == 1)
    result = SSL_write(ssl, request, (int)strlen(request));
  if (result <= 0)
    return error_of(ssl, result);
  return read_answer(ssl, ret_answer, size);
}

ssize_t tls_client_ask(int sock, const char *request, char *ret_answer,
                       size_t size) {
  SSL_CTX *ssl_context = SSL_CTX_new(TLS_client_method());
  SSL *ssl = ssl_context == NULL ? NULL : SSL_new(ssl_context);
  ssize_t got =
      ssl == NULL ? UV_ENOMEM : ask(ssl, sock, request, ret_answer, size);

  ERR_clear_error();
  SSL_free(ssl);
  SSL_CTX_free(ssl_context);
  return got;
}
