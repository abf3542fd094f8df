#include "fs_directory.h"

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define PIPE_TYPES "PIPESERVERWRAP PIPEWRAP PIPECONNECTWRAP"

typedef struct pipe_pair_s {
  fs_fixture_t *fixture;
  const char *name;
  async_uv_pipe_t server, client, accepted;
  async_uv_connect_t connect;
  const context_t *context;
  seen_t connection, connected, read, client_closed;
  int accept_error;
  char received[16];
  int errors[4];
} pipe_pair_t;

static async_uv_stream_t *pipe_stream(async_uv_pipe_t *pipe) {
  return (async_uv_stream_t *)pipe;
}

static async_uv_handle_t *pipe_handle(async_uv_pipe_t *pipe) {
  return (async_uv_handle_t *)pipe;
}

static async_id_t pipe_id(async_uv_pipe_t *pipe) {
  return async_resource_async_id(async_uv_handle_resource(pipe_handle(pipe)));
}

static void pair_init(pipe_pair_t *pair, fs_fixture_t *fixture) {
  memset(pair, 0, sizeof(*pair));
  pair->fixture = fixture;
  pair->name = fs_path(fixture, "socket");
  async_uv_pipe_t *all[] = {&pair->server, &pair->client, &pair->accepted};
  for (size_t i = 0; i < 3; i++) {
    assert_int_equal(async_uv_pipe_init(&fixture->uv.loop, all[i], 0), 0);
    all[i]->data = pair;
  }
  pair->connect.data = pair;
}

static void on_closed(async_uv_handle_t *handle) {
  pipe_pair_t *pair = handle->data;
  seen_note(&pair->client_closed, 0, pair->context);
}

static void pair_finish(pipe_pair_t *pair) {
  async_uv_pipe_t *all[] = {&pair->server, &pair->client, &pair->accepted};
  for (size_t i = 0; i < 3; i++) {
    if (!async_uv_is_closing(pipe_handle(all[i]))) {
      async_uv_close(pipe_handle(all[i]),
                     all[i] == &pair->client ? on_closed : NULL);
    }
  }
  uv_fixture_run(&pair->fixture->uv);
}

static void on_connection(async_uv_stream_t *server, int status) {
  pipe_pair_t *pair = server->data;
  seen_note(&pair->connection, status, pair->context);
  pair->accept_error = async_uv_accept(server, pipe_stream(&pair->accepted));
}

static void pair_listen(pipe_pair_t *pair) {
  assert_int_equal(async_uv_pipe_bind(&pair->server, pair->name), 0);
  assert_int_equal(
      async_uv_listen(pipe_stream(&pair->server), 16, on_connection), 0);
}

static void on_connected(async_uv_connect_t *req, int status) {
  pipe_pair_t *pair = req->data;
  seen_note(&pair->connected, status, pair->context);
}

static int pair_connect(pipe_pair_t *pair) {
  return async_uv_pipe_connect(&pair->connect, &pair->client, pair->name,
                               on_connected);
}

static void run_until(pipe_pair_t *pair, const seen_t *seen) {
  while (seen->calls == 0) {
    uv_run(&pair->fixture->uv.loop, UV_RUN_ONCE);
  }
}

static void pair_open(pipe_pair_t *pair) {
  pair_listen(pair);
  assert_int_equal(pair_connect(pair), 0);
  run_until(pair, &pair->connected);
  run_until(pair, &pair->connection);
  assert_int_equal(pair->connected.status, 0);
  assert_int_equal(pair->accept_error, 0);
}

static void a_pipe_without_a_use_has_no_resource(void **state) {
  pipe_pair_t pair;
  pair_init(&pair, *state);
  assert_int_equal(pipe_id(&pair.client), ASYNC_ID_UNSET);
  pair_finish(&pair);
  assert_int_equal(pair.client_closed.calls, 1);
  assert_events(*state, NULL, "");
}

