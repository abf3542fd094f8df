#include "asyncscope/asyncscope_debug.h"
#include "test_main.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

typedef union peer_u {
  struct sockaddr any;
  struct sockaddr_in v4;
  struct sockaddr_in6 v6;
  struct sockaddr_un local;
} peer_t;

/* "" is a unix socket. */
static peer_t peer_of(const char *address) {
  peer_t peer;
  memset(&peer, 0, sizeof(peer));
  if (address[0] == '\0') {
    peer.any.sa_family = AF_UNIX;
  } else if (strchr(address, ':') != NULL) {
    peer.any.sa_family = AF_INET6;
    assert_int_equal(inet_pton(AF_INET6, address, &peer.v6.sin6_addr), 1);
  } else {
    peer.any.sa_family = AF_INET;
    assert_int_equal(inet_pton(AF_INET, address, &peer.v4.sin_addr), 1);
  }
  return peer;
}

typedef struct row_s {
  int status;
  const char *peer, *host, *token, *authorization, *origin, *site;
} row_t;

/* `allowed`: the peer's network is. */
static int decide_as(const row_t *row, bool allowed, const char *forwarded,
                     const char **ret_reason) {
  peer_t peer;
  asyncscope_debug_visitor_t visitor = {.allowed = allowed,
                                        .host = row->host,
                                        .authorization = row->authorization,
                                        .origin = row->origin,
                                        .sec_fetch_site = row->site,
                                        .forwarded = forwarded};
  if (row->peer != NULL) {
    peer = peer_of(row->peer);
    visitor.peer = &peer.any;
  }
  return asyncscope_debug_access(&visitor, row->token, ret_reason);
}

static int decide_forwarded(const row_t *row, const char *forwarded,
                            const char **ret_reason) {
  return decide_as(row, false, forwarded, ret_reason);
}

static int decide(const row_t *row, const char **ret_reason) {
  return decide_forwarded(row, NULL, ret_reason);
}

static void check_row(const row_t *row, size_t number) {
  const char *reason = "untouched";
  int status = decide(row, &reason);
  if (status != row->status) {
    fail_msg("row %zu: %d in place of %d", number, status, row->status);
  }
  if (status == 200) {
    assert_null(reason);
  } else {
    assert_non_null(strstr(reason, "debug: "));
    assert_null(strpbrk(reason, "\r\n"));
  }
}

#define check(rows)                                               \
  for (size_t i = 0; i < sizeof(rows) / sizeof((rows)[0]); i++) { \
    check_row(&(rows)[i], i);                                     \
  }

static void local_peers_with_a_local_host_are_let_in(void **state) {
  (void)state;
  static const row_t rows[] = {
      {.status = 200, .peer = "127.0.0.1", .host = "localhost"},
      {.status = 200, .peer = "127.0.0.1", .host = "localhost:8080"},
      {.status = 200, .peer = "127.0.0.1", .host = "LocalHost:1"},
      {.status = 200, .peer = "127.0.0.1", .host = "127.0.0.1:8080"},
      {.status = 200, .peer = "127.9.8.7", .host = "127.255.255.254"},
      {.status = 200, .peer = "::1", .host = "[::1]"},
      {.status = 200, .peer = "::1", .host = "[::1]:65535"},
      {.status = 200, .peer = "::1", .host = "[0:0:0:0:0:0:0:1]:80"},
      {.status = 200, .peer = "::ffff:127.0.0.1", .host = "localhost:"},
      {.status = 200, .peer = "", .host = "localhost"},
  };
  check(rows);
}

