/* What happens to a handle between the start that the program asks for, or the
 * call that libuv makes, and its callback: in init hooks and in ticks. */
#include "timer_probe.h"

#include <string.h>

/* A hook that stops the timer, or the idle handle, whose init it hears. */
typedef struct stopper_s {
  async_hook_t hook;
  async_uv_timer_t *timer;
  async_uv_idle_t *idle;
} stopper_t;

static void on_init(async_id_t async_id, const char *type,
                    async_id_t trigger_async_id, async_resource_t *resource,
                    void *data) {
  const stopper_t *stopper = data;
  (void)async_id, (void)trigger_async_id, (void)resource;
  if (strcmp(type, "Timeout") == 0)
    async_uv_timer_stop(stopper->timer);
  if (strcmp(type, "IDLE") == 0)
    async_uv_idle_stop(stopper->idle);
}

static void stopper_enable(stopper_t *stopper) {
  static const async_hook_callbacks_t callbacks = {.init = on_init};
  assert_int_equal(async_hook_init(&stopper->hook, &callbacks, stopper), 0);
  assert_int_equal(async_hook_enable(&stopper->hook), 0);
}

static int start(probe_t *probe, uint64_t timeout_ms) {
  return async_uv_timer_start(&probe->timer, probe_fired, timeout_ms, 0);
}

static void a_timer_that_its_init_hook_stops_is_not_started(void **state) {
  probe_t probe;
  stopper_t stopper = {.timer = &probe.timer};
  probe_init(&probe, *state);
  stopper_enable(&stopper);
  assert_int_equal(start(&probe, 0), UV_ECANCELED);
  assert_false(async_uv_is_active(probe_handle(&probe)));
  async_hook_disable(&stopper.hook);
  uv_fixture_run(*state);
  assert_int_equal(probe.fired.calls, 0);
  assert_counts((uv_fixture_t *)*state, "Timeout", 0, 1, 0, 0, 1);
  probe_finish(&probe);
}

static void a_timer_that_its_init_hook_stops_has_no_resource_left(
    void **state) {
  probe_t probe;
  stopper_t stopper = {.timer = &probe.timer};
  probe_init(&probe, *state);
  assert_int_equal(start(&probe, 0), 0);
  stopper_enable(&stopper);
  assert_int_equal(start(&probe, 0), UV_ECANCELED);
  async_hook_disable(&stopper.hook);
  uv_fixture_run(*state);
  assert_int_equal(probe.fired.calls, 0);
  assert_counts((uv_fixture_t *)*state, "Timeout", 0, 1, 0, 0, 1);
  assert_counts((uv_fixture_t *)*state, "Timeout", 1, 1, 0, 0, 1);
  probe_finish(&probe);
}

static void on_idle(async_uv_idle_t *idle) {
  ++*(int *)idle->data;
  async_uv_idle_stop(idle);
}

static void an_idle_handle_that_its_init_hook_stops_is_not_started(
    void **state) {
  uv_fixture_t *fixture = *state;
  int calls = 0;
  async_uv_idle_t idle;
  stopper_t stopper = {.idle = &idle};
  assert_int_equal(async_uv_idle_init(&fixture->loop, &idle), 0);
  idle.data = &calls;
  stopper_enable(&stopper);
  assert_int_equal(async_uv_idle_start(&idle, on_idle), UV_ECANCELED);
  async_hook_disable(&stopper.hook);
  uv_fixture_run(fixture);
  assert_int_equal(calls, 0);
  async_uv_close((async_uv_handle_t *)&idle, NULL);
  uv_fixture_run(fixture);
}

static void start_timer_again(void *arg) {
  (void)start(arg, 1);
}

static void close_timer(void *arg) {
  async_uv_close(probe_handle(arg), NULL);
}

/* libuv has decided to call back when the ticks run. */
static void a_timer_that_a_tick_starts_again_is_entered_once(void **state) {
  probe_t probe;
  probe_init(&probe, *state);
  assert_int_equal(start(&probe, 0), 0);
  assert_int_equal(async_next_tick(start_timer_again, &probe), 0);
  uv_fixture_run(*state);
  assert_int_equal(probe.fired.calls, 1);
  assert_counts((uv_fixture_t *)*state, "Timeout", 0, 1, 0, 0, 1);
  assert_counts((uv_fixture_t *)*state, "Timeout", 1, 1, 1, 1, 1);
  probe_finish(&probe);
}

static void a_timer_that_a_tick_closes_is_not_entered(void **state) {
  probe_t probe;
  probe_init(&probe, *state);
  assert_int_equal(start(&probe, 0), 0);
  assert_int_equal(async_next_tick(close_timer, &probe), 0);
  uv_fixture_run(*state);
  assert_int_equal(probe.fired.calls, 0);
  assert_counts((uv_fixture_t *)*state, "Timeout", 0, 1, 0, 0, 1);
}

static void start_idle_again(void *arg) {
  async_uv_idle_stop(arg);
  (void)async_uv_idle_start((async_uv_idle_t *)arg, on_idle);
}

static void an_idle_handle_that_a_tick_starts_again_is_entered_once(
    void **state) {
  uv_fixture_t *fixture = *state;
  int calls = 0;
  async_uv_idle_t idle;
  assert_int_equal(async_uv_idle_init(&fixture->loop, &idle), 0);
  idle.data = &calls;
  assert_int_equal(async_uv_idle_start(&idle, on_idle), 0);
  assert_int_equal(async_next_tick(start_idle_again, &idle), 0);
  uv_fixture_run(fixture);
  assert_int_equal(calls, 1);
  assert_counts(fixture, "IDLE", 0, 1, 0, 0, 1);
  assert_counts(fixture, "IDLE", 1, 1, 1, 1, 1);
  async_uv_close((async_uv_handle_t *)&idle, NULL);
  uv_fixture_run(fixture);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_uv(a_timer_that_its_init_hook_stops_is_not_started),
      cmocka_unit_test_uv(
          a_timer_that_its_init_hook_stops_has_no_resource_left),
      cmocka_unit_test_uv(
          an_idle_handle_that_its_init_hook_stops_is_not_started),
      cmocka_unit_test_uv(a_timer_that_a_tick_starts_again_is_entered_once),
      cmocka_unit_test_uv(a_timer_that_a_tick_closes_is_not_entered),
      cmocka_unit_test_uv(
          an_idle_handle_that_a_tick_starts_again_is_entered_once),
  };
  return test_main(tests, argc, argv);
}
