#include "test_main.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct group_s {
  const char *program;
  const struct CMUnitTest *tests;
  size_t count;
  CMFixtureFunction setup;
  CMFixtureFunction teardown;
} group_t;

static int left_out;

void test_note_left_out(const char *reason) {
  printf("left out: %s\n", reason);
  left_out = 1;
}

static int has_test(const group_t *group, const char *name) {
  for (size_t i = 0; i < group->count; i++) {
    if (strcmp(group->tests[i].name, name) == 0) {
      return 1;
    }
  }
  return 0;
}

static int run(const group_t *group) {
  return _cmocka_run_group_tests(group->program, group->tests, group->count,
                                 group->setup, group->teardown);
}

static int run_one(const group_t *group, const char *name) {
  cmocka_set_test_filter(name);
  int failed = run(group);
  return failed == 0 && left_out ? TEST_LEFT_OUT : failed;
}

static int in_child(const group_t *group, const char *name) {
  fflush(NULL);
  pid_t child = fork();
  if (child == 0) {
    exit(run_one(group, name));
  }
  int status;
  if (child < 0 || waitpid(child, &status, 0) < 0) {
    return -1;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static int run_each(const group_t *group) {
  int failed = 0;
  for (size_t i = 0; i < group->count; i++) {
    const char *name = group->tests[i].name;
    int status = in_child(group, name);
    if (status != 0 && status != TEST_LEFT_OUT) {
      printf("# Error: %s ended with %d\n", name, status);
      failed++;
    }
  }
  return failed;
}

int test_main_group(const struct CMUnitTest *tests, size_t count,
                    CMFixtureFunction setup, CMFixtureFunction teardown,
                    int argc, char **argv) {
  group_t group = {argv[0], tests, count, setup, teardown};
  if (argc < 2) {
    return run(&group);
  }
  if (strcmp(argv[1], "--each") == 0) {
    return run_each(&group);
  }
  if (!has_test(&group, argv[1])) {
    fprintf(stderr, "%s: no test named %s\n", argv[0], argv[1]);
    return 2;
  }
  return run_one(&group, argv[1]);
}
