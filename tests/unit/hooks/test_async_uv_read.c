#include "tcp_pair.h"

#include <string.h>

typedef struct reader_s {
  tcp_pair_t pair;
  seen_t alloc, read;
  ssize_t received_bytes;
  char last[16];
} reader_t;

static void on_reader_alloc(async_uv_handle_t *handle,
                            size_t suggested_size_bytes, uv_buf_t *buf) {
  reader_t *reader = handle->data;
  seen_note(&reader->alloc, 0, NULL);
  on_alloc(handle, suggested_size_bytes, buf);
}

static void on_reader_read(async_uv_stream_t *stream, ssize_t nread,
                           const uv_buf_t *buf) {
  reader_t *reader = stream->data;
  seen_note(&reader->read, (int)nread, reader->pair.context);
  if (nread > 0 && nread < (ssize_t)sizeof(reader->last)) {
    memcpy(reader->last, buf->base, (size_t)nread);
    reader->received_bytes += nread;
  }
}

/* An open pair whose accepted end is read into the reader. */
static void open_reader(reader_t *reader, uv_fixture_t *fixture) {
  memset(reader, 0, sizeof(*reader));
  tcp_pair_init(&reader->pair, fixture);
  tcp_pair_open(&reader->pair);
  assert_int_equal(async_uv_read_start(stream_of(&reader->pair.accepted),
                                       on_reader_alloc, on_reader_read),
                   0);
}

static void send_text(reader_t *reader, const char *text) {
  char copy[16];
  uv_buf_t buf = uv_buf_init(copy, (unsigned)strlen(text));
  memcpy(copy, text, buf.len);
  assert_int_equal(async_uv_try_write(stream_of(&reader->pair.client), &buf, 1),
                   (int)strlen(text));
}

static void run_until_read(reader_t *reader, unsigned calls) {
  while (reader->read.calls < calls) {
    uv_run(&reader->pair.fixture->loop, UV_RUN_ONCE);
  }
}

static void data_arrives_in_the_streams_scope(void **state) {
  reader_t reader;
  open_reader(&reader, *state);
  send_text(&reader, "hello");
  run_until_read(&reader, 1);
  assert_string_equal(reader.last, "hello");
  assert_int_equal(reader.read.execution_async_id,
                   tcp_id(&reader.pair.accepted));
  assert_int_equal(reader.read.trigger_async_id, tcp_id(&reader.pair.server));
  assert_ptr_equal(reader.read.resource,
                   async_uv_handle_resource(handle_of(&reader.pair.accepted)));
  tcp_pair_finish(&reader.pair);
}

static void each_read_has_its_before_and_after(void **state) {
  uv_fixture_t *fixture = *state;
  reader_t reader;
  open_reader(&reader, fixture);
  async_id_t accepted = tcp_id(&reader.pair.accepted);
  send_text(&reader, "one");
  run_until_read(&reader, 1);
  send_text(&reader, "two");
  run_until_read(&reader, 2);
  tcp_pair_finish(&reader.pair);
  assert_true(recorder_has_counts(&fixture->recorder, accepted, 1, 3, 3, 1));
}

static void memory_is_asked_for_outside_the_scope(void **state) {
  reader_t reader;
  open_reader(&reader, *state);
  send_text(&reader, "hello");
  run_until_read(&reader, 1);
  assert_int_equal(reader.alloc.calls, 1);
  assert_int_not_equal(reader.alloc.execution_async_id,
                       tcp_id(&reader.pair.accepted));
  tcp_pair_finish(&reader.pair);
}

static void the_end_of_the_stream_arrives_in_its_scope(void **state) {
  reader_t reader;
  open_reader(&reader, *state);
  async_uv_close(handle_of(&reader.pair.client), NULL);
  run_until_read(&reader, 1);
  assert_int_equal(reader.read.status, UV_EOF);
  assert_int_equal(reader.read.execution_async_id,
                   tcp_id(&reader.pair.accepted));
  tcp_pair_finish(&reader.pair);
}

static void a_client_reads_in_the_context_of_its_connect(void **state) {
  static int store;
  context_t context;
  reader_t reader;
  memset(&reader, 0, sizeof(reader));
  tcp_pair_init(&reader.pair, *state);
  tcp_pair_listen(&reader.pair);
  context_enter(&context, &store);
  tcp_pair_connect(&reader.pair);
  context_leave(&context);
  reader.pair.context = &context;
  while (reader.pair.connected.calls == 0 ||
         reader.pair.connection.calls == 0) {
    uv_run(&reader.pair.fixture->loop, UV_RUN_ONCE);
  }
  assert_int_equal(async_uv_read_start(stream_of(&reader.pair.client),
                                       on_reader_alloc, on_reader_read),
                   0);
  async_uv_close(handle_of(&reader.pair.accepted), NULL);
  run_until_read(&reader, 1);
  assert_ptr_equal(reader.read.store, &store);
  tcp_pair_finish(&reader.pair);
}

