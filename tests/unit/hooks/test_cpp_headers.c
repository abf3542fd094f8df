/* That each public header compiles alone, as C and as C++, is held by building
 * this program: see CMakeLists.txt. */
#include "test_cpp_headers.h"

#include "counting_allocator.h"
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

static void test_exception_leaves_nothing_of_an_emitter(void **state) {
  long before = counting_allocator_live();
  (void)state;
  assert_true(cpp_exception_passes_an_emitter());
  assert_int_equal(counting_allocator_live(), before);
}

static int setup_counted(void **state) {
  return counting_allocator_install() != 0 ? -1 : fixture_setup(state);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_on_loop(test_site_in_cpp_is_of_its_line),
      cmocka_unit_test_on_loop(test_macros_work_in_cpp),
      cmocka_unit_test_on_loop(test_lambdas_are_arguments_in_cpp),
      cmocka_unit_test_on_loop(test_exception_closes_the_scope),
      cmocka_unit_test_on_loop(test_exception_leaves_what_was_entered),
      cmocka_unit_test_setup_teardown(
          test_exception_leaves_nothing_of_an_emitter, setup_counted,
          fixture_teardown),
  };
  return test_main(tests, argc, argv);
}
