/* From a host to a connection. */
#include "http_client_fixture.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const peer_act_t hello = {.text = HELLO};

/* What a name is looked up to: these addresses, in this order. libuv finds
 * these functions in place of the C library's, as the program exports them. */
#define EXPORTED __attribute__((visibility("default")))
static const char *addresses[HTTP_CLIENT_ADDRESSES_MAX + 2];

static struct addrinfo *make_address(const char *text) {
  struct addrinfo *info = calloc(1, sizeof(*info));
  struct sockaddr_in6 *address = calloc(1, sizeof(*address));

  info->ai_family = strchr(text, ':') == NULL ? AF_INET : AF_INET6;
  info->ai_socktype = SOCK_STREAM;
  info->ai_addr = (struct sockaddr *)address;
  info->ai_addrlen = info->ai_family == AF_INET ? sizeof(struct sockaddr_in)
                                                : sizeof(*address);
  if (info->ai_family == AF_INET)
    uv_ip4_addr(text, 0, (struct sockaddr_in *)address);
  else
    uv_ip6_addr(text, 0, address);
  return info;
}

EXPORTED int getaddrinfo(const char *node, const char *service,
                         const struct addrinfo *hints,
                         struct addrinfo **ret_info) {
  struct addrinfo **link = ret_info;

  (void)node;
  (void)service;
  (void)hints;
  if (addresses[0] == NULL)
    return EAI_NONAME;
  for (size_t i = 0; addresses[i] != NULL; i++) {
    *link = make_address(addresses[i]);
    link = &(*link)->ai_next;
  }
  return 0;
}

EXPORTED void freeaddrinfo(struct addrinfo *info) {
  while (info != NULL) {
    struct addrinfo *next = info->ai_next;

    free(info->ai_addr);
    free(info);
    info = next;
  }
}

static void ask_host(client_fixture_t *f, asker_t *asker, const char *host) {
  http_client_options_t options;

  asker_init(asker, f, &options);
  options.host = host;
  ask_with(asker, &options);
  wait_closed(asker);
}

static void a_name_is_looked_up(void **state) {
  client_fixture_t *f = *state;
  asker_t asker;

  addresses[0] = "127.0.0.1";
  client_start(f, &hello, 1);
  ask_host(f, &asker, "name.test");
  answered(&asker, 200, "hello");
  assert_non_null(strstr(f->peer.received, "Host: name.test:"));
}

static void a_name_that_is_not_known_ends_the_request(void **state) {
  client_fixture_t *f = *state;
  asker_t asker;

  client_start(f, &hello, 1);
  ask_host(f, &asker, "name.test");
  failed(&asker, UV_EAI_NONAME, "name.test:");
  assert_non_null(strstr(asker.message, "lookup: unknown node or service"));
}

static void each_address_is_tried(void **state) {
  client_fixture_t *f = *state;
  asker_t asker;

  addresses[0] = "::1";
  addresses[1] = "127.0.0.2";
  addresses[2] = "127.0.0.1";
  client_start(f, &hello, 1);
  ask_host(f, &asker, "name.test");
  answered(&asker, 200, "hello");
  assert_int_equal(
      recorder_count(&f->uv->recorder, RECORDED_INIT, "TCPCONNECTWRAP"), 3);
  assert_int_equal(
      recorder_count(&f->uv->recorder, RECORDED_INIT, "HTTPCLIENTREQUEST"), 1);
  wait_size(f, &f->agent.free_count, 1);
  assert_int_equal(f->agent.socket_count, 1);
}

/* The kernel refuses the second one before it sends anything. */
static void an_address_may_fail_at_once(void **state) {
  client_fixture_t *f = *state;
  asker_t asker;

  addresses[0] = "127.0.0.2";
  addresses[1] = "255.255.255.255";
  addresses[2] = "127.0.0.1";
  f->options.limits.connect_timeout_ms = 0;
  client_start(f, &hello, 1);
  ask_host(f, &asker, "name.test");
  answered(&asker, 200, "hello");
}

static void a_number_of_addresses_is_tried(void **state) {
  client_fixture_t *f = *state;
  asker_t asker;

  for (size_t i = 0; i < HTTP_CLIENT_ADDRESSES_MAX; i++)
    addresses[i] = "255.255.255.255";
  addresses[HTTP_CLIENT_ADDRESSES_MAX] = "127.0.0.1";
  client_start(f, &hello, 1);
  ask_host(f, &asker, "name.test");
  assert_int_equal(asker.close.calls, 1);
  assert_non_null(strstr(asker.message, "connect: "));
  assert_int_equal(f->peer.connections, 0);
}

static void the_last_address_is_the_one_that_counts(void **state) {
  client_fixture_t *f = *state;
  asker_t asker;

  addresses[0] = "127.0.0.2";
  addresses[1] = "127.0.0.3";
  client_start(f, &hello, 1);
  ask_host(f, &asker, "name.test");
  failed(&asker, UV_ECONNREFUSED, "connect: connection refused");
}

