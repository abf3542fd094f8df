/* Handles that are sent over a pipe. */
#include "uv_fixture.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Two ends of a pipe for handles, and what is sent over it. */
typedef struct ipc_s {
  uv_fixture_t *fixture;
  async_uv_pipe_t from, to;
  async_uv_write_t write;
  seen_t written, read;
  const context_t *context;
  async_uv_tcp_t tcp;      /* to send */
  async_uv_tcp_t received; /* what arrived, of which one is used */
  async_uv_pipe_t received_pipe;
  async_uv_udp_t received_udp;
  async_uv_handle_t *receives; /* the one */
  uv_handle_type pending_type;
  int pending_count, accept_error, accept_again;
  async_id_t received_id;
} ipc_t;

static async_uv_stream_t *as_stream(void *handle) {
  return handle;
}

static async_id_t id_of(void *handle) {
  return async_resource_async_id(async_uv_handle_resource(handle));
}

static void on_alloc(async_uv_handle_t *handle, size_t suggested_size_bytes,
                     uv_buf_t *buf) {
  static char bytes[64];
  (void)handle, (void)suggested_size_bytes;
  *buf = uv_buf_init(bytes, sizeof(bytes));
}

static void on_read(async_uv_stream_t *stream, ssize_t nread,
                    const uv_buf_t *buf) {
  ipc_t *ipc = stream->data;
  (void)buf;
  seen_note(&ipc->read, (int)nread, ipc->context);
  ipc->pending_count = async_uv_pipe_pending_count(&ipc->to);
  ipc->pending_type = async_uv_pipe_pending_type(&ipc->to);
  ipc->accept_error = async_uv_accept(stream, as_stream(ipc->receives));
  ipc->received_id = id_of(ipc->receives);
  ipc->accept_again = async_uv_accept(stream, as_stream(ipc->receives));
  async_uv_read_stop(stream);
}

static void on_written(async_uv_write_t *req, int status) {
  ipc_t *ipc = req->data;
  seen_note(&ipc->written, status, ipc->context);
}

static void ipc_init(ipc_t *ipc, uv_fixture_t *fixture) {
  int fds[2];
  memset(ipc, 0, sizeof(*ipc));
  ipc->fixture = fixture;
  assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
  assert_int_equal(async_uv_pipe_init(&fixture->loop, &ipc->from, 1), 0);
  assert_int_equal(async_uv_pipe_init(&fixture->loop, &ipc->to, 1), 0);
  assert_int_equal(async_uv_pipe_open(&ipc->from, fds[0]), 0);
  assert_int_equal(async_uv_pipe_open(&ipc->to, fds[1]), 0);
  ipc->to.data = ipc->write.data = ipc;
  assert_int_equal(async_uv_tcp_init(&fixture->loop, &ipc->tcp), 0);
  assert_int_equal(async_uv_tcp_init(&fixture->loop, &ipc->received), 0);
  ipc->receives = (async_uv_handle_t *)&ipc->received;
}

static void bind_tcp(ipc_t *ipc) {
  struct sockaddr_in address;
  uv_ip4_addr("127.0.0.1", 0, &address);
  assert_int_equal(async_uv_tcp_bind(&ipc->tcp, (struct sockaddr *)&address, 0),
                   0);
}

static int send_handle(ipc_t *ipc, void *handle) {
  static char text[] = "handle";
  uv_buf_t buf = uv_buf_init(text, sizeof(text));
  return async_uv_write2(&ipc->write, as_stream(&ipc->from), &buf, 1, handle,
                         on_written);
}

static void transfer(ipc_t *ipc, void *handle) {
  assert_int_equal(async_uv_read_start(as_stream(&ipc->to), on_alloc, on_read),
                   0);
  assert_int_equal(send_handle(ipc, handle), 0);
  uv_fixture_run(ipc->fixture);
  assert_int_equal(ipc->written.calls, 1);
  assert_int_equal(ipc->written.status, 0);
  assert_int_equal(ipc->read.calls, 1);
  assert_int_equal(ipc->pending_count, 1);
  assert_int_equal(ipc->accept_error, 0);
}

static void close_one(async_uv_handle_t *handle, void *arg) {
  (void)arg;
  if (!async_uv_is_closing(handle))
    async_uv_close(handle, NULL);
}

