/* That each public header compiles alone, as C and as C++, is held by building
 * this program: see CMakeLists.txt. */
#include "test_cpp_headers.h"

#include "hooks_fixture.h"

static void test_site_in_cpp_is_of_its_line(void **state) {
  (void)state;
  assert_true(cpp_site_is_of_its_line());
}

static void test_macros_work_in_cpp(void **state) {
  fixture_t *fixture = *state;
  assert_true(cpp_macros_start_things(&fixture->loop));
}

static void test_lambdas_are_arguments_in_cpp(void **state) {
  fixture_t *fixture = *state;
  assert_true(cpp_lambdas_are_arguments(&fixture->loop));
}

static void test_exception_closes_the_scope(void **state) {
  (void)state;
  assert_true(cpp_exception_closes_the_scope());
}

static void test_exception_leaves_what_was_entered(void **state) {
  (void)state;
  assert_true(cpp_exception_leaves_what_was_entered());
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_on_loop(test_site_in_cpp_is_of_its_line),
      cmocka_unit_test_on_loop(test_macros_work_in_cpp),
      cmocka_unit_test_on_loop(test_lambdas_are_arguments_in_cpp),
      cmocka_unit_test_on_loop(test_exception_closes_the_scope),
      cmocka_unit_test_on_loop(test_exception_leaves_what_was_entered),
  };
  return test_main(tests, argc, argv);
}
