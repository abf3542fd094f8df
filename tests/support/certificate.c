#include "certificate.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <unistd.h>

static EVP_PKEY *make_key(certificate_kind_t kind) {
  switch (kind) {
  case CERTIFICATE_RSA:
    return EVP_RSA_gen(2048);
  case CERTIFICATE_WEAK:
    return EVP_RSA_gen(1024);
  default:
    return EVP_EC_gen("P-256");
  }
}

static bool add_extension(X509 *cert, int id, const char *value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, cert, cert, NULL, NULL, 0);
  X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, id, value);
  bool added = extension != NULL && X509_add_ext(cert, extension, -1) == 1;
  X509_EXTENSION_free(extension);
  return added;
}

static bool fill(X509 *cert, EVP_PKEY *key, const char *name) {
  X509_NAME *subject = X509_get_subject_name(cert);
  return X509_set_version(cert, X509_VERSION_3) == 1 &&
         ASN1_INTEGER_set(X509_get_serialNumber(cert), getpid()) == 1 &&
         X509_gmtime_adj(X509_getm_notBefore(cert), -3600) != NULL &&
         X509_gmtime_adj(X509_getm_notAfter(cert), 86400) != NULL &&
         X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                                    (const unsigned char *)name, -1, -1,
                                    0) == 1 &&
         X509_set_issuer_name(cert, subject) == 1 &&
         X509_set_pubkey(cert, key) == 1 &&
         add_extension(cert, NID_basic_constraints, "critical,CA:TRUE") &&
         add_extension(cert, NID_subject_alt_name,
                       "DNS:localhost,IP:127.0.0.1") &&
         X509_sign(cert, key, EVP_sha256()) > 0;
}

static FILE *create(const char *path) {
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
  if (fd >= 0 && file == NULL) {
    close(fd);
  }
  return file;
}

static bool write_cert(const char *path, X509 *cert) {
  FILE *file = create(path);
  bool written = file != NULL && PEM_write_X509(file, cert) == 1;
  return file != NULL && fclose(file) == 0 && written;
}

static bool write_key(const char *path, EVP_PKEY *key, bool locked) {
  static char passphrase[] = "open sesame";
  FILE *file = create(path);
  bool written = file != NULL &&
                 PEM_write_PKCS8PrivateKey(
                     file, key, locked ? EVP_aes_256_cbc() : NULL,
                     locked ? passphrase : NULL,
                     locked ? (int)sizeof(passphrase) - 1 : 0, NULL, NULL) == 1;
  return file != NULL && fclose(file) == 0 && written;
}

bool certificate_make(certificate_kind_t kind, const char *directory,
                      const char *name, certificate_t *ret_certificate) {
  snprintf(ret_certificate->cert, sizeof(ret_certificate->cert), "%s/%s.cert",
           directory, name);
  snprintf(ret_certificate->key, sizeof(ret_certificate->key), "%s/%s.key",
           directory, name);
  EVP_PKEY *key = make_key(kind);
  X509 *cert = X509_new();
  bool made = key != NULL && cert != NULL && fill(cert, key, name) &&
              write_cert(ret_certificate->cert, cert) &&
              write_key(ret_certificate->key, key, kind == CERTIFICATE_LOCKED);
  X509_free(cert);
  EVP_PKEY_free(key);
  return made;
}
