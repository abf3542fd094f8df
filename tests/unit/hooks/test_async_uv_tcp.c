#include "tcp_pair.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define TCP_TYPES "TCPSERVERWRAP TCPWRAP TCPCONNECTWRAP"

static void a_tcp_handle_without_a_use_has_no_resource(void **state) {
  tcp_pair_t pair;
  tcp_pair_init(&pair, *state);
  assert_int_equal(tcp_id(&pair.client), ASYNC_ID_UNSET);
  tcp_pair_finish(&pair);
  assert_int_equal(pair.client_closed.calls, 1);
  assert_events(*state, NULL, "client closed");
}

static void connecting_makes_a_client_that_triggers_its_request(void **state) {
  uv_fixture_t *fixture = *state;
  tcp_pair_t pair;
  tcp_pair_init(&pair, fixture);
  tcp_pair_listen(&pair);
  tcp_pair_connect(&pair);
  assert_events(fixture, TCP_TYPES,
                "init TCPSERVERWRAP, init TCPWRAP, init TCPCONNECTWRAP");
  assert_int_equal(
      recorder_find(&fixture->recorder, RECORDED_INIT, "TCPCONNECTWRAP", 0)
          ->trigger_async_id,
      tcp_id(&pair.client));
  tcp_pair_finish(&pair);
}

static void the_connect_callback_runs_in_its_requests_scope(void **state) {
  uv_fixture_t *fixture = *state;
  tcp_pair_t pair;
  tcp_pair_init(&pair, fixture);
  tcp_pair_open(&pair);
  assert_int_equal(pair.connected.execution_async_id,
                   recorder_id(&fixture->recorder, "TCPCONNECTWRAP", 0));
  assert_int_equal(pair.connected.trigger_async_id, tcp_id(&pair.client));
  tcp_pair_finish(&pair);
  assert_counts(fixture, "TCPCONNECTWRAP", 0, 1, 1, 1, 1);
}

static void on_end(async_uv_stream_t *stream, ssize_t nread,
                   const uv_buf_t *buf) {
  (void)buf;
  if (nread == UV_EOF) {
    tcp_pair_close(stream->data);
  }
}

static void on_accepted_shut_down(tcp_pair_t *pair) {
  static async_uv_shutdown_t req;
  async_uv_read_start(stream_of(&pair->accepted), on_alloc, on_end);
  async_uv_shutdown(&req, stream_of(&pair->accepted), NULL);
}

static void on_connected_read(tcp_pair_t *pair) {
  async_uv_read_start(stream_of(&pair->client), on_alloc, on_end);
}

static void one_connection_has_the_events_node_has(void **state) {
  uv_fixture_t *fixture = *state;
  tcp_pair_t pair;
  tcp_pair_init(&pair, fixture);
  pair.on_accepted = on_accepted_shut_down;
  pair.on_connected = on_connected_read;
  tcp_pair_listen(&pair);
  tcp_pair_connect(&pair);
  uv_fixture_run(fixture);
  assert_counts(fixture, "TCPSERVERWRAP", 0, 1, 2, 2, 1);
  assert_counts(fixture, "TCPWRAP", 0, 1, 2, 2, 1);
  assert_counts(fixture, "TCPCONNECTWRAP", 0, 1, 1, 1, 1);
  assert_counts(fixture, "SHUTDOWNWRAP", 0, 1, 0, 0, 1);
  assert_int_equal(
      recorder_find(&fixture->recorder, RECORDED_INIT, "SHUTDOWNWRAP", 0)
          ->trigger_async_id,
      recorder_id(&fixture->recorder, "TCPWRAP", 1));
}

