/*
 * HTTPS from the command line to the end: what curl sees of a server that was
 * given a certificate.
 */
#include "e2e_life.h"
#include "e2e_raw.h"

#include "certificate.h"
#include "http_load.h"
#include "otlp_collector.h"
#include "raw_socket.h"
#include "tls_peer.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static certificate_t certificate;

/* Makes a certificate that every client of the test trusts. */
static void make_certificate(e2e_t *e2e) {
  assert_true(certificate_make(CERTIFICATE_EC, e2e_directory(e2e), "server",
                               &certificate));
  assert_int_equal(setenv("CURL_CA_BUNDLE", certificate.cert, 1), 0);
}

#define start_tls(e2e, ...)                                       \
  do {                                                            \
    make_certificate(e2e);                                        \
    e2e_start((e2e), "--tls-cert", certificate.cert, "--tls-key", \
              certificate.key, __VA_ARGS__);                      \
  } while (0)

static void both_listeners_speak_https(void **state) {
  e2e_t *e2e = *state;
  start_tls(e2e, NULL);
  assert_memory_equal(e2e->server.url, "https://127.0.0.1:", 18);
  assert_string_equal(e2e_get(e2e, 200, "/hello"), "hello\n");
  e2e_get_json(e2e, "/sum?a=1&b=2");
  assert_int_equal(e2e_integer(e2e->json, "sum"), 3);
  e2e_get(e2e, 200, "/timer?ms=1");
  e2e_ask_debug(e2e);
  assert_memory_equal(e2e->server.debug_url, "https://127.0.0.1:", 18);
  e2e_assert_contains(e2e_get(e2e, 200, "/debug/tree?internal=1"), "TLSWRAP");
  assert_int_equal(e2e->answer.new_connections, 1);
  e2e_get(e2e, 200, "/metrics");
  assert_int_equal(e2e->answer.new_connections, 0);
}

/* The handle's and the session's. */
static void a_connection_that_reads_the_diagnostics_is_not_shown(void **state) {
  e2e_t *e2e = *state;
  start_tls(e2e, NULL);
  e2e_assert_contains(e2e_get(e2e, 200, "/debug/tree?internal=1"), "TLSWRAP");
  const char *tree = e2e_get(e2e, 200, "/debug/tree");
  assert_int_equal(e2e->answer.new_connections, 0);
  assert_null(strstr(tree, "TLSWRAP"));
  assert_null(strstr(tree, " TCPWRAP"));
}

static void who_trusts_another_does_not_speak_to_it(void **state) {
  e2e_t *e2e = *state;
  certificate_t other;
  http_answer_t answer;
  start_tls(e2e, NULL);
  assert_true(
      certificate_make(CERTIFICATE_EC, e2e->directory, "other", &other));
  assert_int_equal(setenv("CURL_CA_BUNDLE", other.cert, 1), 0);
  assert_int_equal(http_client_get(&e2e->client, "/hello", &answer),
                   CURLE_PEER_FAILED_VERIFICATION);
  http_answer_finish(&answer);
  assert_int_equal(setenv("CURL_CA_BUNDLE", certificate.cert, 1), 0);
}

static void the_environment_is_as_good(void **state) {
  e2e_t *e2e = *state;
  char cert[192];
  char key[192];
  make_certificate(e2e);
  snprintf(cert, sizeof(cert), "ASYNCSCOPE_TLS_CERT=%s", certificate.cert);
  snprintf(key, sizeof(key), "ASYNCSCOPE_TLS_KEY=%s", certificate.key);
  e2e_start_with(e2e, (const char *const[]){"--listen", "127.0.0.1:0", NULL},
                 (const char *const[]){cert, key, NULL});
  assert_string_equal(e2e_get(e2e, 200, "/hello"), "hello\n");
}

static void a_unix_socket_is_left_plain(void **state) {
  e2e_t *e2e = *state;
  char path[128];
  make_certificate(e2e);
  snprintf(path, sizeof(path), "unix:%s/debug", e2e->directory);
  e2e_start(e2e, "--tls-cert", certificate.cert, "--tls-key", certificate.key,
            "--debug-listen", path);
  e2e_ask_debug(e2e);
  e2e_get(e2e, 200, "/debug/threads");
}

static void one_file_alone_is_refused(void **state) {
  char *text;
  assert_int_equal(e2e_refused(*state, &text, "--tls-cert", "x"), 2);
  e2e_assert_contains(text, "--tls-cert needs --tls-key beside it");
  free(text);
  assert_int_equal(e2e_refused(*state, &text, "--tls-key", "x"), 2);
  e2e_assert_contains(text, "--tls-key needs --tls-cert beside it");
  free(text);
}

