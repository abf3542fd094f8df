#include "hooks_fixture.h"

#include <stdio.h>
#include <string.h>

static void add_word(void *arg) {
  trace_add(arg, "tick");
}

static void add_microtask_word(void *arg) {
  trace_add(arg, "microtask");
}

/* What the calls of a thread without an environment answered. */
typedef struct bare_s {
  async_id_t execution, trigger, reserved;
  void *resource, *loop, *exchanged, *message;
  uint32_t thread;
  int init, detach, tick, microtask, immediate, hook, cleanup;
} bare_t;

static void ask_for_ids(bare_t *bare) {
  bare->execution = async_hooks_execution_async_id();
  bare->trigger = async_hooks_trigger_async_id();
  bare->resource = async_hooks_execution_async_resource();
  bare->reserved = async_resource_reserve_id();
  bare->thread = async_env_thread();
  bare->loop = async_env_loop();
}

static void ask_without_environment(void *arg) {
  bare_t *bare = arg;
  static async_hook_t hook;
  static async_immediate_t immediate;
  static async_env_cleanup_t cleanup;
  async_hook_callbacks_t none = {0};
  async_resource_t resource = {0};
  async_hook_init(&hook, &none, NULL);
  ask_for_ids(bare);
  bare->init = async_resource_init(&resource, "ALONE", NULL);
  bare->tick = async_next_tick(add_word, NULL);
  bare->microtask = async_queue_microtask(add_word, NULL);
  bare->immediate = async_immediate_start(&immediate, NULL);
  bare->hook = async_hook_enable(&hook);
  bare->cleanup = async_env_add_cleanup_hook(&cleanup, NULL);
  bare->detach = async_env_detach();
  bare->message = (void *)(uintptr_t)async_error_message();
  async_resource_finish(&resource);
  async_hook_disable(&hook);
  async_env_flush();
}

static void test_thread_without_environment_has_no_ids(void **state) {
  (void)state;
  bare_t bare;
  run_on_thread(ask_without_environment, &bare);
  assert_int_equal(bare.execution, ASYNC_ID_NONE);
  assert_int_equal(bare.trigger, ASYNC_ID_NONE);
  assert_null(bare.resource);
  assert_null(bare.loop);
  assert_int_equal(bare.reserved, ASYNC_ID_UNSET);
  assert_true(bare.thread == ASYNC_THREAD_NONE);
}

static void test_thread_without_environment_is_refused(void **state) {
  (void)state;
  bare_t bare;
  run_on_thread(ask_without_environment, &bare);
  assert_int_equal(bare.init, UV_EINVAL);
  assert_int_equal(bare.tick, UV_EINVAL);
  assert_int_equal(bare.microtask, UV_EINVAL);
  assert_int_equal(bare.immediate, UV_EINVAL);
  assert_int_equal(bare.hook, UV_EINVAL);
  assert_int_equal(bare.cleanup, UV_EINVAL);
  assert_int_equal(bare.detach, UV_EINVAL);
  assert_non_null(bare.message);
}

static void test_top_level_runs_at_root(void **state) {
  (void)state;
  assert_int_equal(async_hooks_execution_async_id(), ASYNC_ID_ROOT);
  assert_int_equal(async_hooks_trigger_async_id(), ASYNC_ID_NONE);
  assert_ptr_equal(async_env_loop(), &((fixture_t *)*state)->loop);
}

static void test_second_open_is_refused(void **state) {
  (void)state;
  uint32_t thread = async_env_thread();
  assert_int_equal(async_env_open(ASYNC_ENV_OTHER, "again"), UV_EALREADY);
  assert_int_equal(async_env_thread(), thread);
}

static void test_second_attach_is_refused(void **state) {
  fixture_t *fixture = *state;
  uv_loop_t other;
  assert_int_equal(uv_loop_init(&other), 0);
  assert_int_equal(async_env_attach(&fixture->loop), UV_EALREADY);
  assert_int_equal(async_env_attach(&other), UV_EALREADY);
  assert_ptr_equal(async_env_loop(), &fixture->loop);
  assert_int_equal(uv_loop_close(&other), 0);
}

typedef struct taken_s {
  uv_loop_t *loop;
  int attach;
  uint32_t thread;
  char message[256];
} taken_t;

static void attach_taken(void *arg) {
  taken_t *taken = arg;
  taken->attach = async_env_attach(taken->loop);
  snprintf(taken->message, sizeof(taken->message), "%s", async_error_message());
  taken->thread = async_env_thread();
}

