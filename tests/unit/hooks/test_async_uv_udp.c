#include "udp_probe.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void a_handle_is_a_udpwrap_from_init_until_it_is_closed(void **state) {
  udp_probe_t probe;
  udp_probe_init(&probe, *state);
  assert_events(*state, NULL, "init UDPWRAP");
  udp_probe_finish(&probe);
  assert_events(*state, NULL,
                "init UDPWRAP, before UDPWRAP, closed, after UDPWRAP, "
                "destroy UDPWRAP");
}

static void closing_without_a_callback_has_no_scope(void **state) {
  udp_probe_t probe;
  udp_probe_init(&probe, *state);
  async_uv_close(udp_handle(&probe), NULL);
  uv_fixture_run(*state);
  assert_counts((uv_fixture_t *)*state, "UDPWRAP", 0, 1, 0, 0, 1);
}

static void a_handle_may_be_taken_for_libuvs(void **state) {
  uv_fixture_t *fixture = *state;
  udp_probe_t probe;
  udp_probe_init(&probe, fixture);
  assert_int_equal(uv_handle_get_type((uv_handle_t *)&probe.udp), UV_UDP);
  assert_ptr_equal(uv_handle_get_data((uv_handle_t *)&probe.udp), &probe);
  assert_ptr_equal(probe.udp.loop, &fixture->loop);
  udp_probe_finish(&probe);
}

static void receive_one(udp_probe_t *probe, size_t size_bytes) {
  struct sockaddr_in addr = udp_probe_bind(probe);
  uv_buf_t buf = uv_buf_init(probe->payload, (unsigned)size_bytes);
  assert_int_equal(
      async_uv_udp_recv_start(&probe->udp, udp_probe_alloc, udp_probe_received),
      0);
  assert_int_equal(async_uv_udp_try_send(&probe->udp, &buf, 1,
                                         (const struct sockaddr *)&addr),
                   (int)size_bytes);
  udp_probe_wait(probe, &probe->received, 1);
}

static void a_message_is_received_in_the_handles_scope(void **state) {
  uv_fixture_t *fixture = *state;
  udp_probe_t probe;
  udp_probe_init(&probe, fixture);
  receive_one(&probe, 5);
  assert_int_equal(probe.nread, 5);
  assert_true(probe.same);
  assert_int_equal(probe.received.execution_async_id,
                   recorder_id(&fixture->recorder, "UDPWRAP", 0));
  assert_int_equal(probe.received.trigger_async_id, ASYNC_ID_ROOT);
  assert_ptr_equal(probe.received.resource,
                   async_uv_handle_resource(udp_handle(&probe)));
  udp_probe_finish(&probe);
}

static void an_empty_message_is_received_in_the_handles_scope(void **state) {
  uv_fixture_t *fixture = *state;
  udp_probe_t probe;
  udp_probe_init(&probe, fixture);
  receive_one(&probe, 0);
  assert_int_equal(probe.nread, 0);
  assert_int_equal(probe.received.execution_async_id,
                   recorder_id(&fixture->recorder, "UDPWRAP", 0));
  udp_probe_finish(&probe);
}

static void a_buffer_without_a_message_is_given_back_outside(void **state) {
  uv_fixture_t *fixture = *state;
  udp_probe_t probe;
  udp_probe_init(&probe, fixture);
  receive_one(&probe, 5);
  udp_probe_wait(&probe, &probe.returned, 1);
  assert_int_equal(probe.returned.execution_async_id, ASYNC_ID_ROOT);
  assert_int_equal(
      recorder_count(&fixture->recorder, RECORDED_BEFORE, "UDPWRAP"), 1);
  udp_probe_finish(&probe);
}

static void callbacks_see_the_context_of_the_init(void **state) {
  static int store;
  context_t context;
  udp_probe_t probe;
  context_enter(&context, &store);
  udp_probe_init(&probe, *state);
  context_leave(&context);
  probe.context = &context;
  receive_one(&probe, 5);
  udp_probe_finish(&probe);
  assert_ptr_equal(probe.received.store, &store);
  assert_ptr_equal(probe.closed.store, &store);
}

static void nothing_is_received_after_recv_stop(void **state) {
  udp_probe_t probe;
  udp_probe_init(&probe, *state);
  receive_one(&probe, 5);
  assert_true(async_uv_is_active(udp_handle(&probe)));
  assert_int_equal(async_uv_udp_recv_stop(&probe.udp), 0);
  assert_false(async_uv_is_active(udp_handle(&probe)));
  udp_probe_finish(&probe);
  assert_int_equal(probe.received.calls, 1);
}

static void on_received_close(async_uv_udp_t *udp, ssize_t nread,
                              const uv_buf_t *buf, const struct sockaddr *addr,
                              unsigned int flags) {
  udp_probe_received(udp, nread, buf, addr, flags);
  if (!async_uv_is_closing((async_uv_handle_t *)udp)) {
    async_uv_close((async_uv_handle_t *)udp, NULL);
  }
}

static void the_callback_may_close_the_handle(void **state) {
  uv_fixture_t *fixture = *state;
  udp_probe_t probe;
  udp_probe_init(&probe, fixture);
  struct sockaddr_in addr = udp_probe_bind(&probe);
  assert_int_equal(
      async_uv_udp_recv_start(&probe.udp, udp_probe_alloc, on_received_close),
      0);
  uv_buf_t buf = uv_buf_init(probe.payload, 5);
  assert_int_equal(async_uv_udp_try_send(&probe.udp, &buf, 1,
                                         (const struct sockaddr *)&addr),
                   5);
  uv_fixture_run(fixture);
  assert_events(fixture, NULL,
                "init UDPWRAP, before UDPWRAP, received, after UDPWRAP, "
                "destroy UDPWRAP");
}

