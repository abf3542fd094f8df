#include "uv_fixture.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

/* A child, with pipes to its standard input and output. */
typedef struct child_s {
  uv_fixture_t *fixture;
  async_uv_process_t process;
  async_uv_pipe_t pipes[2];
  async_uv_stdio_container_t stdio[2];
  char shell[8], option[3], script[16];
  char *args[4];
  async_uv_process_options_t options;
  const context_t *context;
  seen_t exited, closed, read;
  int64_t exit_status;
  int term_signal;
  char received[16];
  size_t received_bytes;
} child_t;

static async_uv_handle_t *pipe_handle(async_uv_pipe_t *pipe) {
  return (async_uv_handle_t *)pipe;
}

static async_uv_handle_t *child_handle(child_t *child) {
  return (async_uv_handle_t *)&child->process;
}

static async_id_t handle_id(async_uv_handle_t *handle) {
  return async_resource_async_id(async_uv_handle_resource(handle));
}

static void on_exited(async_uv_process_t *process, int64_t exit_status,
                      int term_signal) {
  child_t *child = process->data;
  child->exit_status = exit_status;
  child->term_signal = term_signal;
  seen_note(&child->exited, 0, child->context);
}

static void child_init(child_t *child, uv_fixture_t *fixture,
                       const char *script) {
  memset(child, 0, sizeof(*child));
  child->fixture = fixture;
  child->process.data = child;
  memcpy(child->shell, "/bin/sh", sizeof(child->shell));
  memcpy(child->option, "-c", sizeof(child->option));
  memcpy(child->script, script, strlen(script) + 1);
  child->args[0] = child->shell;
  child->args[1] = child->option;
  child->args[2] = child->script;
  child->options = (async_uv_process_options_t){
      .exit_cb = on_exited, .file = "/bin/sh", .args = child->args};
  for (size_t i = 0; i < 2; i++) {
    assert_int_equal(async_uv_pipe_init(&fixture->loop, &child->pipes[i], 0),
                     0);
    child->pipes[i].data = child;
    child->stdio[i].flags =
        UV_CREATE_PIPE | (i == 0 ? UV_READABLE_PIPE : UV_WRITABLE_PIPE);
    child->stdio[i].data.stream = (async_uv_stream_t *)&child->pipes[i];
  }
}

static void with_pipes(child_t *child) {
  child->options.stdio = child->stdio;
  child->options.stdio_count = 2;
}

static int spawn(child_t *child) {
  return async_uv_spawn(&child->fixture->loop, &child->process,
                        &child->options);
}

static void on_closed(async_uv_handle_t *handle) {
  child_t *child = handle->data;
  seen_note(&child->closed, 0, child->context);
}

static void child_finish(child_t *child) {
  async_uv_handle_t *all[] = {child_handle(child),
                              pipe_handle(&child->pipes[0]),
                              pipe_handle(&child->pipes[1])};
  for (size_t i = 0; i < 3; i++) {
    if (!async_uv_is_closing(all[i])) {
      async_uv_close(all[i], i == 0 ? on_closed : NULL);
    }
  }
  uv_fixture_run(child->fixture);
  assert_int_equal(child->closed.calls, 1);
}

static void the_exit_runs_in_the_processs_scope(void **state) {
  static int store;
  context_t context;
  child_t child;
  child_init(&child, *state, "exit 3");
  context_enter(&context, &store);
  assert_int_equal(spawn(&child), 0);
  context_leave(&context);
  child.context = &context;
  async_id_t id = handle_id(child_handle(&child));
  uv_fixture_run(*state);
  assert_int_equal(child.exited.calls, 1);
  assert_int_equal(child.exit_status, 3);
  assert_int_equal(child.exited.execution_async_id, id);
  assert_ptr_equal(child.exited.store, &store);
  child_finish(&child);
  assert_ptr_equal(child.closed.store, &store);
  assert_counts((uv_fixture_t *)*state, "PROCESSWRAP", 0, 1, 2, 2, 1);
}

static void a_process_is_made_before_its_pipes(void **state) {
  child_t child;
  child_init(&child, *state, "exit 0");
  with_pipes(&child);
  assert_int_equal(spawn(&child), 0);
  assert_events(*state, NULL, "init PROCESSWRAP, init PIPEWRAP, init PIPEWRAP");
  uv_fixture_run(*state);
  child_finish(&child);
}