static void files_that_are_not_there_are_named(void **state) {
  char *text;
  assert_int_equal(e2e_refused(*state, &text, "--listen", "127.0.0.1:0",
                               "--tls-cert", "/nowhere/cert", "--tls-key",
                               "/nowhere/key"),
                   1);
  e2e_assert_contains(text, "cannot use the certificate /nowhere/cert: no such "
                            "file or directory");
  free(text);
}

static void a_key_that_others_may_read_is_mentioned(void **state) {
  e2e_t *e2e = *state;
  make_certificate(e2e);
  assert_int_equal(chmod(certificate.key, 0644), 0);
  e2e_start(e2e, "--tls-cert", certificate.cert, "--tls-key", certificate.key);
  e2e_await_log(e2e, "is open to others than its owner: mode 644");
  assert_string_equal(e2e_get(e2e, 200, "/hello"), "hello\n");
}

static void sighup_takes_another_certificate(void **state) {
  e2e_t *e2e = *state;
  start_tls(e2e, "--loops", "2");
  assert_string_equal(e2e_get(e2e, 200, "/hello"), "hello\n");
  make_certificate(e2e);
  assert_int_equal(kill(e2e->server.pid, SIGHUP), 0);
  e2e_await_log(e2e, "the certificate was read again");
  e2e_reconnect(e2e);
  assert_string_equal(e2e_get(e2e, 200, "/hello"), "hello\n");
}

static void sighup_with_a_bad_one_keeps_what_there_is(void **state) {
  e2e_t *e2e = *state;
  certificate_t other;
  start_tls(e2e, NULL);
  assert_true(
      certificate_make(CERTIFICATE_EC, e2e->directory, "other", &other));
  assert_int_equal(rename(other.key, certificate.key), 0);
  assert_int_equal(kill(e2e->server.pid, SIGHUP), 0);
  e2e_await_log(e2e,
                "it does not belong to the certificate; the certificate before "
                "holds on");
  e2e_reconnect(e2e);
  assert_string_equal(e2e_get(e2e, 200, "/hello"), "hello\n");
}

static bool hup_again(const http_load_t *load,
                      const http_transfer_t *transfer) {
  pid_t pid = (pid_t)strtol(getenv("TEST_SERVER_PID"), NULL, 10);
  (void)transfer;
  if (load->answered < load->options.count / 2) {
    kill(pid, SIGHUP);
  }
  return false;
}

static void ask_hello(size_t index, char *ret_target, size_t target_bytes) {
  (void)index;
  snprintf(ret_target, target_bytes, "/hello");
}

/* Handshakes that are under way go on with the certificate they began with. */
static void sighup_without_pause_disturbs_nobody(void **state) {
  e2e_t *e2e = *state;
  http_load_t load;
  char pid[16];
  start_tls(e2e, "--loops", "2");
  snprintf(pid, sizeof(pid), "%d", (int)e2e->server.pid);
  setenv("TEST_SERVER_PID", pid, 1);
  const http_load_options_t options = {.url = e2e->server.url,
                                       .count = e2e_scaled(200),
                                       .target = ask_hello,
                                       .hangs_up = hup_again};
  assert_int_equal(http_load_run(&load, &options), CURLM_OK);
  for (size_t i = 0; i < options.count; i++) {
    assert_int_equal(load.transfers[i].answer.code, CURLE_OK);
    assert_int_equal(load.transfers[i].answer.status, 200);
  }
  http_load_finish(&load);
  e2e_await_log(e2e, "the certificate was read again");
}

/* Nor for who has not even begun. */
static void sigterm_does_not_wait_for_a_handshake(void **state) {
  static const char begun[] = "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03";
  e2e_t *e2e = *state;
  start_tls(e2e, NULL);
  int silent = e2e_raw_open(e2e);
  int half = e2e_raw_open(e2e);
  assert_int_equal(raw_socket_write(half, begun, sizeof(begun) - 1), 0);
  e2e_get(e2e, 200, "/hello");
  e2e_stop(e2e);
  free(e2e_raw_rest(half));
  free(e2e_raw_rest(silent));
  close(half);
  close(silent);
}

static int check_health(const e2e_t *e2e, const char *cert, const char *key) {
  server_process_t process;
  char address[64];
  int code = -1;
  snprintf(address, sizeof(address), "127.0.0.1:%u", e2e->server.port);
  const char *arguments[] = {
      "--healthcheck", "--listen", address, cert, key, NULL};
  assert_int_equal(server_process_spawn(&process, arguments, NULL), 0);
  int error = server_process_await_exit(&process, &code);
  server_process_finish(&process);
  assert_int_equal(error, 0);
  return code;
}