static void receiving_needs_both_callbacks(void **state) {
  udp_probe_t probe;
  udp_probe_init(&probe, *state);
  assert_int_equal(
      async_uv_udp_recv_start(&probe.udp, NULL, udp_probe_received), UV_EINVAL);
  assert_int_equal(async_uv_udp_recv_start(&probe.udp, udp_probe_alloc, NULL),
                   UV_EINVAL);
  assert_non_null(strstr(async_error_message(), "both callbacks"));
  udp_probe_finish(&probe);
}

static void receiving_twice_is_refused(void **state) {
  udp_probe_t probe;
  udp_probe_init(&probe, *state);
  receive_one(&probe, 5);
  assert_int_equal(
      async_uv_udp_recv_start(&probe.udp, udp_probe_alloc, on_received_close),
      UV_EALREADY);
  assert_ptr_equal(probe.udp.recv_cb, udp_probe_received);
  udp_probe_finish(&probe);
}

static void a_closing_handle_is_refused(void **state) {
  udp_probe_t probe;
  struct sockaddr_in addr = {.sin_family = AF_INET};
  udp_probe_init(&probe, *state);
  async_uv_close(udp_handle(&probe), NULL);
  assert_int_equal(
      async_uv_udp_bind(&probe.udp, (const struct sockaddr *)&addr, 0),
      UV_EINVAL);
  assert_int_equal(
      async_uv_udp_recv_start(&probe.udp, udp_probe_alloc, udp_probe_received),
      UV_EINVAL);
  assert_int_equal(udp_probe_send(&probe, &addr, 5), UV_EINVAL);
  assert_non_null(strstr(async_error_message(), "closing"));
  assert_int_equal(async_uv_udp_recv_stop(&probe.udp), 0);
  uv_fixture_run(*state);
}

static void a_handle_that_libuv_refuses_is_destroyed(void **state) {
  uv_fixture_t *fixture = *state;
  async_uv_udp_t udp;
  assert_int_equal(async_uv_udp_init_ex(&fixture->loop, &udp, 1u << 30),
                   UV_EINVAL);
  uv_fixture_run(fixture);
  assert_counts(fixture, "UDPWRAP", 0, 1, 0, 0, 1);
}

static void a_handle_knows_its_options(void **state) {
  uv_fixture_t *fixture = *state;
  udp_probe_t probe;
  udp_probe_init(&probe, fixture);
  struct sockaddr_in addr = udp_probe_bind(&probe);
  struct sockaddr_in peer;
  int length = sizeof(peer);
  int fd, on = 0;
  socklen_t on_bytes = sizeof(on);
  assert_int_equal(async_uv_udp_set_broadcast(&probe.udp, 1), 0);
  assert_int_equal(async_uv_udp_set_ttl(&probe.udp, 0), UV_EINVAL);
  assert_int_equal(uv_fileno((uv_handle_t *)&probe.udp, &fd), 0);
  assert_int_equal(getsockopt(fd, SOL_SOCKET, SO_BROADCAST, &on, &on_bytes), 0);
  assert_int_not_equal(on, 0);
  assert_int_equal(
      async_uv_udp_connect(&probe.udp, (const struct sockaddr *)&addr), 0);
  assert_int_equal(
      async_uv_udp_getpeername(&probe.udp, (struct sockaddr *)&peer, &length),
      0);
  assert_int_equal(peer.sin_port, addr.sin_port);
  udp_probe_finish(&probe);
}

typedef struct elsewhere_s {
  udp_probe_t *probe;
  int bind_error, init_error;
} elsewhere_t;

static void use_elsewhere(void *arg) {
  elsewhere_t *elsewhere = arg;
  struct sockaddr_in addr = {.sin_family = AF_INET};
  async_uv_udp_t udp;
  elsewhere->bind_error = async_uv_udp_bind(&elsewhere->probe->udp,
                                            (const struct sockaddr *)&addr, 0);
  elsewhere->init_error =
      async_uv_udp_init(&elsewhere->probe->fixture->loop, &udp);
}

static void a_handle_belongs_to_the_thread_of_its_loop(void **state) {
  udp_probe_t probe;
  elsewhere_t elsewhere = {.probe = &probe};
  udp_probe_init(&probe, *state);
  on_other_environment(use_elsewhere, &elsewhere);
  assert_int_equal(elsewhere.bind_error, UV_EINVAL);
  assert_int_equal(elsewhere.init_error, UV_EINVAL);
  udp_probe_finish(&probe);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_uv(a_handle_is_a_udpwrap_from_init_until_it_is_closed),
      cmocka_unit_test_uv(closing_without_a_callback_has_no_scope),
      cmocka_unit_test_uv(a_handle_may_be_taken_for_libuvs),
      cmocka_unit_test_uv(a_message_is_received_in_the_handles_scope),
      cmocka_unit_test_uv(an_empty_message_is_received_in_the_handles_scope),
      cmocka_unit_test_uv(a_buffer_without_a_message_is_given_back_outside),
      cmocka_unit_test_uv(callbacks_see_the_context_of_the_init),
      cmocka_unit_test_uv(nothing_is_received_after_recv_stop),
      cmocka_unit_test_uv(the_callback_may_close_the_handle),
      cmocka_unit_test_uv(receiving_needs_both_callbacks),
      cmocka_unit_test_uv(receiving_twice_is_refused),
      cmocka_unit_test_uv(a_closing_handle_is_refused),
      cmocka_unit_test_uv(a_handle_that_libuv_refuses_is_destroyed),
      cmocka_unit_test_uv(a_handle_knows_its_options),
      cmocka_unit_test_uv(a_handle_belongs_to_the_thread_of_its_loop),
  };
  return test_main(tests, argc, argv);
}