static void a_refused_connection_ends_the_request(void **state) {
  client_fixture_t *f = *state;
  asker_t asker;

  client_start(f, &hello, 1);
  ask_host(f, &asker, "127.0.0.2");
  failed(&asker, UV_ECONNREFUSED, "127.0.0.2:");
  wait_none(f, &f->agent.host_count);
}

static void an_ipv6_address_needs_no_brackets(void **state) {
  static http_peer_t peer;
  client_fixture_t *f = *state;
  http_client_options_t options;
  asker_t asker;

  peer = (http_peer_t){.acts = &hello, .act_count = 1};
  client_start(f, NULL, 0);
  if (http_peer_start(&peer, &f->uv->loop, "::1") != 0) {
    http_peer_stop(&peer);
    test_leave_out("there is no ::1 to listen on");
  }
  asker_init(&asker, f, &options);
  options.host = "::1";
  options.port = peer.port;
  ask_with(&asker, &options);
  wait_closed(&asker);
  answered(&asker, 200, "hello");
  assert_non_null(strstr(peer.received, "Host: [::1]:"));
  http_peer_stop(&peer);
}

/* A listener whose queue is full: the kernel drops what would connect. */
typedef struct full_s {
  int listener;
  int fillers[8];
} full_t;

static void fill(full_t *full, const char *address, uint16_t *port) {
  struct sockaddr_in bound;
  socklen_t size = sizeof(bound);

  uv_ip4_addr(address, *port, &bound);
  full->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  assert_int_equal(
      bind(full->listener, (struct sockaddr *)&bound, sizeof(bound)), 0);
  assert_int_equal(listen(full->listener, 0), 0);
  assert_int_equal(
      getsockname(full->listener, (struct sockaddr *)&bound, &size), 0);
  *port = ntohs(bound.sin_port);
  for (size_t i = 0; i < 8; i++) {
    full->fillers[i] =
        socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    connect(full->fillers[i], (struct sockaddr *)&bound, sizeof(bound));
  }
}

static void empty(full_t *full) {
  for (size_t i = 0; i < 8; i++)
    close(full->fillers[i]);
  close(full->listener);
}

static void connecting_has_a_time(void **state) {
  client_fixture_t *f = *state;
  http_client_options_t options;
  uint16_t port = 0;
  asker_t asker;
  full_t full;

  f->options.limits.connect_timeout_ms = 300;
  client_start(f, NULL, 0);
  fill(&full, "127.0.0.1", &port);
  asker_init(&asker, f, &options);
  options.port = port;
  ask_with(&asker, &options);
  wait_closed(&asker);
  failed(&asker, UV_ETIMEDOUT, "connect: connection timed out");
  empty(&full);
}

static void an_address_has_its_share_of_the_time(void **state) {
  client_fixture_t *f = *state;
  asker_t asker;
  full_t full;

  addresses[0] = "127.0.0.2";
  addresses[1] = "127.0.0.1";
  f->options.limits.connect_timeout_ms = 2000;
  client_start(f, &hello, 1);
  fill(&full, "127.0.0.2", &f->peer.port);
  ask_host(f, &asker, "name.test");
  answered(&asker, 200, "hello");
  empty(&full);
}

static void a_request_is_aborted_while_it_connects_again(void **state) {
  client_fixture_t *f = *state;
  http_client_options_t options;
  asker_t asker;
  full_t full;

  addresses[0] = "127.0.0.2";
  addresses[1] = "127.0.0.1";
  client_start(f, &hello, 1);
  fill(&full, "127.0.0.2", &f->peer.port);
  asker_init(&asker, f, &options);
  options.host = "name.test";
  ask_with(&asker, &options);
  while (recorder_count(&f->uv->recorder, RECORDED_INIT, "TCPCONNECTWRAP") == 0)
    uv_run(&f->uv->loop, UV_RUN_ONCE);
  http_client_request_abort(asker.request);
  assert_int_equal(asker.close.calls, 1);
  failed(&asker, UV_ECANCELED, "request");
  empty(&full);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_client(a_name_is_looked_up),
      cmocka_unit_test_client(a_name_that_is_not_known_ends_the_request),
      cmocka_unit_test_client(each_address_is_tried),
      cmocka_unit_test_client(an_address_may_fail_at_once),
      cmocka_unit_test_client(a_number_of_addresses_is_tried),
      cmocka_unit_test_client(the_last_address_is_the_one_that_counts),
      cmocka_unit_test_client(a_refused_connection_ends_the_request),
      cmocka_unit_test_client(an_ipv6_address_needs_no_brackets),
      cmocka_unit_test_client(connecting_has_a_time),
      cmocka_unit_test_client(an_address_has_its_share_of_the_time),
      cmocka_unit_test_client(a_request_is_aborted_while_it_connects_again),
  };
  return test_main(tests, argc, argv);
}
