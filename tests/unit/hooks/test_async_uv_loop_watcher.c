#include "uv_fixture.h"

#include <stdlib.h>
#include <string.h>

typedef struct watchers_s {
  async_uv_idle_t idle;
  async_uv_prepare_t prepare;
  async_uv_check_t check;
  uv_fixture_t *fixture;
  const context_t *context;
  seen_t idled, prepared, checked, closed;
  async_tick_t tick;
} watchers_t;

static async_uv_handle_t *handle_of(void *handle) {
  return handle;
}

static void watchers_init(watchers_t *watchers, uv_fixture_t *fixture) {
  uv_loop_t *loop = &fixture->loop;
  memset(watchers, 0, sizeof(*watchers));
  watchers->fixture = fixture;
  assert_int_equal(async_uv_idle_init(loop, &watchers->idle), 0);
  assert_int_equal(async_uv_prepare_init(loop, &watchers->prepare), 0);
  assert_int_equal(async_uv_check_init(loop, &watchers->check), 0);
  watchers->idle.data = watchers->prepare.data = watchers->check.data =
      watchers;
}

static void close_unless_closing(void *handle, async_uv_close_cb cb) {
  if (!async_uv_is_closing(handle)) {
    async_uv_close(handle, cb);
  }
}

static void on_closed(async_uv_handle_t *handle) {
  watchers_t *watchers = handle->data;
  seen_note(&watchers->closed, 0, watchers->context);
}

static void watchers_finish(watchers_t *watchers) {
  close_unless_closing(&watchers->idle, on_closed);
  close_unless_closing(&watchers->prepare, on_closed);
  close_unless_closing(&watchers->check, on_closed);
  uv_fixture_run(watchers->fixture);
}

static void on_idle(async_uv_idle_t *idle) {
  watchers_t *watchers = idle->data;
  recorder_mark(&watchers->fixture->recorder, "idle");
  seen_note(&watchers->idled, 0, watchers->context);
}

static void on_idle_stop(async_uv_idle_t *idle) {
  on_idle(idle);
  async_uv_idle_stop(idle);
}

static void on_prepare_stop(async_uv_prepare_t *prepare) {
  watchers_t *watchers = prepare->data;
  recorder_mark(&watchers->fixture->recorder, "prepare");
  seen_note(&watchers->prepared, 0, watchers->context);
  async_uv_prepare_stop(prepare);
}

static void on_check_stop(async_uv_check_t *check) {
  watchers_t *watchers = check->data;
  recorder_mark(&watchers->fixture->recorder, "check");
  seen_note(&watchers->checked, 0, watchers->context);
  async_uv_check_stop(check);
}

static void start_all(watchers_t *watchers) {
  assert_int_equal(async_uv_check_start(&watchers->check, on_check_stop), 0);
  assert_int_equal(async_uv_prepare_start(&watchers->prepare, on_prepare_stop),
                   0);
  assert_int_equal(async_uv_idle_start(&watchers->idle, on_idle_stop), 0);
}

static void each_start_is_a_resource_until_stop(void **state) {
  watchers_t watchers;
  watchers_init(&watchers, *state);
  assert_events(*state, NULL, "");
  start_all(&watchers);
  uv_fixture_run(*state);
  assert_events(*state, "IDLE",
                "init IDLE, before IDLE, idle, after IDLE, prepare, check, "
                "destroy IDLE");
  watchers_finish(&watchers);
}

static void each_runs_in_the_scope_of_its_resource(void **state) {
  uv_fixture_t *fixture = *state;
  const recorder_t *recorder = &fixture->recorder;
  watchers_t watchers;
  watchers_init(&watchers, fixture);
  start_all(&watchers);
  uv_fixture_run(fixture);
  assert_int_equal(watchers.idled.execution_async_id,
                   recorder_id(recorder, "IDLE", 0));
  assert_int_equal(watchers.prepared.execution_async_id,
                   recorder_id(recorder, "PREPARE", 0));
  assert_int_equal(watchers.checked.execution_async_id,
                   recorder_id(recorder, "CHECK", 0));
  assert_int_equal(watchers.idled.trigger_async_id, ASYNC_ID_ROOT);
  assert_counts(fixture, "IDLE", 0, 1, 1, 1, 1);
  assert_counts(fixture, "PREPARE", 0, 1, 1, 1, 1);
  assert_counts(fixture, "CHECK", 0, 1, 1, 1, 1);
  watchers_finish(&watchers);
}