static void test_loop_of_another_thread_is_refused(void **state) {
  fixture_t *fixture = *state;
  taken_t taken = {.loop = &fixture->loop};
  char number[16];
  run_on_thread(attach_taken, &taken);
  assert_int_equal(taken.attach, UV_EALREADY);
  assert_int_equal(taken.thread, ASYNC_THREAD_NONE);
  snprintf(number, sizeof(number), "thread %u", (unsigned)async_env_thread());
  assert_non_null(strstr(taken.message, number));
  assert_int_equal(async_env_detach(), 0);
  assert_int_equal(async_env_attach(&fixture->loop), 0);
}

static void test_attach_after_open_keeps_the_environment(void **state) {
  (void)state;
  uv_loop_t loop;
  assert_int_equal(uv_loop_init(&loop), 0);
  assert_int_equal(async_env_open(ASYNC_ENV_WORKER, "pool"), 0);
  uint32_t thread = async_env_thread();
  async_id_t before = async_resource_reserve_id();
  assert_null(async_env_loop());
  assert_int_equal(async_env_attach(&loop), 0);
  assert_int_equal(async_env_thread(), thread);
  assert_int_equal(async_resource_reserve_id(), before + 1);
  assert_int_equal(own_env_info().kind, ASYNC_ENV_WORKER);
  assert_int_equal(async_env_detach(), 0);
  assert_int_equal(uv_loop_close(&loop), 0);
}

static void test_thread_numbers_are_never_reused(void **state) {
  (void)state;
  uint32_t last = 0;
  for (int i = 0; i < 5; i++) {
    assert_int_equal(async_env_open(ASYNC_ENV_OTHER, "again"), 0);
    uint32_t thread = async_env_thread();
    assert_true(i == 0 || thread > last);
    last = thread;
    assert_int_equal(async_env_detach(), 0);
    assert_true(async_env_thread() == ASYNC_THREAD_NONE);
  }
}

static void test_name_is_copied_and_cut(void **state) {
  (void)state;
  char name[] = "0123456789abcdefgh";
  assert_int_equal(async_env_open(ASYNC_ENV_OTHER, name), 0);
  memset(name, 'x', sizeof(name) - 1);
  assert_string_equal(own_env_info().name, "0123456789abcde");
  async_env_set_name("short");
  assert_string_equal(own_env_info().name, "short");
  async_env_set_name("a name longer than that");
  assert_string_equal(own_env_info().name, "a name longer t");
  assert_int_equal(async_env_detach(), 0);
}

static void test_attached_environment_is_named_loop(void **state) {
  (void)state;
  assert_string_equal(own_env_info().name, "loop");
  assert_int_equal(own_env_info().kind, ASYNC_ENV_LOOP);
}

static void test_detach_inside_a_scope_is_refused(void **state) {
  fixture_t *fixture = *state;
  async_resource_t resource = {0};
  assert_int_equal(async_resource_init(&resource, "SCOPE", NULL), 0);
  assert_int_equal(async_resource_enter(&resource), 0);
  assert_int_equal(async_env_detach(), UV_EBUSY);
  assert_ptr_equal(async_env_loop(), &fixture->loop);
  async_resource_leave(&resource);
  async_resource_finish(&resource);
}

static void test_detach_delivers_what_is_queued(void **state) {
  fixture_t *fixture = *state;
  async_resource_t resource = {0};
  tracer_init_destroy(&fixture->tracer, &fixture->trace, "");
  assert_int_equal(async_hook_enable(&fixture->tracer.hook), 0);
  assert_int_equal(async_resource_init(&resource, "LAST", NULL), 0);
  async_resource_finish(&resource);
  assert_int_equal(async_env_detach(), 0);
  assert_string_equal(fixture->trace.text, "destroy(#1)");
  assert_int_equal(async_env_attach(&fixture->loop), 0);
}

static void test_detach_runs_queued_ticks(void **state) {
  fixture_t *fixture = *state;
  assert_int_equal(async_next_tick(add_word, &fixture->trace), 0);
  assert_int_equal(async_queue_microtask(add_microtask_word, &fixture->trace),
                   0);
  assert_int_equal(async_env_detach(), 0);
  assert_string_equal(fixture->trace.text, "tick microtask");
  assert_int_equal(async_env_attach(&fixture->loop), 0);
}

