#include "uv_fixture.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The tracked end of a terminal, and the other one. */
typedef struct terminal_s {
  uv_fixture_t *fixture;
  async_uv_tty_t tty;
  int other;
  const context_t *context;
  seen_t read, closed;
  char received[16];
} terminal_t;

static async_uv_handle_t *tty_handle(terminal_t *terminal) {
  return (async_uv_handle_t *)&terminal->tty;
}

static async_uv_stream_t *tty_stream(terminal_t *terminal) {
  return (async_uv_stream_t *)&terminal->tty;
}

static async_id_t tty_id(terminal_t *terminal) {
  return async_resource_async_id(
      async_uv_handle_resource(tty_handle(terminal)));
}

static int open_other(void) {
  int fd = posix_openpt(O_RDWR | O_NOCTTY);
  if (fd < 0)
    test_leave_out("no terminal can be opened: is /dev/pts mounted?");
  assert_int_equal(grantpt(fd), 0);
  assert_int_equal(unlockpt(fd), 0);
  return fd;
}

static void terminal_init(terminal_t *terminal, uv_fixture_t *fixture) {
  memset(terminal, 0, sizeof(*terminal));
  terminal->fixture = fixture;
  terminal->other = open_other();
  int fd = open(ptsname(terminal->other), O_RDWR | O_NOCTTY | O_CLOEXEC);
  assert_true(fd >= 0);
  assert_int_equal(async_uv_tty_init(&fixture->loop, &terminal->tty, fd, 1), 0);
  terminal->tty.data = terminal;
}

static void on_closed(async_uv_handle_t *handle) {
  terminal_t *terminal = handle->data;
  seen_note(&terminal->closed, 0, terminal->context);
}

static void terminal_finish(terminal_t *terminal) {
  if (!async_uv_is_closing(tty_handle(terminal))) {
    async_uv_close(tty_handle(terminal), on_closed);
  }
  uv_fixture_run(terminal->fixture);
  close(terminal->other);
}

static void on_alloc(async_uv_handle_t *handle, size_t size_bytes,
                     uv_buf_t *buf) {
  terminal_t *terminal = handle->data;
  (void)size_bytes;
  *buf = uv_buf_init(terminal->received, sizeof(terminal->received));
}

static void on_read(async_uv_stream_t *stream, ssize_t nread,
                    const uv_buf_t *buf) {
  terminal_t *terminal = stream->data;
  (void)buf;
  seen_note(&terminal->read, (int)nread, terminal->context);
  async_uv_read_stop(stream);
}

static void a_terminal_has_its_resource_from_init_to_close(void **state) {
  terminal_t terminal;
  terminal_init(&terminal, *state);
  async_id_t id = tty_id(&terminal);
  assert_events(*state, NULL, "init TTYWRAP");
  terminal_finish(&terminal);
  assert_int_equal(terminal.closed.execution_async_id, id);
  assert_counts((uv_fixture_t *)*state, "TTYWRAP", 0, 1, 1, 1, 1);
}

static void a_line_is_read_in_the_terminals_scope(void **state) {
  static int store;
  context_t context;
  terminal_t terminal;
  context_enter(&context, &store);
  terminal_init(&terminal, *state);
  context_leave(&context);
  terminal.context = &context;
  assert_int_equal(
      async_uv_read_start(tty_stream(&terminal), on_alloc, on_read), 0);
  assert_int_equal(write(terminal.other, "hello\n", 6), 6);
  uv_fixture_run(*state);
  assert_int_equal(terminal.read.status, 6);
  assert_memory_equal(terminal.received, "hello\n", 6);
  assert_int_equal(terminal.read.execution_async_id, tty_id(&terminal));
  assert_ptr_equal(terminal.read.store, &store);
  terminal_finish(&terminal);
}