static void a_pipes_connection_has_the_resources_node_has(void **state) {
  fs_fixture_t *fixture = *state;
  const recorder_t *recorder = &fixture->uv.recorder;
  pipe_pair_t pair;
  pair_init(&pair, fixture);
  pair_open(&pair);
  const recorded_event_t *connect =
      recorder_find(recorder, RECORDED_INIT, "PIPECONNECTWRAP", 0);
  const recorded_event_t *accepted =
      recorder_find(recorder, RECORDED_INIT, "PIPEWRAP", 1);
  assert_int_equal(connect->trigger_async_id, pipe_id(&pair.client));
  assert_int_equal(accepted->trigger_async_id, pipe_id(&pair.server));
  assert_int_equal(accepted->async_id, pipe_id(&pair.accepted));
  pair_finish(&pair);
  assert_counts(&fixture->uv, "PIPESERVERWRAP", 0, 1, 1, 1, 1);
  assert_counts(&fixture->uv, "PIPECONNECTWRAP", 0, 1, 1, 1, 1);
  assert_int_equal(recorder_count(recorder, RECORDED_INIT, "PIPEWRAP"), 2);
}

static void the_connection_callback_names_the_connection(void **state) {
  pipe_pair_t pair;
  pair_init(&pair, *state);
  pair_open(&pair);
  assert_int_equal(pair.connection.execution_async_id, pipe_id(&pair.server));
  assert_int_equal(pair.connection.trigger_async_id, pipe_id(&pair.accepted));
  pair_finish(&pair);
}

static void a_pipes_client_sees_the_context_of_connect(void **state) {
  static int store;
  context_t context;
  pipe_pair_t pair;
  pair_init(&pair, *state);
  pair_listen(&pair);
  context_enter(&context, &store);
  assert_int_equal(pair_connect(&pair), 0);
  context_leave(&context);
  pair.context = &context;
  run_until(&pair, &pair.connected);
  run_until(&pair, &pair.connection);
  pair_finish(&pair);
  assert_ptr_equal(pair.connected.store, &store);
  assert_ptr_equal(pair.client_closed.store, &store);
  assert_null(pair.connection.store);
}

static void on_pair_alloc(async_uv_handle_t *handle, size_t size_bytes,
                          uv_buf_t *buf) {
  pipe_pair_t *pair = handle->data;
  (void)size_bytes;
  *buf = uv_buf_init(pair->received, sizeof(pair->received));
}

static void on_read(async_uv_stream_t *stream, ssize_t nread,
                    const uv_buf_t *buf) {
  pipe_pair_t *pair = stream->data;
  (void)buf;
  seen_note(&pair->read, (int)nread, pair->context);
}

static void what_is_written_is_read_in_the_pipes_scope(void **state) {
  async_uv_write_t write;
  uv_buf_t buf = uv_buf_init((char[]){"hello"}, 5);
  pipe_pair_t pair;
  pair_init(&pair, *state);
  pair_open(&pair);
  async_uv_stream_t *accepted = pipe_stream(&pair.accepted);
  assert_int_equal(async_uv_read_start(accepted, on_pair_alloc, on_read), 0);
  assert_int_equal(
      async_uv_write(&write, pipe_stream(&pair.client), &buf, 1, NULL), 0);
  run_until(&pair, &pair.read);
  assert_int_equal(pair.read.status, 5);
  assert_memory_equal(pair.received, "hello", 5);
  assert_int_equal(pair.read.execution_async_id, pipe_id(&pair.accepted));
  pair_finish(&pair);
}

static void shutting_a_pipe_down_ends_the_peers_reading(void **state) {
  async_uv_shutdown_t shut;
  fs_fixture_t *fixture = *state;
  pipe_pair_t pair;
  pair_init(&pair, fixture);
  pair_open(&pair);
  async_id_t client = pipe_id(&pair.client);
  assert_int_equal(
      async_uv_read_start(pipe_stream(&pair.accepted), on_pair_alloc, on_read),
      0);
  assert_int_equal(async_uv_shutdown(&shut, pipe_stream(&pair.client), NULL),
                   0);
  run_until(&pair, &pair.read);
  assert_int_equal(pair.read.status, UV_EOF);
  pair_finish(&pair);
  assert_int_equal(
      recorder_find(&fixture->uv.recorder, RECORDED_INIT, "SHUTDOWNWRAP", 0)
          ->trigger_async_id,
      client);
}

static void connecting_to_nobody_ends_the_request(void **state) {
  fs_fixture_t *fixture = *state;
  pipe_pair_t pair;
  pair_init(&pair, fixture);
  assert_int_equal(pair_connect(&pair), 0);
  run_until(&pair, &pair.connected);
  assert_int_equal(pair.connected.status, UV_ENOENT);
  assert_int_equal(pair.connected.execution_async_id,
                   recorder_id(&fixture->uv.recorder, "PIPECONNECTWRAP", 0));
  pair_finish(&pair);
}

