/* libuv's threads, at the start or not at all. The program is linked so that
 * the module's calls of uv_thread_create() come here first; libuv's own do
 * not. */
#include "libuv_threads.h"
#include "test_main.h"

#include <dirent.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <uv.h>

int __real_uv_thread_create(uv_thread_t *thread, uv_thread_cb entry, void *arg);
int __wrap_uv_thread_create(uv_thread_t *thread, uv_thread_cb entry, void *arg);

static int threads_allowed = INT_MAX;

int __wrap_uv_thread_create(uv_thread_t *thread, uv_thread_cb entry,
                            void *arg) {
  if (threads_allowed == 0)
    return UV_EAGAIN;
  threads_allowed--;
  return __real_uv_thread_create(thread, entry, arg);
}

static int count_threads(void) {
  DIR *directory = opendir("/proc/self/task");
  int count = 0;
  assert_non_null(directory);
  for (struct dirent *entry = readdir(directory); entry != NULL;
       entry = readdir(directory))
    count += entry->d_name[0] != '.';
  closedir(directory);
  return count;
}

/* One that was joined is still listed for a moment; the test has a time of its
 * own. */
static void await_threads(int count) {
  while (count_threads() != count)
    sched_yield();
}

static void note_number(void *number) {
  *(pid_t *)number = gettid();
}

/* With the first thread a sanitizer may make one of its own. */
static int count_behind_first(void) {
  uv_thread_t first;
  pid_t number;
  char path[64];
  assert_int_equal(__real_uv_thread_create(&first, note_number, &number), 0);
  uv_thread_join(&first);
  snprintf(path, sizeof(path), "/proc/self/task/%d", (int)number);
  while (access(path, F_OK) == 0)
    sched_yield();
  return count_threads();
}

static void check_made(const char *size, int expected) {
  int before = count_behind_first();
  if (size != NULL)
    setenv("UV_THREADPOOL_SIZE", size, 1);
  assert_int_equal(app_libuv_threads_start(), 0);
  await_threads(before + expected);
}

static void four_are_there_before_any_is_needed(void **state) {
  (void)state;
  unsetenv("UV_THREADPOOL_SIZE");
  check_made(NULL, 4);
}

static void as_many_are_there_as_the_variable_says(void **state) {
  (void)state;
  check_made("7", 7);
}

static void a_variable_that_is_no_number_makes_one(void **state) {
  (void)state;
  check_made("many", 1);
}

static void one_that_cannot_be_made_is_an_error_and_leaves_none(void **state) {
  int before = count_behind_first();
  (void)state;
  unsetenv("UV_THREADPOOL_SIZE");
  threads_allowed = 3;
  assert_int_equal(app_libuv_threads_start(), UV_EAGAIN);
  await_threads(before);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(four_are_there_before_any_is_needed),
      cmocka_unit_test(as_many_are_there_as_the_variable_says),
      cmocka_unit_test(a_variable_that_is_no_number_makes_one),
      cmocka_unit_test(one_that_cannot_be_made_is_an_error_and_leaves_none),
  };
  return test_main(tests, argc, argv);
}
