/* Two ports on one loop: what is delivered, when, in whose scope. */
#include "message_probe.h"

#include "asyncscope/async_active_resources.h"
#include "asyncscope/async_fail.h"
#include <stdlib.h>
#include <string.h>

static void close_both(port_probe_t probes[2], uv_fixture_t *fixture) {
  async_message_port_close(probes[0].port);
  uv_fixture_run(fixture);
  assert_int_equal(probes[0].closed.calls, 1);
  assert_int_equal(probes[1].closed.calls, 1);
}

static void close_when_got(port_probe_t *probe) {
  async_message_port_close(probe->port);
}

static void a_message_runs_in_a_scope_of_the_receiving_port(void **state) {
  uv_fixture_t *fixture = *state;
  port_probe_t probes[2];
  note_t note;
  probe_open_pair(probes, fixture, 0);
  probes[1].then = close_when_got;
  probe_receive(&probes[1]);
  probe_post(&probes[0], &note, 1);
  assert_int_equal(probes[1].message.calls, 0);
  uv_fixture_run(fixture);
  assert_numbers(&probes[1], 1);
  assert_int_equal(probes[1].message.execution_async_id,
                   recorder_id(&fixture->recorder, "MESSAGEPORT", 1));
  assert_int_equal(probes[1].message.trigger_async_id, ASYNC_ID_ROOT);
  assert_events(fixture, NULL,
                "init MESSAGEPORT, init MESSAGEPORT, before MESSAGEPORT, "
                "message, after MESSAGEPORT, before MESSAGEPORT, "
                "after MESSAGEPORT, destroy MESSAGEPORT, before MESSAGEPORT, "
                "after MESSAGEPORT, destroy MESSAGEPORT");
}

static void messages_arrive_in_their_order(void **state) {
  uv_fixture_t *fixture = *state;
  port_probe_t probes[2];
  note_t notes[PROBE_NOTES];
  probe_open_pair(probes, fixture, 0);
  probe_receive(&probes[1]);
  probe_post(&probes[0], notes, PROBE_NOTES);
  async_message_port_close(probes[0].port);
  uv_fixture_run(fixture);
  assert_numbers(&probes[1], PROBE_NOTES);
  assert_int_equal(notes_released(notes, PROBE_NOTES), PROBE_NOTES);
}

static void messages_wait_for_a_callback_and_keep_no_loop_alive(void **state) {
  uv_fixture_t *fixture = *state;
  port_probe_t probes[2];
  note_t notes[3];
  probe_open_pair(probes, fixture, 0);
  probe_post(&probes[0], notes, 3);
  uv_fixture_run(fixture);
  assert_int_equal(probes[1].message.calls, 0);
  assert_false(async_message_port_has_ref(probes[1].port));
  probe_receive(&probes[1]);
  assert_true(async_message_port_has_ref(probes[1].port));
  assert_true(uv_run(&fixture->loop, UV_RUN_NOWAIT) != 0);
  assert_numbers(&probes[1], 3);
  close_both(probes, fixture);
}

static void stop_when_got(port_probe_t *probe) {
  async_message_port_on_message(probe->port, NULL);
}

static void a_callback_taken_back_leaves_the_rest_waiting(void **state) {
  uv_fixture_t *fixture = *state;
  port_probe_t probes[2];
  note_t notes[3];
  probe_open_pair(probes, fixture, 0);
  probes[1].then = stop_when_got;
  probe_receive(&probes[1]);
  probe_post(&probes[0], notes, 3);
  uv_fixture_run(fixture);
  assert_numbers(&probes[1], 1);
  assert_false(async_message_port_has_ref(probes[1].port));
  probes[1].then = close_when_got;
  probe_receive(&probes[1]);
  uv_fixture_run(fixture);
  assert_numbers(&probes[1], 2);
  assert_int_equal(notes_released(notes, 3), 3);
}

static void tick(void *arg) {
  port_probe_t *probe = arg;
  recorder_mark(&probe->fixture->recorder, "tick");
}

static void queue_tick(port_probe_t *probe) {
  (void)async_next_tick(tick, probe);
}