static void test_loop_closes_after_each_of_many_attachments(void **state) {
  (void)state;
  for (int i = 0; i < 20; i++) {
    uv_loop_t loop;
    assert_int_equal(uv_loop_init(&loop), 0);
    assert_int_equal(async_env_attach(&loop), 0);
    assert_int_equal(uv_run(&loop, UV_RUN_DEFAULT), 0);
    assert_int_equal(async_env_detach(), 0);
    assert_int_equal(uv_loop_close(&loop), 0);
  }
}

static void test_attached_loop_with_nothing_to_do_ends(void **state) {
  fixture_t *fixture = *state;
  assert_false(uv_loop_alive(&fixture->loop));
  assert_int_equal(uv_run(&fixture->loop, UV_RUN_DEFAULT), 0);
}

static void test_detach_leaves_foreign_handles_alone(void **state) {
  fixture_t *fixture = *state;
  uv_timer_t timer;
  assert_int_equal(uv_timer_init(&fixture->loop, &timer), 0);
  assert_int_equal(async_env_detach(), 0);
  assert_false(uv_is_closing((uv_handle_t *)&timer));
  uv_close((uv_handle_t *)&timer, NULL);
  uv_run(&fixture->loop, UV_RUN_DEFAULT);
  assert_int_equal(async_env_attach(&fixture->loop), 0);
}

static void on_foreign_timer(uv_timer_t *timer) {
  trace_add(timer->data, "timer");
}

static void test_detach_does_not_wait_for_a_foreign_timer(void **state) {
  fixture_t *fixture = *state;
  uv_timer_t timer;
  assert_int_equal(uv_timer_init(&fixture->loop, &timer), 0);
  timer.data = &fixture->trace;
  assert_int_equal(uv_timer_start(&timer, on_foreign_timer, 3600000, 0), 0);
  assert_int_equal(async_env_detach(), 0);
  assert_true(uv_is_active((uv_handle_t *)&timer));
  uv_close((uv_handle_t *)&timer, NULL);
  uv_run(&fixture->loop, UV_RUN_DEFAULT);
  assert_int_equal(async_env_attach(&fixture->loop), 0);
}

static void test_resource_of_an_ended_environment_is_harmless(void **state) {
  fixture_t *fixture = *state;
  async_resource_t old = {0}, young = {0};
  async_resource_info_t info;
  assert_int_equal(async_resource_init(&old, "OLD", NULL), 0);
  async_id_t old_id = async_resource_async_id(&old);
  assert_int_equal(async_env_detach(), 0);
  assert_int_equal(async_env_attach(&fixture->loop), 0);
  while (async_resource_reserve_id() < old_id - 1) {
  }
  assert_int_equal(async_resource_init(&young, "YOUNG", NULL), 0);
  assert_int_equal(async_resource_enter(&old), UV_EINVAL);
  assert_int_equal(async_resource_emit_destroy(&old), UV_EINVAL);
  async_resource_finish(&old);
  assert_true(
      find_info(async_env_thread(), async_resource_async_id(&young), &info));
  assert_string_equal(async_resource_type(&young), "YOUNG");
  assert_int_equal(async_resource_emit_destroy(&young), 0);
  async_resource_finish(&young);
}

static void test_hook_does_not_outlive_its_environment(void **state) {
  fixture_t *fixture = *state;
  async_resource_t resource = {0};
  tracer_init(&fixture->tracer, &fixture->trace, "");
  assert_int_equal(async_hook_enable(&fixture->tracer.hook), 0);
  assert_int_equal(async_env_detach(), 0);
  assert_int_equal(async_env_attach(&fixture->loop), 0);
  assert_int_equal(async_resource_init(&resource, "UNSEEN", NULL), 0);
  async_resource_finish(&resource);
  async_hook_disable(&fixture->tracer.hook);
  assert_string_equal(fixture->trace.text, "");
}

