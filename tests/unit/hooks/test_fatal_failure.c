/* Failures that nobody can take end the process, in a child of its own. */
#include "asyncscope/async_fail.h"
#include "asyncscope/async_promise.h"
#include "child.h"
#include "hooks_fixture.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* Which callback of the hook fails, once it is armed. */
enum { IN_INIT, IN_BEFORE, IN_AFTER, IN_DESTROY, IN_RESOLVE };

typedef struct failing_s {
  async_hook_t hook;
  int where;
} failing_t;

static failing_t failing;

static void fail_if(int where) {
  if (failing.where == where)
    async_fail("test_%s_callback",
               (const char *[]){"init", "before", "after", "destroy",
                                "resolve"}[where]);
}

static void on_init(async_id_t async_id, const char *type, async_id_t trigger,
                    async_resource_t *resource, void *data) {
  (void)async_id, (void)type, (void)trigger, (void)resource, (void)data;
  fail_if(IN_INIT);
}

static void on_before(async_id_t async_id, void *data) {
  (void)async_id, (void)data;
  fail_if(IN_BEFORE);
}

static void on_after(async_id_t async_id, void *data) {
  (void)async_id, (void)data;
  fail_if(IN_AFTER);
}

static void on_destroy(async_id_t async_id, void *data) {
  (void)async_id, (void)data;
  fail_if(IN_DESTROY);
}

static void on_resolve(async_id_t async_id, void *data) {
  (void)async_id, (void)data;
  fail_if(IN_RESOLVE);
}

static async_id_t base;
static char core_directory[] = "/tmp/asyncscope-core-XXXXXX";

/* exit() runs it: which scope was the failing one? */
static void say_exit(void) {
  async_id_t async_id = async_hooks_execution_async_id();
  printf("exit %lld\n",
         (long long)(async_id > ASYNC_ID_ROOT ? async_id - base : async_id));
}

static int nothing(void *arg) {
  (void)arg;
  return 0;
}

/* Something of each kind happens; the first failing hook ends it. */
static void live(void) {
  async_resource_t resource;
  async_promise_t *promise = NULL;
  (void)async_resource_init(&resource, "FAILING_TYPE", NULL);
  (void)async_resource_run_in_async_scope(&resource, nothing, NULL);
  if (async_promise_create(&promise) == 0)
    async_promise_resolve(promise, NULL);
  async_resource_finish(&resource);
  async_env_flush();
}

static void taken(const char *message, void *data) {
  (void)data;
  printf("taken %s\n", message);
}

static void fail_in(int where) {
  static const async_hook_callbacks_t callbacks = {on_init, on_before, on_after,
                                                   on_destroy, on_resolve};
  base = async_resource_reserve_id();
  failing.where = where;
  atexit(say_exit);
  (void)async_set_uncaught_exception_handler(taken, NULL);
  async_hook_init(&failing.hook, &callbacks, NULL);
  (void)async_hook_enable(&failing.hook);
  live();
}

static void fail_in_init(void) {
  fail_in(IN_INIT);
}

static void fail_in_before(void) {
  fail_in(IN_BEFORE);
}

static void fail_in_after(void) {
  fail_in(IN_AFTER);
}

static void fail_in_destroy(void) {
  fail_in(IN_DESTROY);
}

static void fail_in_resolve(void) {
  fail_in(IN_RESOLVE);
}

/* First line, exit code, and what exit handlers printed; no handler of
 * uncaught exceptions was asked. */
static void assert_fatal(void (*fn)(void), const char *first, const char *out) {
  child_t child = run_child(fn);
  assert_memory_equal(child.err, first, strlen(first));
  assert_string_equal(child.out, out);
  assert_true(WIFEXITED(child.status));
  assert_int_equal(WEXITSTATUS(child.status), 1);
}

static void test_failing_init_hook(void **state) {
  (void)state;
  assert_fatal(fail_in_init, "Error: test_init_callback\n", "exit 1\n");
}

