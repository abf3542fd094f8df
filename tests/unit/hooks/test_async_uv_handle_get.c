/* What is asked of handles and requests of any family, and set on them. */
#include "tcp_pair.h"
#include "uv_fixture.h"

#include <string.h>
#include <unistd.h>

static void on_timer(async_uv_timer_t *timer) {
  (void)timer;
}

static void the_fields_are_there_as_functions(void **state) {
  uv_fixture_t *fixture = *state;
  async_uv_timer_t timer;
  async_uv_handle_t *handle = (async_uv_handle_t *)&timer;
  assert_int_equal(async_uv_timer_init(&fixture->loop, &timer), 0);
  async_uv_handle_set_data(handle, &timer);
  assert_ptr_equal(timer.data, &timer);
  assert_ptr_equal(async_uv_handle_get_data(handle), &timer);
  assert_ptr_equal(async_uv_handle_get_loop(handle), &fixture->loop);
  assert_int_equal(async_uv_handle_get_type(handle), UV_TIMER);
  async_uv_close(handle, NULL);
  uv_fixture_run(fixture);
}

static void the_fields_of_requests_too(void **state) {
  (void)state;
  async_uv_connect_t connect = {.type = UV_CONNECT};
  async_uv_req_t *req = (async_uv_req_t *)&connect;
  async_uv_req_set_data(req, &connect);
  assert_ptr_equal(connect.data, &connect);
  assert_ptr_equal(async_uv_req_get_data(req), &connect);
  assert_int_equal(async_uv_req_get_type(req), UV_CONNECT);
  assert_int_equal(async_uv_cancel(req), UV_EINVAL);
}

static void a_timer_says_when_it_is_due(void **state) {
  uv_fixture_t *fixture = *state;
  async_uv_timer_t timer;
  assert_int_equal(async_uv_timer_init(&fixture->loop, &timer), 0);
  assert_int_equal(async_uv_timer_get_due_in(&timer), 0);
  assert_int_equal(async_uv_timer_start(&timer, on_timer, 1000, 0), 0);
  assert_in_range(async_uv_timer_get_due_in(&timer), 1, 1000);
  async_uv_timer_stop(&timer);
  assert_int_equal(async_uv_timer_get_due_in(&timer), 0);
  async_uv_close((async_uv_handle_t *)&timer, NULL);
  uv_fixture_run(fixture);
}

static void a_socket_has_a_descriptor_and_buffers(void **state) {
  tcp_pair_t pair;
  uv_os_fd_t fd = -1;
  int sent = 0, received = 0, larger;
  tcp_pair_init(&pair, *state);
  assert_int_equal(async_uv_fileno(handle_of(&pair.client), &fd), UV_EBADF);
  tcp_pair_open(&pair);
  async_uv_handle_t *client = handle_of(&pair.client);
  assert_int_equal(async_uv_fileno(client, &fd), 0);
  assert_true(fd >= 0);
  assert_int_equal(async_uv_send_buffer_size(client, &sent), 0);
  assert_int_equal(async_uv_recv_buffer_size(client, &received), 0);
  assert_true(sent > 0 && received > 0);
  larger = 16384;
  assert_int_equal(async_uv_recv_buffer_size(client, &larger), 0);
  larger = 0;
  assert_int_equal(async_uv_recv_buffer_size(client, &larger), 0);
  assert_int_equal(larger, 32768);
  assert_int_equal(async_uv_stream_set_blocking(stream_of(&pair.client), 1), 0);
  assert_int_equal(async_uv_stream_set_blocking(stream_of(&pair.client), 0), 0);
  assert_int_equal(async_uv_tcp_simultaneous_accepts(&pair.server, 1), 0);
  tcp_pair_finish(&pair);
}

static void a_timer_has_neither(void **state) {
  uv_fixture_t *fixture = *state;
  async_uv_timer_t timer;
  uv_os_fd_t fd;
  int size_bytes = 0;
  async_uv_handle_t *handle = (async_uv_handle_t *)&timer;
  assert_int_equal(async_uv_timer_init(&fixture->loop, &timer), 0);
  assert_int_equal(async_uv_fileno(handle, &fd), UV_EINVAL);
  assert_int_equal(async_uv_send_buffer_size(handle, &size_bytes), UV_ENOTSUP);
  assert_int_equal(async_uv_recv_buffer_size(handle, &size_bytes), UV_ENOTSUP);
  async_uv_close(handle, NULL);
  uv_fixture_run(fixture);
}

typedef struct walk_s {
  async_uv_handle_t *seen[4];
  size_t count;
} walk_t;

static void see_and_close(async_uv_handle_t *handle, void *arg) {
  walk_t *walk = arg;
  if (walk->count < 4)
    walk->seen[walk->count] = handle;
  walk->count++;
  if (!async_uv_is_closing(handle))
    async_uv_close(handle, NULL);
}

static bool was_seen(const walk_t *walk, const void *handle) {
  for (size_t i = 0; i < walk->count && i < 4; i++)
    if (walk->seen[i] == handle)
      return true;
  return false;
}

