#include "uv_fixture.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

/* A handle with what its callbacks saw and did. */
typedef struct watch_s {
  async_uv_signal_t signal;
  uv_fixture_t *fixture;
  const context_t *context;
  seen_t caught, closed;
  unsigned limit; /* the call in which a test stops */
  int error;
} watch_t;

static async_uv_handle_t *watch_handle(watch_t *watch) {
  return (async_uv_handle_t *)&watch->signal;
}

static async_id_t watch_id(watch_t *watch) {
  return async_resource_async_id(async_uv_handle_resource(watch_handle(watch)));
}

static void watch_init(watch_t *watch, uv_fixture_t *fixture) {
  memset(watch, 0, sizeof(*watch));
  watch->fixture = fixture;
  assert_int_equal(async_uv_signal_init(&fixture->loop, &watch->signal), 0);
  watch->signal.data = watch;
}

static void watch_finish(watch_t *watch) {
  async_uv_close(watch_handle(watch), NULL);
  uv_fixture_run(watch->fixture);
}

static void run_until_caught(watch_t *watch, unsigned calls) {
  while (watch->caught.calls < calls) {
    uv_run(&watch->fixture->loop, UV_RUN_ONCE);
  }
}

static void on_caught(async_uv_signal_t *signal, int signum) {
  watch_t *watch = signal->data;
  recorder_mark(&watch->fixture->recorder, "caught");
  seen_note(&watch->caught, signum, watch->context);
}

static void on_caught_stop(async_uv_signal_t *signal, int signum) {
  watch_t *watch = signal->data;
  on_caught(signal, signum);
  if (watch->caught.calls == watch->limit) {
    watch->error = async_uv_signal_stop(signal);
  }
}

static void on_closed(async_uv_handle_t *handle) {
  watch_t *watch = handle->data;
  recorder_mark(&watch->fixture->recorder, "closed");
  seen_note(&watch->closed, 0, watch->context);
}

static void on_caught_close(async_uv_signal_t *signal, int signum) {
  on_caught(signal, signum);
  async_uv_close((async_uv_handle_t *)signal, on_closed);
}

static int start(watch_t *watch, async_uv_signal_cb cb) {
  return async_uv_signal_start(&watch->signal, cb, SIGUSR2);
}

static void a_signal_handle_that_is_not_started_has_no_resource(void **state) {
  watch_t watch;
  watch_init(&watch, *state);
  assert_int_equal(watch_id(&watch), ASYNC_ID_UNSET);
  assert_int_equal(async_uv_signal_stop(&watch.signal), 0);
  watch_finish(&watch);
  assert_events(*state, NULL, "");
}

static void each_signal_runs_in_the_scope_of_its_start(void **state) {
  watch_t watch;
  watch_init(&watch, *state);
  watch.limit = 2;
  assert_int_equal(start(&watch, on_caught_stop), 0);
  async_id_t id = watch_id(&watch);
  raise(SIGUSR2);
  run_until_caught(&watch, 1);
  assert_int_equal(watch.caught.status, SIGUSR2);
  assert_int_equal(watch.caught.execution_async_id, id);
  assert_int_equal(watch.caught.trigger_async_id, ASYNC_ID_ROOT);
  raise(SIGUSR2);
  uv_fixture_run(*state);
  assert_int_equal(watch.error, 0);
  assert_counts((uv_fixture_t *)*state, "SIGNALWRAP", 0, 1, 2, 2, 1);
  watch_finish(&watch);
}

static void a_signal_sees_the_context_of_its_start(void **state) {
  static int store;
  context_t context;
  watch_t watch;
  watch_init(&watch, *state);
  context_enter(&context, &store);
  assert_int_equal(start(&watch, on_caught_close), 0);
  context_leave(&context);
  watch.context = &context;
  raise(SIGUSR2);
  uv_fixture_run(*state);
  assert_ptr_equal(watch.caught.store, &store);
  assert_ptr_equal(watch.closed.store, &store);
}

static void stopping_ends_the_resource(void **state) {
  watch_t watch;
  watch_init(&watch, *state);
  assert_int_equal(start(&watch, on_caught), 0);
  assert_int_equal(async_uv_signal_stop(&watch.signal), 0);
  assert_int_equal(watch_id(&watch), ASYNC_ID_UNSET);
  uv_fixture_run(*state);
  assert_events(*state, NULL, "init SIGNALWRAP, destroy SIGNALWRAP");
  watch_finish(&watch);
}

