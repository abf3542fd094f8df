#include "write_probe.h"

#include <poll.h>
#include <signal.h>
#include <sys/socket.h>

#define WRITE_TYPES "WRITEWRAP TickObject"

static void closing_cancels_a_queued_write_in_its_own_scope(void **state) {
  uv_fixture_t *fixture = *state;
  const recorder_t *recorder = &fixture->recorder;
  write_probe_t probe;
  write_probe_open(&probe, fixture);
  assert_int_equal(write_probe_write(&probe, WRITE_BIG_BYTES), 0);
  async_id_t client = tcp_id(&probe.pair.client);
  write_probe_finish(&probe);
  assert_int_equal(probe.written.status, UV_ECANCELED);
  assert_int_equal(probe.written.execution_async_id,
                   recorder_id(recorder, "WRITEWRAP", 0));
  assert_int_equal(probe.pair.client_closed.execution_async_id, client);
  assert_events(fixture, WRITE_TYPES,
                "init WRITEWRAP, before WRITEWRAP, written, after WRITEWRAP, "
                "client closed, destroy WRITEWRAP");
}

/* Closes the accepted end so that the client's socket is reset, and waits
 * until the client's kernel side knows. */
static void reset_client(write_probe_t *probe) {
  struct linger linger = {.l_onoff = 1, .l_linger = 0};
  uv_os_fd_t accepted, client;
  assert_int_equal(
      uv_fileno((uv_handle_t *)&probe->pair.accepted.uv, &accepted), 0);
  assert_int_equal(uv_fileno((uv_handle_t *)&probe->pair.client.uv, &client),
                   0);
  assert_int_equal(
      setsockopt(accepted, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)), 0);
  async_uv_close(handle_of(&probe->pair.accepted), NULL);
  struct pollfd events = {.fd = client, .events = POLLIN};
  assert_int_equal(poll(&events, 1, -1), 1);
}

static void an_error_of_the_kernel_is_the_callbacks_status(void **state) {
  uv_fixture_t *fixture = *state;
  write_probe_t probe;
  signal(SIGPIPE, SIG_IGN);
  write_probe_open(&probe, fixture);
  reset_client(&probe);
  assert_int_equal(write_probe_write(&probe, 5), 0);
  uv_run(&fixture->loop, UV_RUN_NOWAIT);
  assert_int_equal(probe.written.calls, 1);
  assert_int_equal(probe.written.status, UV_ECONNRESET);
  assert_int_equal(
      recorder_count(&fixture->recorder, RECORDED_INIT, "WRITEWRAP"), 0);
  write_probe_finish(&probe);
}

static void a_write_without_buffers_is_refused(void **state) {
  write_probe_t probe;
  write_probe_open(&probe, *state);
  uv_buf_t buf = uv_buf_init(probe.payload, 5);
  async_uv_stream_t *client = stream_of(&probe.pair.client);
  assert_int_equal(
      async_uv_write(&probe.req, client, &buf, 0, write_probe_written),
      UV_EINVAL);
  assert_int_equal(async_uv_try_write(client, NULL, 1), UV_EINVAL);
  write_probe_finish(&probe);
  assert_int_equal(probe.written.calls, 0);
}

static void a_write_without_a_socket_is_refused(void **state) {
  write_probe_t probe;
  write_probe_init(&probe, *state);
  assert_int_equal(write_probe_write(&probe, 5), UV_EBADF);
  write_probe_finish(&probe);
  assert_events(*state, NULL, "client closed");
}

static void a_write_on_a_closing_stream_is_refused(void **state) {
  write_probe_t probe;
  write_probe_open(&probe, *state);
  async_uv_close(handle_of(&probe.pair.client), NULL);
  assert_int_equal(write_probe_write(&probe, 5), UV_EBADF);
  write_probe_finish(&probe);
  assert_events(*state, WRITE_TYPES, "");
}

static void trying_to_write_makes_no_resource(void **state) {
  write_probe_t probe;
  write_probe_open(&probe, *state);
  uv_buf_t buf = uv_buf_init(probe.payload, 5);
  assert_int_equal(async_uv_try_write(stream_of(&probe.pair.client), &buf, 1),
                   5);
  assert_events(*state, WRITE_TYPES, "");
  write_probe_finish(&probe);
}

static void trying_to_write_behind_a_queued_write_waits(void **state) {
  write_probe_t probe;
  write_probe_open(&probe, *state);
  assert_int_equal(write_probe_write(&probe, WRITE_BIG_BYTES), 0);
  uv_buf_t buf = uv_buf_init(probe.payload, 5);
  assert_int_equal(async_uv_try_write(stream_of(&probe.pair.client), &buf, 1),
                   UV_EAGAIN);
  write_probe_finish(&probe);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {

      cmocka_unit_test_uv(closing_cancels_a_queued_write_in_its_own_scope),
      cmocka_unit_test_uv(an_error_of_the_kernel_is_the_callbacks_status),
      cmocka_unit_test_uv(a_write_without_buffers_is_refused),
      cmocka_unit_test_uv(a_write_without_a_socket_is_refused),
      cmocka_unit_test_uv(a_write_on_a_closing_stream_is_refused),
      cmocka_unit_test_uv(trying_to_write_makes_no_resource),
      cmocka_unit_test_uv(trying_to_write_behind_a_queued_write_waits),
  };
  return test_main(tests, argc, argv);
}