static void ticks_run_after_each_message(void **state) {
  uv_fixture_t *fixture = *state;
  port_probe_t probes[2];
  note_t notes[2];
  probe_open_pair(probes, fixture, 0);
  probes[1].then = queue_tick;
  probe_receive(&probes[1]);
  probe_post(&probes[0], notes, 2);
  uv_run(&fixture->loop, UV_RUN_NOWAIT);
  assert_events(fixture, "", "message, tick, message, tick");
  close_both(probes, fixture);
}

static void callbacks_see_the_context_of_the_ports_creation(void **state) {
  static int maker, poster;
  uv_fixture_t *fixture = *state;
  context_t context, posting;
  port_probe_t probes[2];
  note_t note;
  context_enter(&context, &maker);
  probe_open_pair(probes, fixture, 0);
  context_leave(&context);
  probes[1].context = &context;
  probe_receive(&probes[1]);
  context_enter(&posting, &poster);
  probe_post(&probes[0], &note, 1);
  context_leave(&posting);
  async_message_port_close(probes[0].port);
  uv_fixture_run(fixture);
  assert_ptr_equal(probes[1].message.store, &maker);
  assert_ptr_equal(probes[1].closed.store, &maker);
}

static void ref_and_unref_decide_whether_the_loop_waits(void **state) {
  uv_fixture_t *fixture = *state;
  port_probe_t probes[2];
  probe_open_pair(probes, fixture, 0);
  async_message_port_ref(probes[0].port);
  assert_true(async_message_port_has_ref(probes[0].port));
  assert_true(uv_loop_alive(&fixture->loop));
  async_message_port_unref(probes[0].port);
  assert_false(async_message_port_has_ref(probes[0].port));
  uv_fixture_run(fixture);
  probe_receive(&probes[0]);
  async_message_port_close(probes[1].port);
  assert_true(async_message_port_has_ref(probes[0].port));
  uv_fixture_run(fixture);
  assert_int_equal(probes[0].closed.calls, 1);
  assert_false(probes[0].had_ref_when_closed);
}

static void a_referenced_port_is_an_active_resource(void **state) {
  uv_fixture_t *fixture = *state;
  async_active_resource_t active[4];
  port_probe_t probes[2];
  probe_open_pair(probes, fixture, 0);
  assert_int_equal(async_active_resources_info(NULL, active, 4), 0);
  probe_receive(&probes[1]);
  assert_int_equal(async_active_resources_info(NULL, active, 4), 1);
  assert_string_equal(active[0].name, "MessagePort");
  assert_int_equal(
      active[0].async_id,
      async_resource_async_id(async_message_port_resource(probes[1].port)));
  close_both(probes, fixture);
}

static void on_uncaught(const char *message, void *data) {
  port_probe_t *probe = data;
  (void)message;
  seen_note(&probe->drain, 0, NULL);
}

static void fail_once(port_probe_t *probe) {
  if (probe->message.calls == 1) {
    async_fail("bad message");
  }
}

static void a_failing_callback_does_not_stop_the_next(void **state) {
  uv_fixture_t *fixture = *state;
  port_probe_t probes[2];
  note_t notes[2];
  probe_open_pair(probes, fixture, 0);
  probes[1].then = fail_once;
  async_set_uncaught_exception_handler(on_uncaught, &probes[1]);
  probe_receive(&probes[1]);
  probe_post(&probes[0], notes, 2);
  uv_run(&fixture->loop, UV_RUN_NOWAIT);
  assert_numbers(&probes[1], 2);
  assert_int_equal(probes[1].drain.calls, 1);
  assert_int_equal(probes[1].drain.trigger_async_id,
                   probes[1].message.execution_async_id);
  close_both(probes, fixture);
}

static void answer(port_probe_t *probe) {
  static note_t notes[1000];
  port_probe_t *to = probe->arg;
  note_t *note = &notes[probe->message.calls % 1000];
  note_init(note, 0);
  (void)async_message_port_post_message(probe->port, &note->message);
  (void)to;
}

static void on_timeout(async_uv_timer_t *timer) {
  port_probe_t *probes = timer->data;
  async_message_port_close(probes[0].port);
  async_uv_close((async_uv_handle_t *)timer, NULL);
}

