#ifndef ASYNCSCOPE_TEST_CERTIFICATE_H
#define ASYNCSCOPE_TEST_CERTIFICATE_H

#include <stdbool.h>

/*
 * Certificates that are made when they are needed, for localhost and 127.0.0.1,
 * signed by themselves: who trusts one has it as its own root.
 */

typedef struct certificate_s {
  char cert[128], key[128]; /* paths of the two files */
} certificate_t;

typedef enum certificate_kind_e {
  CERTIFICATE_EC,
  CERTIFICATE_RSA,
  CERTIFICATE_WEAK,  /* a key of 1024 bits */
  CERTIFICATE_LOCKED /* its key has a passphrase */
} certificate_kind_t;

/* Writes `directory`/`name`.cert and .key, the key for its owner alone. Those
 * that are there are replaced. False: it could not. */
bool certificate_make(certificate_kind_t kind, const char *directory,
                      const char *name, certificate_t *ret_certificate);

#endif