static void starting_after_a_stop_is_another_resource(void **state) {
  watch_t watch;
  watch_init(&watch, *state);
  assert_int_equal(start(&watch, on_caught), 0);
  async_id_t first = watch_id(&watch);
  assert_int_equal(async_uv_signal_stop(&watch.signal), 0);
  assert_int_equal(start(&watch, on_caught_close), 0);
  assert_int_not_equal(watch_id(&watch), first);
  async_id_t second = watch_id(&watch);
  raise(SIGUSR2);
  uv_fixture_run(*state);
  assert_int_equal(watch.caught.execution_async_id, second);
  assert_counts((uv_fixture_t *)*state, "SIGNALWRAP", 0, 1, 0, 0, 1);
}

static void starting_a_started_handle_ends_the_old_resource(void **state) {
  watch_t watch;
  watch_init(&watch, *state);
  assert_int_equal(start(&watch, on_caught), 0);
  assert_int_equal(
      async_uv_signal_start(&watch.signal, on_caught_close, SIGUSR1), 0);
  raise(SIGUSR1);
  uv_fixture_run(*state);
  assert_int_equal(watch.caught.status, SIGUSR1);
  assert_counts((uv_fixture_t *)*state, "SIGNALWRAP", 0, 1, 0, 0, 1);
  assert_counts((uv_fixture_t *)*state, "SIGNALWRAP", 1, 1, 2, 2, 1);
}

static void one_shot_ends_with_its_signal(void **state) {
  watch_t watch;
  watch_init(&watch, *state);
  assert_int_equal(
      async_uv_signal_start_oneshot(&watch.signal, on_caught, SIGUSR2), 0);
  raise(SIGUSR2);
  uv_fixture_run(*state);
  assert_events(*state, NULL,
                "init SIGNALWRAP, before SIGNALWRAP, caught, "
                "after SIGNALWRAP, destroy SIGNALWRAP");
  assert_int_equal(watch_id(&watch), ASYNC_ID_UNSET);
  assert_false(async_uv_is_active(watch_handle(&watch)));
  watch_finish(&watch);
}

static void on_caught_again(async_uv_signal_t *signal, int signum) {
  watch_t *watch = signal->data;
  on_caught(signal, signum);
  if (watch->caught.calls < watch->limit) {
    watch->error =
        async_uv_signal_start_oneshot(signal, on_caught_again, signum);
  }
}

static void one_shot_may_start_itself_again(void **state) {
  watch_t watch;
  watch_init(&watch, *state);
  watch.limit = 2;
  assert_int_equal(
      async_uv_signal_start_oneshot(&watch.signal, on_caught_again, SIGUSR2),
      0);
  raise(SIGUSR2);
  run_until_caught(&watch, 1);
  assert_int_equal(watch.error, 0);
  assert_true(async_uv_is_active(watch_handle(&watch)));
  raise(SIGUSR2);
  uv_fixture_run(*state);
  assert_counts((uv_fixture_t *)*state, "SIGNALWRAP", 0, 1, 1, 1, 1);
  assert_counts((uv_fixture_t *)*state, "SIGNALWRAP", 1, 1, 1, 1, 1);
  watch_finish(&watch);
}

static void a_start_after_one_shot_lasts(void **state) {
  watch_t watch;
  watch_init(&watch, *state);
  watch.limit = 3;
  assert_int_equal(
      async_uv_signal_start_oneshot(&watch.signal, on_caught, SIGUSR2), 0);
  raise(SIGUSR2);
  uv_fixture_run(*state);
  assert_int_equal(start(&watch, on_caught_stop), 0);
  raise(SIGUSR2);
  run_until_caught(&watch, 2);
  raise(SIGUSR2);
  uv_fixture_run(*state);
  assert_counts((uv_fixture_t *)*state, "SIGNALWRAP", 1, 1, 2, 2, 1);
  watch_finish(&watch);
}

static void closing_in_the_handler_keeps_the_scope_for_close(void **state) {
  watch_t watch;
  watch_init(&watch, *state);
  assert_int_equal(start(&watch, on_caught_close), 0);
  raise(SIGUSR2);
  uv_fixture_run(*state);
  assert_events(*state, NULL,
                "init SIGNALWRAP, before SIGNALWRAP, caught, "
                "after SIGNALWRAP, before SIGNALWRAP, closed, "
                "after SIGNALWRAP, destroy SIGNALWRAP");
}

