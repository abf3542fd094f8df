#include "test_main.h"

#include <stdio.h>
#include <string.h>

static int left_out;

void test_note_left_out(const char *reason) {
  printf("left out: %s\n", reason);
  left_out = 1;
}

static int has_test(const struct CMUnitTest *tests, size_t count,
                    const char *name) {
  for (size_t i = 0; i < count; i++) {
    if (strcmp(tests[i].name, name) == 0) {
      return 1;
    }
  }
  return 0;
}

int test_main_group(const struct CMUnitTest *tests, size_t count,
                    CMFixtureFunction setup, CMFixtureFunction teardown,
                    int argc, char **argv) {
  if (argc > 1) {
    if (!has_test(tests, count, argv[1])) {
      fprintf(stderr, "%s: no test named %s\n", argv[0], argv[1]);
      return 2;
    }
    cmocka_set_test_filter(argv[1]);
  }
  int failed = _cmocka_run_group_tests(argv[0], tests, count, setup, teardown);
  return failed == 0 && left_out && argc > 1 ? TEST_LEFT_OUT : failed;
}
