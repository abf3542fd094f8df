/* A worker when memory is short: it is there or it is not, and nothing stays
 * behind. */
#include "counting_allocator.h"
#include "hooks_fixture.h"

#include "asyncscope/async_fail.h"
#include "asyncscope/async_worker.h"
#include <string.h>

typedef struct short_s {
  int messages, errors, exits, exit_code;
  char failure[128];
} short_t;

static void post_two(void *worker_data) {
  (void)worker_data;
  for (int i = 0; i < 2; i++) {
    async_message_t *message;
    int error = async_message_create(&i, sizeof(i), &message);
    if (error == 0 && async_message_port_post_message(
                          async_worker_parent_port(), message) != 0) {
      async_message_release(message);
    }
    if (error != 0) {
      async_fail("no memory for message %d", i);
    }
  }
}

static void on_message(async_worker_t *worker, async_message_t *message) {
  short_t *seen = async_worker_get_data(worker);
  seen->messages++;
  async_message_release(message);
}

static void on_error(async_worker_t *worker, const char *message) {
  short_t *seen = async_worker_get_data(worker);
  seen->errors++;
  snprintf(seen->failure, sizeof(seen->failure), "%s", message);
}

static void on_exit_of(async_worker_t *worker, int exit_code) {
  short_t *seen = async_worker_get_data(worker);
  seen->exits++;
  seen->exit_code = exit_code;
}

/* Whether one allocation of all that a worker's life takes failed. */
static bool live_once(uv_loop_t *loop, long failing) {
  short_t seen = {.exit_code = -1};
  async_worker_t *worker;
  async_worker_options_t options = {
      .on = {.message = on_message, .error = on_error, .exit = on_exit_of},
      .data = &seen};
  counting_allocator_fail_at(failing);
  int error = async_worker_create(post_two, &options, &worker);
  uv_run(loop, UV_RUN_DEFAULT);
  bool failed = counting_allocator_disarm();
  if (error != 0) {
    assert_int_equal(error, UV_ENOMEM);
    assert_true(failed);
    assert_int_equal(seen.exits + seen.errors + seen.messages, 0);
    return true;
  }
  assert_int_equal(seen.exits, 1);
  assert_int_equal(seen.exit_code, seen.errors);
  if (seen.errors == 0) {
    assert_int_equal(seen.messages, 2);
  } else {
    assert_non_null(strstr(seen.failure, "no memory"));
  }
  return failed;
}

/* Which of the two threads comes to the nth allocation first is left open: all
 * that is asked holds for either. */
static void test_every_allocation_of_a_worker_may_fail(void **state) {
  uv_loop_t loop;
  long failing = 0, live = -1;
  (void)state;
  assert_int_equal(uv_loop_init(&loop), 0);
  for (bool failed = true; failed; failing++) {
    assert_int_equal(async_env_attach(&loop), 0);
    failed = live_once(&loop, failing) || failing == 0;
    assert_int_equal(async_env_detach(), 0);
    if (failing == 0) {
      live = counting_allocator_live(); /* the names of types stay */
    }
    assert_int_equal(counting_allocator_live(), live);
  }
  assert_true(failing > 8);
  assert_int_equal(uv_loop_close(&loop), 0);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_every_allocation_of_a_worker_may_fail),
  };
  if (counting_allocator_install() != 0) {
    return 1;
  }
  return test_main(tests, argc, argv);
}
