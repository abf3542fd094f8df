#ifndef ASYNCSCOPE_TEST_MAIN_H
#define ASYNCSCOPE_TEST_MAIN_H

/* cmocka.h asks for these four before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/*
 * The body of a test program's main(). With the name of a test runs that one,
 * with --each every one in a child process of its own, else all of them in this
 * one. Answers the number of failures; 2 when no test has that name, so that a
 * test which is registered but gone cannot pass; and TEST_LEFT_OUT when the one
 * that was asked for had to be left out.
 *
 *   int main(int argc, char **argv) {
 *     static const struct CMUnitTest tests[] = {
 *         cmocka_unit_test(timer_fires_once),
 *     };
 *     return test_main(tests, argc, argv);
 *   }
 */
#define test_main(tests, argc, argv)                                       \
  test_main_group((tests), sizeof(tests) / sizeof((tests)[0]), NULL, NULL, \
                  (argc), (argv))

/* The same with cmocka's group set-up and tear-down, either of them NULL. */
int test_main_group(const struct CMUnitTest *tests, size_t count,
                    CMFixtureFunction setup, CMFixtureFunction teardown,
                    int argc, char **argv);

/* What CTest takes for "not run": see SKIP_RETURN_CODE. */
enum { TEST_LEFT_OUT = 77 };

/* For a test that cannot run on this machine: says why, and ends it there. To
 * be called on the main thread, where cmocka's skip() may be. */
#define test_leave_out(reason)  \
  do {                          \
    test_note_left_out(reason); \
    skip();                     \
  } while (0)

void test_note_left_out(const char *reason);

#endif
