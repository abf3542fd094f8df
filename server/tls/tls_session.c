/* OpenSSL keeps errors in a queue of the thread's, which another session's call
 * must not find: it is emptied before each call, and after one that failed. */
#include "tls_session.h"

#include "asyncscope/async_allocator.h"
#include "tls_bio.h"
#include "tls_context.h"
#include "tls_limits.h"
#include <openssl/err.h>
#include <stdio.h>

static tls_session_t *session_of(http_session_t *http) {
  return (tls_session_t *)http;
}

static const char *words_for(int error) {
  switch (error) {
  case UV_EMSGSIZE:
    return "the handshake is too long";
  case UV_ENOBUFS:
    return "the peer makes it say too much";
  case UV_ENOMEM:
    return "not enough memory";
  default:
    return ERR_reason_error_string(ERR_peek_error());
  }
}

/* Of `result`, the answer of a call that failed. */
static int error_of(tls_session_t *session, int result) {
  int error = session->error;

  switch (SSL_get_error(session->ssl, result)) {
  case SSL_ERROR_WANT_READ:
    return 0;
  case SSL_ERROR_ZERO_RETURN:
    return UV_EOF;
  default:
    session->http.words = words_for(error);
    ERR_clear_error();
    return error == UV_ENOMEM ? UV_ENOMEM : UV_EPROTO;
  }
}

/* Names are OpenSSL's own, and short. */
static void name_resource(tls_session_t *session) {
  char name[ASYNC_RESOURCE_NAME_BYTES];
  int size =
      snprintf(name, sizeof(name), "%s %s", SSL_get_version(session->ssl),
               SSL_get_cipher_name(session->ssl));

  if (size >= (int)sizeof(name))
    size = sizeof(name) - 1;
  async_resource_set_name(&session->http.resource, name, (size_t)size);
}

static void begin_call(tls_session_t *session, size_t more_bytes) {
  ERR_clear_error();
  session->error = 0;
  session->sealed_max_bytes = session->http.sealed.size_bytes + more_bytes;
}

static ssize_t unseal(http_session_t *http, http_buffer_t *bytes,
                      char *ret_plain, size_t max_bytes) {
  tls_session_t *session = session_of(http);
  int size;

  begin_call(session,
             http->established ? TLS_SAYS_MAX_BYTES : TLS_HANDSHAKE_MAX_BYTES);
  session->bytes = bytes;
  size = SSL_read(session->ssl, ret_plain, (int)max_bytes);
  session->bytes = NULL;
  if (!http->established && SSL_is_init_finished(session->ssl)) {
    http->established = true;
    name_resource(session);
  }
  return size > 0 ? size : error_of(session, size);
}

static size_t sealed_bytes(size_t size) {
  return size +
         (size / TLS_RECORD_PLAIN_BYTES + 1) * (size_t)TLS_RECORD_MORE_BYTES;
}

/* A record at a time, so that no more than one is kept twice. */
static int seal_some(tls_session_t *session, const char *bytes, size_t size) {
  size_t most = size < TLS_RECORD_PLAIN_BYTES ? size : TLS_RECORD_PLAIN_BYTES;
  int count = SSL_write(session->ssl, bytes, (int)most);
  int error;

  if (count > 0)
    return count;
  error = error_of(session, count);
  return error == UV_ENOMEM ? UV_ENOMEM : UV_EPROTO;
}

static int seal(http_session_t *http, const char *bytes, size_t size) {
  tls_session_t *session = session_of(http);
  size_t most = sealed_bytes(size);

  begin_call(session, most + TLS_SAYS_MAX_BYTES);
  if (http_buffer_reserve(&http->sealed, most, 0) != 0)
    return UV_ENOMEM;
  while (size > 0) {
    int count = seal_some(session, bytes, size);

    if (count < 0)
      return count;
    bytes += count;
    size -= (size_t)count;
  }
  return 0;
}

/* Whether it comes through or not, nothing follows. */
static void end(http_session_t *http) {
  tls_session_t *session = session_of(http);

  begin_call(session, TLS_SAYS_MAX_BYTES);
  SSL_shutdown(session->ssl);
  ERR_clear_error();
}

static void close_session(http_session_t *http) {
  tls_session_t *session = session_of(http);

  SSL_free(session->ssl);
  ERR_clear_error();
  async_resource_finish(&http->resource);
  http_buffer_finish(&http->sealed);
  async_free(session);
}

static SSL *create_ssl(tls_context_t *context) {
  SSL *ssl;

  uv_mutex_lock(&context->lock);
  ssl = SSL_new(context->current);
  uv_mutex_unlock(&context->lock);
  if (ssl != NULL)
    SSL_set_accept_state(ssl);
  return ssl;
}

static int open_ssl(tls_context_t *context, tls_session_t *session) {
  BIO *bio;

  session->ssl = create_ssl(context);
  if (session->ssl == NULL)
    return UV_ENOMEM;
  bio = tls_bio_create(context->bio, session);
  if (bio == NULL)
    return UV_ENOMEM;
  SSL_set_bio(session->ssl, bio, bio);
  return 0;
}

static int init(http_transport_t *transport, tls_session_t *session,
                async_id_t trigger_async_id) {
  async_resource_options_t options = {.flags = ASYNC_RESOURCE_TRIGGER,
                                      .trigger_async_id = trigger_async_id};
  int error = open_ssl((tls_context_t *)transport, session);

  ERR_clear_error();
  if (error != 0)
    return error;
  session->http.transport = transport;
  return async_resource_init(&session->http.resource, "TLSWRAP", &options);
}

static int open_session(http_transport_t *transport,
                        async_id_t trigger_async_id,
                        http_session_t **ret_session) {
  tls_session_t *session = async_calloc(1, sizeof(*session));
  int error =
      session == NULL ? UV_ENOMEM : init(transport, session, trigger_async_id);

  if (error == 0) {
    *ret_session = &session->http;
    return 0;
  }
  if (session != NULL)
    SSL_free(session->ssl);
  async_free(session);
  return error;
}

void tls_session_transport(http_transport_t *transport) {
  *transport = (http_transport_t){.open = open_session,
                                  .unseal = unseal,
                                  .seal = seal,
                                  .end = end,
                                  .close = close_session};
}