static void a_pipe_that_connects_refuses_a_second_request(void **state) {
  fs_fixture_t *fixture = *state;
  pipe_pair_t pair;
  pair_init(&pair, fixture);
  pair_listen(&pair);
  assert_int_equal(pair_connect(&pair), 0);
  async_id_t client = pipe_id(&pair.client);
  async_uv_connect_t second;
  assert_int_equal(
      async_uv_pipe_connect(&second, &pair.client, pair.name, NULL),
      UV_EALREADY);
  assert_int_equal(pipe_id(&pair.client), client);
  run_until(&pair, &pair.connected);
  assert_int_equal(pair.connected.status, 0);
  pair_finish(&pair);
  assert_events(*state, "PIPECONNECTWRAP",
                "init PIPECONNECTWRAP, before PIPECONNECTWRAP, "
                "after PIPECONNECTWRAP, destroy PIPECONNECTWRAP");
}

static void closing_cancels_a_pipes_connect_in_its_scope(void **state) {
  fs_fixture_t *fixture = *state;
  pipe_pair_t pair;
  pair_init(&pair, fixture);
  pair_listen(&pair);
  assert_int_equal(pair_connect(&pair), 0);
  pair_finish(&pair);
  assert_int_equal(pair.connected.status, UV_ECANCELED);
  assert_int_equal(pair.connected.execution_async_id,
                   recorder_id(&fixture->uv.recorder, "PIPECONNECTWRAP", 0));
}

static void a_name_that_would_be_cut_is_refused(void **state) {
  char name[sizeof(((struct sockaddr_un *)0)->sun_path) + 1];
  pipe_pair_t pair;
  pair_init(&pair, *state);
  memset(name, 'a', sizeof(name) - 1);
  name[sizeof(name) - 1] = '\0';
  assert_int_equal(async_uv_pipe_bind(&pair.server, name), UV_ENAMETOOLONG);
  assert_int_equal(
      async_uv_pipe_connect(&pair.connect, &pair.client, name, NULL),
      UV_ENAMETOOLONG);
  assert_int_equal(async_uv_pipe_bind(&pair.server, ""), UV_EINVAL);
  assert_int_equal(pipe_id(&pair.client), ASYNC_ID_UNSET);
  pair_finish(&pair);
}

static void a_closing_pipe_is_refused(void **state) {
  pipe_pair_t pair;
  pair_init(&pair, *state);
  async_uv_close(pipe_handle(&pair.client), NULL);
  assert_int_equal(pair_connect(&pair), UV_EINVAL);
  assert_int_equal(async_uv_pipe_bind(&pair.client, pair.name), UV_EINVAL);
  assert_int_equal(async_uv_pipe_open(&pair.client, 0), UV_EINVAL);
  pair_finish(&pair);
  assert_events(*state, NULL, "");
}

static void a_pipe_that_is_not_bound_does_not_listen(void **state) {
  pipe_pair_t pair;
  pair_init(&pair, *state);
  assert_int_equal(
      async_uv_listen(pipe_stream(&pair.server), 16, on_connection), UV_EINVAL);
  assert_int_equal(pipe_id(&pair.server), ASYNC_ID_UNSET);
  pair_finish(&pair);
}

static void the_file_of_a_pipe_is_opened_as_a_pipe(void **state) {
  int files[2];
  pipe_pair_t pair;
  pair_init(&pair, *state);
  assert_int_equal(pipe2(files, O_CLOEXEC), 0);
  assert_int_equal(async_uv_pipe_open(&pair.client, files[0]), 0);
  assert_events(*state, NULL, "init PIPEWRAP");
  assert_int_equal(write(files[1], "hi", 2), 2);
  assert_int_equal(
      async_uv_read_start(pipe_stream(&pair.client), on_pair_alloc, on_read),
      0);
  run_until(&pair, &pair.read);
  assert_int_equal(pair.read.status, 2);
  assert_int_equal(pair.read.execution_async_id, pipe_id(&pair.client));
  close(files[1]);
  pair_finish(&pair);
}

