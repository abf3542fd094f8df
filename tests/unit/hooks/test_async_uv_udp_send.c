#include "udp_probe.h"

#include <stdlib.h>
#include <string.h>

#define SEND_TYPES "UDPSENDWRAP TickObject"

static void a_message_the_kernel_takes_makes_no_udpsendwrap(void **state) {
  udp_probe_t probe;
  udp_probe_init(&probe, *state);
  struct sockaddr_in addr = udp_probe_bind(&probe);
  assert_int_equal(udp_probe_send(&probe, &addr, 5), 0);
  assert_int_equal(probe.sent.calls, 0);
  assert_int_equal(async_uv_udp_get_send_queue_count(&probe.udp), 0);
  udp_probe_wait(&probe, &probe.sent, 1);
  assert_int_equal(probe.sent.status, 0);
  assert_events(*state, SEND_TYPES,
                "init TickObject, before TickObject, sent, after TickObject, "
                "destroy TickObject");
  udp_probe_finish(&probe);
}

static void a_sent_message_calls_back_in_the_senders_context(void **state) {
  static int store;
  context_t context;
  udp_probe_t probe;
  udp_probe_init(&probe, *state);
  struct sockaddr_in addr = udp_probe_bind(&probe);
  context_enter(&context, &store);
  assert_int_equal(udp_probe_send(&probe, &addr, 5), 0);
  context_leave(&context);
  probe.context = &context;
  udp_probe_finish(&probe);
  assert_ptr_equal(probe.sent.store, &store);
  assert_null(probe.closed.store);
}

static void a_message_that_waits_is_a_udpsendwrap(void **state) {
  uv_fixture_t *fixture = *state;
  udp_probe_t probe;
  udp_probe_init(&probe, fixture);
  udp_probe_open_full(&probe);
  assert_int_equal(udp_probe_send(&probe, NULL, UDP_MESSAGE_BYTES), 0);
  assert_int_equal(async_uv_udp_get_send_queue_count(&probe.udp), 1);
  assert_int_equal(async_uv_udp_get_send_queue_size(&probe.udp),
                   UDP_MESSAGE_BYTES);
  const recorded_event_t *init =
      recorder_find(&fixture->recorder, RECORDED_INIT, "UDPSENDWRAP", 0);
  assert_non_null(init);
  assert_int_equal(init->trigger_async_id,
                   recorder_id(&fixture->recorder, "UDPWRAP", 0));
  udp_probe_drain(&probe);
  udp_probe_wait(&probe, &probe.sent, 1);
  assert_int_equal(probe.sent.status, 0);
  assert_int_equal(probe.sent.execution_async_id, init->async_id);
  udp_probe_finish(&probe);
  assert_events(fixture, SEND_TYPES,
                "init UDPSENDWRAP, before UDPSENDWRAP, sent, "
                "after UDPSENDWRAP, destroy UDPSENDWRAP, closed");
}

static void a_message_that_waits_keeps_the_senders_context(void **state) {
  static int store;
  context_t context;
  udp_probe_t probe;
  udp_probe_init(&probe, *state);
  udp_probe_open_full(&probe);
  context_enter(&context, &store);
  assert_int_equal(udp_probe_send(&probe, NULL, UDP_MESSAGE_BYTES), 0);
  context_leave(&context);
  probe.context = &context;
  udp_probe_drain(&probe);
  udp_probe_wait(&probe, &probe.sent, 1);
  assert_ptr_equal(probe.sent.store, &store);
  udp_probe_finish(&probe);
}

static void sends_call_back_in_their_order(void **state) {
  uv_fixture_t *fixture = *state;
  udp_probe_t probe;
  udp_probe_init(&probe, fixture);
  udp_probe_open_full(&probe);
  assert_int_equal(udp_probe_send(&probe, NULL, UDP_MESSAGE_BYTES), 0);
  udp_probe_drain(&probe);
  assert_int_equal(udp_probe_send_second(&probe), 0);
  udp_probe_wait(&probe, &probe.second_sent, 1);
  assert_events(fixture, "", "sent, second sent");
  assert_int_equal(
      recorder_count(&fixture->recorder, RECORDED_INIT, "UDPSENDWRAP"), 2);
  udp_probe_finish(&probe);
}