static void a_stopped_stream_reads_again_when_started(void **state) {
  reader_t reader;
  open_reader(&reader, *state);
  assert_int_equal(async_uv_read_stop(stream_of(&reader.pair.accepted)), 0);
  send_text(&reader, "late");
  uv_run(&reader.pair.fixture->loop, UV_RUN_NOWAIT);
  assert_int_equal(reader.read.calls, 0);
  assert_int_equal(async_uv_read_start(stream_of(&reader.pair.accepted),
                                       on_reader_alloc, on_reader_read),
                   0);
  run_until_read(&reader, 1);
  assert_string_equal(reader.last, "late");
  tcp_pair_finish(&reader.pair);
}

static void starting_to_read_twice_is_refused(void **state) {
  reader_t reader;
  open_reader(&reader, *state);
  assert_int_equal(async_uv_read_start(stream_of(&reader.pair.accepted),
                                       on_alloc, on_reader_read),
                   UV_EALREADY);
  tcp_pair_finish(&reader.pair);
}

static void reading_without_a_connection_is_refused(void **state) {
  reader_t reader;
  memset(&reader, 0, sizeof(reader));
  tcp_pair_init(&reader.pair, *state);
  assert_int_equal(async_uv_read_start(stream_of(&reader.pair.client), on_alloc,
                                       on_reader_read),
                   UV_ENOTCONN);
  tcp_pair_finish(&reader.pair);
}

static void reading_a_closing_stream_is_refused(void **state) {
  reader_t reader;
  open_reader(&reader, *state);
  async_uv_close(handle_of(&reader.pair.client), NULL);
  assert_int_equal(async_uv_read_start(stream_of(&reader.pair.client), on_alloc,
                                       on_reader_read),
                   UV_EINVAL);
  tcp_pair_finish(&reader.pair);
}

static void reading_without_callbacks_is_refused(void **state) {
  reader_t reader;
  open_reader(&reader, *state);
  async_uv_stream_t *client = stream_of(&reader.pair.client);
  assert_int_equal(async_uv_read_start(client, NULL, on_reader_read),
                   UV_EINVAL);
  assert_int_equal(async_uv_read_start(client, on_alloc, NULL), UV_EINVAL);
  tcp_pair_finish(&reader.pair);
}

static void a_handle_that_is_no_stream_is_refused(void **state) {
  uv_fixture_t *fixture = *state;
  async_uv_timer_t timer;
  assert_int_equal(async_uv_timer_init(&fixture->loop, &timer), 0);
  assert_int_equal(async_uv_read_start((async_uv_stream_t *)&timer, on_alloc,
                                       on_reader_read),
                   UV_EINVAL);
  assert_non_null(strstr(async_error_message(), "stream"));
  async_uv_close((async_uv_handle_t *)&timer, NULL);
  uv_fixture_run(fixture);
}

static void a_connection_is_readable_and_writable(void **state) {
  reader_t reader;
  open_reader(&reader, *state);
  assert_true(async_uv_is_readable(stream_of(&reader.pair.client)));
  assert_true(async_uv_is_writable(stream_of(&reader.pair.client)));
  assert_false(async_uv_is_readable(stream_of(&reader.pair.server)));
  assert_false(async_uv_is_writable(stream_of(&reader.pair.server)));
  tcp_pair_finish(&reader.pair);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_uv(data_arrives_in_the_streams_scope),
      cmocka_unit_test_uv(each_read_has_its_before_and_after),
      cmocka_unit_test_uv(memory_is_asked_for_outside_the_scope),
      cmocka_unit_test_uv(the_end_of_the_stream_arrives_in_its_scope),
      cmocka_unit_test_uv(a_client_reads_in_the_context_of_its_connect),
      cmocka_unit_test_uv(a_stopped_stream_reads_again_when_started),
      cmocka_unit_test_uv(starting_to_read_twice_is_refused),
      cmocka_unit_test_uv(reading_without_a_connection_is_refused),
      cmocka_unit_test_uv(reading_a_closing_stream_is_refused),
      cmocka_unit_test_uv(reading_without_callbacks_is_refused),
      cmocka_unit_test_uv(a_handle_that_is_no_stream_is_refused),
      cmocka_unit_test_uv(a_connection_is_readable_and_writable),
  };
  return test_main(tests, argc, argv);
}
