/* Between OpenSSL and the bytes of one call: nothing is kept here, and no
 * buffer of OpenSSL's own lies between. */
#include "tls_bio.h"

#include "tls_limits.h"
#include <uv.h>

static int refuse(tls_session_t *session, int error) {
  session->error = error;
  return -1;
}

/* One that never comes to the end of its handshake must not go on for ever. */
static bool is_too_long(tls_session_t *session, size_t count) {
  if (session->http.established)
    return false;
  session->handshake_bytes += count;
  return session->handshake_bytes > TLS_HANDSHAKE_MAX_BYTES;
}

static int read_bytes(BIO *bio, char *ret_bytes, int size) {
  tls_session_t *session = BIO_get_data(bio);
  http_buffer_t *bytes = session->bytes;
  size_t count = size < 0 ? 0 : (size_t)size;

  BIO_clear_retry_flags(bio);
  if (bytes == NULL || bytes->size_bytes == 0 || count == 0) {
    BIO_set_retry_read(bio);
    return -1;
  }
  if (count > bytes->size_bytes)
    count = bytes->size_bytes;
  if (is_too_long(session, count))
    return refuse(session, UV_EMSGSIZE);
  memcpy(ret_bytes, bytes->bytes, count);
  bytes->bytes += count;
  bytes->size_bytes -= count;
  return (int)count;
}

static int write_bytes(BIO *bio, const char *bytes, int size) {
  tls_session_t *session = BIO_get_data(bio);
  http_buffer_t *sealed = &session->http.sealed;
  size_t count = size < 0 ? 0 : (size_t)size;

  BIO_clear_retry_flags(bio);
  if (sealed->size_bytes + count > session->sealed_max_bytes)
    return refuse(session, UV_ENOBUFS);
  if (http_buffer_append(sealed, bytes, count) != 0)
    return refuse(session, UV_ENOMEM);
  return (int)count;
}

static long control(BIO *bio, int command, long number, void *arg) {
  (void)bio;
  (void)number;
  (void)arg;
  return command == BIO_CTRL_FLUSH;
}

BIO_METHOD *tls_bio_method_create(void) {
  BIO_METHOD *method =
      BIO_meth_new(BIO_TYPE_SOURCE_SINK | BIO_get_new_index(), "session");

  if (method == NULL)
    return NULL;
  if (BIO_meth_set_read(method, read_bytes) != 1 ||
      BIO_meth_set_write(method, write_bytes) != 1 ||
      BIO_meth_set_ctrl(method, control) != 1) {
    BIO_meth_free(method);
    return NULL;
  }
  return method;
}

BIO *tls_bio_create(BIO_METHOD *method, tls_session_t *session) {
  BIO *bio = BIO_new(method);

  if (bio != NULL) {
    BIO_set_data(bio, session);
    BIO_set_init(bio, 1);
  }
  return bio;
}
