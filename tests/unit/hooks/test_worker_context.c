/* A worker has no context of its creator's: that is no loss. */
#include "asyncscope/async_context_loss.h"
#include "asyncscope/async_uv.h"
#include "asyncscope/async_worker.h"
#include "child.h"
#include "hooks_fixture.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

static void on_timeout(async_uv_timer_t *timer) {
  async_uv_close((async_uv_handle_t *)timer, NULL);
}

static void run_a_timer(void *worker_data) {
  static async_uv_timer_t timer;
  (void)worker_data;
  if (async_uv_timer_init(async_env_loop(), &timer) == 0)
    (void)async_uv_timer_start(&timer, on_timeout, 0, 0);
}

static void on_exit_of(async_worker_t *worker, int exit_code) {
  (void)worker;
  printf("exit %d", exit_code);
}

static void make_a_worker_under_a_store(void) {
  async_worker_options_t options = {.on = {.exit = on_exit_of}};
  async_context_value_t value = {.store = &options};
  async_context_frame_t *frame = NULL;
  async_context_key_t key;
  async_worker_t *worker;
  async_context_loss_detect(true);
  (void)async_env_attach(uv_default_loop());
  (void)async_context_key_create("request", &key);
  (void)async_context_frame_with(NULL, &key, &value, &frame);
  frame = async_context_frame_exchange(frame);
  (void)async_worker_create(run_a_timer, &options, &worker);
  async_context_frame_release(async_context_frame_exchange(frame));
  uv_run(uv_default_loop(), UV_RUN_DEFAULT);
  (void)async_env_detach();
}

static void test_main_without_a_store_has_lost_none(void **state) {
  (void)state;
  child_t child = run_child(make_a_worker_under_a_store);
  assert_string_equal(child.err, "");
  assert_string_equal(child.out, "exit 0");
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_main_without_a_store_has_lost_none),
  };
  return test_main(tests, argc, argv);
}
