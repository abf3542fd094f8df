/* What the server agrees to: versions, ciphers, ALPN, tickets. Each refusal
 * stands beside what differs from it in one thing and is accepted. */
#include "tls_fixture.h"

static bool accepts(tls_fixture_t *f, const tls_peer_options_t *options) {
  bool accepted = tls_fixture_connect(f, options);

  if (accepted)
    assert_non_null(strstr(tls_fixture_ask(f, "GET /hello HTTP/1.1\r\n" END),
                           "\r\n\r\nhello"));
  return accepted;
}

static bool accepts_version(tls_fixture_t *f, int version) {
  const tls_peer_options_t options = {
      .min_version = version,
      .max_version = version,
      .ciphers = version < TLS1_2_VERSION ? "ALL" : NULL};

  return accepts(f, &options);
}

static void versions_1_2_and_1_3_are_accepted(void **state) {
  tls_fixture_t *f = *state;

  http_fixture_start(f->http);
  assert_true(accepts_version(f, TLS1_2_VERSION));
  assert_string_equal(SSL_get_version(f->peer.ssl), "TLSv1.2");
  assert_true(accepts_version(f, TLS1_3_VERSION));
  assert_string_equal(SSL_get_version(f->peer.ssl), "TLSv1.3");
}

static void older_versions_are_refused(void **state) {
  tls_fixture_t *f = *state;

  http_fixture_start(f->http);
  assert_false(accepts_version(f, TLS1_VERSION));
  assert_string_equal(f->peer.words, "tlsv1 alert protocol version");
  assert_false(accepts_version(f, TLS1_1_VERSION));
  assert_string_equal(f->peer.words, "tlsv1 alert protocol version");
}

static bool accepts_cipher(tls_fixture_t *f, const char *cipher) {
  const tls_peer_options_t options = {.max_version = TLS1_2_VERSION,
                                      .ciphers = cipher};

  return accepts(f, &options);
}

/* With a key of RSA: none of these fails for want of a certificate. */
static void weak_ciphers_are_refused(void **state) {
  static const char *const weak[] = {"NULL-SHA256",
                                     "ECDHE-RSA-NULL-SHA",
                                     "AECDH-AES128-SHA",
                                     "ADH-AES128-GCM-SHA256",
                                     "AES128-SHA",
                                     "AES128-GCM-SHA256",
                                     "AES256-GCM-SHA384",
                                     "ECDHE-RSA-AES128-SHA",
                                     "ECDHE-RSA-AES256-SHA384",
                                     "DHE-RSA-AES128-GCM-SHA256",
                                     "CAMELLIA128-SHA",
                                     "ECDHE-RSA-AES128-SHA256"};
  tls_fixture_t *f = *state;

  http_fixture_start(f->http);
  for (size_t i = 0; i < sizeof(weak) / sizeof(weak[0]); i++) {
    if (accepts_cipher(f, weak[i]))
      fail_msg("%s is accepted", weak[i]);
    assert_non_null(strstr(f->peer.words, "alert handshake failure"));
  }
}

static void strong_ciphers_are_accepted(void **state) {
  static const char *const strong[] = {"ECDHE-RSA-AES128-GCM-SHA256",
                                       "ECDHE-RSA-AES256-GCM-SHA384",
                                       "ECDHE-RSA-CHACHA20-POLY1305"};
  tls_fixture_t *f = *state;

  http_fixture_start(f->http);
  for (size_t i = 0; i < sizeof(strong) / sizeof(strong[0]); i++)
    assert_true(accepts_cipher(f, strong[i]));
}

/* What was agreed on, "" for nothing. */
static const char *agreed(tls_fixture_t *f, char ret_name[16]) {
  const unsigned char *name;
  unsigned size;

  SSL_get0_alpn_selected(f->peer.ssl, &name, &size);
  snprintf(ret_name, 16, "%.*s", (int)size, (const char *)name);
  return ret_name;
}

static void http_1_1_is_agreed_on(void **state) {
  static const struct {
    const char *offered, *agreed;
  } cases[] = {{NULL, ""},
               {"\x08http/1.1", "http/1.1"},
               {"\x02h2\x08http/1.1", "http/1.1"},
               {"\x08http/1.0\x08http/1.1", "http/1.1"},
               {"\x08http/1.0", "http/1.0"}};
  tls_fixture_t *f = *state;
  char name[16];

  http_fixture_start(f->http);
  for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
    const tls_peer_options_t options = {.protocols = cases[i].offered};

    assert_true(accepts(f, &options));
    assert_string_equal(agreed(f, name), cases[i].agreed);
  }
}