static void a_waiting_send_calls_back_behind_a_finished_one(void **state) {
  uv_fixture_t *fixture = *state;
  udp_probe_t probe;
  udp_probe_init(&probe, fixture);
  udp_probe_open_full(&probe);
  udp_probe_drain(&probe);
  assert_int_equal(udp_probe_send(&probe, NULL, 5), 0);
  uv_buf_t buf = uv_buf_init(probe.payload, UDP_MESSAGE_BYTES);
  while (async_uv_udp_try_send(&probe.udp, &buf, 1, NULL) > 0) {
  }
  assert_int_equal(udp_probe_send_second(&probe), 0);
  udp_probe_drain(&probe);
  udp_probe_wait(&probe, &probe.second_sent, 1);
  assert_events(fixture, "", "sent, second sent");
  assert_int_equal(
      recorder_count(&fixture->recorder, RECORDED_INIT, "UDPSENDWRAP"), 1);
  udp_probe_finish(&probe);
}

static void closing_cancels_a_waiting_send_in_its_own_scope(void **state) {
  uv_fixture_t *fixture = *state;
  udp_probe_t probe;
  udp_probe_init(&probe, fixture);
  udp_probe_open_full(&probe);
  assert_int_equal(udp_probe_send(&probe, NULL, UDP_MESSAGE_BYTES), 0);
  udp_probe_finish(&probe);
  assert_int_equal(probe.sent.status, UV_ECANCELED);
  assert_int_equal(probe.sent.execution_async_id,
                   recorder_id(&fixture->recorder, "UDPSENDWRAP", 0));
  assert_events(fixture, "", "sent, closed");
}

static void an_error_of_the_kernel_is_the_callbacks_status(void **state) {
  static char big[70000];
  uv_fixture_t *fixture = *state;
  udp_probe_t probe;
  udp_probe_init(&probe, fixture);
  struct sockaddr_in addr = udp_probe_bind(&probe);
  uv_buf_t buf = uv_buf_init(big, sizeof(big));
  assert_int_equal(async_uv_udp_send(&probe.req, &probe.udp, &buf, 1,
                                     (const struct sockaddr *)&addr,
                                     udp_probe_sent),
                   0);
  udp_probe_wait(&probe, &probe.sent, 1);
  assert_int_equal(probe.sent.status, UV_EMSGSIZE);
  assert_int_equal(
      recorder_count(&fixture->recorder, RECORDED_INIT, "UDPSENDWRAP"), 0);
  udp_probe_finish(&probe);
}

static void what_libuv_refuses_has_no_callback(void **state) {
  udp_probe_t probe;
  udp_probe_init(&probe, *state);
  struct sockaddr_in addr = udp_probe_bind(&probe);
  struct sockaddr_in strange = {.sin_family = AF_APPLETALK};
  assert_int_equal(udp_probe_send(&probe, NULL, 5), UV_EDESTADDRREQ);
  assert_int_equal(udp_probe_send(&probe, &strange, 5), UV_EINVAL);
  assert_int_equal(
      async_uv_udp_connect(&probe.udp, (const struct sockaddr *)&addr), 0);
  assert_int_equal(udp_probe_send(&probe, &addr, 5), UV_EISCONN);
  udp_probe_finish(&probe);
  assert_int_equal(probe.sent.calls, 0);
  assert_events(*state, SEND_TYPES, "closed");
}

static void a_send_without_buffers_is_refused(void **state) {
  udp_probe_t probe;
  udp_probe_init(&probe, *state);
  struct sockaddr_in addr = udp_probe_bind(&probe);
  uv_buf_t buf = uv_buf_init(probe.payload, 5);
  assert_int_equal(async_uv_udp_send(&probe.req, &probe.udp, NULL, 1,
                                     (const struct sockaddr *)&addr, NULL),
                   UV_EINVAL);
  assert_int_equal(async_uv_udp_try_send(&probe.udp, &buf, 0,
                                         (const struct sockaddr *)&addr),
                   UV_EINVAL);
  assert_non_null(strstr(async_error_message(), "buffer"));
  udp_probe_finish(&probe);
}