static void the_healthcheck_speaks_it_too(void **state) {
  e2e_t *e2e = *state;
  char cert[192];
  char key[192];
  start_tls(e2e, NULL);
  snprintf(cert, sizeof(cert), "--tls-cert=%s", certificate.cert);
  snprintf(key, sizeof(key), "--tls-key=%s", certificate.key);
  assert_int_equal(check_health(e2e, cert, key), 0);
  assert_int_equal(check_health(e2e, NULL, NULL), 1);
}

static void plain_http_gets_no_answer(void **state) {
  e2e_t *e2e = *state;
  start_tls(e2e, NULL);
  char *answer =
      e2e_raw_exchange(e2e, "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n");
  assert_null(strstr(answer, "HTTP/"));
  free(answer);
  e2e_await_log(e2e, "TLS: http request");
}

/* What is being answered is answered, and its end is said. */
static void sigterm_lets_answers_out(void **state) {
  e2e_t *e2e = *state;
  char answer[4097];
  tls_peer_t peer;
  int code = -1;
  start_tls(e2e, NULL);
  assert_true(tls_peer_connect(&peer, e2e->server.port));
  assert_true(tls_peer_send(&peer,
                            "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n"
                            "GET /timer?ms=300 HTTP/1.1\r\nHost: localhost\r\n"
                            "\r\n"));
  assert_true(tls_peer_read_until(&peer, "hello\n", answer, 4096));
  assert_int_equal(kill(e2e->server.pid, SIGTERM), 0);
  tls_peer_read_all(&peer, answer, 4096);
  e2e_assert_contains(answer, "HTTP/1.1 200 ");
  assert_true(tls_peer_was_told_the_end(&peer));
  tls_peer_finish(&peer);
  assert_int_equal(server_process_await_exit(&e2e->server, &code), 0);
  assert_int_equal(code, 0);
}

/* What is exported of a request names the scheme that it came by. */
static void a_span_says_that_it_was_https(void **state) {
  static const otlp_act_t well[] = {{OTLP_OK, 0}};
  static otlp_collector_t collector;
  e2e_t *e2e = *state;
  assert_int_equal(otlp_collector_start(&collector, well, 1), 0);
  start_tls(e2e, "--otlp-endpoint", collector.url);
  e2e_get(e2e, 200, "/hello");
  e2e_stop(e2e);
  json_t *spans = otlp_collector_spans(&collector);
  char scheme[8];
  snprintf(scheme, sizeof(scheme), "%s",
           otlp_attribute(otlp_span_named(spans, "GET /hello"), "url.scheme"));
  json_decref(spans);
  otlp_collector_stop(&collector);
  assert_string_equal(scheme, "https");
}

static void a_large_body_goes_both_ways(void **state) {
  enum { BYTES = 900000 };
  e2e_t *e2e = *state;
  char *body = malloc(BYTES);
  assert_non_null(body);
  for (size_t i = 0; i < BYTES; i++) {
    body[i] = (char)(i * 2654435761u >> 13);
  }
  http_request_t request = {
      .target = "/echo", .body = body, .body_bytes = BYTES};
  start_tls(e2e, NULL);
  const char *echo = e2e_send(e2e, 200, &request);
  assert_int_equal(e2e->answer.body.length, BYTES);
  assert_memory_equal(echo, body, BYTES);
  free(body);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_of_server(both_listeners_speak_https),
      cmocka_unit_test_of_server(
          a_connection_that_reads_the_diagnostics_is_not_shown),
      cmocka_unit_test_of_server(who_trusts_another_does_not_speak_to_it),
      cmocka_unit_test_of_server(the_environment_is_as_good),
      cmocka_unit_test_of_server(a_unix_socket_is_left_plain),
      cmocka_unit_test_of_server(one_file_alone_is_refused),
      cmocka_unit_test_of_server(files_that_are_not_there_are_named),
      cmocka_unit_test_of_server(a_key_that_others_may_read_is_mentioned),
      cmocka_unit_test_of_server(sighup_takes_another_certificate),
      cmocka_unit_test_of_server(sighup_with_a_bad_one_keeps_what_there_is),
      cmocka_unit_test_of_server(sighup_without_pause_disturbs_nobody),
      cmocka_unit_test_of_server(sigterm_does_not_wait_for_a_handshake),
      cmocka_unit_test_of_server(the_healthcheck_speaks_it_too),
      cmocka_unit_test_of_server(plain_http_gets_no_answer),
      cmocka_unit_test_of_server(sigterm_lets_answers_out),
      cmocka_unit_test_of_server(a_span_says_that_it_was_https),
      cmocka_unit_test_of_server(a_large_body_goes_both_ways),
  };
  return test_main(tests, argc, argv);
}