static void on_alloc(async_uv_handle_t *handle, size_t size_bytes,
                     uv_buf_t *buf) {
  child_t *child = handle->data;
  (void)size_bytes;
  *buf =
      uv_buf_init(child->received + child->received_bytes,
                  (unsigned)(sizeof(child->received) - child->received_bytes));
}

static void on_read(async_uv_stream_t *stream, ssize_t nread,
                    const uv_buf_t *buf) {
  child_t *child = stream->data;
  (void)buf;
  if (nread > 0) {
    child->received_bytes += (size_t)nread;
    seen_note(&child->read, 0, child->context);
  } else if (nread < 0) {
    async_uv_close((async_uv_handle_t *)stream, NULL);
  }
}

static void what_goes_in_comes_out_of_the_child(void **state) {
  async_uv_write_t write;
  async_uv_shutdown_t shut;
  uv_buf_t buf = uv_buf_init((char[]){"hello"}, 5);
  child_t child;
  child_init(&child, *state, "exec cat");
  with_pipes(&child);
  assert_int_equal(spawn(&child), 0);
  async_uv_stream_t *in = (async_uv_stream_t *)&child.pipes[0];
  async_id_t out_id = handle_id(pipe_handle(&child.pipes[1]));
  assert_int_equal(async_uv_read_start((async_uv_stream_t *)&child.pipes[1],
                                       on_alloc, on_read),
                   0);
  assert_int_equal(async_uv_write(&write, in, &buf, 1, NULL), 0);
  assert_int_equal(async_uv_shutdown(&shut, in, NULL), 0);
  uv_fixture_run(*state);
  assert_int_equal(child.received_bytes, 5);
  assert_memory_equal(child.received, "hello", 5);
  assert_int_equal(child.read.execution_async_id, out_id);
  assert_int_equal(child.exit_status, 0);
  child_finish(&child);
}

static void a_child_inherits_a_tracked_stream(void **state) {
  child_t child, second;
  child_init(&child, *state, "exec cat");
  with_pipes(&child);
  child_init(&second, *state, "exit 0");
  assert_int_equal(spawn(&child), 0);
  second.stdio[0].flags = UV_INHERIT_STREAM;
  second.stdio[0].data.stream = (async_uv_stream_t *)&child.pipes[0];
  second.options.stdio = second.stdio;
  second.options.stdio_count = 1;
  assert_int_equal(spawn(&second), 0);
  async_uv_close(pipe_handle(&child.pipes[0]), NULL);
  uv_fixture_run(*state);
  assert_int_equal(second.exited.calls, 1);
  child_finish(&child);
  child_finish(&second);
}

static void a_child_can_be_killed(void **state) {
  child_t child;
  child_init(&child, *state, "exec cat");
  with_pipes(&child);
  assert_int_equal(spawn(&child), 0);
  assert_true(async_uv_process_get_pid(&child.process) > 0);
  assert_int_equal(async_uv_process_kill(&child.process, SIGKILL), 0);
  uv_fixture_run(*state);
  assert_int_equal(child.term_signal, SIGKILL);
  child_finish(&child);
}

static void without_the_file_the_resources_stay_until_they_are_closed(
    void **state) {
  child_t child;
  child_init(&child, *state, "exit 0");
  with_pipes(&child);
  child.options.file = "/nowhere/at/all";
  assert_int_equal(spawn(&child), UV_ENOENT);
  async_id_t id = handle_id(child_handle(&child));
  assert_true(id > 0);
  assert_true(handle_id(pipe_handle(&child.pipes[0])) > id);
  child_finish(&child);
  assert_int_equal(child.exited.calls, 0);
  assert_int_equal(child.closed.execution_async_id, id);
  assert_counts((uv_fixture_t *)*state, "PROCESSWRAP", 0, 1, 1, 1, 1);
  assert_counts((uv_fixture_t *)*state, "PIPEWRAP", 1, 1, 0, 0, 1);
}

