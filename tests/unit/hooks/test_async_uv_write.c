#include "write_probe.h"

#include <stdlib.h>
#include <string.h>

#define WRITE_TYPES "WRITEWRAP TickObject"

static void a_write_the_kernel_takes_makes_no_writewrap(void **state) {
  uv_fixture_t *fixture = *state;
  write_probe_t probe;
  write_probe_open(&probe, fixture);
  write_probe_read(&probe);
  assert_int_equal(write_probe_write(&probe, 5), 0);
  assert_int_equal(probe.written.calls, 0);
  write_probe_receive(&probe, 5);
  assert_int_equal(probe.written.calls, 1);
  assert_int_equal(probe.written.status, 0);
  assert_events(fixture, WRITE_TYPES,
                "init TickObject, before TickObject, written, "
                "after TickObject, destroy TickObject");
  write_probe_finish(&probe);
}

/* As in libuv: whoever is called back finds the stream in the request, which
 * the kernel took at once, left over, or refused. */
static void a_request_knows_its_stream(void **state) {
  write_probe_t probe;
  write_probe_open(&probe, *state);
  async_uv_stream_t *client = stream_of(&probe.pair.client);
  assert_int_equal(write_probe_write(&probe, 5), 0);
  assert_ptr_equal(probe.req.handle, client);
  write_probe_read(&probe);
  write_probe_receive(&probe, 5);
  assert_int_equal(
      async_uv_shutdown(&probe.shutdown_req, client, write_probe_shut), 0);
  assert_ptr_equal(probe.shutdown_req.handle, client);
  write_probe_finish(&probe);
}

static void on_connected_write(tcp_pair_t *pair) {
  write_probe_write((write_probe_t *)pair, 5);
}

static void a_finished_write_calls_back_from_the_writers_tick(void **state) {
  uv_fixture_t *fixture = *state;
  write_probe_t probe;
  write_probe_init(&probe, fixture);
  probe.pair.on_connected = on_connected_write;
  tcp_pair_open(&probe.pair);
  assert_events(fixture, "TCPCONNECTWRAP TickObject",
                "init TCPCONNECTWRAP, before TCPCONNECTWRAP, init TickObject, "
                "after TCPCONNECTWRAP, before TickObject, written, "
                "after TickObject, destroy TickObject, "
                "destroy TCPCONNECTWRAP");
  assert_int_equal(probe.written.trigger_async_id,
                   recorder_id(&fixture->recorder, "TCPCONNECTWRAP", 0));
  write_probe_finish(&probe);
}

static void a_finished_write_calls_back_in_the_writers_context(void **state) {
  static int store;
  context_t context;
  write_probe_t probe;
  write_probe_open(&probe, *state);
  context_enter(&context, &store);
  assert_int_equal(write_probe_write(&probe, 5), 0);
  context_leave(&context);
  probe.context = &context;
  write_probe_read(&probe);
  write_probe_receive(&probe, 5);
  assert_ptr_equal(probe.written.store, &store);
  write_probe_finish(&probe);
}

static void a_write_the_kernel_leaves_over_is_a_writewrap(void **state) {
  uv_fixture_t *fixture = *state;
  write_probe_t probe;
  write_probe_open(&probe, fixture);
  assert_int_equal(write_probe_write(&probe, WRITE_BIG_BYTES), 0);
  assert_true(
      async_uv_stream_get_write_queue_size(stream_of(&probe.pair.client)) > 0);
  const recorded_event_t *init =
      recorder_find(&fixture->recorder, RECORDED_INIT, "WRITEWRAP", 0);
  assert_non_null(init);
  assert_int_equal(init->trigger_async_id, tcp_id(&probe.pair.client));
  write_probe_read(&probe);
  write_probe_receive(&probe, WRITE_BIG_BYTES);
  while (probe.written.calls == 0) {
    uv_run(&fixture->loop, UV_RUN_ONCE);
  }
  assert_int_equal(probe.written.execution_async_id,
                   recorder_id(&fixture->recorder, "WRITEWRAP", 0));
  write_probe_finish(&probe);
  assert_events(fixture, WRITE_TYPES,
                "init WRITEWRAP, before WRITEWRAP, written, after WRITEWRAP, "
                "destroy WRITEWRAP, client closed");
}

static void a_queued_write_calls_back_in_the_writers_context(void **state) {
  static int store;
  context_t context;
  write_probe_t probe;
  write_probe_open(&probe, *state);
  context_enter(&context, &store);
  assert_int_equal(write_probe_write(&probe, WRITE_BIG_BYTES), 0);
  context_leave(&context);
  probe.context = &context;
  write_probe_finish(&probe);
  assert_ptr_equal(probe.written.store, &store);
}

/* Cuts the pattern into `count` buffers of different sizes, every fifth of
 * them empty. */
static void cut_payload(write_probe_t *probe, uv_buf_t *bufs, size_t count) {
  size_t position = 0;
  for (size_t i = 0; i < count; i++) {
    size_t rest = WRITE_BIG_BYTES - position;
    size_t size = i % 5 == 0 ? 0 : rest * (i % 3 + 1) / (count - i + 2);
    if (i + 1 == count) {
      size = rest;
    }
    bufs[i] = uv_buf_init(probe->payload + position, (unsigned)size);
    position += size;
  }
}

