#include "timer_probe.h"

#include <stdlib.h>

static void a_timer_that_is_not_started_has_no_resource(void **state) {
  probe_t probe;
  probe_init(&probe, *state);
  assert_int_equal(probe_id(&probe), ASYNC_ID_UNSET);
  probe_finish(&probe);
  assert_events(*state, NULL, "");
}

static void on_fired_close(async_uv_timer_t *timer) {
  probe_fired(timer);
  async_uv_close((async_uv_handle_t *)timer, probe_closed);
}

static void closing_in_the_callback_keeps_the_scope_for_close(void **state) {
  static int store;
  context_t context;
  probe_t probe;
  probe_init(&probe, *state);
  context_enter(&context, &store);
  assert_int_equal(async_uv_timer_start(&probe.timer, on_fired_close, 0, 0), 0);
  context_leave(&context);
  probe.context = &context;
  uv_fixture_run(*state);
  assert_events(*state, NULL,
                "init Timeout, before Timeout, fired, after Timeout, "
                "before Timeout, closed, after Timeout, destroy Timeout");
  assert_ptr_equal(probe.closed.store, &store);
}

static void closing_a_started_timer_runs_close_in_its_scope(void **state) {
  probe_t probe;
  probe_init(&probe, *state);
  assert_int_equal(async_uv_timer_start(&probe.timer, probe_fired, 0, 0), 0);
  async_uv_close(probe_handle(&probe), probe_closed);
  assert_true(async_uv_is_closing(probe_handle(&probe)));
  uv_fixture_run(*state);
  assert_events(*state, NULL,
                "init Timeout, before Timeout, closed, after Timeout, "
                "destroy Timeout");
}

static void closing_without_a_callback_only_destroys(void **state) {
  probe_t probe;
  probe_init(&probe, *state);
  assert_int_equal(async_uv_timer_start(&probe.timer, probe_fired, 0, 0), 0);
  async_uv_close(probe_handle(&probe), NULL);
  uv_fixture_run(*state);
  assert_events(*state, NULL, "init Timeout, destroy Timeout");
}

static void stopping_a_closing_timer_leaves_close_its_scope(void **state) {
  probe_t probe;
  probe_init(&probe, *state);
  assert_int_equal(async_uv_timer_start(&probe.timer, probe_fired, 0, 0), 0);
  async_uv_close(probe_handle(&probe), probe_closed);
  assert_int_equal(async_uv_timer_stop(&probe.timer), 0);
  uv_fixture_run(*state);
  assert_counts((uv_fixture_t *)*state, "Timeout", 0, 1, 1, 1, 1);
}

static void on_closed_free(async_uv_handle_t *handle) {
  probe_closed(handle);
  free(handle->data);
}

static void the_close_callback_may_free_the_timer(void **state) {
  probe_t *probe = malloc(sizeof(*probe));
  assert_non_null(probe);
  probe_init(probe, *state);
  assert_int_equal(async_uv_timer_start(&probe->timer, probe_fired, 0, 0), 0);
  async_uv_close(probe_handle(probe), on_closed_free);
  uv_fixture_run(*state);
  assert_counts((uv_fixture_t *)*state, "Timeout", 0, 1, 1, 1, 1);
}

static void starting_a_closing_timer_is_refused(void **state) {
  probe_t probe;
  probe_init(&probe, *state);
  async_uv_close(probe_handle(&probe), NULL);
  assert_int_equal(async_uv_timer_start(&probe.timer, probe_fired, 0, 0),
                   UV_EINVAL);
  uv_fixture_run(*state);
  assert_events(*state, NULL, "");
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {

      cmocka_unit_test_uv(a_timer_that_is_not_started_has_no_resource),
      cmocka_unit_test_uv(closing_in_the_callback_keeps_the_scope_for_close),
      cmocka_unit_test_uv(closing_a_started_timer_runs_close_in_its_scope),
      cmocka_unit_test_uv(closing_without_a_callback_only_destroys),
      cmocka_unit_test_uv(stopping_a_closing_timer_leaves_close_its_scope),
      cmocka_unit_test_uv(the_close_callback_may_free_the_timer),
      cmocka_unit_test_uv(starting_a_closing_timer_is_refused),
  };
  return test_main(tests, argc, argv);
}