static void other_hosts_are_refused_even_locally(void **state) {
  (void)state;
  static const row_t rows[] = {
      {.status = 403, .peer = "127.0.0.1", .host = NULL},
      {.status = 403, .peer = "127.0.0.1", .host = ""},
      {.status = 403, .peer = "127.0.0.1", .host = ":8080"},
      {.status = 403, .peer = "127.0.0.1", .host = "evil.example"},
      {.status = 403, .peer = "127.0.0.1", .host = "localhost.evil.example"},
      {.status = 403, .peer = "127.0.0.1", .host = "evil.localhost"},
      {.status = 403, .peer = "127.0.0.1", .host = "localhost:80:80"},
      {.status = 403, .peer = "127.0.0.1", .host = "localhost:8o"},
      {.status = 403, .peer = "127.0.0.1", .host = "localhost:123456"},
      {.status = 403, .peer = "127.0.0.1", .host = "localhost@evil.example"},
      {.status = 403, .peer = "127.0.0.1", .host = "127.0.0.1.evil.example"},
      {.status = 403, .peer = "127.0.0.1", .host = "127.1"},
      {.status = 403, .peer = "127.0.0.1", .host = "2130706433"},
      {.status = 403, .peer = "127.0.0.1", .host = "0177.0.0.1"},
      {.status = 403, .peer = "127.0.0.1", .host = "0x7f.0.0.1"},
      {.status = 403, .peer = "127.0.0.1", .host = "128.0.0.1"},
      {.status = 403, .peer = "127.0.0.1", .host = "0.0.0.0"},
      {.status = 403, .peer = "127.0.0.1", .host = "[127.0.0.1]"},
      {.status = 403, .peer = "127.0.0.1", .host = "[localhost]"},
      {.status = 403, .peer = "127.0.0.1", .host = "::1"},
      {.status = 403, .peer = "127.0.0.1", .host = "[::1"},
      {.status = 403, .peer = "127.0.0.1", .host = "[::1]8080"},
      {.status = 403, .peer = "127.0.0.1", .host = "[::1]:8080x"},
      {.status = 403, .peer = "127.0.0.1", .host = "[::1%lo]:80"},
      {.status = 403, .peer = "127.0.0.1", .host = "[::2]"},
      {.status = 403, .peer = "127.0.0.1", .host = "[]"},
      {.status = 403, .peer = "", .host = "evil.example"},
  };
  check(rows);
}

static void check_allowed(const row_t *rows, size_t count) {
  for (size_t i = 0; i < count; i++) {
    const char *reason;
    int status = decide_as(&rows[i], true, NULL, &reason);
    if (status != rows[i].status) {
      fail_msg("row %zu: %d in place of %d", i, status, rows[i].status);
    }
  }
}

static void allowed_peers_are_let_in_by_an_address(void **state) {
  (void)state;
  static const row_t rows[] = {
      {.status = 200, .peer = "192.0.2.1", .host = "192.0.2.9:8081"},
      {.status = 200, .peer = "192.0.2.1", .host = "203.0.113.9"},
      {.status = 200, .peer = "192.0.2.1", .host = "localhost:8081"},
      {.status = 200, .peer = "2001:db8::1", .host = "[2001:db8::9]:8081"},
      {.status = 200, .peer = "127.0.0.1", .host = "192.0.2.9"},
      {200, "192.0.2.1", "192.0.2.9", "t", NULL, 0, 0},
      {401, "192.0.2.1", "192.0.2.9", "t", "Bearer u", 0, 0},
  };
  check_allowed(rows, sizeof(rows) / sizeof(rows[0]));
}

/* Their browser could have been sent here under it. */
static void allowed_peers_are_refused_under_a_name(void **state) {
  (void)state;
  static const row_t rows[] = {
      {.status = 403, .peer = "192.0.2.1", .host = "evil.example"},
      {.status = 403, .peer = "192.0.2.1", .host = "192.0.2.9.evil.example"},
      {.status = 403, .peer = "192.0.2.1", .host = "0300.0.2.9"},
      {.status = 403, .peer = "192.0.2.1", .host = "192.0.2"},
      {.status = 403, .peer = "192.0.2.1", .host = "2001:db8::9"},
      {.status = 403, .peer = "192.0.2.1", .host = "[192.0.2.9]"},
      {.status = 403, .peer = "192.0.2.1", .host = NULL},
      {401, "192.0.2.1", "a.example", "t", NULL, 0, 0},
      {403, "192.0.2.1", "192.0.2.9", NULL, NULL, "http://evil.example", 0},
  };
  check_allowed(rows, sizeof(rows) / sizeof(rows[0]));
}

static void an_allowed_proxy_stands_for_somebody_else(void **state) {
  static const row_t row = {
      .status = 403, .peer = "192.0.2.1", .host = "192.0.2.9"};
  const char *reason = NULL;
  (void)state;
  assert_int_equal(decide_as(&row, true, "", &reason), 403);
  assert_non_null(strstr(reason, "proxy"));
}

static void an_overlong_host_is_refused(void **state) {
  (void)state;
  char host[4096];
  memset(host, '1', sizeof(host) - 1);
  host[sizeof(host) - 1] = '\0';
  const row_t row = {.status = 403, .peer = "127.0.0.1", .host = host};
  check_row(&row, 0);
}