static void ipc_finish(ipc_t *ipc) {
  async_uv_walk(&ipc->fixture->loop, close_one, NULL);
  uv_fixture_run(ipc->fixture);
}

static void a_sent_socket_arrives_as_a_resource_of_the_pipe(void **state) {
  ipc_t ipc;
  ipc_init(&ipc, *state);
  bind_tcp(&ipc);
  transfer(&ipc, &ipc.tcp);
  assert_int_equal(ipc.pending_type, UV_TCP);
  const recorded_event_t *init =
      recorder_find(&ipc.fixture->recorder, RECORDED_INIT, "TCPWRAP", 0);
  assert_non_null(init);
  assert_int_equal(init->async_id, ipc.received_id);
  assert_int_equal(init->trigger_async_id, id_of(&ipc.to));
  assert_int_equal(init->execution_async_id, ASYNC_ID_NONE);
  ipc_finish(&ipc);
}

static void both_name_the_same_socket(void **state) {
  ipc_t ipc;
  struct sockaddr_in sent, received;
  int size_bytes = sizeof(sent);
  ipc_init(&ipc, *state);
  bind_tcp(&ipc);
  transfer(&ipc, &ipc.tcp);
  async_uv_tcp_getsockname(&ipc.tcp, (struct sockaddr *)&sent, &size_bytes);
  size_bytes = sizeof(received);
  async_uv_tcp_getsockname(&ipc.received, (struct sockaddr *)&received,
                           &size_bytes);
  assert_int_equal(sent.sin_port, received.sin_port);
  assert_int_not_equal(sent.sin_port, 0);
  ipc_finish(&ipc);
}

static void one_handle_is_accepted_once(void **state) {
  ipc_t ipc;
  ipc_init(&ipc, *state);
  bind_tcp(&ipc);
  transfer(&ipc, &ipc.tcp);
  assert_int_equal(ipc.accept_again, UV_EBUSY);
  assert_int_equal(async_uv_accept(as_stream(&ipc.to), as_stream(&ipc.tcp)),
                   UV_EBUSY);
  assert_int_equal(async_uv_pipe_pending_count(&ipc.to), 0);
  assert_int_equal(async_uv_pipe_pending_type(&ipc.to), UV_UNKNOWN_HANDLE);
  ipc_finish(&ipc);
}

static void nothing_sent_is_nothing_to_accept(void **state) {
  ipc_t ipc;
  ipc_init(&ipc, *state);
  assert_int_equal(
      async_uv_accept(as_stream(&ipc.to), as_stream(&ipc.received)), UV_EAGAIN);
  ipc_finish(&ipc);
}

static void the_write_is_a_write_wrap_also_when_it_is_done_at_once(
    void **state) {
  ipc_t ipc;
  ipc_init(&ipc, *state);
  bind_tcp(&ipc);
  transfer(&ipc, &ipc.tcp);
  assert_counts(ipc.fixture, "WRITEWRAP", 0, 1, 1, 1, 1);
  assert_int_equal(ipc.written.trigger_async_id, id_of(&ipc.from));
  ipc_finish(&ipc);
}

static void a_pipe_can_be_sent(void **state) {
  ipc_t ipc;
  async_uv_pipe_t sent;
  int fds[2];
  ipc_init(&ipc, *state);
  assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
  assert_int_equal(async_uv_pipe_init(&ipc.fixture->loop, &sent, 0), 0);
  assert_int_equal(async_uv_pipe_open(&sent, fds[0]), 0);
  assert_int_equal(
      async_uv_pipe_init(&ipc.fixture->loop, &ipc.received_pipe, 0), 0);
  ipc.receives = (async_uv_handle_t *)&ipc.received_pipe;
  transfer(&ipc, &sent);
  assert_int_equal(ipc.pending_type, UV_NAMED_PIPE);
  assert_string_equal(
      async_resource_type(async_uv_handle_resource(ipc.receives)), "PIPEWRAP");
  close(fds[1]);
  ipc_finish(&ipc);
}