static void opening_no_file_leaves_no_resource(void **state) {
  pipe_pair_t pair;
  pair_init(&pair, *state);
  assert_int_equal(async_uv_pipe_open(&pair.client, -1), UV_EBADF);
  assert_int_equal(pipe_id(&pair.client), ASYNC_ID_UNSET);
  pair_finish(&pair);
  assert_counts((uv_fixture_t *)*state, "PIPEWRAP", 0, 1, 0, 0, 1);
}

static void a_listening_socket_is_a_server_from_listen_on(void **state) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  pipe_pair_t pair;
  pair_init(&pair, *state);
  int sock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  memcpy(address.sun_path, pair.name, strlen(pair.name) + 1);
  assert_int_equal(
      bind(sock, (const struct sockaddr *)&address, sizeof(address)), 0);
  assert_int_equal(listen(sock, 16), 0);
  assert_int_equal(async_uv_pipe_open(&pair.server, sock), 0);
  assert_int_equal(pipe_id(&pair.server), ASYNC_ID_UNSET);
  assert_int_equal(
      async_uv_listen(pipe_stream(&pair.server), 16, on_connection), 0);
  assert_events(*state, NULL, "init PIPESERVERWRAP");
  pair_finish(&pair);
}

static void both_ends_know_the_pipes_name(void **state) {
  char name[FS_PATH_BYTES] = "";
  size_t size_bytes = sizeof(name);
  pipe_pair_t pair;
  pair_init(&pair, *state);
  pair_open(&pair);
  assert_int_equal(async_uv_pipe_getpeername(&pair.client, name, &size_bytes),
                   0);
  assert_string_equal(name, pair.name);
  memset(name, 0, size_bytes = sizeof(name));
  assert_int_equal(async_uv_pipe_getsockname(&pair.server, name, &size_bytes),
                   0);
  assert_string_equal(name, pair.name);
  assert_int_equal(async_uv_pipe_chmod(&pair.server, UV_READABLE), 0);
  pair_finish(&pair);
}

static void use_on_another_thread(void *arg) {
  pipe_pair_t *pair = arg;
  async_uv_pipe_t pipe;
  int *errors = pair->errors;
  errors[0] = async_uv_pipe_init(&pair->fixture->uv.loop, &pipe, 0);
  errors[1] = async_uv_pipe_bind(&pair->server, pair->name);
  errors[2] = pair_connect(pair);
  errors[3] = async_uv_pipe_open(&pair->client, 0);
}

static void a_pipe_belongs_to_the_thread_of_its_loop(void **state) {
  pipe_pair_t pair;
  pair_init(&pair, *state);
  on_other_environment(use_on_another_thread, &pair);
  for (size_t i = 0; i < 4; i++) {
    assert_int_equal(pair.errors[i], UV_EINVAL);
  }
  pair_finish(&pair);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {

      cmocka_unit_test_fs(a_pipe_without_a_use_has_no_resource),
      cmocka_unit_test_fs(a_pipes_connection_has_the_resources_node_has),
      cmocka_unit_test_fs(the_connection_callback_names_the_connection),
      cmocka_unit_test_fs(a_pipes_client_sees_the_context_of_connect),
      cmocka_unit_test_fs(what_is_written_is_read_in_the_pipes_scope),
      cmocka_unit_test_fs(shutting_a_pipe_down_ends_the_peers_reading),
      cmocka_unit_test_fs(connecting_to_nobody_ends_the_request),
      cmocka_unit_test_fs(a_pipe_that_connects_refuses_a_second_request),
      cmocka_unit_test_fs(closing_cancels_a_pipes_connect_in_its_scope),
      cmocka_unit_test_fs(a_name_that_would_be_cut_is_refused),
      cmocka_unit_test_fs(a_closing_pipe_is_refused),
      cmocka_unit_test_fs(a_pipe_that_is_not_bound_does_not_listen),
      cmocka_unit_test_fs(the_file_of_a_pipe_is_opened_as_a_pipe),
      cmocka_unit_test_fs(opening_no_file_leaves_no_resource),
      cmocka_unit_test_fs(a_listening_socket_is_a_server_from_listen_on),
      cmocka_unit_test_fs(both_ends_know_the_pipes_name),
      cmocka_unit_test_fs(a_pipe_belongs_to_the_thread_of_its_loop),
  };
  return test_main(tests, argc, argv);
}