static void each_sees_the_context_of_the_start(void **state) {
  static int store;
  context_t context;
  watchers_t watchers;
  watchers_init(&watchers, *state);
  context_enter(&context, &store);
  start_all(&watchers);
  context_leave(&context);
  watchers.context = &context;
  uv_fixture_run(*state);
  assert_ptr_equal(watchers.idled.store, &store);
  assert_ptr_equal(watchers.prepared.store, &store);
  assert_ptr_equal(watchers.checked.store, &store);
  watchers_finish(&watchers);
}

static void every_iteration_is_a_scope_of_the_same_resource(void **state) {
  uv_fixture_t *fixture = *state;
  watchers_t watchers;
  watchers_init(&watchers, fixture);
  assert_int_equal(async_uv_idle_start(&watchers.idle, on_idle), 0);
  for (unsigned i = 0; i < 3; i++) {
    uv_run(&fixture->loop, UV_RUN_NOWAIT);
  }
  assert_int_equal(async_uv_idle_stop(&watchers.idle), 0);
  watchers_finish(&watchers);
  assert_counts(fixture, "IDLE", 0, 1, 3, 3, 1);
}

static void starting_a_started_one_changes_nothing(void **state) {
  uv_fixture_t *fixture = *state;
  watchers_t watchers;
  watchers_init(&watchers, fixture);
  assert_int_equal(async_uv_idle_start(&watchers.idle, on_idle_stop), 0);
  assert_int_equal(async_uv_idle_start(&watchers.idle, on_idle), 0);
  uv_fixture_run(fixture);
  assert_int_equal(watchers.idled.calls, 1);
  assert_int_equal(recorder_count(&fixture->recorder, RECORDED_INIT, "IDLE"),
                   1);
  watchers_finish(&watchers);
}

static void starting_again_is_a_new_resource(void **state) {
  uv_fixture_t *fixture = *state;
  watchers_t watchers;
  watchers_init(&watchers, fixture);
  start_all(&watchers);
  uv_fixture_run(fixture);
  start_all(&watchers);
  uv_fixture_run(fixture);
  assert_counts(fixture, "IDLE", 1, 1, 1, 1, 1);
  assert_counts(fixture, "PREPARE", 1, 1, 1, 1, 1);
  assert_counts(fixture, "CHECK", 1, 1, 1, 1, 1);
  watchers_finish(&watchers);
}

static void stopping_a_stopped_one_does_nothing(void **state) {
  watchers_t watchers;
  watchers_init(&watchers, *state);
  assert_int_equal(async_uv_idle_stop(&watchers.idle), 0);
  assert_int_equal(async_uv_prepare_stop(&watchers.prepare), 0);
  assert_int_equal(async_uv_check_stop(&watchers.check), 0);
  assert_events(*state, NULL, "");
  watchers_finish(&watchers);
}

static void closing_a_started_one_closes_in_its_scope(void **state) {
  uv_fixture_t *fixture = *state;
  watchers_t watchers;
  watchers_init(&watchers, fixture);
  assert_int_equal(async_uv_idle_start(&watchers.idle, on_idle), 0);
  async_uv_close(handle_of(&watchers.idle), on_closed);
  assert_int_equal(async_uv_idle_stop(&watchers.idle), 0);
  uv_fixture_run(fixture);
  assert_int_equal(watchers.closed.execution_async_id,
                   recorder_id(&fixture->recorder, "IDLE", 0));
  assert_counts(fixture, "IDLE", 0, 1, 1, 1, 1);
  watchers_finish(&watchers);
}