static void a_send_without_a_callback_only_sends(void **state) {
  uv_fixture_t *fixture = *state;
  udp_probe_t probe;
  udp_probe_init(&probe, fixture);
  struct sockaddr_in addr = udp_probe_bind(&probe);
  uv_buf_t buf = uv_buf_init(probe.payload, 5);
  assert_int_equal(
      async_uv_udp_recv_start(&probe.udp, udp_probe_alloc, udp_probe_received),
      0);
  assert_int_equal(async_uv_udp_send(&probe.req, &probe.udp, &buf, 1,
                                     (const struct sockaddr *)&addr, NULL),
                   0);
  udp_probe_wait(&probe, &probe.received, 1);
  assert_true(probe.same);
  assert_events(fixture, SEND_TYPES, "received");
  udp_probe_finish(&probe);
}

static void a_waiting_send_without_a_callback_has_no_scope(void **state) {
  uv_fixture_t *fixture = *state;
  udp_probe_t probe;
  udp_probe_init(&probe, fixture);
  udp_probe_open_full(&probe);
  uv_buf_t buf = uv_buf_init(probe.payload, UDP_MESSAGE_BYTES);
  assert_int_equal(
      async_uv_udp_send(&probe.req, &probe.udp, &buf, 1, NULL, NULL), 0);
  udp_probe_finish(&probe);
  assert_counts(fixture, "UDPSENDWRAP", 0, 1, 0, 0, 1);
}

static unsigned freed;

static void on_sent_free(async_uv_udp_send_t *req, int status) {
  (void)status;
  freed++;
  free(req);
}

static void the_callback_may_free_the_request(void **state) {
  udp_probe_t probe;
  udp_probe_init(&probe, *state);
  udp_probe_open_full(&probe);
  uv_buf_t buf = uv_buf_init(probe.payload, UDP_MESSAGE_BYTES);
  async_uv_udp_send_t *waits = malloc(sizeof(*waits));
  async_uv_udp_send_t *finished = malloc(sizeof(*finished));
  assert_int_equal(
      async_uv_udp_send(waits, &probe.udp, &buf, 1, NULL, on_sent_free), 0);
  udp_probe_drain(&probe);
  while (freed < 1) {
    uv_run(&((uv_fixture_t *)*state)->loop, UV_RUN_ONCE);
  }
  assert_int_equal(
      async_uv_udp_send(finished, &probe.udp, &buf, 1, NULL, on_sent_free), 0);
  assert_int_equal(async_uv_udp_get_send_queue_count(&probe.udp), 0);
  udp_probe_finish(&probe);
  assert_int_equal(freed, 2);
}

static void send_elsewhere(void *arg) {
  udp_probe_t *probe = arg;
  struct sockaddr_in addr = {.sin_family = AF_INET};
  probe->sent.status = udp_probe_send(probe, &addr, 5);
}

static void a_send_belongs_to_the_thread_of_its_loop(void **state) {
  udp_probe_t probe;
  udp_probe_init(&probe, *state);
  on_other_environment(send_elsewhere, &probe);
  assert_int_equal(probe.sent.status, UV_EINVAL);
  udp_probe_finish(&probe);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_uv(a_message_the_kernel_takes_makes_no_udpsendwrap),
      cmocka_unit_test_uv(a_sent_message_calls_back_in_the_senders_context),
      cmocka_unit_test_uv(a_message_that_waits_is_a_udpsendwrap),
      cmocka_unit_test_uv(a_message_that_waits_keeps_the_senders_context),
      cmocka_unit_test_uv(sends_call_back_in_their_order),
      cmocka_unit_test_uv(a_waiting_send_calls_back_behind_a_finished_one),
      cmocka_unit_test_uv(closing_cancels_a_waiting_send_in_its_own_scope),
      cmocka_unit_test_uv(an_error_of_the_kernel_is_the_callbacks_status),
      cmocka_unit_test_uv(what_libuv_refuses_has_no_callback),
      cmocka_unit_test_uv(a_send_without_buffers_is_refused),
      cmocka_unit_test_uv(a_send_without_a_callback_only_sends),
      cmocka_unit_test_uv(a_waiting_send_without_a_callback_has_no_scope),
      cmocka_unit_test_uv(the_callback_may_free_the_request),
      cmocka_unit_test_uv(a_send_belongs_to_the_thread_of_its_loop),
  };
  return test_main(tests, argc, argv);
}
