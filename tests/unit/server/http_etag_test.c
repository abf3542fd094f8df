#include "http_etag.h"
#include "test_main.h"

static bool weakly(const char *list, const char *etag) {
  return http_etag_in(http_text(list), etag, false);
}

static bool strongly(const char *list, const char *etag) {
  return http_etag_in(http_text(list), etag, true);
}

static void a_tag_is_compared_with_its_quotes(void **state) {
  (void)state;
  assert_true(weakly("\"a\"", "\"a\""));
  assert_false(weakly("\"A\"", "\"a\""));
  assert_false(weakly("a", "\"a\""));
  assert_false(weakly("\"ab\"", "\"a\""));
  assert_true(weakly("\"\"", "\"\""));
}

/* The table of RFC 9110 8.8.3.2. */
static void weak_and_strong_comparison_differ(void **state) {
  (void)state;
  assert_false(strongly("W/\"1\"", "W/\"1\""));
  assert_true(weakly("W/\"1\"", "W/\"1\""));
  assert_false(strongly("W/\"1\"", "W/\"2\""));
  assert_false(weakly("W/\"1\"", "W/\"2\""));
  assert_false(strongly("W/\"1\"", "\"1\""));
  assert_true(weakly("W/\"1\"", "\"1\""));
  assert_true(strongly("\"1\"", "\"1\""));
  assert_true(weakly("\"1\"", "\"1\""));
}

static void the_mark_of_a_weak_tag_is_a_capital(void **state) {
  (void)state;
  assert_false(weakly("w/\"1\"", "\"1\""));
  assert_false(weakly("W\"1\"", "\"1\""));
}

static void a_list_is_not_cut_at_the_commas_in_tags(void **state) {
  (void)state;
  assert_true(weakly("\"a,b\",\"c\"", "\"c\""));
  assert_true(weakly("\"a,b\" , \t, \"c\"", "\"a,b\""));
  assert_false(weakly("\"x,\"c\"", "\"c\""));
}

static void a_list_ends_where_it_is_not_well_formed(void **state) {
  (void)state;
  assert_true(weakly("\"a\", b, \"c\"", "\"a\""));
  assert_false(weakly("\"a\", b, \"c\"", "\"c\""));
  assert_false(weakly("\"a", "\"a\""));
  assert_false(weakly("", "\"a\""));
  assert_false(weakly(",,,", "\"a\""));
  assert_false(weakly("W/", "\"a\""));
  assert_false(weakly("\"a b\"", "\"a b\""));
}

static void one_tag_is_valid_and_nothing_else(void **state) {
  (void)state;
  assert_true(http_etag_valid(http_text("\"a\"")));
  assert_true(http_etag_valid(http_text("W/\"a\"")));
  assert_true(http_etag_valid(http_text("\"\"")));
  assert_false(http_etag_valid(http_text("\"a\" ")));
  assert_false(http_etag_valid(http_text("\"a\",\"b\"")));
  assert_false(http_etag_valid(http_text("a")));
  assert_false(http_etag_valid(http_text("")));
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_tag_is_compared_with_its_quotes),
      cmocka_unit_test(weak_and_strong_comparison_differ),
      cmocka_unit_test(the_mark_of_a_weak_tag_is_a_capital),
      cmocka_unit_test(a_list_is_not_cut_at_the_commas_in_tags),
      cmocka_unit_test(a_list_ends_where_it_is_not_well_formed),
      cmocka_unit_test(one_tag_is_valid_and_nothing_else),
  };
  return test_main(tests, argc, argv);
}
