#ifndef TLS_FIXTURE_H
#define TLS_FIXTURE_H

/* The HTTP layer's fixture with TLS, and a certificate of its own. */

#include "certificate.h"
#include "http_fixture.h"
#include "tls.h"
#include "tls_peer.h"

#define TLS_WORDS_BYTES 128

typedef struct tls_fixture_s {
  http_fixture_t *http;
  char directory[64];
  certificate_t certificate;
  tls_context_t *tls;
  tls_peer_t peer; /* closed by the teardown */
  /* What was said of a session that came to nothing, after `errors`. */
  uv_sem_t errors;
  char words[TLS_WORDS_BYTES];
} tls_fixture_t;

int tls_fixture_setup(void **state);
int tls_fixture_setup_rsa(void **state);
int tls_fixture_teardown(void **state);

/* Starts the server, and has the peer shake hands with it. */
void tls_fixture_begin(tls_fixture_t *fixture);

/* The same with options; the server has begun. False: it came to nothing. */
bool tls_fixture_connect(tls_fixture_t *fixture,
                         const tls_peer_options_t *options);

/* Sends `request` and reads until the server ends: what came. */
const char *tls_fixture_ask(tls_fixture_t *fixture, const char *request);

/* Asserts that what the server said of a session is `words`. */
void tls_fixture_expect_words(tls_fixture_t *fixture, const char *words);

#define cmocka_unit_test_tls(name) \
  cmocka_unit_test_setup_teardown(name, tls_fixture_setup, tls_fixture_teardown)

#endif
