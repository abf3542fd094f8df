/* W3C Baggage. */
#include "asyncscope/asyncscope_trace.h"
#include "test_main.h"

#include <stdio.h>
#include <string.h>

static asyncscope_baggage_t baggage;

static void add(const char *field) {
  asyncscope_baggage_add(&baggage, field, strlen(field));
}

static void assert_kept(const char *expected) {
  assert_int_equal(baggage.text_bytes, strlen(expected));
  assert_memory_equal(baggage.text, expected, strlen(expected));
}

static void members_are_kept_in_the_order_of_the_fields(void **state) {
  (void)state;
  add("b=2;meta=1 , a=1");
  add("c=;secret");
  assert_kept("b=2;meta=1,a=1,c=;secret");
  assert_int_equal(baggage.members, 3);
}

static void a_malformed_member_does_not_spoil_the_others(void **state) {
  (void)state;
  add("a=1,=2,b,c d=3,e=\"4\",f=5 6,g=7;,h\xff=8,i=9");
  assert_kept("a=1,i=9");
}

static void a_key_that_comes_twice_is_kept_twice(void **state) {
  (void)state;
  add("a=1,a=2");
  assert_kept("a=1,a=2");
}

static void a_member_without_room_is_left_out_and_a_shorter_one_is_not(
    void **state) {
  (void)state;
  static char field[ASYNCSCOPE_BAGGAGE_BYTES + 1];
  memset(field, 'x', ASYNCSCOPE_BAGGAGE_BYTES);
  memcpy(field, "a=", 2);
  asyncscope_baggage_add(&baggage, field, ASYNCSCOPE_BAGGAGE_BYTES - 5);
  add("toolong=1");
  add("b=12");
  assert_int_equal(baggage.members, 2);
  assert_int_equal(baggage.text_bytes, ASYNCSCOPE_BAGGAGE_BYTES);
  assert_memory_equal(baggage.text + ASYNCSCOPE_BAGGAGE_BYTES - 5, ",b=12", 5);
  add("c=");
  assert_int_equal(baggage.members, 2);
}

static void more_members_than_the_standard_knows_are_left_out(void **state) {
  (void)state;
  for (unsigned i = 0; i < ASYNCSCOPE_BAGGAGE_MEMBERS + 1; i++)
    add("k=v");
  assert_int_equal(baggage.members, ASYNCSCOPE_BAGGAGE_MEMBERS);
}

static void assert_value(const char *text, const char *key,
                         const char *expected) {
  char value[16];
  assert_true(
      asyncscope_baggage_get(text, strlen(text), key, value, sizeof(value)));
  assert_string_equal(value, expected);
}

static void a_value_is_found_by_its_key_and_decoded(void **state) {
  (void)state;
  static const char text[] = "user=ann%20b,ser=x,user=other;p=1,tail=%e4%";
  char value[16];
  assert_value(text, "user", "ann b");
  assert_value(text, "ser", "x");
  assert_value(text, "tail", "\xe4%");
  assert_false(
      asyncscope_baggage_get(text, strlen(text), "p", value, sizeof(value)));
  assert_false(asyncscope_baggage_get("", 0, "p", value, sizeof(value)));
}

static void a_long_value_is_cut(void **state) {
  (void)state;
  char value[4];
  assert_true(asyncscope_baggage_get("a=12345", 7, "a", value, sizeof(value)));
  assert_string_equal(value, "123");
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(members_are_kept_in_the_order_of_the_fields),
      cmocka_unit_test(a_malformed_member_does_not_spoil_the_others),
      cmocka_unit_test(a_key_that_comes_twice_is_kept_twice),
      cmocka_unit_test(
          a_member_without_room_is_left_out_and_a_shorter_one_is_not),
      cmocka_unit_test(more_members_than_the_standard_knows_are_left_out),
      cmocka_unit_test(a_value_is_found_by_its_key_and_decoded),
      cmocka_unit_test(a_long_value_is_cut),
  };
  return test_main(tests, argc, argv);
}