static void other_peers_are_refused_whatever_their_host(void **state) {
  (void)state;
  static const row_t rows[] = {
      {.status = 403, .peer = "192.0.2.1", .host = "localhost"},
      {.status = 403, .peer = "128.0.0.1", .host = "127.0.0.1"},
      {.status = 403, .peer = "2001:db8::1", .host = "[::1]"},
      {.status = 403, .peer = "::ffff:192.0.2.1", .host = "localhost"},
      {.status = 403, .peer = "::127.0.0.1", .host = "localhost"},
      {.status = 403, .peer = NULL, .host = "localhost"},
      {.status = 401, .peer = "192.0.2.1", .host = "localhost", .token = "t"},
      {.status = 401, .peer = "127.0.0.1", .host = "evil", .token = "t"},
      {.status = 401, .peer = NULL, .host = "localhost", .token = "t"},
  };
  check(rows);
}

static void the_right_token_is_let_in_from_anywhere(void **state) {
  (void)state;
  static const row_t rows[] = {
      {200, "192.0.2.1", "host.example", "s3cret", "Bearer s3cret", 0, 0},
      {200, "192.0.2.1", NULL, "s3cret", "bearer s3cret", 0, 0},
      {200, NULL, NULL, "s3cret", "BEARER   s3cret", 0, 0},
      {200, "127.0.0.1", "evil", "s3cret", "Bearer s3cret", 0, 0},
      {200, "192.0.2.1", "a", "s3cret", "Bearer s3cret", "null", "cross-site"},
      {200, "127.0.0.1", "localhost", "s3cret", NULL, NULL, NULL},
  };
  check(rows);
}

static void a_wrong_token_is_401_even_on_loopback(void **state) {
  (void)state;
  static const row_t rows[] = {
      {401, "127.0.0.1", "localhost", "s3cret", "Bearer s3cre", 0, 0},
      {401, "127.0.0.1", "localhost", "s3cret", "Bearer s3cretx", 0, 0},
      {401, "127.0.0.1", "localhost", "s3cret", "Bearer S3cret", 0, 0},
      {401, "127.0.0.1", "localhost", "s3cret", "Bearer ", 0, 0},
      {401, "127.0.0.1", "localhost", "s3cret", "Bearer s3cret s3cret", 0, 0},
      {401, "192.0.2.1", "a", "s3cret", "Bearer wrong", 0, 0},
      {401, "192.0.2.1", "a", "s3cret", "Bearers3cret", 0, 0},
      {401, "192.0.2.1", "a", "s3cret", "Basic s3cret", 0, 0},
      {401, "192.0.2.1", "a", "s3cret", "s3cret", 0, 0},
      {401, "192.0.2.1", "a", "s3cret", "", 0, 0},
  };
  check(rows);
}

static void no_token_is_no_key(void **state) {
  (void)state;
  static const row_t rows[] = {
      {403, "192.0.2.1", "a", NULL, "Bearer ", 0, 0},
      {403, "192.0.2.1", "a", "", "Bearer ", 0, 0},
      {403, "192.0.2.1", "a", "", "Bearer x", 0, 0},
      {200, "127.0.0.1", "localhost", NULL, "Bearer x", 0, 0},
      {200, "127.0.0.1", "localhost", "s3cret", "Basic eDp5", 0, 0},
  };
  check(rows);
}

static void pages_of_other_origins_are_refused(void **state) {
  (void)state;
  static const row_t rows[] = {
      {200, "::1", "localhost:8080", 0, 0, "http://localhost:8080", 0},
      {200, "::1", "localhost:8080", 0, 0, "https://LOCALHOST:8080", 0},
      {200, "::1", "localhost:8080", 0, 0, 0, "same-origin"},
      {200, "::1", "localhost:8080", 0, 0, 0, "none"},
      {403, "::1", "localhost:8080", 0, 0, 0, "same-site"},
      {403, "::1", "localhost:8080", 0, 0, 0, "cross-site"},
      {403, "::1", "localhost:8080", 0, 0, 0, ""},
      {403, "::1", "localhost:8080", 0, 0, "null", 0},
      {403, "::1", "localhost:8080", 0, 0, "", 0},
      {403, "::1", "localhost:8080", 0, 0, "http://localhost:3000", 0},
      {403, "::1", "localhost:8080", 0, 0, "http://localhost", 0},
      {403, "::1", "localhost:8080", 0, 0, "file://localhost:8080", 0},
      {403, "::1", "localhost:8080", 0, 0, "http://evil.example", "none"},
      {403, "::1", NULL, 0, 0, "http://", 0},
      {403, "::1", "localhost", "t", 0, "http://evil.example", 0},
  };
  check(rows);
}