static void write_in_pieces(void **state, size_t count) {
  uv_buf_t bufs[64];
  write_probe_t probe;
  write_probe_open(&probe, *state);
  cut_payload(&probe, bufs, count);
  assert_int_equal(async_uv_write(&probe.req, stream_of(&probe.pair.client),
                                  bufs, (unsigned)count, write_probe_written),
                   0);
  memset(bufs, 0, sizeof(bufs));
  write_probe_read(&probe);
  write_probe_receive(&probe, WRITE_BIG_BYTES);
  write_probe_finish(&probe);
  assert_int_equal(probe.written.status, 0);
  assert_int_equal(recorder_count(&((uv_fixture_t *)*state)->recorder,
                                  RECORDED_INIT, "WRITEWRAP"),
                   1);
}

static void the_rest_of_few_buffers_arrives_in_order(void **state) {
  write_in_pieces(state, 9);
}

static void the_rest_of_sixteen_buffers_arrives_in_order(void **state) {
  write_in_pieces(state, 16);
}

static void the_rest_of_many_buffers_arrives_in_order(void **state) {
  write_in_pieces(state, 64);
}

static void an_empty_write_is_finished_at_once(void **state) {
  uv_fixture_t *fixture = *state;
  write_probe_t probe;
  write_probe_open(&probe, fixture);
  assert_int_equal(write_probe_write(&probe, 0), 0);
  uv_run(&fixture->loop, UV_RUN_NOWAIT);
  assert_int_equal(probe.written.calls, 1);
  assert_int_equal(probe.written.status, 0);
  assert_events(fixture, WRITE_TYPES,
                "init TickObject, before TickObject, written, "
                "after TickObject, destroy TickObject");
  write_probe_finish(&probe);
}

static int write_second(write_probe_t *probe) {
  static char text[] = "x";
  uv_buf_t buf = uv_buf_init(text, 1);
  return async_uv_write(&probe->second, stream_of(&probe->pair.client), &buf, 1,
                        write_probe_second_written);
}

static void writes_call_back_in_their_order(void **state) {
  uv_fixture_t *fixture = *state;
  write_probe_t probe;
  write_probe_open(&probe, fixture);
  assert_int_equal(write_probe_write(&probe, WRITE_BIG_BYTES), 0);
  assert_int_equal(write_second(&probe), 0);
  write_probe_read(&probe);
  while (probe.second_written.calls == 0) {
    uv_run(&fixture->loop, UV_RUN_ONCE);
  }
  assert_events(fixture, "", "written, second written");
  write_probe_finish(&probe);
}

static void a_write_behind_an_empty_queue_is_finished_at_once(void **state) {
  uv_fixture_t *fixture = *state;
  write_probe_t probe;
  write_probe_open(&probe, fixture);
  assert_int_equal(write_probe_write(&probe, WRITE_BIG_BYTES), 0);
  write_probe_read(&probe);
  write_probe_receive(&probe, WRITE_BIG_BYTES);
  while (probe.written.calls == 0) {
    uv_run(&fixture->loop, UV_RUN_ONCE);
  }
  assert_int_equal(write_second(&probe), 0);
  assert_int_equal(
      recorder_count(&fixture->recorder, RECORDED_INIT, "WRITEWRAP"), 1);
  write_probe_finish(&probe);
  assert_int_equal(probe.second_written.calls, 1);
}

static void on_connected_write_second(tcp_pair_t *pair) {
  write_second((write_probe_t *)pair);
}

static void a_write_waits_for_the_callback_of_an_empty_one(void **state) {
  uv_fixture_t *fixture = *state;
  write_probe_t probe;
  write_probe_init(&probe, fixture);
  probe.pair.on_connected = on_connected_write_second;
  tcp_pair_listen(&probe.pair);
  tcp_pair_connect(&probe.pair);
  assert_int_equal(write_probe_write(&probe, 0), 0);
  while (probe.second_written.calls == 0) {
    uv_run(&fixture->loop, UV_RUN_ONCE);
  }
  assert_events(fixture, "", "written, second written");
  write_probe_finish(&probe);
}

static void a_write_while_connecting_is_queued(void **state) {
  uv_fixture_t *fixture = *state;
  write_probe_t probe;
  write_probe_init(&probe, fixture);
  tcp_pair_listen(&probe.pair);
  tcp_pair_connect(&probe.pair);
  assert_int_equal(write_probe_write(&probe, 5), 0);
  while (probe.written.calls == 0) {
    uv_run(&fixture->loop, UV_RUN_ONCE);
  }
  assert_int_equal(probe.written.status, 0);
  assert_int_equal(
      recorder_count(&fixture->recorder, RECORDED_INIT, "WRITEWRAP"), 1);
  write_probe_finish(&probe);
}

