#include "timer_probe.h"

#include "asyncscope/async_allocator.h"
#include "asyncscope/async_queue.h"
#include <stdlib.h>
#include <string.h>

static void a_one_shot_timer_is_destroyed_after_it_fired(void **state) {
  probe_t probe;
  probe_init(&probe, *state);
  assert_int_equal(async_uv_timer_start(&probe.timer, probe_fired, 0, 0), 0);
  uv_fixture_run(*state);
  assert_int_equal(probe_id(&probe), ASYNC_ID_UNSET);
  assert_events(*state, NULL,
                "init Timeout, before Timeout, fired, after Timeout, "
                "destroy Timeout");
  probe_finish(&probe);
}

static void the_callback_runs_in_the_timers_scope(void **state) {
  uv_fixture_t *fixture = *state;
  probe_t probe;
  probe_init(&probe, fixture);
  assert_int_equal(async_uv_timer_start(&probe.timer, probe_fired, 0, 0), 0);
  uv_fixture_run(fixture);
  const recorded_event_t *init =
      recorder_find(&fixture->recorder, RECORDED_INIT, "Timeout", 0);
  assert_int_equal(probe.fired.execution_async_id, init->async_id);
  assert_int_equal(probe.fired.trigger_async_id, init->trigger_async_id);
  assert_int_equal(init->trigger_async_id, ASYNC_ID_ROOT);
  assert_ptr_equal(probe.fired.resource, init->resource);
  probe_finish(&probe);
}

static void the_callback_sees_the_context_of_the_start(void **state) {
  static int store;
  context_t context;
  probe_t probe;
  probe_init(&probe, *state);
  context_enter(&context, &store);
  assert_int_equal(async_uv_timer_start(&probe.timer, probe_fired, 0, 0), 0);
  context_leave(&context);
  probe.context = &context;
  assert_null(context_store(&context));
  uv_fixture_run(*state);
  assert_ptr_equal(probe.fired.store, &store);
  probe_finish(&probe);
}

static void on_fired_until_limit(async_uv_timer_t *timer) {
  probe_t *probe = timer->data;
  probe_fired(timer);
  if (probe->fired.calls == probe->limit) {
    async_uv_timer_stop(timer);
  }
}

static void a_repeating_timer_is_one_resource(void **state) {
  probe_t probe;
  probe_init(&probe, *state);
  probe.limit = 3;
  assert_int_equal(
      async_uv_timer_start(&probe.timer, on_fired_until_limit, 0, 1), 0);
  uv_fixture_run(*state);
  assert_counts((uv_fixture_t *)*state, "Timeout", 0, 1, 3, 3, 1);
  probe_finish(&probe);
}

static void stopping_in_the_callback_destroys_after_after(void **state) {
  probe_t probe;
  probe_init(&probe, *state);
  probe.limit = 1;
  assert_int_equal(
      async_uv_timer_start(&probe.timer, on_fired_until_limit, 0, 0), 0);
  uv_fixture_run(*state);
  assert_events(*state, NULL,
                "init Timeout, before Timeout, fired, after Timeout, "
                "destroy Timeout");
  probe_finish(&probe);
}

static void stopping_before_it_fires_destroys_only(void **state) {
  probe_t probe;
  probe_init(&probe, *state);
  assert_int_equal(async_uv_timer_start(&probe.timer, probe_fired, 0, 0), 0);
  assert_int_equal(async_uv_timer_stop(&probe.timer), 0);
  assert_int_equal(probe_id(&probe), ASYNC_ID_UNSET);
  uv_fixture_run(*state);
  assert_events(*state, NULL, "init Timeout, destroy Timeout");
  probe_finish(&probe);
}

static void stopping_a_stopped_timer_does_nothing(void **state) {
  probe_t probe;
  probe_init(&probe, *state);
  assert_int_equal(async_uv_timer_stop(&probe.timer), 0);
  assert_int_equal(async_uv_timer_stop(&probe.timer), 0);
  probe_finish(&probe);
  assert_events(*state, NULL, "");
}