static void options_that_libuv_asserts_are_refused(void **state) {
  child_t child;
  child_init(&child, *state, "exit 0");
  child.options.file = NULL;
  assert_int_equal(spawn(&child), UV_EINVAL);
  child_finish(&child);
  assert_events(*state, NULL, "");
}

static void a_pipe_that_is_open_is_refused(void **state) {
  child_t child, second;
  child_init(&child, *state, "exec cat");
  child_init(&second, *state, "exit 0");
  with_pipes(&child);
  with_pipes(&second);
  assert_int_equal(spawn(&child), 0);
  async_id_t id = handle_id(pipe_handle(&child.pipes[1]));
  second.stdio[1].data.stream = (async_uv_stream_t *)&child.pipes[1];
  assert_int_equal(spawn(&second), UV_EBUSY);
  assert_int_equal(handle_id(pipe_handle(&child.pipes[1])), id);
  async_uv_close(pipe_handle(&child.pipes[0]), NULL);
  uv_fixture_run(*state);
  child_finish(&second);
  child_finish(&child);
}

static void a_pipe_given_twice_ends_all_resources(void **state) {
  child_t child;
  child_init(&child, *state, "exit 0");
  with_pipes(&child);
  child.stdio[1].data.stream = child.stdio[0].data.stream;
  assert_int_equal(spawn(&child), UV_EBUSY);
  assert_int_equal(handle_id(pipe_handle(&child.pipes[0])), ASYNC_ID_UNSET);
  assert_int_equal(handle_id(child_handle(&child)), ASYNC_ID_UNSET);
  child_finish(&child);
  assert_counts((uv_fixture_t *)*state, "PROCESSWRAP", 0, 1, 0, 0, 1);
}

static void what_is_no_pipe_is_refused(void **state) {
  async_uv_tcp_t tcp;
  child_t child;
  child_init(&child, *state, "exit 0");
  with_pipes(&child);
  assert_int_equal(async_uv_tcp_init(&child.fixture->loop, &tcp), 0);
  child.stdio[0].data.stream = (async_uv_stream_t *)&tcp;
  assert_int_equal(spawn(&child), UV_EINVAL);
  child.stdio[0].data.stream = NULL;
  async_uv_close((async_uv_handle_t *)&tcp, NULL);
  child_finish(&child);
}

static void a_child_without_an_exit_callback_has_no_scope(void **state) {
  child_t child;
  child_init(&child, *state, "exit 0");
  child.options.exit_cb = NULL;
  assert_int_equal(spawn(&child), 0);
  uv_fixture_run(*state);
  async_uv_close(child_handle(&child), NULL);
  child.closed.calls = 1;
  child_finish(&child);
  assert_counts((uv_fixture_t *)*state, "PROCESSWRAP", 0, 1, 0, 0, 1);
}

static void spawn_on_another_thread(void *arg) {
  child_t *child = arg;
  child->exit_status = spawn(child);
}

static void a_process_belongs_to_the_thread_of_its_loop(void **state) {
  child_t child;
  child_init(&child, *state, "exit 0");
  on_other_environment(spawn_on_another_thread, &child);
  assert_int_equal(child.exit_status, UV_EINVAL);
  assert_int_equal(spawn(&child), 0);
  child_finish(&child);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {

      cmocka_unit_test_uv(the_exit_runs_in_the_processs_scope),
      cmocka_unit_test_uv(a_process_is_made_before_its_pipes),
      cmocka_unit_test_uv(what_goes_in_comes_out_of_the_child),
      cmocka_unit_test_uv(a_child_inherits_a_tracked_stream),
      cmocka_unit_test_uv(a_child_can_be_killed),
      cmocka_unit_test_uv(
          without_the_file_the_resources_stay_until_they_are_closed),
      cmocka_unit_test_uv(options_that_libuv_asserts_are_refused),
      cmocka_unit_test_uv(a_pipe_that_is_open_is_refused),
      cmocka_unit_test_uv(a_pipe_given_twice_ends_all_resources),
      cmocka_unit_test_uv(what_is_no_pipe_is_refused),
      cmocka_unit_test_uv(a_child_without_an_exit_callback_has_no_scope),
      cmocka_unit_test_uv(a_process_belongs_to_the_thread_of_its_loop),
  };
  return test_main(tests, argc, argv);
}
