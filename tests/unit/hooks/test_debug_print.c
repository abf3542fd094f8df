/* A print that hooks may call: the documents' debug(). */
#include "asyncscope/async_fail.h"
#include "promise_fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static int ends[2];

static void on_init(async_id_t async_id, const char *type, async_id_t trigger,
                    async_resource_t *resource, void *data) {
  (void)async_id, (void)trigger, (void)resource, (void)data;
  async_debug_print_to(ends[1], "init %s\n", type);
}

static void on_before(async_id_t async_id, void *data) {
  (void)async_id, (void)data;
  async_debug_print_to(ends[1], "before\n");
}

static void on_after(async_id_t async_id, void *data) {
  (void)async_id, (void)data;
  async_debug_print_to(ends[1], "after\n");
}

static void on_destroy(async_id_t async_id, void *data) {
  (void)async_id, (void)data;
  async_debug_print_to(ends[1], "destroy\n");
}

static void on_resolve(async_id_t async_id, void *data) {
  (void)async_id, (void)data;
  async_debug_print_to(ends[1], "resolve\n");
}

static int nothing(void *arg) {
  (void)arg;
  return 0;
}

static void assert_printed(const char *expected) {
  char text[2048] = "";
  assert_true(read(ends[0], text, sizeof(text) - 1) >= 0);
  assert_string_equal(text, expected);
}

/* None of them makes a resource, so no hook calls itself. */
static void every_hook_may_print(void **state) {
  static const async_hook_callbacks_t callbacks = {on_init, on_before, on_after,
                                                   on_destroy, on_resolve};
  async_hook_t hook;
  async_resource_t resource;
  (void)state;
  async_hook_init(&hook, &callbacks, NULL);
  assert_int_equal(async_hook_enable(&hook), 0);
  assert_int_equal(async_resource_init(&resource, "T", NULL), 0);
  assert_int_equal(async_resource_run_in_async_scope(&resource, nothing, NULL),
                   0);
  async_resource_finish(&resource);
  async_env_flush();
  async_promise_release(resolved(NULL));
  async_hook_disable(&hook);
  assert_printed("init T\nbefore\nafter\ndestroy\ninit PROMISE\nresolve\n");
}

static void errno_stays(void **state) {
  (void)state;
  errno = EPROTO;
  async_debug_print_to(ends[1], "%s", "said");
  assert_int_equal(errno, EPROTO);
  async_debug_print_to(-1, "%s", "to nobody");
  assert_int_equal(errno, EPROTO);
  assert_printed("said");
}

static void a_long_line_is_cut(void **state) {
  char line[2000], expected[1024];
  (void)state;
  memset(line, 'x', sizeof(line) - 1);
  line[sizeof(line) - 1] = '\0';
  memcpy(expected, line, sizeof(expected));
  expected[sizeof(expected) - 1] = '\0';
  async_debug_print_to(ends[1], "%s", line);
  assert_printed(expected);
}

/* A pipe that is full makes nobody wait that has asked it not to. */
static void a_full_pipe_loses_the_line(void **state) {
  (void)state;
  assert_int_equal(fcntl(ends[1], F_SETFL, O_NONBLOCK), 0);
  while (write(ends[1], "full", 4) == 4)
    continue;
  async_debug_print_to(ends[1], "%01000d", 7);
}

static int setup(void **state) {
  return pipe(ends) == 0 ? fixture_setup(state) : -1;
}

static int teardown(void **state) {
  close(ends[0]);
  close(ends[1]);
  return fixture_teardown(state);
}

#define cmocka_unit_test_with_pipe(test) \
  cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_with_pipe(every_hook_may_print),
      cmocka_unit_test_with_pipe(errno_stays),
      cmocka_unit_test_with_pipe(a_long_line_is_cut),
      cmocka_unit_test_with_pipe(a_full_pipe_loses_the_line),
  };
  return test_main(tests, argc, argv);
}