static void starting_a_started_timer_makes_a_new_timeout(void **state) {
  uv_fixture_t *fixture = *state;
  probe_t probe;
  probe_init(&probe, fixture);
  assert_int_equal(async_uv_timer_start(&probe.timer, probe_fired, 0, 0), 0);
  async_id_t first = probe_id(&probe);
  assert_int_equal(async_uv_timer_start(&probe.timer, probe_fired, 0, 0), 0);
  assert_int_not_equal(probe_id(&probe), first);
  uv_fixture_run(fixture);
  assert_int_equal(probe.fired.calls, 1);
  assert_counts(fixture, "Timeout", 0, 1, 0, 0, 1);
  assert_counts(fixture, "Timeout", 1, 1, 1, 1, 1);
  probe_finish(&probe);
}

static void on_fired_start_again(async_uv_timer_t *timer) {
  probe_t *probe = timer->data;
  probe_fired(timer);
  if (probe->fired.calls == 1) {
    async_uv_timer_start(timer, on_fired_start_again, 0, 0);
    probe->restarted_async_id = probe_id(probe);
  }
}

static void starting_in_the_callback_makes_a_timeout_it_caused(void **state) {
  uv_fixture_t *fixture = *state;
  probe_t probe;
  probe_init(&probe, fixture);
  assert_int_equal(
      async_uv_timer_start(&probe.timer, on_fired_start_again, 0, 0), 0);
  uv_fixture_run(fixture);
  const recorded_event_t *second =
      recorder_find(&fixture->recorder, RECORDED_INIT, "Timeout", 1);
  assert_int_equal(second->trigger_async_id,
                   recorder_id(&fixture->recorder, "Timeout", 0));
  assert_int_equal(probe.fired.execution_async_id, probe.restarted_async_id);
  assert_counts(fixture, "Timeout", 0, 1, 1, 1, 1);
  assert_counts(fixture, "Timeout", 1, 1, 1, 1, 1);
  probe_finish(&probe);
}

static void again_on_a_started_timer_keeps_its_id(void **state) {
  uv_fixture_t *fixture = *state;
  probe_t probe;
  probe_init(&probe, fixture);
  probe.limit = 1;
  assert_int_equal(
      async_uv_timer_start(&probe.timer, on_fired_until_limit, 100000, 1), 0);
  async_id_t first = probe_id(&probe);
  assert_int_equal(async_uv_timer_again(&probe.timer), 0);
  assert_int_equal(probe_id(&probe), first);
  uv_fixture_run(fixture);
  assert_int_equal(probe.fired.execution_async_id, first);
  assert_int_equal(recorder_count(&fixture->recorder, RECORDED_INIT, NULL), 1);
  probe_finish(&probe);
}

static void again_on_a_stopped_timer_makes_a_new_timeout(void **state) {
  uv_fixture_t *fixture = *state;
  static int store;
  context_t context;
  probe_t probe;
  probe_init(&probe, fixture);
  probe.limit = 1;
  assert_int_equal(
      async_uv_timer_start(&probe.timer, on_fired_until_limit, 0, 1), 0);
  uv_fixture_run(fixture);
  context_enter(&context, &store);
  assert_int_equal(async_uv_timer_again(&probe.timer), 0);
  context_leave(&context);
  probe.context = &context;
  probe.limit = 2;
  uv_fixture_run(fixture);
  assert_counts(fixture, "Timeout", 1, 1, 1, 1, 1);
  assert_ptr_equal(probe.fired.store, &store);
  probe_finish(&probe);
}

static void on_fired_again(async_uv_timer_t *timer) {
  probe_t *probe = timer->data;
  probe_fired(timer);
  async_uv_timer_set_repeat(timer, probe->fired.calls == 1 ? 1 : 0);
  async_uv_timer_again(timer);
}

static void again_in_a_one_shot_callback_keeps_its_id(void **state) {
  uv_fixture_t *fixture = *state;
  probe_t probe;
  probe_init(&probe, fixture);
  assert_int_equal(async_uv_timer_start(&probe.timer, on_fired_again, 0, 0), 0);
  uv_fixture_run(fixture);
  assert_counts(fixture, "Timeout", 0, 1, 3, 3, 1);
  assert_int_equal(recorder_count(&fixture->recorder, RECORDED_INIT, NULL), 1);
  probe_finish(&probe);
}