/* The tear-down detaches, and asserts that the loop closes: so asyncscope's own
 * handles are still there. */
static void a_walk_meets_what_is_open_and_nothing_of_ours(void **state) {
  uv_fixture_t *fixture = *state;
  async_uv_timer_t timer;
  async_uv_udp_t udp;
  async_uv_idle_t idle;
  walk_t walk = {.count = 0}, again = {.count = 0};
  assert_int_equal(async_uv_timer_init(&fixture->loop, &timer), 0);
  assert_int_equal(async_uv_udp_init(&fixture->loop, &udp), 0);
  assert_int_equal(async_uv_idle_init(&fixture->loop, &idle), 0);
  async_uv_walk(&fixture->loop, see_and_close, &walk);
  assert_int_equal(walk.count, 3);
  assert_true(was_seen(&walk, &timer) && was_seen(&walk, &udp) &&
              was_seen(&walk, &idle));
  uv_fixture_run(fixture);
  async_uv_walk(&fixture->loop, see_and_close, &again);
  assert_int_equal(again.count, 0);
}

static void walk_elsewhere(void *arg) {
  uv_fixture_t *fixture = arg;
  walk_t walk = {.count = 0};
  async_uv_walk(&fixture->loop, see_and_close, &walk);
  if (walk.count == 0)
    recorder_mark(&fixture->recorder, "nothing");
}

static void another_thread_meets_nothing(void **state) {
  uv_fixture_t *fixture = *state;
  async_uv_timer_t timer;
  assert_int_equal(async_uv_timer_init(&fixture->loop, &timer), 0);
  on_other_environment(walk_elsewhere, fixture);
  assert_events(fixture, "Timeout", "nothing");
  async_uv_close((async_uv_handle_t *)&timer, NULL);
  uv_fixture_run(fixture);
}

static seen_t reset_closed;

static void on_reset(async_uv_handle_t *handle) {
  (void)handle;
  seen_note(&reset_closed, 0, NULL);
}

static ssize_t read_result;

static void on_reset_read(async_uv_stream_t *stream, ssize_t nread,
                          const uv_buf_t *buf) {
  (void)buf;
  read_result = nread;
  async_uv_read_stop(stream);
}

static void a_reset_is_what_the_peer_reads(void **state) {
  tcp_pair_t pair;
  tcp_pair_init(&pair, *state);
  assert_int_equal(async_uv_tcp_close_reset(&pair.client, on_reset), UV_EBADF);
  tcp_pair_open(&pair);
  assert_int_equal(
      async_uv_read_start(stream_of(&pair.accepted), on_alloc, on_reset_read),
      0);
  async_id_t client = tcp_id(&pair.client);
  assert_int_equal(async_uv_tcp_close_reset(&pair.client, on_reset), 0);
  assert_int_equal(async_uv_tcp_close_reset(&pair.client, on_reset), UV_EINVAL);
  while (read_result == 0 || reset_closed.calls == 0)
    uv_run(&pair.fixture->loop, UV_RUN_ONCE);
  assert_int_equal(read_result, UV_ECONNRESET);
  assert_int_equal(reset_closed.calls, 1);
  assert_int_equal(reset_closed.execution_async_id, client);
  tcp_pair_finish(&pair);
}

/* What libuv has only in later versions is refused by name in earlier ones. */
static void later_calls_work_or_say_that_they_are_not_there(void **state) {
  uv_fixture_t *fixture = *state;
  tcp_pair_t pair;
  async_uv_pipe_t pipe;
  tcp_pair_init(&pair, fixture);
  tcp_pair_open(&pair);
  assert_int_equal(async_uv_pipe_init(&fixture->loop, &pipe, 0), 0);
  int bound = async_uv_pipe_bind2(&pipe, "\0asyncscope", 11, 0);
  assert_int_equal(bound, UV_VERSION_HEX < 0x012E00 ? UV_ENOSYS : 0);
  int alive = async_uv_tcp_keepalive_ex(&pair.client, 1, 60, 10, 3);
  assert_int_equal(alive, UV_VERSION_HEX < 0x013400 ? UV_ENOSYS : 0);
  if (bound == UV_ENOSYS) {
    assert_non_null(strstr(async_error_message(), "libuv 1."));
  }
  async_uv_close((async_uv_handle_t *)&pipe, NULL);
  tcp_pair_finish(&pair);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_uv(the_fields_are_there_as_functions),
      cmocka_unit_test_uv(the_fields_of_requests_too),
      cmocka_unit_test_uv(a_timer_says_when_it_is_due),
      cmocka_unit_test_uv(a_socket_has_a_descriptor_and_buffers),
      cmocka_unit_test_uv(a_timer_has_neither),
      cmocka_unit_test_uv(a_walk_meets_what_is_open_and_nothing_of_ours),
      cmocka_unit_test_uv(another_thread_meets_nothing),
      cmocka_unit_test_uv(a_reset_is_what_the_peer_reads),
      cmocka_unit_test_uv(later_calls_work_or_say_that_they_are_not_there),
  };
  return test_main(tests, argc, argv);
}
