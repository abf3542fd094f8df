#include "tcp_pair.h"

static void listening_makes_a_server(void **state) {
  tcp_pair_t pair;
  tcp_pair_init(&pair, *state);
  tcp_pair_listen(&pair);
  assert_events(*state, NULL, "init TCPSERVERWRAP");
  tcp_pair_finish(&pair);
  assert_counts((uv_fixture_t *)*state, "TCPSERVERWRAP", 0, 1, 1, 1, 1);
}

static void an_accepted_connection_comes_from_outside(void **state) {
  uv_fixture_t *fixture = *state;
  async_resource_info_t info;
  tcp_pair_t pair;
  tcp_pair_init(&pair, fixture);
  tcp_pair_open(&pair);
  const recorded_event_t *init =
      recorder_find(&fixture->recorder, RECORDED_INIT, "TCPWRAP", 1);
  assert_int_equal(init->async_id, tcp_id(&pair.accepted));
  assert_int_equal(init->trigger_async_id, tcp_id(&pair.server));
  assert_true(inspect(init->async_id, &info));
  assert_int_equal(info.execution_async_id, ASYNC_ID_NONE);
  assert_int_equal(info.frame, 0);
  tcp_pair_finish(&pair);
}

static void the_connection_callback_is_triggered_by_the_client(void **state) {
  tcp_pair_t pair;
  tcp_pair_init(&pair, *state);
  tcp_pair_open(&pair);
  assert_int_equal(pair.connection.execution_async_id, tcp_id(&pair.server));
  assert_int_equal(pair.connection.trigger_async_id, tcp_id(&pair.accepted));
  tcp_pair_finish(&pair);
}

static void the_connection_callback_sees_the_context_of_listen(void **state) {
  static int store;
  context_t context;
  tcp_pair_t pair;
  tcp_pair_init(&pair, *state);
  context_enter(&context, &store);
  tcp_pair_listen(&pair);
  context_leave(&context);
  pair.context = &context;
  tcp_pair_connect(&pair);
  while (pair.connection.calls == 0) {
    uv_run(&((uv_fixture_t *)*state)->loop, UV_RUN_ONCE);
  }
  tcp_pair_finish(&pair);
  assert_ptr_equal(pair.connection.store, &store);
  assert_ptr_equal(pair.server_closed.store, &store);
  assert_null(pair.accepted_closed.store);
}

static void on_connection_wait(tcp_pair_t *pair) {
  pair->accept_error = UV_EAGAIN;
}

static void open_without_accepting(tcp_pair_t *pair) {
  pair->on_connection = on_connection_wait;
  tcp_pair_listen(pair);
  tcp_pair_connect(pair);
  while (pair->connected.calls == 0 || pair->connection.calls == 0) {
    uv_run(&pair->fixture->loop, UV_RUN_ONCE);
  }
}

static void a_connection_accepted_later_keeps_its_id(void **state) {
  tcp_pair_t pair;
  tcp_pair_init(&pair, *state);
  open_without_accepting(&pair);
  assert_int_equal(
      async_uv_accept(stream_of(&pair.server), stream_of(&pair.accepted)), 0);
  assert_int_equal(tcp_id(&pair.accepted), pair.connection.trigger_async_id);
  tcp_pair_finish(&pair);
}

static void accepting_when_none_waits_is_refused(void **state) {
  tcp_pair_t pair;
  tcp_pair_init(&pair, *state);
  tcp_pair_listen(&pair);
  assert_int_equal(
      async_uv_accept(stream_of(&pair.server), stream_of(&pair.accepted)),
      UV_EAGAIN);
  assert_int_equal(tcp_id(&pair.accepted), ASYNC_ID_UNSET);
  tcp_pair_finish(&pair);
}

static void accepting_with_a_client_in_use_loses_nothing(void **state) {
  tcp_pair_t pair;
  tcp_pair_init(&pair, *state);
  open_without_accepting(&pair);
  async_id_t client = tcp_id(&pair.client);
  assert_int_equal(
      async_uv_accept(stream_of(&pair.server), stream_of(&pair.client)),
      UV_EBUSY);
  assert_int_equal(tcp_id(&pair.client), client);
  assert_int_equal(
      async_uv_accept(stream_of(&pair.server), stream_of(&pair.accepted)), 0);
  assert_int_equal(tcp_id(&pair.accepted), pair.connection.trigger_async_id);
  tcp_pair_finish(&pair);
}

static void accepting_with_a_closing_client_is_refused(void **state) {
  tcp_pair_t pair;
  tcp_pair_init(&pair, *state);
  open_without_accepting(&pair);
  async_uv_close(handle_of(&pair.accepted), NULL);
  assert_int_equal(
      async_uv_accept(stream_of(&pair.server), stream_of(&pair.accepted)),
      UV_EINVAL);
  tcp_pair_finish(&pair);
}