static void again_on_a_timer_never_started_is_refused(void **state) {
  probe_t probe;
  probe_init(&probe, *state);
  async_uv_timer_set_repeat(&probe.timer, 7);
  assert_int_equal(async_uv_timer_get_repeat(&probe.timer), 7);
  assert_int_equal(async_uv_timer_again(&probe.timer), UV_EINVAL);
  probe_finish(&probe);
  assert_events(*state, NULL, "");
}

static void starting_without_a_callback_is_refused(void **state) {
  probe_t probe;
  probe_init(&probe, *state);
  assert_int_equal(async_uv_timer_start(&probe.timer, NULL, 0, 0), UV_EINVAL);
  probe_finish(&probe);
  assert_events(*state, NULL, "");
}

typedef struct foreign_s {
  probe_t *probe;
  uv_loop_t *loop;
  int init_error;
  int start_error;
  char message[160];
} foreign_t;

static void use_on_another_thread(void *arg) {
  foreign_t *foreign = arg;
  async_uv_timer_t timer;
  uv_loop_t loop;
  uv_loop_init(&loop);
  async_env_attach(&loop);
  foreign->init_error = async_uv_timer_init(foreign->loop, &timer);
  strncpy(foreign->message, async_error_message(),
          sizeof(foreign->message) - 1);
  foreign->start_error =
      async_uv_timer_start(&foreign->probe->timer, probe_fired, 0, 0);
  async_env_detach();
  uv_loop_close(&loop);
}

static void a_timer_belongs_to_the_thread_of_its_loop(void **state) {
  uv_fixture_t *fixture = *state;
  probe_t probe;
  probe_init(&probe, fixture);
  foreign_t foreign = {.probe = &probe, .loop = &fixture->loop};
  on_other_thread(use_on_another_thread, &foreign);
  assert_int_equal(foreign.init_error, UV_EINVAL);
  assert_int_equal(foreign.start_error, UV_EINVAL);
  assert_non_null(strstr(foreign.message, "thread"));
  probe_finish(&probe);
  assert_events(fixture, NULL, "");
}

static void an_unreferenced_timer_does_not_hold_the_loop(void **state) {
  probe_t probe;
  probe_init(&probe, *state);
  assert_int_equal(async_uv_timer_start(&probe.timer, probe_fired, 100000, 0),
                   0);
  async_uv_unref(probe_handle(&probe));
  assert_false(async_uv_has_ref(probe_handle(&probe)));
  uv_fixture_run(*state);
  assert_true(async_uv_is_active(probe_handle(&probe)));
  async_uv_ref(probe_handle(&probe));
  assert_true(async_uv_has_ref(probe_handle(&probe)));
  probe_finish(&probe);
}

static void stop_it(void *arg) {
  async_uv_timer_stop(arg);
}

static void a_timer_stopped_by_an_earlier_tick_does_not_fire(void **state) {
  probe_t probe;
  probe_init(&probe, *state);
  assert_int_equal(async_uv_timer_start(&probe.timer, probe_fired, 0, 0), 0);
  assert_int_equal(async_next_tick(stop_it, &probe.timer), 0);
  uv_fixture_run(*state);
  assert_int_equal(probe.fired.calls, 0);
  assert_counts((uv_fixture_t *)*state, "Timeout", 0, 1, 0, 0, 1);
  probe_finish(&probe);
}

typedef struct chain_s {
  async_uv_timer_t timers[3];
  unsigned next;
} chain_t;

static void on_chain(async_uv_timer_t *timer) {
  chain_t *chain = timer->data;
  async_uv_close((async_uv_handle_t *)timer, NULL);
  if (chain->next < 3) {
    async_uv_timer_start(&chain->timers[chain->next++], on_chain, 0, 0);
  }
}

static void a_timer_is_triggered_by_the_one_that_started_it(void **state) {
  uv_fixture_t *fixture = *state;
  chain_t chain = {.next = 1};
  for (unsigned i = 0; i < 3; i++) {
    assert_int_equal(async_uv_timer_init(&fixture->loop, &chain.timers[i]), 0);
    chain.timers[i].data = &chain;
  }
  assert_int_equal(async_uv_timer_start(&chain.timers[0], on_chain, 0, 0), 0);
  uv_fixture_run(fixture);
  for (size_t i = 1; i < 3; i++) {
    assert_int_equal(
        recorder_find(&fixture->recorder, RECORDED_INIT, "Timeout", i)
            ->trigger_async_id,
        recorder_id(&fixture->recorder, "Timeout", i - 1));
  }
}