static void a_udp_handle_stays_the_resource_it_is(void **state) {
  ipc_t ipc;
  async_uv_udp_t sent;
  struct sockaddr_in address;
  ipc_init(&ipc, *state);
  uv_ip4_addr("127.0.0.1", 0, &address);
  assert_int_equal(async_uv_udp_init(&ipc.fixture->loop, &sent), 0);
  assert_int_equal(async_uv_udp_bind(&sent, (struct sockaddr *)&address, 0), 0);
  assert_int_equal(async_uv_udp_init(&ipc.fixture->loop, &ipc.received_udp), 0);
  ipc.receives = (async_uv_handle_t *)&ipc.received_udp;
  async_id_t before = id_of(&ipc.received_udp);
  transfer(&ipc, &sent);
  assert_int_equal(ipc.pending_type, UV_UDP);
  assert_int_equal(ipc.received_id, before);
  ipc_finish(&ipc);
}

static void the_store_of_the_write_is_there_in_its_callback(void **state) {
  ipc_t ipc;
  context_t context;
  char inside[] = "inside";
  ipc_init(&ipc, *state);
  bind_tcp(&ipc);
  ipc.context = &context;
  assert_int_equal(async_uv_read_start(as_stream(&ipc.to), on_alloc, on_read),
                   0);
  context_enter(&context, inside);
  assert_int_equal(send_handle(&ipc, &ipc.tcp), 0);
  context_leave(&context);
  uv_fixture_run(ipc.fixture);
  assert_ptr_equal(ipc.written.store, inside);
  assert_null(ipc.read.store);
  ipc_finish(&ipc);
}

static void what_cannot_be_sent_is_refused(void **state) {
  ipc_t ipc;
  static char text[] = "text";
  uv_buf_t buf = uv_buf_init(text, sizeof(text));
  ipc_init(&ipc, *state);
  assert_int_equal(send_handle(&ipc, &ipc.received), UV_EBADF);
  assert_int_equal(send_handle(&ipc, NULL), UV_EBADF);
  bind_tcp(&ipc);
  ipc.from.uv.ipc = 0;
  assert_int_equal(send_handle(&ipc, &ipc.tcp), UV_EINVAL);
  assert_int_equal(async_uv_try_write2(as_stream(&ipc.from), &buf, 1,
                                       (async_uv_handle_t *)&ipc.tcp),
                   UV_EINVAL);
  ipc.from.uv.ipc = 1;
  assert_int_equal(ipc.written.calls, 0);
  assert_int_equal(
      recorder_count(&ipc.fixture->recorder, RECORDED_INIT, "WRITEWRAP"), 0);
  ipc_finish(&ipc);
}

static void a_handle_is_sent_at_once_without_a_resource(void **state) {
  ipc_t ipc;
  static char text[] = "text";
  uv_buf_t buf = uv_buf_init(text, sizeof(text));
  ipc_init(&ipc, *state);
  bind_tcp(&ipc);
  assert_int_equal(async_uv_read_start(as_stream(&ipc.to), on_alloc, on_read),
                   0);
  assert_int_equal(async_uv_try_write2(as_stream(&ipc.from), &buf, 1,
                                       (async_uv_handle_t *)&ipc.tcp),
                   sizeof(text));
  uv_fixture_run(ipc.fixture);
  assert_int_equal(ipc.accept_error, 0);
  assert_int_equal(
      recorder_count(&ipc.fixture->recorder, RECORDED_INIT, "WRITEWRAP"), 0);
  ipc_finish(&ipc);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_uv(a_sent_socket_arrives_as_a_resource_of_the_pipe),
      cmocka_unit_test_uv(both_name_the_same_socket),
      cmocka_unit_test_uv(one_handle_is_accepted_once),
      cmocka_unit_test_uv(nothing_sent_is_nothing_to_accept),
      cmocka_unit_test_uv(
          the_write_is_a_write_wrap_also_when_it_is_done_at_once),
      cmocka_unit_test_uv(a_pipe_can_be_sent),
      cmocka_unit_test_uv(a_udp_handle_stays_the_resource_it_is),
      cmocka_unit_test_uv(the_store_of_the_write_is_there_in_its_callback),
      cmocka_unit_test_uv(what_cannot_be_sent_is_refused),
      cmocka_unit_test_uv(a_handle_is_sent_at_once_without_a_resource),
  };
  return test_main(tests, argc, argv);
}
