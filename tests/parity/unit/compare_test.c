/* The comparer sees what is the same and what is not. */
#include "compare.h"
#include "test_main.h"
#include <stdlib.h>

static void assert_renumbered(const char *text, const char *expected) {
  char *renumbered = compare_renumber(text);
  assert_string_equal(renumbered, expected);
  free(renumbered);
}

static void ids_are_numbered_by_first_appearance(void **state) {
  (void)state;
  assert_renumbered("init 17 Timeout 1 9\nbefore 17\ndestroy 9\n",
                    "init 2 Timeout 1 3\nbefore 2\ndestroy 3\n");
}

static void fixed_ids_keep_their_numbers(void **state) {
  (void)state;
  assert_renumbered("init 5 T -1 0\nprint #1 #0 #-1\n",
                    "init 2 T -1 0\nprint #1 #0 #-1\n");
}

static void ids_in_text_are_marked(void **state) {
  (void)state;
  assert_renumbered("print 40 eid=#40 tid=#41\nafter 40\n",
                    "print 40 eid=#2 tid=#3\nafter 2\n");
}

static void hooks_have_names(void **state) {
  (void)state;
  assert_renumbered("outer:init 8 T 8 1\ninner:before 8\n",
                    "outer:init 2 T 2 1\ninner:before 2\n");
}

static void types_may_hold_digits(void **state) {
  (void)state;
  assert_renumbered("init 8 PBKDF2REQUEST 9 1\n", "init 2 PBKDF2REQUEST 3 1\n");
}

static void types_may_hold_blanks(void **state) {
  (void)state;
  assert_renumbered("init 8 made in 7 9 1\n", "init 2 made in 7 3 1\n");
}

static void the_corruption_message_holds_ids(void **state) {
  (void)state;
  assert_renumbered("stderr x (actual: 1, expected: 44)\ninit 44 T 1 1\n",
                    "stderr x (actual: 1, expected: 2)\ninit 2 T 1 1\n");
}

static void equal_texts_are_the_same(void **state) {
  (void)state;
  assert_true(compare_texts("a", "x\ny\n", "b", "x\ny\n"));
  assert_true(compare_texts("a", "", "b", ""));
}

static void different_texts_are_not(void **state) {
  (void)state;
  assert_false(compare_texts("a", "x\ny\n", "b", "x\nz\n"));
  assert_false(compare_texts("a", "x\n", "b", "x\ny\n"));
  assert_false(compare_texts("a", "x\ny\n", "b", "x\n"));
  assert_false(compare_texts("a", "", "b", "x\n"));
}

int main(int argc, char **argv) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(ids_are_numbered_by_first_appearance),
      cmocka_unit_test(fixed_ids_keep_their_numbers),
      cmocka_unit_test(ids_in_text_are_marked),
      cmocka_unit_test(hooks_have_names),
      cmocka_unit_test(types_may_hold_digits),
      cmocka_unit_test(types_may_hold_blanks),
      cmocka_unit_test(the_corruption_message_holds_ids),
      cmocka_unit_test(equal_texts_are_the_same),
      cmocka_unit_test(different_texts_are_not),
  };
  return test_main(tests, argc, argv);
}