static bool no_memory;

static void *failing_malloc(size_t size_bytes) {
  return no_memory ? NULL : malloc(size_bytes);
}

static void *failing_realloc(void *memory, size_t size_bytes) {
  return no_memory ? NULL : realloc(memory, size_bytes);
}

static void *failing_calloc(size_t count, size_t size_bytes) {
  return no_memory ? NULL : calloc(count, size_bytes);
}

static int setup_failing_allocator(void **state) {
  no_memory = false;
  assert_int_equal(async_replace_allocator(failing_malloc, failing_realloc,
                                           failing_calloc, free),
                   0);
  return uv_fixture_setup(state);
}

/* Starts timers behind the first until there is no memory for one more; the
 * number of started ones. */
static size_t start_until_no_memory(probe_t *probes, size_t count) {
  for (size_t i = 1; i < count; i++) {
    if (async_uv_timer_start(&probes[i].timer, probe_fired, 0, 0) != 0) {
      return i;
    }
  }
  return count;
}

static void a_restart_without_memory_changes_nothing(void **state) {
  enum { COUNT = 512 };
  uv_fixture_t *fixture = *state;
  probe_t *probes = calloc(COUNT, sizeof(*probes));
  assert_non_null(probes);
  for (size_t i = 0; i < COUNT; i++) {
    probe_init(&probes[i], fixture);
  }
  assert_int_equal(async_uv_timer_start(&probes[0].timer, probe_fired, 0, 0),
                   0);
  no_memory = true;
  size_t started = start_until_no_memory(probes, COUNT);
  assert_in_range(started, 1, COUNT - 1);
  assert_int_equal(probe_id(&probes[started]), ASYNC_ID_UNSET);
  assert_false(async_uv_is_active(probe_handle(&probes[started])));
  async_id_t first = probe_id(&probes[0]);
  assert_int_equal(async_uv_timer_start(&probes[0].timer, probe_fired, 0, 0),
                   UV_ENOMEM);
  assert_int_equal(probe_id(&probes[0]), first);
  no_memory = false;
  uv_fixture_run(fixture);
  assert_int_equal(probes[0].fired.execution_async_id, first);
  for (size_t i = 0; i < COUNT; i++) {
    async_uv_close(probe_handle(&probes[i]), NULL);
  }
  uv_fixture_run(fixture);
  free(probes);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {

      cmocka_unit_test_uv(a_one_shot_timer_is_destroyed_after_it_fired),
      cmocka_unit_test_uv(the_callback_runs_in_the_timers_scope),
      cmocka_unit_test_uv(the_callback_sees_the_context_of_the_start),
      cmocka_unit_test_uv(a_repeating_timer_is_one_resource),
      cmocka_unit_test_uv(stopping_in_the_callback_destroys_after_after),
      cmocka_unit_test_uv(stopping_before_it_fires_destroys_only),
      cmocka_unit_test_uv(stopping_a_stopped_timer_does_nothing),
      cmocka_unit_test_uv(starting_a_started_timer_makes_a_new_timeout),
      cmocka_unit_test_uv(starting_in_the_callback_makes_a_timeout_it_caused),
      cmocka_unit_test_uv(again_on_a_started_timer_keeps_its_id),
      cmocka_unit_test_uv(again_on_a_stopped_timer_makes_a_new_timeout),
      cmocka_unit_test_uv(again_in_a_one_shot_callback_keeps_its_id),
      cmocka_unit_test_uv(again_on_a_timer_never_started_is_refused),
      cmocka_unit_test_uv(starting_without_a_callback_is_refused),
      cmocka_unit_test_uv(a_timer_belongs_to_the_thread_of_its_loop),
      cmocka_unit_test_uv(an_unreferenced_timer_does_not_hold_the_loop),
      cmocka_unit_test_uv(a_timer_stopped_by_an_earlier_tick_does_not_fire),
      cmocka_unit_test_uv(a_timer_is_triggered_by_the_one_that_started_it),
      cmocka_unit_test_setup_teardown(a_restart_without_memory_changes_nothing,
                                      setup_failing_allocator,
                                      uv_fixture_teardown),
  };
  return test_main(tests, argc, argv);
}