static void closing_in_one_shot_keeps_the_scope_for_close(void **state) {
  watch_t watch;
  watch_init(&watch, *state);
  assert_int_equal(
      async_uv_signal_start_oneshot(&watch.signal, on_caught_close, SIGUSR2),
      0);
  raise(SIGUSR2);
  uv_fixture_run(*state);
  assert_counts((uv_fixture_t *)*state, "SIGNALWRAP", 0, 1, 2, 2, 1);
}

static void a_signal_that_cannot_be_caught_leaves_no_resource(void **state) {
  watch_t watch;
  watch_init(&watch, *state);
  assert_int_equal(async_uv_signal_start(&watch.signal, on_caught, SIGKILL),
                   UV_EINVAL);
  assert_int_equal(async_uv_signal_start(&watch.signal, on_caught, 0),
                   UV_EINVAL);
  assert_int_equal(watch_id(&watch), ASYNC_ID_UNSET);
  watch_finish(&watch);
}

static void a_refused_change_keeps_resource_and_handle_alike(void **state) {
  watch_t watch;
  watch_init(&watch, *state);
  assert_int_equal(start(&watch, on_caught), 0);
  async_id_t id = watch_id(&watch);
  assert_int_equal(async_uv_signal_start(&watch.signal, on_caught, 0),
                   UV_EINVAL);
  assert_true(async_uv_is_active(watch_handle(&watch)));
  assert_int_equal(watch_id(&watch), id);
  assert_int_equal(async_uv_signal_start(&watch.signal, on_caught, SIGKILL),
                   UV_EINVAL);
  assert_false(async_uv_is_active(watch_handle(&watch)));
  assert_int_equal(watch_id(&watch), ASYNC_ID_UNSET);
  watch_finish(&watch);
}

static void starting_a_closing_signal_handle_is_refused(void **state) {
  watch_t watch;
  watch_init(&watch, *state);
  async_uv_close(watch_handle(&watch), NULL);
  assert_int_equal(start(&watch, on_caught), UV_EINVAL);
  assert_int_equal(async_uv_signal_stop(&watch.signal), 0);
  uv_fixture_run(*state);
  assert_events(*state, NULL, "");
}

static void a_signal_handle_needs_a_callback(void **state) {
  watch_t watch;
  watch_init(&watch, *state);
  assert_int_equal(start(&watch, NULL), UV_EINVAL);
  watch_finish(&watch);
}

typedef struct foreign_s {
  watch_t *watch;
  int errors[3];
} foreign_t;

static void use_on_another_thread(void *arg) {
  foreign_t *foreign = arg;
  async_uv_signal_t signal;
  foreign->errors[0] =
      async_uv_signal_init(&foreign->watch->fixture->loop, &signal);
  foreign->errors[1] = start(foreign->watch, on_caught);
  foreign->errors[2] = async_uv_signal_stop(&foreign->watch->signal);
}

static void a_signal_handle_belongs_to_its_loops_thread(void **state) {
  watch_t watch;
  watch_init(&watch, *state);
  foreign_t foreign = {.watch = &watch};
  on_other_environment(use_on_another_thread, &foreign);
  for (size_t i = 0; i < 3; i++) {
    assert_int_equal(foreign.errors[i], UV_EINVAL);
  }
  watch_finish(&watch);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {

      cmocka_unit_test_uv(a_signal_handle_that_is_not_started_has_no_resource),
      cmocka_unit_test_uv(each_signal_runs_in_the_scope_of_its_start),
      cmocka_unit_test_uv(a_signal_sees_the_context_of_its_start),
      cmocka_unit_test_uv(stopping_ends_the_resource),
      cmocka_unit_test_uv(starting_after_a_stop_is_another_resource),
      cmocka_unit_test_uv(starting_a_started_handle_ends_the_old_resource),
      cmocka_unit_test_uv(one_shot_ends_with_its_signal),
      cmocka_unit_test_uv(one_shot_may_start_itself_again),
      cmocka_unit_test_uv(a_start_after_one_shot_lasts),
      cmocka_unit_test_uv(closing_in_the_handler_keeps_the_scope_for_close),
      cmocka_unit_test_uv(closing_in_one_shot_keeps_the_scope_for_close),
      cmocka_unit_test_uv(a_signal_that_cannot_be_caught_leaves_no_resource),
      cmocka_unit_test_uv(a_refused_change_keeps_resource_and_handle_alike),
      cmocka_unit_test_uv(starting_a_closing_signal_handle_is_refused),
      cmocka_unit_test_uv(a_signal_handle_needs_a_callback),
      cmocka_unit_test_uv(a_signal_handle_belongs_to_its_loops_thread),
  };
  return test_main(tests, argc, argv);
}