static void another_protocol_is_refused(void **state) {
  const tls_peer_options_t options = {.protocols = "\x02h2\x06spdy/1"};
  tls_fixture_t *f = *state;

  http_fixture_start(f->http);
  assert_false(accepts(f, &options));
  assert_string_equal(f->peer.words, "tlsv1 alert no application protocol");
}

static void the_name_that_is_asked_for_makes_no_difference(void **state) {
  static const char *const names[] = {"localhost", "another.example"};
  tls_fixture_t *f = *state;

  http_fixture_start(f->http);
  for (size_t i = 0; i < 2; i++) {
    const tls_peer_options_t options = {.name = names[i]};

    assert_true(accepts(f, &options));
  }
}

static void renegotiation_is_refused(void **state) {
  const tls_peer_options_t options = {.max_version = TLS1_2_VERSION};
  tls_fixture_t *f = *state;

  http_fixture_start(f->http);
  assert_true(tls_fixture_connect(f, &options));
  assert_int_equal(SSL_renegotiate(f->peer.ssl), 1);
  assert_false(tls_peer_handshake(&f->peer));
  assert_string_equal(f->peer.words, "no renegotiation");
}

static void compression_is_not_there(void **state) {
  tls_fixture_t *f = *state;

  http_fixture_start(f->http);
  assert_true(accepts_version(f, TLS1_2_VERSION));
  assert_null(SSL_get_current_compression(f->peer.ssl));
}

static void resume(tls_fixture_t *f, int version) {
  const tls_peer_options_t options = {.min_version = version,
                                      .max_version = version};
  SSL_SESSION *session;

  assert_true(accepts(f, &options));
  assert_false(SSL_session_reused(f->peer.ssl));
  session = SSL_SESSION_dup(SSL_get0_session(f->peer.ssl)); /* of its own */
  tls_peer_finish(&f->peer);
  assert_true(tls_peer_open(&f->peer, f->http->port, &options));
  assert_int_equal(SSL_set_session(f->peer.ssl, session), 1);
  SSL_SESSION_free(session);
  assert_true(tls_peer_handshake(&f->peer));
  assert_true(SSL_session_reused(f->peer.ssl));
  assert_non_null(strstr(tls_fixture_ask(f, "GET /hello HTTP/1.1\r\n" END),
                         "\r\n\r\nhello"));
}

static void who_comes_back_resumes_by_its_ticket(void **state) {
  tls_fixture_t *f = *state;

  http_fixture_start(f->http);
  resume(f, TLS1_2_VERSION);
  resume(f, TLS1_3_VERSION);
}

/* What a replay could bring again is not taken. */
static void early_data_is_not_offered(void **state) {
  tls_fixture_t *f = *state;

  http_fixture_start(f->http);
  assert_true(accepts_version(f, TLS1_3_VERSION));
  assert_int_equal(
      SSL_SESSION_get_max_early_data(SSL_get0_session(f->peer.ssl)), 0);
}

static void new_keys_may_be_asked_for(void **state) {
  const tls_peer_options_t options = {.min_version = TLS1_3_VERSION};
  tls_fixture_t *f = *state;

  http_fixture_start(f->http);
  assert_true(tls_fixture_connect(f, &options));
  for (size_t i = 0; i < 3; i++) {
    assert_int_equal(SSL_key_update(f->peer.ssl, SSL_KEY_UPDATE_REQUESTED), 1);
    assert_true(tls_peer_send(&f->peer, "GET /hello HTTP/1.1\r\n" KEEP));
    assert_true(tls_peer_read_until(&f->peer, "\r\n\r\nhello", f->http->answer,
                                    FIXTURE_TEXT_BYTES));
  }
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_tls(versions_1_2_and_1_3_are_accepted),
      cmocka_unit_test_tls(older_versions_are_refused),
      cmocka_unit_test_setup_teardown(weak_ciphers_are_refused,
                                      tls_fixture_setup_rsa,
                                      tls_fixture_teardown),
      cmocka_unit_test_setup_teardown(strong_ciphers_are_accepted,
                                      tls_fixture_setup_rsa,
                                      tls_fixture_teardown),
      cmocka_unit_test_tls(http_1_1_is_agreed_on),
      cmocka_unit_test_tls(another_protocol_is_refused),
      cmocka_unit_test_tls(the_name_that_is_asked_for_makes_no_difference),
      cmocka_unit_test_tls(renegotiation_is_refused),
      cmocka_unit_test_tls(compression_is_not_there),
      cmocka_unit_test_tls(who_comes_back_resumes_by_its_ticket),
      cmocka_unit_test_tls(early_data_is_not_offered),
      cmocka_unit_test_tls(new_keys_may_be_asked_for),
  };
  return test_main(tests, argc, argv);
}