static void what_is_written_comes_out_at_the_other_end(void **state) {
  char bytes[8] = "";
  async_uv_write_t req;
  uv_buf_t buf = uv_buf_init((char[]){"hi"}, 2);
  terminal_t terminal;
  terminal_init(&terminal, *state);
  assert_int_equal(async_uv_write(&req, tty_stream(&terminal), &buf, 1, NULL),
                   0);
  uv_fixture_run(*state);
  assert_int_equal(read(terminal.other, bytes, sizeof(bytes)), 2);
  assert_string_equal(bytes, "hi");
  terminal_finish(&terminal);
}

static void a_terminal_has_a_mode_and_a_size(void **state) {
  int width = -1, height = -1;
  terminal_t terminal;
  terminal_init(&terminal, *state);
  assert_int_equal(async_uv_tty_set_mode(&terminal.tty, UV_TTY_MODE_RAW), 0);
  assert_int_equal(async_uv_tty_set_mode(&terminal.tty, UV_TTY_MODE_NORMAL), 0);
  assert_int_equal(async_uv_tty_get_winsize(&terminal.tty, &width, &height), 0);
  assert_true(width >= 0 && height >= 0);
  terminal_finish(&terminal);
}

static void unused_connection_cb(async_uv_stream_t *server, int status) {
  (void)server;
  (void)status;
}

static void a_terminal_does_not_listen(void **state) {
  terminal_t terminal;
  terminal_init(&terminal, *state);
  assert_int_equal(
      async_uv_listen(tty_stream(&terminal), 16, unused_connection_cb),
      UV_EINVAL);
  assert_events(*state, NULL, "init TTYWRAP");
  terminal_finish(&terminal);
}

static void what_is_no_terminal_leaves_no_resource(void **state) {
  async_uv_tty_t tty;
  uv_fixture_t *fixture = *state;
  assert_true(async_uv_tty_init(&fixture->loop, &tty, -1, 0) < 0);
  assert_int_equal(recorder_count(&fixture->recorder, RECORDED_INIT, NULL), 1);
  uv_fixture_run(fixture);
  assert_counts(fixture, "TTYWRAP", 0, 1, 0, 0, 1);
}

static void a_closing_terminal_is_refused(void **state) {
  int width, height;
  terminal_t terminal;
  terminal_init(&terminal, *state);
  async_uv_close(tty_handle(&terminal), NULL);
  assert_int_equal(async_uv_tty_set_mode(&terminal.tty, UV_TTY_MODE_RAW),
                   UV_EINVAL);
  assert_int_equal(async_uv_tty_get_winsize(&terminal.tty, &width, &height),
                   UV_EINVAL);
  terminal_finish(&terminal);
}

typedef struct foreign_s {
  terminal_t *terminal;
  int errors[2];
} foreign_t;

static void use_on_another_thread(void *arg) {
  foreign_t *foreign = arg;
  async_uv_tty_t tty;
  foreign->errors[0] =
      async_uv_tty_init(&foreign->terminal->fixture->loop, &tty, 0, 0);
  foreign->errors[1] =
      async_uv_tty_set_mode(&foreign->terminal->tty, UV_TTY_MODE_RAW);
}

static void a_terminal_belongs_to_the_thread_of_its_loop(void **state) {
  terminal_t terminal;
  terminal_init(&terminal, *state);
  foreign_t foreign = {.terminal = &terminal};
  on_other_environment(use_on_another_thread, &foreign);
  assert_int_equal(foreign.errors[0], UV_EINVAL);
  assert_int_equal(foreign.errors[1], UV_EINVAL);
  terminal_finish(&terminal);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {

      cmocka_unit_test_uv(a_terminal_has_its_resource_from_init_to_close),
      cmocka_unit_test_uv(a_line_is_read_in_the_terminals_scope),
      cmocka_unit_test_uv(what_is_written_comes_out_at_the_other_end),
      cmocka_unit_test_uv(a_terminal_has_a_mode_and_a_size),
      cmocka_unit_test_uv(a_terminal_does_not_listen),
      cmocka_unit_test_uv(what_is_no_terminal_leaves_no_resource),
      cmocka_unit_test_uv(a_closing_terminal_is_refused),
      cmocka_unit_test_uv(a_terminal_belongs_to_the_thread_of_its_loop),
  };
  return test_main(tests, argc, argv);
}
