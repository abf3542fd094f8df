#include "tls_fixture.h"

#include "asyncscope/async_env.h"
#include <stdlib.h>
#include <unistd.h>

static void on_session_error(void *data, int error, const char *words) {
  http_fixture_t *http = data;
  tls_fixture_t *fixture = http->extra;

  (void)error;
  snprintf(fixture->words, sizeof(fixture->words), "%s", words);
  uv_sem_post(&fixture->errors);
}

static int make_tls(tls_fixture_t *fixture, certificate_kind_t kind) {
  tls_files_t files;

  snprintf(fixture->directory, sizeof(fixture->directory),
           "/tmp/asyncscope-tls-XXXXXX");
  if (mkdtemp(fixture->directory) == NULL ||
      !certificate_make(kind, fixture->directory, "server",
                        &fixture->certificate))
    return -1;
  files = (tls_files_t){.cert = fixture->certificate.cert,
                        .key = fixture->certificate.key};
  return tls_context_create(&files, &fixture->tls);
}

static int setup(void **state, certificate_kind_t kind) {
  tls_fixture_t *fixture = calloc(1, sizeof(*fixture));
  void *http;

  if (fixture == NULL || http_fixture_setup(&http) != 0 ||
      make_tls(fixture, kind) != 0)
    return -1;
  fixture->http = http;
  fixture->http->extra = fixture;
  fixture->http->options.transport = tls_context_transport(fixture->tls);
  fixture->http->options.callbacks.on_session_error = on_session_error;
  uv_sem_init(&fixture->errors, 0);
  *state = fixture;
  return 0;
}

int tls_fixture_setup(void **state) {
  return setup(state, CERTIFICATE_EC);
}

int tls_fixture_setup_rsa(void **state) {
  return setup(state, CERTIFICATE_RSA);
}

static void remove_files(tls_fixture_t *fixture) {
  unlink(fixture->certificate.cert);
  unlink(fixture->certificate.key);
  rmdir(fixture->directory);
}

int tls_fixture_teardown(void **state) {
  tls_fixture_t *fixture = *state;
  void *http = fixture->http;
  int status;

  tls_peer_finish(&fixture->peer);
  status = http_fixture_teardown(&http);
  tls_context_destroy(fixture->tls);
  remove_files(fixture);
  uv_sem_destroy(&fixture->errors);
  free(fixture);
  return status;
}

bool tls_fixture_connect(tls_fixture_t *fixture,
                         const tls_peer_options_t *options) {
  tls_peer_finish(&fixture->peer);
  assert_true(tls_peer_open(&fixture->peer, fixture->http->port, options));
  return tls_peer_handshake(&fixture->peer);
}

void tls_fixture_begin(tls_fixture_t *fixture) {
  http_fixture_start(fixture->http);
  assert_true(tls_fixture_connect(fixture, NULL));
}

const char *tls_fixture_ask(tls_fixture_t *fixture, const char *request) {
  assert_true(tls_peer_send(&fixture->peer, request));
  tls_peer_read_all(&fixture->peer, fixture->http->answer, FIXTURE_TEXT_BYTES);
  return fixture->http->answer;
}

void tls_fixture_expect_words(tls_fixture_t *fixture, const char *words) {
  uv_sem_wait(&fixture->errors);
  assert_string_equal(fixture->words, words);
}
