#include "http_host.h"
#include "test_main.h"

static bool valid(const char *host) {
  return http_host_valid(host, http_text(host));
}

static void names_and_addresses_are_hosts(void **state) {
  (void)state;
  assert_true(valid("localhost"));
  assert_true(valid("example.org:8080"));
  assert_true(valid("127.0.0.1:65535"));
  assert_true(valid("[::1]"));
  assert_true(valid("[fe80::1]:80"));
  assert_true(valid("a%20b"));
}

static void nothing_is_not_a_host(void **state) {
  (void)state;
  assert_false(valid(""));
  assert_false(valid(":80"));
}

static void a_port_is_a_number_that_fits(void **state) {
  (void)state;
  assert_false(valid("a:65536"));
  assert_false(valid("a:000080"));
  assert_false(valid("a:8o"));
  assert_false(valid("a:80:80"));
}

static void brackets_hold_an_ipv6_address(void **state) {
  (void)state;
  assert_false(valid("[::1"));
  assert_false(valid("[127.0.0.1]"));
  assert_false(valid("[::1]80"));
  assert_false(valid("[::1]:x"));
  assert_false(valid("[]"));
}

static void other_bytes_have_no_place_in_a_host(void **state) {
  (void)state;
  assert_false(valid("a b"));
  assert_false(valid("a/b"));
  assert_false(valid("user@a"));
  assert_false(valid("a%2"));
  assert_false(valid("a%gg"));
  assert_false(valid("a, b"));
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(names_and_addresses_are_hosts),
      cmocka_unit_test(nothing_is_not_a_host),
      cmocka_unit_test(a_port_is_a_number_that_fits),
      cmocka_unit_test(brackets_hold_an_ipv6_address),
      cmocka_unit_test(other_bytes_have_no_place_in_a_host),
  };
  return test_main(tests, argc, argv);
}