static void test_flush_delivers_where_there_is_no_loop(void **state) {
  (void)state;
  trace_t trace = {.length = 0};
  tracer_t tracer;
  async_resource_t resource = {0};
  assert_int_equal(async_env_open(ASYNC_ENV_WORKER, "worker"), 0);
  tracer_init_destroy(&tracer, &trace, "");
  assert_int_equal(async_hook_enable(&tracer.hook), 0);
  trace.base = async_resource_reserve_id();
  assert_int_equal(async_resource_init(&resource, "TASK", NULL), 0);
  async_resource_finish(&resource);
  assert_int_equal(async_queue_microtask(add_microtask_word, &trace), 0);
  assert_int_equal(async_next_tick(add_word, &trace), 0);
  assert_string_equal(trace.text, "");
  async_env_flush();
  async_hook_disable(&tracer.hook);
  assert_int_equal(async_env_detach(), 0);
  assert_memory_equal(trace.text, "tick microtask destroy(#1)", 26);
}

static void test_flush_inside_a_scope_does_nothing(void **state) {
  fixture_t *fixture = *state;
  async_resource_t resource = {0};
  assert_int_equal(async_resource_init(&resource, "SCOPE", NULL), 0);
  assert_int_equal(async_next_tick(add_word, &fixture->trace), 0);
  assert_int_equal(async_resource_enter(&resource), 0);
  async_env_flush();
  assert_string_equal(fixture->trace.text, "");
  async_resource_leave(&resource);
  async_env_flush();
  assert_string_equal(fixture->trace.text, "tick");
  async_resource_finish(&resource);
}

static int fail_with_a_bad_type(void) {
  async_resource_t resource = {0};
  return async_resource_init(&resource, NULL, NULL);
}

static void test_error_message_names_what_failed(void **state) {
  (void)state;
  assert_int_equal(fail_with_a_bad_type(), UV_EINVAL);
  assert_non_null(strstr(async_error_message(), "type"));
}

static void fail_on_another_thread(void *arg) {
  char *message = arg;
  async_resource_t resource = {0};
  (void)async_resource_init(&resource, "ALONE", NULL);
  snprintf(message, 256, "%s", async_error_message());
}

static void test_error_message_is_the_threads_own(void **state) {
  (void)state;
  char here[256], there[256];
  assert_int_equal(fail_with_a_bad_type(), UV_EINVAL);
  snprintf(here, sizeof(here), "%s", async_error_message());
  run_on_thread(fail_on_another_thread, there);
  assert_string_equal(async_error_message(), here);
  assert_string_not_equal(here, there);
}

static void test_error_message_may_quote_the_one_before(void **state) {
  (void)state;
  async_error_set(0, "first");
  assert_int_equal(async_error_set(UV_EIO, "second: %s", async_error_message()),
                   UV_EIO);
  assert_string_equal(async_error_message(), "second: first");
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_thread_without_environment_has_no_ids),
      cmocka_unit_test(test_thread_without_environment_is_refused),
      cmocka_unit_test_on_loop(test_top_level_runs_at_root),
      cmocka_unit_test_on_loop(test_second_open_is_refused),
      cmocka_unit_test_on_loop(test_second_attach_is_refused),
      cmocka_unit_test_on_loop(test_loop_of_another_thread_is_refused),
      cmocka_unit_test(test_error_message_may_quote_the_one_before),
      cmocka_unit_test(test_attach_after_open_keeps_the_environment),
      cmocka_unit_test(test_thread_numbers_are_never_reused),
      cmocka_unit_test(test_name_is_copied_and_cut),
      cmocka_unit_test_on_loop(test_attached_environment_is_named_loop),
      cmocka_unit_test_on_loop(test_detach_inside_a_scope_is_refused),
      cmocka_unit_test_on_loop(test_detach_delivers_what_is_queued),
      cmocka_unit_test_on_loop(test_detach_runs_queued_ticks),
      cmocka_unit_test(test_loop_closes_after_each_of_many_attachments),
      cmocka_unit_test_on_loop(test_attached_loop_with_nothing_to_do_ends),
      cmocka_unit_test_on_loop(test_detach_leaves_foreign_handles_alone),
      cmocka_unit_test_on_loop(test_detach_does_not_wait_for_a_foreign_timer),
      cmocka_unit_test_on_loop(
          test_resource_of_an_ended_environment_is_harmless),
      cmocka_unit_test_on_loop(test_hook_does_not_outlive_its_environment),
      cmocka_unit_test(test_flush_delivers_where_there_is_no_loop),
      cmocka_unit_test_on_loop(test_flush_inside_a_scope_does_nothing),
      cmocka_unit_test_on_loop(test_error_message_names_what_failed),
      cmocka_unit_test_on_loop(test_error_message_is_the_threads_own),
  };
  return test_main(tests, argc, argv);
}
