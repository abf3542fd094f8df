#include "write_probe.h"

static int shut_client(write_probe_t *probe) {
  return async_uv_shutdown(&probe->shutdown_req, stream_of(&probe->pair.client),
                           write_probe_shut);
}

static void run_until_shut(write_probe_t *probe) {
  while (probe->shut.calls == 0) {
    uv_run(&probe->pair.fixture->loop, UV_RUN_ONCE);
  }
}

static void a_shutdown_is_triggered_by_its_stream(void **state) {
  uv_fixture_t *fixture = *state;
  write_probe_t probe;
  write_probe_open(&probe, fixture);
  assert_int_equal(shut_client(&probe), 0);
  run_until_shut(&probe);
  assert_int_equal(probe.shut.status, 0);
  assert_int_equal(probe.shut.execution_async_id,
                   recorder_id(&fixture->recorder, "SHUTDOWNWRAP", 0));
  assert_int_equal(probe.shut.trigger_async_id, tcp_id(&probe.pair.client));
  write_probe_finish(&probe);
  assert_counts(fixture, "SHUTDOWNWRAP", 0, 1, 1, 1, 1);
}

static void a_shutdown_waits_for_the_writes_before_it(void **state) {
  uv_fixture_t *fixture = *state;
  write_probe_t probe;
  write_probe_open(&probe, fixture);
  assert_int_equal(write_probe_write(&probe, WRITE_BIG_BYTES), 0);
  assert_int_equal(shut_client(&probe), 0);
  write_probe_read(&probe);
  run_until_shut(&probe);
  write_probe_receive(&probe, WRITE_BIG_BYTES);
  assert_events(fixture, "", "written, shut");
  write_probe_finish(&probe);
}

static void the_other_end_sees_the_shutdown(void **state) {
  uv_fixture_t *fixture = *state;
  write_probe_t probe;
  write_probe_open(&probe, fixture);
  write_probe_read(&probe);
  assert_int_equal(shut_client(&probe), 0);
  while (!probe.ended) {
    uv_run(&fixture->loop, UV_RUN_ONCE);
  }
  write_probe_finish(&probe);
}

static void a_second_shutdown_is_refused(void **state) {
  uv_fixture_t *fixture = *state;
  async_uv_shutdown_t second;
  write_probe_t probe;
  write_probe_open(&probe, fixture);
  assert_int_equal(shut_client(&probe), 0);
  assert_int_equal(async_uv_shutdown(&second, stream_of(&probe.pair.client),
                                     write_probe_shut),
                   UV_ENOTCONN);
  write_probe_finish(&probe);
  assert_int_equal(probe.shut.calls, 1);
  assert_counts(fixture, "SHUTDOWNWRAP", 1, 1, 0, 0, 1);
}

static void writing_after_a_shutdown_is_refused(void **state) {
  write_probe_t probe;
  write_probe_open(&probe, *state);
  assert_int_equal(shut_client(&probe), 0);
  assert_int_equal(write_probe_write(&probe, 5), UV_EPIPE);
  write_probe_finish(&probe);
  assert_int_equal(probe.written.calls, 0);
}

static void closing_cancels_write_then_shutdown_then_closes(void **state) {
  uv_fixture_t *fixture = *state;
  const recorder_t *recorder = &fixture->recorder;
  write_probe_t probe;
  write_probe_open(&probe, fixture);
  assert_int_equal(write_probe_write(&probe, WRITE_BIG_BYTES), 0);
  assert_int_equal(shut_client(&probe), 0);
  write_probe_finish(&probe);
  assert_int_equal(probe.written.status, UV_ECANCELED);
  assert_int_equal(probe.shut.status, UV_ECANCELED);
  assert_int_equal(probe.shut.execution_async_id,
                   recorder_id(recorder, "SHUTDOWNWRAP", 0));
  assert_events(fixture, "", "written, shut, client closed");
}

static void a_shutdown_without_a_callback_has_no_scope(void **state) {
  uv_fixture_t *fixture = *state;
  write_probe_t probe;
  write_probe_open(&probe, fixture);
  write_probe_read(&probe);
  assert_int_equal(async_uv_shutdown(&probe.shutdown_req,
                                     stream_of(&probe.pair.client), NULL),
                   0);
  while (!probe.ended) {
    uv_run(&fixture->loop, UV_RUN_ONCE);
  }
  write_probe_finish(&probe);
  assert_counts(fixture, "SHUTDOWNWRAP", 0, 1, 0, 0, 1);
}

static void a_shutdown_sees_the_context_it_was_asked_in(void **state) {
  static int store;
  context_t context;
  write_probe_t probe;
  write_probe_open(&probe, *state);
  context_enter(&context, &store);
  assert_int_equal(shut_client(&probe), 0);
  context_leave(&context);
  probe.context = &context;
  run_until_shut(&probe);
  assert_ptr_equal(probe.shut.store, &store);
  write_probe_finish(&probe);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_uv(a_shutdown_is_triggered_by_its_stream),
      cmocka_unit_test_uv(a_shutdown_waits_for_the_writes_before_it),
      cmocka_unit_test_uv(the_other_end_sees_the_shutdown),
      cmocka_unit_test_uv(a_second_shutdown_is_refused),
      cmocka_unit_test_uv(writing_after_a_shutdown_is_refused),
      cmocka_unit_test_uv(closing_cancels_write_then_shutdown_then_closes),
      cmocka_unit_test_uv(a_shutdown_without_a_callback_has_no_scope),
      cmocka_unit_test_uv(a_shutdown_sees_the_context_it_was_asked_in),
  };
  return test_main(tests, argc, argv);
}