static void a_client_sees_the_context_of_connect(void **state) {
  static int store;
  context_t context;
  tcp_pair_t pair;
  tcp_pair_init(&pair, *state);
  tcp_pair_listen(&pair);
  context_enter(&context, &store);
  tcp_pair_connect(&pair);
  context_leave(&context);
  pair.context = &context;
  while (pair.connected.calls == 0) {
    uv_run(&((uv_fixture_t *)*state)->loop, UV_RUN_ONCE);
  }
  tcp_pair_finish(&pair);
  assert_ptr_equal(pair.connected.store, &store);
  assert_ptr_equal(pair.client_closed.store, &store);
  assert_null(pair.connection.store);
}

static void a_refused_connect_ends_its_request(void **state) {
  uv_fixture_t *fixture = *state;
  tcp_pair_t pair;
  tcp_pair_init(&pair, fixture);
  tcp_pair_listen(&pair);
  async_uv_close(handle_of(&pair.server), NULL);
  uv_fixture_run(fixture);
  tcp_pair_connect(&pair);
  uv_fixture_run(fixture);
  assert_int_equal(pair.connected.status, UV_ECONNREFUSED);
  tcp_pair_finish(&pair);
  assert_counts(fixture, "TCPCONNECTWRAP", 0, 1, 1, 1, 1);
  assert_counts(fixture, "TCPWRAP", 0, 1, 1, 1, 1);
}

static void a_connect_that_libuv_refuses_leaves_no_resource(void **state) {
  uv_fixture_t *fixture = *state;
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  tcp_pair_t pair;
  tcp_pair_init(&pair, fixture);
  assert_int_equal(async_uv_tcp_connect(&pair.connect, &pair.client,
                                        (const struct sockaddr *)&address,
                                        NULL),
                   UV_EINVAL);
  assert_int_equal(tcp_id(&pair.client), ASYNC_ID_UNSET);
  tcp_pair_finish(&pair);
  assert_counts(fixture, "TCPCONNECTWRAP", 0, 1, 0, 0, 1);
  assert_counts(fixture, "TCPWRAP", 0, 1, 0, 0, 1);
}

static void connecting_twice_keeps_the_first(void **state) {
  uv_fixture_t *fixture = *state;
  async_uv_connect_t second;
  tcp_pair_t pair;
  tcp_pair_init(&pair, fixture);
  tcp_pair_listen(&pair);
  tcp_pair_connect(&pair);
  async_id_t client = tcp_id(&pair.client);
  assert_int_equal(async_uv_tcp_connect(&second, &pair.client,
                                        (const struct sockaddr *)&pair.address,
                                        NULL),
                   UV_EALREADY);
  assert_int_equal(tcp_id(&pair.client), client);
  while (pair.connected.calls == 0) {
    uv_run(&fixture->loop, UV_RUN_ONCE);
  }
  assert_int_equal(pair.connected.status, 0);
  tcp_pair_finish(&pair);
}

static void connecting_a_closing_handle_is_refused(void **state) {
  tcp_pair_t pair;
  tcp_pair_init(&pair, *state);
  tcp_pair_listen(&pair);
  async_uv_close(handle_of(&pair.client), NULL);
  assert_int_equal(async_uv_tcp_connect(&pair.connect, &pair.client,
                                        (const struct sockaddr *)&pair.address,
                                        NULL),
                   UV_EINVAL);
  tcp_pair_finish(&pair);
}

static void closing_cancels_the_connect_in_its_own_scope(void **state) {
  uv_fixture_t *fixture = *state;
  tcp_pair_t pair;
  tcp_pair_init(&pair, fixture);
  tcp_pair_listen(&pair);
  tcp_pair_connect(&pair);
  tcp_pair_finish(&pair);
  assert_int_equal(pair.connected.status, UV_ECANCELED);
  assert_int_equal(pair.connected.execution_async_id,
                   recorder_id(&fixture->recorder, "TCPCONNECTWRAP", 0));
  assert_true(
      recorder_position(&fixture->recorder, RECORDED_AFTER, "TCPCONNECTWRAP",
                        0) <
      recorder_position(&fixture->recorder, RECORDED_BEFORE, "TCPWRAP", 0));
}

