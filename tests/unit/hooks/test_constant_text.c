/* What text is taken to stay as it is. */
#include "constant_text.h"
#include "hooks_fixture.h"

#include <gnu/libc-version.h>

static char in_data[] = "DATA";

static void a_literal_is_constant(void **state) {
  (void)state;
  assert_true(asyncscope__is_constant_text("LITERAL"));
  assert_true(asyncscope__is_constant_text(__func__));
}

static void what_can_be_written_is_not(void **state) {
  char on_stack[] = "STACK", *on_heap = test_malloc(1);
  (void)state;
  *on_heap = '\0';
  assert_false(asyncscope__is_constant_text(in_data));
  assert_false(asyncscope__is_constant_text(on_stack));
  assert_false(asyncscope__is_constant_text(on_heap));
  test_free(on_heap);
}

/* The C library stands for any that may be unloaded. */
static void what_another_library_has_is_not(void **state) {
  (void)state;
  assert_false(asyncscope__is_constant_text(gnu_get_libc_version()));
}

static void what_lies_nowhere_is_not(void **state) {
  (void)state;
  assert_false(asyncscope__is_constant_text(NULL));
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_literal_is_constant),
      cmocka_unit_test(what_can_be_written_is_not),
      cmocka_unit_test(what_another_library_has_is_not),
      cmocka_unit_test(what_lies_nowhere_is_not),
  };
  return test_main(tests, argc, argv);
}