static void test_failing_before_hook(void **state) {
  (void)state;
  assert_fatal(fail_in_before, "Error: test_before_callback\n", "exit 1\n");
}

static void test_failing_after_hook(void **state) {
  (void)state;
  assert_fatal(fail_in_after, "Error: test_after_callback\n", "exit 1\n");
}

static void test_failing_destroy_hook(void **state) {
  (void)state;
  assert_fatal(fail_in_destroy, "Error: test_destroy_callback\n", "exit 0\n");
}

static void test_failing_promise_resolve_hook(void **state) {
  (void)state;
  assert_fatal(fail_in_resolve, "Error: test_resolve_callback\n", "exit 1\n");
}

static void abort_in_before(void) {
  (void)async_set_abort_on_uncaught_exception(true);
  fail_in(IN_BEFORE);
}

static void test_abort_option(void **state) {
  (void)state;
  child_t child = run_child(abort_in_before);
  assert_true(WIFSIGNALED(child.status));
  assert_int_equal(WTERMSIG(child.status), SIGABRT);
  assert_memory_equal(child.err, "Error: test_before_callback\n", 28);
  assert_string_equal(child.out, "");
}

/* In a directory of its own, as a core may be put into the current one. */
static void allow_core(void) {
  struct rlimit limit;
  if (chdir(core_directory) == 0 && getrlimit(RLIMIT_CORE, &limit) == 0) {
    limit.rlim_cur = limit.rlim_max;
    (void)setrlimit(RLIMIT_CORE, &limit);
  }
}

static void abort_with_core(void) {
  allow_core();
  abort_in_before();
}

static void just_abort(void) {
  allow_core();
  abort();
}

static void remove_cores(void) {
  struct dirent *entry;
  DIR *directory = opendir(core_directory);
  assert_non_null(directory);
  while ((entry = readdir(directory)) != NULL)
    if (entry->d_name[0] != '.')
      assert_int_equal(unlinkat(dirfd(directory), entry->d_name, 0), 0);
  closedir(directory);
  assert_int_equal(rmdir(core_directory), 0);
}

/* Where the system leaves a core of a plain abort(). */
static void test_abort_option_leaves_a_core(void **state) {
  (void)state;
  assert_non_null(mkdtemp(core_directory));
  bool has_cores = WCOREDUMP(run_child(just_abort).status);
  child_t child = run_child(abort_with_core);
  remove_cores();
  assert_int_equal(WTERMSIG(child.status), SIGABRT);
  if (!has_cores)
    test_leave_out("processes leave no core here");
  assert_true(WCOREDUMP(child.status));
}

static void test_message_has_stack_and_chain(void **state) {
  (void)state;
  child_t child = run_child(fail_in_before);
  assert_non_null(strstr(child.err, "caused by"));
  assert_non_null(strstr(child.err, "FAILING_TYPE"));
  assert_non_null(strstr(child.err, "test_fatal_failure.c:"));
  assert_non_null(strstr(child.err, "root(1)"));
  assert_non_null(strstr(child.err, "test_fatal_failure("));
}

static void fail_at_top_level(void) {
  async_fail("nowhere to go");
  puts("until the loop");
  uv_run(async_env_loop(), UV_RUN_DEFAULT);
  puts("never");
}

static void test_failing_at_top_level(void **state) {
  (void)state;
  assert_fatal(fail_at_top_level, "Error: nowhere to go\n", "until the loop\n");
  child_t child = run_child(fail_at_top_level);
  assert_non_null(strstr(child.err, "caused by:\n    root(1)"));
}

static void exit_with_a_failure(void) {
  async_fail("left behind");
  exit(0);
}

/* No loop has run since. */
static void test_failure_left_at_exit_is_told(void **state) {
  (void)state;
  assert_fatal(exit_with_a_failure, "Error: left behind\n", "");
}

static void exit_with_a_failure_and_a_handler(void) {
  (void)async_set_uncaught_exception_handler(taken, NULL);
  async_fail("left behind");
  async_fail("and another");
  exit(0);
}