static void a_write_without_a_callback_only_writes(void **state) {
  uv_fixture_t *fixture = *state;
  write_probe_t probe;
  write_probe_open(&probe, fixture);
  write_probe_read(&probe);
  uv_buf_t buf = uv_buf_init(probe.payload, 5);
  assert_int_equal(
      async_uv_write(&probe.req, stream_of(&probe.pair.client), &buf, 1, NULL),
      0);
  write_probe_receive(&probe, 5);
  assert_events(fixture, WRITE_TYPES, "");
  write_probe_finish(&probe);
}

static void a_queued_write_without_a_callback_has_no_scope(void **state) {
  uv_fixture_t *fixture = *state;
  write_probe_t probe;
  write_probe_open(&probe, fixture);
  uv_buf_t buf = uv_buf_init(probe.payload, (unsigned)WRITE_BIG_BYTES);
  assert_int_equal(
      async_uv_write(&probe.req, stream_of(&probe.pair.client), &buf, 1, NULL),
      0);
  write_probe_read(&probe);
  write_probe_receive(&probe, WRITE_BIG_BYTES);
  write_probe_finish(&probe);
  assert_counts(fixture, "WRITEWRAP", 0, 1, 0, 0, 1);
}

static unsigned freed;

static void on_written_free(async_uv_write_t *req, int status) {
  (void)status;
  freed++;
  free(req);
}

static void the_callback_may_free_a_finished_write(void **state) {
  write_probe_t probe;
  write_probe_open(&probe, *state);
  async_uv_write_t *req = malloc(sizeof(*req));
  uv_buf_t buf = uv_buf_init(probe.payload, 5);
  assert_int_equal(async_uv_write(req, stream_of(&probe.pair.client), &buf, 1,
                                  on_written_free),
                   0);
  write_probe_finish(&probe);
  assert_int_equal(freed, 1);
}

static void the_callback_may_free_a_queued_write(void **state) {
  write_probe_t probe;
  write_probe_open(&probe, *state);
  async_uv_write_t *req = malloc(sizeof(*req));
  uv_buf_t buf = uv_buf_init(probe.payload, (unsigned)WRITE_BIG_BYTES);
  assert_int_equal(async_uv_write(req, stream_of(&probe.pair.client), &buf, 1,
                                  on_written_free),
                   0);
  write_probe_finish(&probe);
  assert_int_equal(freed, 1);
}

static void on_written_write_again(async_uv_write_t *req, int status) {
  write_probe_t *probe = req->data;
  write_probe_written(req, status);
  if (probe->written.calls < 3) {
    uv_buf_t buf = uv_buf_init(probe->payload + probe->written.calls, 1);
    async_uv_write(req, stream_of(&probe->pair.client), &buf, 1,
                   on_written_write_again);
  }
}

static void the_callback_may_use_the_request_again(void **state) {
  uv_fixture_t *fixture = *state;
  write_probe_t probe;
  write_probe_open(&probe, fixture);
  write_probe_read(&probe);
  uv_buf_t buf = uv_buf_init(probe.payload, 1);
  assert_int_equal(async_uv_write(&probe.req, stream_of(&probe.pair.client),
                                  &buf, 1, on_written_write_again),
                   0);
  write_probe_receive(&probe, 3);
  assert_int_equal(
      recorder_count(&fixture->recorder, RECORDED_INIT, "TickObject"), 3);
  write_probe_finish(&probe);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {

      cmocka_unit_test_uv(a_write_the_kernel_takes_makes_no_writewrap),
      cmocka_unit_test_uv(a_request_knows_its_stream),
      cmocka_unit_test_uv(a_finished_write_calls_back_from_the_writers_tick),
      cmocka_unit_test_uv(a_finished_write_calls_back_in_the_writers_context),
      cmocka_unit_test_uv(a_write_the_kernel_leaves_over_is_a_writewrap),
      cmocka_unit_test_uv(a_queued_write_calls_back_in_the_writers_context),
      cmocka_unit_test_uv(the_rest_of_few_buffers_arrives_in_order),
      cmocka_unit_test_uv(the_rest_of_sixteen_buffers_arrives_in_order),
      cmocka_unit_test_uv(the_rest_of_many_buffers_arrives_in_order),
      cmocka_unit_test_uv(an_empty_write_is_finished_at_once),
      cmocka_unit_test_uv(writes_call_back_in_their_order),
      cmocka_unit_test_uv(a_write_behind_an_empty_queue_is_finished_at_once),
      cmocka_unit_test_uv(a_write_waits_for_the_callback_of_an_empty_one),
      cmocka_unit_test_uv(a_write_while_connecting_is_queued),
      cmocka_unit_test_uv(a_write_without_a_callback_only_writes),
      cmocka_unit_test_uv(a_queued_write_without_a_callback_has_no_scope),
      cmocka_unit_test_uv(the_callback_may_free_a_finished_write),
      cmocka_unit_test_uv(the_callback_may_free_a_queued_write),
      cmocka_unit_test_uv(the_callback_may_use_the_request_again),
  };
  return test_main(tests, argc, argv);
}