static void a_server_closed_with_a_waiting_connection_ends(void **state) {
  tcp_pair_t pair;
  tcp_pair_init(&pair, *state);
  open_without_accepting(&pair);
  async_uv_close(handle_of(&pair.server), NULL);
  assert_int_equal(
      async_uv_accept(stream_of(&pair.server), stream_of(&pair.accepted)),
      UV_EAGAIN);
  tcp_pair_finish(&pair);
  assert_int_equal(tcp_id(&pair.accepted), ASYNC_ID_UNSET);
}

static void many_connections_get_ids_of_their_own(void **state) {
  enum { COUNT = 5 };
  uv_fixture_t *fixture = *state;
  tcp_pair_t first, more[COUNT];
  tcp_pair_init(&first, fixture);
  first.on_connection = on_connection_wait;
  tcp_pair_listen(&first);
  for (unsigned i = 0; i < COUNT; i++) {
    tcp_pair_init(&more[i], fixture);
    more[i].address = first.address;
    tcp_pair_connect(&more[i]);
  }
  for (unsigned i = 0; i < COUNT; i++) {
    while (first.connection.calls == i) {
      uv_run(&fixture->loop, UV_RUN_ONCE);
    }
    assert_int_equal(
        async_uv_accept(stream_of(&first.server), stream_of(&more[i].accepted)),
        0);
    assert_int_equal(tcp_id(&more[i].accepted),
                     first.connection.trigger_async_id);
  }
  for (unsigned i = 0; i < COUNT; i++) {
    tcp_pair_close(&more[i]);
  }
  tcp_pair_finish(&first);
  assert_int_equal(recorder_count(&fixture->recorder, RECORDED_INIT, "TCPWRAP"),
                   2 * COUNT);
}

static void unused_connection_cb(async_uv_stream_t *server, int status) {
  (void)server;
  (void)status;
}

static void listening_on_a_taken_port_leaves_no_resource(void **state) {
  uv_fixture_t *fixture = *state;
  tcp_pair_t pair;
  tcp_pair_init(&pair, fixture);
  tcp_pair_listen(&pair);
  assert_int_equal(async_uv_tcp_bind(&pair.client,
                                     (const struct sockaddr *)&pair.address, 0),
                   0);
  assert_int_equal(
      async_uv_listen(stream_of(&pair.client), 16, unused_connection_cb),
      UV_EADDRINUSE);
  assert_int_equal(tcp_id(&pair.client), ASYNC_ID_UNSET);
  tcp_pair_finish(&pair);
  assert_counts(fixture, "TCPSERVERWRAP", 1, 1, 0, 0, 1);
}

static void listening_again_keeps_the_id(void **state) {
  tcp_pair_t pair;
  tcp_pair_init(&pair, *state);
  tcp_pair_listen(&pair);
  async_id_t server = tcp_id(&pair.server);
  assert_int_equal(
      async_uv_listen(stream_of(&pair.server), 1, unused_connection_cb), 0);
  assert_int_equal(tcp_id(&pair.server), server);
  tcp_pair_finish(&pair);
}

static void listening_without_a_callback_is_refused(void **state) {
  tcp_pair_t pair;
  tcp_pair_init(&pair, *state);
  assert_int_equal(async_uv_listen(stream_of(&pair.server), 16, NULL),
                   UV_EINVAL);
  tcp_pair_finish(&pair);
  assert_events(*state, NULL, "client closed");
}

static void listening_on_a_connection_leaves_it_as_it_was(void **state) {
  tcp_pair_t pair;
  tcp_pair_init(&pair, *state);
  tcp_pair_open(&pair);
  async_id_t client = tcp_id(&pair.client);
  assert_int_equal(
      async_uv_listen(stream_of(&pair.client), 16, unused_connection_cb),
      UV_EINVAL);
  assert_int_equal(tcp_id(&pair.client), client);
  assert_string_equal(
      async_resource_type(async_uv_handle_resource(handle_of(&pair.client))),
      "TCPWRAP");
  tcp_pair_finish(&pair);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {

      cmocka_unit_test_uv(listening_makes_a_server),
      cmocka_unit_test_uv(an_accepted_connection_comes_from_outside),
      cmocka_unit_test_uv(the_connection_callback_is_triggered_by_the_client),
      cmocka_unit_test_uv(the_connection_callback_sees_the_context_of_listen),
      cmocka_unit_test_uv(a_connection_accepted_later_keeps_its_id),
      cmocka_unit_test_uv(accepting_when_none_waits_is_refused),
      cmocka_unit_test_uv(accepting_with_a_client_in_use_loses_nothing),
      cmocka_unit_test_uv(accepting_with_a_closing_client_is_refused),
      cmocka_unit_test_uv(a_server_closed_with_a_waiting_connection_ends),
      cmocka_unit_test_uv(many_connections_get_ids_of_their_own),
      cmocka_unit_test_uv(listening_on_a_taken_port_leaves_no_resource),
      cmocka_unit_test_uv(listening_again_keeps_the_id),
      cmocka_unit_test_uv(listening_without_a_callback_is_refused),
      cmocka_unit_test_uv(listening_on_a_connection_leaves_it_as_it_was),
  };
  return test_main(tests, argc, argv);
}