static void a_start_that_cannot_be_is_refused(void **state) {
  watchers_t watchers;
  watchers_init(&watchers, *state);
  assert_int_equal(async_uv_prepare_start(&watchers.prepare, NULL), UV_EINVAL);
  assert_non_null(strstr(async_error_message(), "prepare"));
  async_uv_close(handle_of(&watchers.check), NULL);
  assert_int_equal(async_uv_check_start(&watchers.check, on_check_stop),
                   UV_EINVAL);
  assert_non_null(strstr(async_error_message(), "closing"));
  watchers_finish(&watchers);
  assert_events(*state, NULL, "");
}

static void on_tick_stop(async_tick_t *tick) {
  watchers_t *watchers = tick->resource.data;
  async_uv_check_stop(&watchers->check);
}

static void on_tick_close(async_tick_t *tick) {
  watchers_t *watchers = tick->resource.data;
  async_uv_close(handle_of(&watchers->check), NULL);
}

/* The tick is queued outside of every scope, by a prepare handle of libuv's, so
 * that it is the check's own scope that runs it. */
static void on_plain_prepare(uv_prepare_t *prepare) {
  watchers_t *watchers = prepare->data;
  async_tick_cb cb = watchers->closed.calls == 0 ? on_tick_stop : on_tick_close;
  if (async_tick_start(&watchers->tick, cb, NULL) == 0) {
    watchers->tick.resource.data = watchers;
  }
  uv_prepare_stop(prepare);
}

static void run_with_tick(watchers_t *watchers) {
  uv_prepare_t prepare;
  uv_prepare_init(&watchers->fixture->loop, &prepare);
  prepare.data = watchers;
  assert_int_equal(async_uv_check_start(&watchers->check, on_check_stop), 0);
  uv_prepare_start(&prepare, on_plain_prepare);
  uv_run(&watchers->fixture->loop, UV_RUN_NOWAIT);
  uv_close((uv_handle_t *)&prepare, NULL);
  watchers_finish(watchers);
  assert_int_equal(watchers->checked.calls, 0);
}

static void a_tick_that_stops_it_is_in_time(void **state) {
  watchers_t watchers;
  watchers_init(&watchers, *state);
  run_with_tick(&watchers);
}

static void a_tick_that_closes_it_is_in_time(void **state) {
  watchers_t watchers;
  watchers_init(&watchers, *state);
  watchers.closed.calls = 1;
  run_with_tick(&watchers);
}

typedef struct elsewhere_s {
  watchers_t *watchers;
  int started, initialised;
} elsewhere_t;

static void use_elsewhere(void *arg) {
  elsewhere_t *elsewhere = arg;
  async_uv_idle_t idle;
  elsewhere->started = async_uv_idle_start(&elsewhere->watchers->idle, on_idle);
  elsewhere->initialised =
      async_uv_idle_init(&elsewhere->watchers->fixture->loop, &idle);
}

static void a_watcher_belongs_to_the_thread_of_its_loop(void **state) {
  watchers_t watchers;
  elsewhere_t elsewhere = {.watchers = &watchers};
  watchers_init(&watchers, *state);
  on_other_environment(use_elsewhere, &elsewhere);
  assert_int_equal(elsewhere.started, UV_EINVAL);
  assert_int_equal(elsewhere.initialised, UV_EINVAL);
  watchers_finish(&watchers);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_uv(each_start_is_a_resource_until_stop),
      cmocka_unit_test_uv(each_runs_in_the_scope_of_its_resource),
      cmocka_unit_test_uv(each_sees_the_context_of_the_start),
      cmocka_unit_test_uv(every_iteration_is_a_scope_of_the_same_resource),
      cmocka_unit_test_uv(starting_a_started_one_changes_nothing),
      cmocka_unit_test_uv(starting_again_is_a_new_resource),
      cmocka_unit_test_uv(stopping_a_stopped_one_does_nothing),
      cmocka_unit_test_uv(closing_a_started_one_closes_in_its_scope),
      cmocka_unit_test_uv(a_start_that_cannot_be_is_refused),
      cmocka_unit_test_uv(a_tick_that_stops_it_is_in_time),
      cmocka_unit_test_uv(a_tick_that_closes_it_is_in_time),
      cmocka_unit_test_uv(a_watcher_belongs_to_the_thread_of_its_loop),
  };
  return test_main(tests, argc, argv);
}