/* Each answers the other without end, and still the timer is due. */
static void ports_that_keep_each_other_busy_leave_the_loop_its_turn(
    void **state) {
  uv_fixture_t *fixture = *state;
  async_uv_timer_t timer;
  port_probe_t probes[2];
  note_t note;
  probe_open_pair(probes, fixture, 0);
  for (int i = 0; i < 2; i++) {
    probes[i].fixture = NULL;
    probes[i].then = answer;
    probe_receive(&probes[i]);
  }
  assert_int_equal(async_uv_timer_init(&fixture->loop, &timer), 0);
  timer.data = probes;
  assert_int_equal(async_uv_timer_start(&timer, on_timeout, 5, 0), 0);
  probe_post(&probes[0], &note, 1);
  uv_fixture_run(fixture);
  assert_int_equal(probes[0].closed.calls, 1);
  assert_int_equal(probes[1].closed.calls, 1);
}

static void run_the_loop(port_probe_t *probe) {
  async_message_port_close(probe->port);
  while (probe->closed.calls == 0) {
    uv_run(&probe->fixture->loop, UV_RUN_ONCE);
  }
}

static void a_port_may_go_while_its_callback_runs_the_loop(void **state) {
  uv_fixture_t *fixture = *state;
  port_probe_t probes[2];
  note_t notes[3];
  probe_open_pair(probes, fixture, 0);
  probes[1].then = run_the_loop;
  async_message_port_ref(probes[0].port);
  probe_receive(&probes[1]);
  probe_post(&probes[0], notes, 3);
  uv_fixture_run(fixture);
  assert_numbers(&probes[1], 1);
  assert_int_equal(notes_released(notes, 3), 3);
  assert_int_equal(probes[0].closed.calls, 1);
}

static void close_in_tick(void *arg) {
  port_probe_t *probe = arg;
  async_message_port_close(probe->port);
}

/* Ticks queued at top level run when the first scope opens. */
static void a_tick_that_closes_it_is_in_time(void **state) {
  uv_fixture_t *fixture = *state;
  port_probe_t probes[2];
  note_t note;
  probe_open_pair(probes, fixture, 0);
  probe_receive(&probes[1]);
  probe_post(&probes[0], &note, 1);
  assert_int_equal(async_next_tick(close_in_tick, &probes[1]), 0);
  uv_fixture_run(fixture);
  assert_int_equal(probes[1].message.calls, 0);
  assert_int_equal(notes_released(&note, 1), 1);
}

static void detaching_closes_what_is_open(void **state) {
  uv_fixture_t *fixture = *state;
  port_probe_t probes[2];
  note_t notes[2];
  probe_open_pair(probes, fixture, 0);
  probe_receive(&probes[1]);
  probe_post(&probes[0], notes, 2);
  assert_int_equal(async_env_detach(), 0);
  assert_int_equal(probes[0].closed.calls, 1);
  assert_int_equal(probes[1].closed.calls, 1);
  assert_int_equal(probes[1].message.calls, 0);
  assert_int_equal(notes_released(notes, 2), 2);
  assert_int_equal(async_env_attach(&fixture->loop), 0);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_uv(a_message_runs_in_a_scope_of_the_receiving_port),
      cmocka_unit_test_uv(messages_arrive_in_their_order),
      cmocka_unit_test_uv(messages_wait_for_a_callback_and_keep_no_loop_alive),
      cmocka_unit_test_uv(a_callback_taken_back_leaves_the_rest_waiting),
      cmocka_unit_test_uv(ticks_run_after_each_message),
      cmocka_unit_test_uv(callbacks_see_the_context_of_the_ports_creation),
      cmocka_unit_test_uv(ref_and_unref_decide_whether_the_loop_waits),
      cmocka_unit_test_uv(a_referenced_port_is_an_active_resource),
      cmocka_unit_test_uv(a_failing_callback_does_not_stop_the_next),
      cmocka_unit_test_uv(
          ports_that_keep_each_other_busy_leave_the_loop_its_turn),
      cmocka_unit_test_uv(a_port_may_go_while_its_callback_runs_the_loop),
      cmocka_unit_test_uv(a_tick_that_closes_it_is_in_time),
      cmocka_unit_test_uv(detaching_closes_what_is_open),
  };
  return test_main(tests, argc, argv);
}