static void a_peer_that_forwards_is_not_local(void **state) {
  (void)state;
  static const row_t rows[] = {
      {403, "127.0.0.1", "localhost", NULL, NULL, NULL, NULL},
      {403, "::1", "[::1]", NULL, NULL, NULL, NULL},
      {403, "", "localhost", NULL, NULL, NULL, NULL},
      {401, "127.0.0.1", "localhost", "t", NULL, NULL, NULL},
      {200, "127.0.0.1", "localhost", "t", "Bearer t", NULL, NULL},
  };
  const char *reason;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    assert_int_equal(decide(&rows[i], &reason), 200);
    assert_int_equal(decide_forwarded(&rows[i], "for=127.0.0.1", &reason),
                     rows[i].status);
    assert_int_equal(decide_forwarded(&rows[i], "", &reason), rows[i].status);
  }
}

static void tokens_compare_by_all_their_bytes(void **state) {
  (void)state;
  char token[ASYNCSCOPE_DEBUG_TOKEN_MAX + 2];
  char header[ASYNCSCOPE_DEBUG_TOKEN_MAX + 16];
  memset(token, 'k', sizeof(token));
  token[ASYNCSCOPE_DEBUG_TOKEN_MAX] = '\0';
  row_t row = {200, "192.0.2.1", "a", token, header, NULL, NULL};
  snprintf(header, sizeof(header), "Bearer %s", token);
  check_row(&row, 0);
  row.status = 401;
  for (size_t i = 0; i < ASYNCSCOPE_DEBUG_TOKEN_MAX; i += 73) {
    header[7 + i] ^= 1;
    check_row(&row, i);
    header[7 + i] ^= 1;
  }
}

/* `k` so many times, in both. */
static int decide_by_length(size_t configured, size_t shown) {
  char token[ASYNCSCOPE_DEBUG_TOKEN_MAX + 2];
  char header[ASYNCSCOPE_DEBUG_TOKEN_MAX + 16] = "Bearer ";
  const char *reason;
  const row_t row = {
      .peer = "192.0.2.1", .token = token, .authorization = header};
  memset(token, 'k', configured);
  token[configured] = '\0';
  memset(header + 7, 'k', shown);
  header[7 + shown] = '\0';
  return decide(&row, &reason);
}

static void an_overlong_token_never_matches(void **state) {
  (void)state;
  const size_t most = ASYNCSCOPE_DEBUG_TOKEN_MAX;
  assert_int_equal(decide_by_length(most, most), 200);
  assert_int_equal(decide_by_length(most + 1, most), 401);
  assert_int_equal(decide_by_length(most, most + 1), 401);
  assert_int_equal(decide_by_length(most + 1, most + 1), 401);
}

static void the_reason_says_how_to_get_in(void **state) {
  (void)state;
  const char *reason;
  const row_t remote = {.peer = "192.0.2.1", .host = "a"};
  const row_t rebound = {.peer = "127.0.0.1", .host = "evil.example"};
  const row_t proxy = {.peer = "::1", .host = "localhost"};
  const row_t token = {.peer = "192.0.2.1", .host = "a", .token = "t"};
  assert_int_equal(decide(&remote, &reason), 403);
  assert_non_null(strstr(reason, "curl localhost"));
  assert_non_null(strstr(reason, "debug token"));
  assert_int_equal(decide(&rebound, &reason), 403);
  assert_non_null(strstr(reason, "as localhost"));
  assert_int_equal(decide_forwarded(&proxy, "", &reason), 403);
  assert_non_null(strstr(reason, "proxy"));
  assert_non_null(strstr(reason, "debug token"));
  assert_int_equal(decide(&token, &reason), 401);
  assert_non_null(strstr(reason, "Authorization: Bearer"));
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(local_peers_with_a_local_host_are_let_in),
      cmocka_unit_test(other_hosts_are_refused_even_locally),
      cmocka_unit_test(allowed_peers_are_let_in_by_an_address),
      cmocka_unit_test(allowed_peers_are_refused_under_a_name),
      cmocka_unit_test(an_allowed_proxy_stands_for_somebody_else),
      cmocka_unit_test(an_overlong_host_is_refused),
      cmocka_unit_test(other_peers_are_refused_whatever_their_host),
      cmocka_unit_test(the_right_token_is_let_in_from_anywhere),
      cmocka_unit_test(a_wrong_token_is_401_even_on_loopback),
      cmocka_unit_test(no_token_is_no_key),
      cmocka_unit_test(pages_of_other_origins_are_refused),
      cmocka_unit_test(a_peer_that_forwards_is_not_local),
      cmocka_unit_test(tokens_compare_by_all_their_bytes),
      cmocka_unit_test(an_overlong_token_never_matches),
      cmocka_unit_test(the_reason_says_how_to_get_in),
  };
  return test_main(tests, argc, argv);
}
