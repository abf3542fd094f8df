/* Both files are read and parsed before OpenSSL is given any of it, and it
 * takes all or nothing: a pair that does not fit leaves no trace. */
#include "asyncscope/async_env.h"
#include "tls_context.h"
#include "tls_files.h"
#include "tls_limits.h"
#include <openssl/err.h>
#include <openssl/pem.h>

typedef struct identity_s {
  X509 *cert;
  STACK_OF(X509) * chain;
  EVP_PKEY *key;
} identity_t;

static int fail(int error, const char *what, const char *path,
                const char *words) {
  return async_error_set(error, "cannot use the %s %.160s: %s", what, path,
                         words);
}

/* What OpenSSL says of it, which is never of the file's contents. */
static const char *openssl_words(void) {
  const char *words = ERR_reason_error_string(ERR_peek_error());

  return words == NULL ? "OpenSSL does not say why" : words;
}

static int open_file(const char *what, const char *path, tls_file_t *file) {
  int error = tls_file_open(path, file);

  ERR_clear_error();
  return error == 0 ? 0 : fail(error, what, path, uv_strerror(error));
}

/* 1: there is one more; 0: no more; negative: something else is there. */
static int read_cert(BIO *bio, X509 **ret_cert) {
  unsigned long error;

  *ret_cert = PEM_read_bio_X509(bio, NULL, NULL, NULL);
  if (*ret_cert != NULL)
    return 1;
  error = ERR_peek_last_error();
  if (ERR_GET_LIB(error) != ERR_LIB_PEM ||
      ERR_GET_REASON(error) != PEM_R_NO_START_LINE)
    return -1;
  ERR_clear_error();
  return 0;
}

static int push(identity_t *identity, X509 *cert) {
  if (identity->cert == NULL) {
    identity->cert = cert;
    return 1;
  }
  if (sk_X509_num(identity->chain) < TLS_CHAIN_MAX &&
      sk_X509_push(identity->chain, cert) > 0)
    return 1;
  X509_free(cert);
  return -1;
}

static int read_certs(const char *path, tls_file_t *file,
                      identity_t *identity) {
  X509 *cert;
  int more;

  identity->chain = sk_X509_new_null();
  if (identity->chain == NULL)
    return fail(UV_ENOMEM, "certificate", path, "not enough memory");
  do {
    more = read_cert(file->bio, &cert);
    if (more == 1 && push(identity, cert) != 1)
      return fail(UV_EINVAL, "certificate", path, "too many certificates");
  } while (more == 1);
  if (more < 0)
    return fail(UV_EINVAL, "certificate", path, openssl_words());
  if (identity->cert == NULL)
    return fail(UV_EINVAL, "certificate", path,
                "there is no certificate in it, in PEM form");
  return 0;
}

/* Nobody is there who could be asked. */
static int no_passphrase(char *ret_text, int size, int writing, void *arg) {
  (void)ret_text;
  (void)size;
  (void)writing;
  *(bool *)arg = true;
  return -1;
}

static int read_key(const char *path, tls_file_t *file, identity_t *identity) {
  bool encrypted = false;

  identity->key =
      PEM_read_bio_PrivateKey(file->bio, NULL, no_passphrase, &encrypted);
  if (identity->key != NULL)
    return 0;
  if (encrypted)
    return fail(UV_EINVAL, "key", path,
                "it has a passphrase, which nobody is asked for");
  return fail(UV_EINVAL, "key", path,
              "there is no private key in it, in PEM form");
}

static int read_identity(const tls_files_t *files, identity_t *identity) {
  tls_file_t file;
  int error = open_file("certificate", files->cert, &file);

  if (error != 0)
    return error;
  error = read_certs(files->cert, &file, identity);
  tls_file_close(&file);
  if (error == 0)
    error = open_file("key", files->key, &file);
  if (error != 0)
    return error;
  error = read_key(files->key, &file, identity);
  tls_file_close(&file);
  return error;
}

static int use_identity(SSL_CTX *ssl_context, const tls_files_t *files,
                        const identity_t *identity) {
  ERR_clear_error();
  if (X509_check_private_key(identity->cert, identity->key) != 1)
    return fail(UV_EINVAL, "key", files->key,
                "it does not belong to the certificate");
  if (SSL_CTX_use_cert_and_key(ssl_context, identity->cert, identity->key,
                               identity->chain, 1) != 1)
    return fail(UV_EINVAL, "certificate", files->cert, openssl_words());
  return 0;
}

int tls_identity_load(SSL_CTX *ssl_context, const tls_files_t *files) {
  identity_t identity = {.cert = NULL};
  int error = read_identity(files, &identity);

  if (error == 0)
    error = use_identity(ssl_context, files, &identity);
  ERR_clear_error();
  X509_free(identity.cert);
  sk_X509_pop_free(identity.chain, X509_free);
  EVP_PKEY_free(identity.key);
  return error;
}