static void a_connect_without_a_callback_has_no_scope(void **state) {
  uv_fixture_t *fixture = *state;
  tcp_pair_t pair;
  tcp_pair_init(&pair, fixture);
  tcp_pair_listen(&pair);
  assert_int_equal(async_uv_tcp_connect(&pair.connect, &pair.client,
                                        (const struct sockaddr *)&pair.address,
                                        NULL),
                   0);
  while (pair.connection.calls == 0) {
    uv_run(&fixture->loop, UV_RUN_ONCE);
  }
  tcp_pair_finish(&pair);
  assert_counts(fixture, "TCPCONNECTWRAP", 0, 1, 0, 0, 1);
}

static void unused_connection_cb(async_uv_stream_t *server, int status) {
  (void)server;
  (void)status;
}

static int bound_socket(struct sockaddr_in *address) {
  int sock = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  assert_true(sock >= 0);
  assert_int_equal(
      bind(sock, (const struct sockaddr *)address, sizeof(*address)), 0);
  return sock;
}

static void a_connected_socket_is_opened_as_a_client(void **state) {
  uv_fixture_t *fixture = *state;
  int sockets[2];
  tcp_pair_t pair;
  tcp_pair_init(&pair, fixture);
  assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets),
                   0);
  assert_int_equal(async_uv_tcp_open(&pair.client, sockets[0]), 0);
  assert_events(fixture, NULL, "init TCPWRAP");
  close(sockets[1]);
  tcp_pair_finish(&pair);
}

static void a_listening_socket_waits_for_listen(void **state) {
  uv_fixture_t *fixture = *state;
  tcp_pair_t pair;
  tcp_pair_init(&pair, fixture);
  int sock = bound_socket(&pair.address);
  assert_int_equal(listen(sock, 16), 0);
  assert_int_equal(async_uv_tcp_open(&pair.server, sock), 0);
  assert_int_equal(tcp_id(&pair.server), ASYNC_ID_UNSET);
  assert_int_equal(
      async_uv_listen(stream_of(&pair.server), 16, unused_connection_cb), 0);
  assert_events(fixture, NULL, "init TCPSERVERWRAP");
  tcp_pair_finish(&pair);
}

static void a_bound_socket_that_was_opened_can_listen(void **state) {
  uv_fixture_t *fixture = *state;
  tcp_pair_t pair;
  tcp_pair_init(&pair, fixture);
  assert_int_equal(async_uv_tcp_open(&pair.server, bound_socket(&pair.address)),
                   0);
  assert_int_equal(
      async_uv_listen(stream_of(&pair.server), 16, unused_connection_cb), 0);
  uv_run(&fixture->loop, UV_RUN_NOWAIT);
  assert_events(fixture, NULL,
                "init TCPWRAP, init TCPSERVERWRAP, destroy TCPWRAP");
  tcp_pair_finish(&pair);
}

static void an_opened_socket_keeps_its_id_when_it_connects(void **state) {
  tcp_pair_t pair;
  tcp_pair_init(&pair, *state);
  tcp_pair_listen(&pair);
  int sock = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  assert_int_equal(async_uv_tcp_open(&pair.client, sock), 0);
  async_id_t client = tcp_id(&pair.client);
  tcp_pair_connect(&pair);
  assert_int_equal(tcp_id(&pair.client), client);
  tcp_pair_finish(&pair);
}

static void opening_what_is_no_socket_leaves_no_resource(void **state) {
  tcp_pair_t pair;
  tcp_pair_init(&pair, *state);
  assert_int_equal(async_uv_tcp_open(&pair.client, -1), UV_EBADF);
  assert_int_equal(tcp_id(&pair.client), ASYNC_ID_UNSET);
  tcp_pair_finish(&pair);
}

typedef struct foreign_s {
  tcp_pair_t *pair;
  int errors[6];
} foreign_t;

