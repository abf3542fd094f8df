/* A small file as a whole, for what must not be half read. */
#ifndef ASYNCSCOPE_SERVER_TLS_FILES_H
#define ASYNCSCOPE_SERVER_TLS_FILES_H

#include <openssl/bio.h>

/* Its bytes are in the BIO, wiped when that is freed by tls_file_close().
 * Errors: UV_EISDIR, UV_EINVAL (no regular file), UV_EFBIG, UV_ENOMEM, what the
 * system answers. */
typedef struct tls_file_s {
  char *bytes;
  size_t size_bytes;
  BIO *bio; /* reads it */
} tls_file_t;

int tls_file_open(const char *path, tls_file_t *ret_file);

/* A zeroed one is left alone. */
void tls_file_close(tls_file_t *file);

#endif
