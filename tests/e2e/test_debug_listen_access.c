/*
 * The diagnostics on an address of their own: who is let in there.
 */
#include "e2e.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TOKEN "correct-horse"

static void others_than_loopback_need_a_token(void **state) {
  e2e_t *e2e = *state;
  char *text = NULL;
  int code = e2e_refused(e2e, &text, "--listen", "127.0.0.1:0",
                         "--debug-listen", "0.0.0.0:0");
  e2e_assert_contains(text, "0.0.0.0:0");
  e2e_assert_contains(text, "token");
  free(text);
  assert_int_equal(code, 1);
}

static void ask(e2e_t *e2e, long status, const char *host,
                const char *authorization) {
  const char *fields[3] = {host, authorization, NULL};
  http_request_t request = {.target = "/debug/tree", .fields = fields};
  const char *body = e2e_send(e2e, status, &request);
  if (status != 200) {
    assert_null(strstr(body, "TCPSERVERWRAP"));
  }
}

static void with_a_token_it_listens_everywhere(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, "--debug-listen", "0.0.0.0:0", "--debug-token", TOKEN);
  e2e_ask_debug(e2e);
  assert_memory_equal(e2e->server.debug_url, "http://0.0.0.0:", 15);
  ask(e2e, 401, "Host: debug.example", NULL);
  ask(e2e, 401, "Host: debug.example", "Authorization: Bearer wrong");
  ask(e2e, 200, "Host: debug.example", "Authorization: Bearer " TOKEN);
}

static void a_token_may_lie_in_a_file(void **state) {
  e2e_t *e2e = *state;
  char path[128];
  e2e_write_file(e2e, "token", TOKEN "\n", sizeof(TOKEN));
  snprintf(path, sizeof(path), "%s/token", e2e->directory);
  e2e_start(e2e, "--debug-token-file", path);
  ask(e2e, 401, "Host: debug.example", "Authorization: Bearer wrong");
  ask(e2e, 200, "Host: debug.example", "Authorization: Bearer " TOKEN);
  e2e_ask_debug(e2e);
  ask(e2e, 401, "Host: debug.example", NULL);
  ask(e2e, 200, "Host: debug.example", "Authorization: Bearer " TOKEN);
}

static void a_token_file_that_is_missing_exits_1_and_is_named(void **state) {
  char *text = NULL;
  int code = e2e_refused(*state, &text, "--listen", "127.0.0.1:0",
                         "--debug-token-file", "/nonexistent/token");
  e2e_assert_contains(text, "/nonexistent/token");
  free(text);
  assert_int_equal(code, 1);
}

/* The third line, which came with the two before it. */
static void read_link(e2e_t *e2e, char *link, size_t bytes) {
  static const char start[] = "asyncscope: open ";
  ssize_t size;
  e2e_ask_debug(e2e);
  size = read(e2e->server.out_fd, link, bytes - 1);
  assert_in_range(size, sizeof(start), bytes - 1);
  assert_int_equal(link[size - 1], '\n');
  link[size - 1] = '\0';
  assert_memory_equal(link, start, sizeof(start) - 1);
  memmove(link, link + sizeof(start) - 1, (size_t)size + 1 - sizeof(start));
}

static void a_token_is_made_and_printed_in_a_link(void **state) {
  e2e_t *e2e = *state;
  char link[256], wanted[64], field[320];
  const char *token;
  e2e_start(e2e, "--debug-listen", "0.0.0.0:0", "--debug-token-generate");
  read_link(e2e, link, sizeof(link));
  snprintf(wanted, sizeof(wanted), "http://127.0.0.1:%u/debug#token=",
           (unsigned)e2e->server.debug_port);
  assert_memory_equal(link, wanted, strlen(wanted));
  token = link + strlen(wanted);
  assert_int_equal(strlen(token), 32);
  snprintf(field, sizeof(field), "Authorization: Bearer %s", token);
  ask(e2e, 401, "Host: debug.example", NULL);
  ask(e2e, 401, "Host: debug.example", "Authorization: Bearer " TOKEN);
  ask(e2e, 200, "Host: debug.example", field);
}

static void a_token_that_is_given_is_not_printed(void **state) {
  e2e_t *e2e = *state;
  char byte;
  e2e_start(e2e, "--debug-listen", "0.0.0.0:0", "--debug-token", TOKEN,
            "--debug-token-generate");
  e2e_ask_debug(e2e);
  ask(e2e, 200, "Host: debug.example", "Authorization: Bearer " TOKEN);
  assert_int_equal(fcntl(e2e->server.out_fd, F_SETFL, O_NONBLOCK), 0);
  assert_int_equal(read(e2e->server.out_fd, &byte, 1), -1);
}

/* The peers of these tests are on the loopback: what an allowed network adds
 * for them is a Host that is another address. */
static void an_allowed_network_needs_no_token(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, "--debug-listen", "0.0.0.0:0", "--debug-allow",
            "127.0.0.0/8,192.0.2.0/24");
  ask(e2e, 200, "Host: 192.0.2.9", NULL);
  e2e_ask_debug(e2e);
  ask(e2e, 200, "Host: 192.0.2.9", NULL);
  ask(e2e, 200, "Host: [2001:db8::9]:8081", NULL);
  ask(e2e, 403, "Host: evil.example", NULL);
  ask(e2e, 403, "Host: 192.0.2.9", "X-Forwarded-For: 127.0.0.1");
}

static void another_network_is_not_allowed(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, "--debug-allow", "192.0.2.0/24");
  e2e_ask_debug(e2e);
  ask(e2e, 403, "Host: 192.0.2.9", NULL);
  ask(e2e, 200, "Host: localhost", NULL);
}

static void a_name_that_was_rebound_is_refused(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  e2e_ask_debug(e2e);
  ask(e2e, 200, "Host: localhost:8081", NULL);
  ask(e2e, 200, "Host: [::1]", NULL);
  ask(e2e, 403, "Host: evil.example", NULL);
  ask(e2e, 403, "Host: localhost.evil.example", NULL);
  ask(e2e, 403, "Host: 0x7f.0.0.1", NULL);
  ask(e2e, 403, "Host: localhost", "Origin: http://evil.example");
  ask(e2e, 403, "Host: localhost", "Sec-Fetch-Site: cross-site");
  ask(e2e, 403, "Host: localhost", "X-Forwarded-For: 127.0.0.1");
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_of_server(others_than_loopback_need_a_token),
      cmocka_unit_test_of_server(with_a_token_it_listens_everywhere),
      cmocka_unit_test_of_server(a_token_may_lie_in_a_file),
      cmocka_unit_test_of_server(
          a_token_file_that_is_missing_exits_1_and_is_named),
      cmocka_unit_test_of_server(a_token_is_made_and_printed_in_a_link),
      cmocka_unit_test_of_server(a_token_that_is_given_is_not_printed),
      cmocka_unit_test_of_server(an_allowed_network_needs_no_token),
      cmocka_unit_test_of_server(another_network_is_not_allowed),
      cmocka_unit_test_of_server(a_name_that_was_rebound_is_refused),
  };
  return test_main(tests, argc, argv);
}
