/* Another certificate and key in place of those in use. */
#include "tls_fixture.h"

#include "asyncscope/async_env.h"
#include <unistd.h>

static const char *shown(tls_fixture_t *f, char ret_name[64]) {
  X509 *cert = SSL_get1_peer_certificate(f->peer.ssl);

  assert_non_null(cert);
  X509_NAME_get_text_by_NID(X509_get_subject_name(cert), NID_commonName,
                            ret_name, 64);
  X509_free(cert);
  return ret_name;
}

/* The files are named as before, with what `name` has. */
static void replace(tls_fixture_t *f, const char *name, bool cert, bool key) {
  certificate_t other;

  assert_true(certificate_make(CERTIFICATE_EC, f->directory, name, &other));
  assert_int_equal(
      cert ? rename(other.cert, f->certificate.cert) : unlink(other.cert), 0);
  assert_int_equal(
      key ? rename(other.key, f->certificate.key) : unlink(other.key), 0);
}

static void expect_shown(tls_fixture_t *f, const char *name) {
  char text[64];

  assert_true(tls_fixture_connect(f, NULL));
  assert_string_equal(shown(f, text), name);
}

static void those_who_come_later_see_the_new_one(void **state) {
  tls_fixture_t *f = *state;

  http_fixture_start(f->http);
  expect_shown(f, "server");
  replace(f, "other", true, true);
  assert_int_equal(tls_context_reload(f->tls), 0);
  expect_shown(f, "other");
}

static void who_is_there_goes_on_with_the_old_one(void **state) {
  tls_fixture_t *f = *state;

  tls_fixture_begin(f);
  replace(f, "other", true, true);
  assert_int_equal(tls_context_reload(f->tls), 0);
  assert_non_null(strstr(tls_fixture_ask(f, "GET /hello HTTP/1.1\r\n" END),
                         "\r\n\r\nhello"));
}

static void a_key_that_does_not_fit_leaves_the_old_ones(void **state) {
  tls_fixture_t *f = *state;

  http_fixture_start(f->http);
  replace(f, "other", false, true);
  assert_int_equal(tls_context_reload(f->tls), UV_EINVAL);
  assert_non_null(strstr(async_error_message(),
                         "server.key: it does not belong to the certificate"));
  expect_shown(f, "server");
}

static void a_file_that_is_gone_leaves_the_old_ones(void **state) {
  tls_fixture_t *f = *state;

  http_fixture_start(f->http);
  assert_int_equal(unlink(f->certificate.cert), 0);
  assert_int_equal(tls_context_reload(f->tls), UV_ENOENT);
  expect_shown(f, "server");
}

/* With a certificate that was replaced nobody comes back. */
static void a_ticket_of_before_is_worth_nothing(void **state) {
  tls_fixture_t *f = *state;
  SSL_SESSION *session;

  tls_fixture_begin(f);
  tls_fixture_ask(f, "GET /hello HTTP/1.1\r\n" END);
  session = SSL_SESSION_dup(SSL_get0_session(f->peer.ssl)); /* of its own */
  assert_int_equal(tls_context_reload(f->tls), 0);
  tls_peer_finish(&f->peer);
  assert_true(tls_peer_open(&f->peer, f->http->port, NULL));
  assert_int_equal(SSL_set_session(f->peer.ssl, session), 1);
  SSL_SESSION_free(session);
  assert_true(tls_peer_handshake(&f->peer));
  assert_false(SSL_session_reused(f->peer.ssl));
}

/* Loops take it while another thread replaces it. */
static void it_is_replaced_while_it_is_used(void **state) {
  tls_fixture_t *f = *state;

  http_fixture_start(f->http);
  for (size_t i = 0; i < 20; i++) {
    assert_true(tls_peer_open(&f->peer, f->http->port, NULL));
    assert_int_equal(tls_context_reload(f->tls), 0);
    assert_true(tls_peer_handshake(&f->peer));
    assert_int_equal(tls_context_reload(f->tls), 0);
    tls_fixture_ask(f, "GET /hello HTTP/1.1\r\n" END);
    assert_non_null(strstr(f->http->answer, "\r\n\r\nhello"));
    tls_peer_finish(&f->peer);
  }
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_tls(those_who_come_later_see_the_new_one),
      cmocka_unit_test_tls(who_is_there_goes_on_with_the_old_one),
      cmocka_unit_test_tls(a_key_that_does_not_fit_leaves_the_old_ones),
      cmocka_unit_test_tls(a_file_that_is_gone_leaves_the_old_ones),
      cmocka_unit_test_tls(a_ticket_of_before_is_worth_nothing),
      cmocka_unit_test_tls(it_is_replaced_while_it_is_used),
  };
  return test_main(tests, argc, argv);
}
