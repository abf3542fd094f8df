#include "asyncscope/asyncscope_debug.h"
#include "test_main.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <uv.h>

static bool has(const char *network_text, const char *peer_text) {
  asyncscope_debug_network_t network;
  struct sockaddr_in v4 = {.sin_family = AF_INET};
  struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
  int error = asyncscope_debug_network_parse(network_text, &network);
  if (error != 0) {
    fail_msg("%s: %s", network_text, uv_strerror(error));
  }
  if (inet_pton(AF_INET, peer_text, &v4.sin_addr) == 1) {
    return asyncscope_debug_network_has(&network, (struct sockaddr *)&v4);
  }
  assert_int_equal(inet_pton(AF_INET6, peer_text, &v6.sin6_addr), 1);
  return asyncscope_debug_network_has(&network, (struct sockaddr *)&v6);
}

static void a_network_has_what_begins_like_it(void **state) {
  (void)state;
  assert_true(has("192.0.2.0/24", "192.0.2.0"));
  assert_true(has("192.0.2.0/24", "192.0.2.255"));
  assert_false(has("192.0.2.0/24", "192.0.3.0"));
  assert_false(has("192.0.2.0/24", "192.0.1.255"));
  assert_true(has("10.0.0.0/8", "10.255.255.255"));
  assert_false(has("10.0.0.0/8", "11.0.0.0"));
  assert_true(has("2001:db8::/32", "2001:db8:ffff::1"));
  assert_false(has("2001:db8::/32", "2001:db9::1"));
}

static void a_prefix_may_end_inside_a_byte(void **state) {
  (void)state;
  assert_true(has("172.16.0.0/12", "172.31.255.255"));
  assert_false(has("172.16.0.0/12", "172.32.0.0"));
  assert_true(has("192.0.2.128/25", "192.0.2.128"));
  assert_false(has("192.0.2.128/25", "192.0.2.127"));
  assert_true(has("fc00::/7", "fdff::1"));
  assert_false(has("fc00::/7", "fe00::1"));
}

static void an_address_is_a_network_of_one(void **state) {
  (void)state;
  assert_true(has("192.0.2.7", "192.0.2.7"));
  assert_false(has("192.0.2.7", "192.0.2.6"));
  assert_true(has("192.0.2.7/32", "192.0.2.7"));
  assert_true(has("2001:db8::7", "2001:db8::7"));
  assert_false(has("2001:db8::7/128", "2001:db8::6"));
}

static void all_of_a_family_is_a_network_too(void **state) {
  (void)state;
  assert_true(has("0.0.0.0/0", "255.1.2.3"));
  assert_false(has("0.0.0.0/0", "2001:db8::1"));
  assert_true(has("::/0", "2001:db8::1"));
}

/* As a listener on :: sees them. */
static void mapped_addresses_are_the_ones_they_stand_for(void **state) {
  (void)state;
  assert_true(has("192.0.2.0/24", "::ffff:192.0.2.9"));
  assert_false(has("192.0.2.0/24", "::ffff:192.0.3.9"));
  assert_false(has("192.0.2.0/24", "::192.0.2.9"));
  assert_true(has("::ffff:192.0.2.0/120", "192.0.2.9"));
}

static void others_are_in_none(void **state) {
  asyncscope_debug_network_t all;
  const struct sockaddr local = {.sa_family = AF_UNIX};
  (void)state;
  assert_int_equal(asyncscope_debug_network_parse("::/0", &all), 0);
  assert_false(asyncscope_debug_network_has(&all, NULL));
  assert_false(asyncscope_debug_network_has(&all, &local));
}

static void what_is_no_network_is_refused(void **state) {
  static const char *const bad[] = {"",           "/",
                                    "/8",         "localhost",
                                    "192.0.2",    "192.0.2.0/",
                                    "192.0.2/24", "192.0.2.0/33",
                                    "::/129",     "192.0.2.0/024",
                                    "0300.0.0.1", "192.0.2.0/-1",
                                    "::1%lo",     "192.0.2.0/24/24",
                                    " ::/0",      "192.0.2.0/4294967320",
                                    "[::]/0",     "192.0.2.0/255.255.255.0"};
  asyncscope_debug_network_t network = {.prefix_bits = 77};
  (void)state;
  for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
    if (asyncscope_debug_network_parse(bad[i], &network) != UV_EINVAL) {
      fail_msg("%s was taken", bad[i]);
    }
  }
  assert_int_equal(network.prefix_bits, 77);
}

static void an_address_inside_a_network_is_no_network(void **state) {
  asyncscope_debug_network_t network;
  (void)state;
  assert_int_equal(asyncscope_debug_network_parse("192.0.2.1/24", &network),
                   UV_EINVAL);
  assert_int_equal(asyncscope_debug_network_parse("2001:db8::1/64", &network),
                   UV_EINVAL);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_network_has_what_begins_like_it),
      cmocka_unit_test(a_prefix_may_end_inside_a_byte),
      cmocka_unit_test(an_address_is_a_network_of_one),
      cmocka_unit_test(all_of_a_family_is_a_network_too),
      cmocka_unit_test(mapped_addresses_are_the_ones_they_stand_for),
      cmocka_unit_test(others_are_in_none),
      cmocka_unit_test(what_is_no_network_is_refused),
      cmocka_unit_test(an_address_inside_a_network_is_no_network),
  };
  return test_main(tests, argc, argv);
}