static void use_on_another_thread(void *arg) {
  foreign_t *foreign = arg;
  tcp_pair_t *pair = foreign->pair;
  const struct sockaddr *address = (const struct sockaddr *)&pair->address;
  async_uv_stream_t *server = stream_of(&pair->server);
  async_uv_tcp_t tcp;
  foreign->errors[0] = async_uv_tcp_init(&pair->fixture->loop, &tcp);
  foreign->errors[1] = async_uv_tcp_bind(&pair->server, address, 0);
  foreign->errors[2] = async_uv_listen(server, 16, unused_connection_cb);
  foreign->errors[3] =
      async_uv_tcp_connect(&pair->connect, &pair->client, address, NULL);
  foreign->errors[4] = async_uv_accept(server, stream_of(&pair->accepted));
  foreign->errors[5] = async_uv_read_stop(server);
}

static void a_tcp_handle_belongs_to_the_thread_of_its_loop(void **state) {
  tcp_pair_t pair;
  tcp_pair_init(&pair, *state);
  foreign_t foreign = {.pair = &pair};
  on_other_environment(use_on_another_thread, &foreign);
  for (size_t i = 0; i < 6; i++) {
    assert_int_equal(foreign.errors[i], UV_EINVAL);
  }
  tcp_pair_finish(&pair);
  assert_events(*state, NULL, "client closed");
}

static void both_ends_know_their_addresses(void **state) {
  struct sockaddr_in peer, own;
  int peer_bytes = sizeof(peer), own_bytes = sizeof(own);
  tcp_pair_t pair;
  tcp_pair_init(&pair, *state);
  tcp_pair_open(&pair);
  assert_int_equal(async_uv_tcp_getpeername(
                       &pair.accepted, (struct sockaddr *)&peer, &peer_bytes),
                   0);
  assert_int_equal(async_uv_tcp_getsockname(
                       &pair.client, (struct sockaddr *)&own, &own_bytes),
                   0);
  assert_int_equal(peer.sin_port, own.sin_port);
  assert_int_equal(async_uv_tcp_nodelay(&pair.client, 1), 0);
  assert_int_equal(async_uv_tcp_keepalive(&pair.client, 1, 60), 0);
  tcp_pair_finish(&pair);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {

      cmocka_unit_test_uv(a_tcp_handle_without_a_use_has_no_resource),
      cmocka_unit_test_uv(connecting_makes_a_client_that_triggers_its_request),
      cmocka_unit_test_uv(the_connect_callback_runs_in_its_requests_scope),
      cmocka_unit_test_uv(one_connection_has_the_events_node_has),
      cmocka_unit_test_uv(a_client_sees_the_context_of_connect),
      cmocka_unit_test_uv(a_refused_connect_ends_its_request),
      cmocka_unit_test_uv(a_connect_that_libuv_refuses_leaves_no_resource),
      cmocka_unit_test_uv(connecting_twice_keeps_the_first),
      cmocka_unit_test_uv(connecting_a_closing_handle_is_refused),
      cmocka_unit_test_uv(closing_cancels_the_connect_in_its_own_scope),
      cmocka_unit_test_uv(a_connect_without_a_callback_has_no_scope),
      cmocka_unit_test_uv(a_connected_socket_is_opened_as_a_client),
      cmocka_unit_test_uv(a_listening_socket_waits_for_listen),
      cmocka_unit_test_uv(a_bound_socket_that_was_opened_can_listen),
      cmocka_unit_test_uv(an_opened_socket_keeps_its_id_when_it_connects),
      cmocka_unit_test_uv(opening_what_is_no_socket_leaves_no_resource),
      cmocka_unit_test_uv(a_tcp_handle_belongs_to_the_thread_of_its_loop),
      cmocka_unit_test_uv(both_ends_know_their_addresses),
  };
  return test_main(tests, argc, argv);
}