static void test_failure_left_at_exit_is_handled(void **state) {
  (void)state;
  child_t child = run_child(exit_with_a_failure_and_a_handler);
  assert_string_equal(child.out, "taken and another\n");
  assert_true(WIFEXITED(child.status));
  assert_int_equal(WEXITSTATUS(child.status), 0);
}

static void exit_inside_of_a_failed_scope(async_immediate_t *immediate) {
  (void)immediate;
  async_fail("on its way");
  exit(3);
}

static void exit_on_the_way(void) {
  static async_immediate_t immediate;
  (void)async_immediate_start(&immediate, exit_inside_of_a_failed_scope);
  async_fail("taken before");
  (void)async_catch(NULL);
  uv_run(async_env_loop(), UV_RUN_DEFAULT);
}

/* The program's own decision. */
static void test_exit_in_a_callback_is_no_failure(void **state) {
  (void)state;
  child_t child = run_child(exit_on_the_way);
  assert_string_equal(child.err, "");
  assert_int_equal(WEXITSTATUS(child.status), 3);
}

static void fail_on_a_bare_thread(void) {
  (void)async_env_detach();
  async_fail("no environment");
}

static void test_failing_without_an_environment(void **state) {
  (void)state;
  assert_fatal(fail_on_a_bare_thread, "Error: no environment\n", "");
}

static void fail_again(const char *message, void *data) {
  (void)data;
  async_fail("again after %s", message);
}

static void fail_tick(void *arg) {
  (void)arg;
  async_fail("tick");
}

static void fail_in_handler(void) {
  (void)async_set_uncaught_exception_handler(fail_again, NULL);
  (void)async_next_tick(fail_tick, NULL);
  async_env_flush();
}

static void test_failing_in_the_handler(void **state) {
  (void)state;
  assert_fatal(fail_in_handler, "Error: again after tick\n", "");
}

static void fail_without_handler(void) {
  atexit(say_exit);
  base = async_resource_reserve_id();
  (void)async_next_tick(fail_tick, NULL);
  async_env_flush();
}

/* No after for the outermost one: exit handlers run in its scope. */
static void test_failure_without_a_handler(void **state) {
  (void)state;
  assert_fatal(fail_without_handler, "Error: tick\n", "exit 1\n");
}

static void abort_without_handler(void) {
  (void)async_set_abort_on_uncaught_exception(true);
  fail_without_handler();
}

static void test_abort_option_without_a_handler(void **state) {
  (void)state;
  child_t child = run_child(abort_without_handler);
  assert_true(WIFSIGNALED(child.status));
  assert_int_equal(WTERMSIG(child.status), SIGABRT);
  assert_string_equal(child.out, "");
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_on_loop(test_failing_init_hook),
      cmocka_unit_test_on_loop(test_failing_before_hook),
      cmocka_unit_test_on_loop(test_failing_after_hook),
      cmocka_unit_test_on_loop(test_failing_destroy_hook),
      cmocka_unit_test_on_loop(test_failing_promise_resolve_hook),
      cmocka_unit_test_on_loop(test_abort_option),
      cmocka_unit_test_on_loop(test_abort_option_leaves_a_core),
      cmocka_unit_test_on_loop(test_message_has_stack_and_chain),
      cmocka_unit_test_on_loop(test_failing_at_top_level),
      cmocka_unit_test_on_loop(test_failure_left_at_exit_is_told),
      cmocka_unit_test_on_loop(test_failure_left_at_exit_is_handled),
      cmocka_unit_test_on_loop(test_exit_in_a_callback_is_no_failure),
      cmocka_unit_test_on_loop(test_failing_without_an_environment),
      cmocka_unit_test_on_loop(test_failing_in_the_handler),
      cmocka_unit_test_on_loop(test_failure_without_a_handler),
      cmocka_unit_test_on_loop(test_abort_option_without_a_handler),
  };
  return test_main(tests, argc, argv);
}
