#include "tcp_pair.h"

#include "counting_allocator.h"
#include <string.h>

/* A pair whose client is opened by one asker; the server's end says a word
 * whenever the client is to have a callback. */
typedef struct pool_s {
  tcp_pair_t pair;
  context_t first, second;
  async_id_t opened; /* the client's first id */
  seen_t read;
  bool reset_in_read; /* the next read callback resets its handle */
  async_id_t in_read; /* the handle's id behind that */
  const async_resource_t *in_read_resource;
} pool_t;

static int first_store, second_store;

static void on_read(async_uv_stream_t *stream, ssize_t nread,
                    const uv_buf_t *buf) {
  pool_t *pool = stream->data;
  (void)buf;
  seen_note(&pool->read, (int)nread, pool->pair.context);
  if (pool->reset_in_read) {
    pool->reset_in_read = false;
    async_uv_reset(handle_of(&pool->pair.client), NULL);
    pool->in_read = async_hooks_execution_async_id();
    pool->in_read_resource = async_hooks_execution_async_resource();
  }
}

static void open_pool(pool_t *pool, uv_fixture_t *fixture) {
  memset(pool, 0, sizeof(*pool));
  tcp_pair_init(&pool->pair, fixture);
  tcp_pair_listen(&pool->pair);
  context_enter(&pool->first, &first_store);
  tcp_pair_connect(&pool->pair);
  context_leave(&pool->first);
  while (pool->pair.connected.calls == 0 || pool->pair.connection.calls == 0)
    uv_run(&fixture->loop, UV_RUN_ONCE);
  pool->opened = tcp_id(&pool->pair.client);
  assert_int_equal(
      async_uv_read_start(stream_of(&pool->pair.client), on_alloc, on_read), 0);
}

static void have_read(pool_t *pool, const context_t *context) {
  char word[] = "word";
  uv_buf_t buf = uv_buf_init(word, 4);
  unsigned calls = pool->read.calls;
  pool->pair.context = context;
  assert_int_equal(async_uv_try_write(stream_of(&pool->pair.accepted), &buf, 1),
                   4);
  while (pool->read.calls == calls)
    uv_run(&pool->pair.fixture->loop, UV_RUN_ONCE);
}

static void reset_for_second(pool_t *pool) {
  context_enter(&pool->second, &second_store);
  assert_int_equal(async_uv_reset(handle_of(&pool->pair.client), NULL), 0);
  context_leave(&pool->second);
}

static void a_reset_handle_has_a_new_id_of_the_same_type(void **state) {
  uv_fixture_t *fixture = *state;
  pool_t pool;
  open_pool(&pool, fixture);
  reset_for_second(&pool);
  async_id_t second = tcp_id(&pool.pair.client);
  assert_true(second > pool.opened);
  assert_string_equal(async_resource_type(async_uv_handle_resource(
                          handle_of(&pool.pair.client))),
                      "TCPWRAP");
  assert_true(recorder_has_counts(&fixture->recorder, second, 1, 0, 0, 0));
  assert_true(recorder_has_counts(&fixture->recorder, pool.opened, 1, 0, 0, 0));
  tcp_pair_finish(&pool.pair);
  assert_true(recorder_has_counts(&fixture->recorder, pool.opened, 1, 0, 0, 1));
  assert_true(recorder_has_counts(&fixture->recorder, second, 1, 1, 1, 1));
}

static void what_is_read_after_a_reset_is_the_new_askers(void **state) {
  pool_t pool;
  open_pool(&pool, *state);
  have_read(&pool, &pool.first);
  assert_int_equal(pool.read.execution_async_id, pool.opened);
  assert_ptr_equal(pool.read.store, &first_store);
  reset_for_second(&pool);
  have_read(&pool, &pool.second);
  assert_int_equal(pool.read.execution_async_id, tcp_id(&pool.pair.client));
  assert_ptr_equal(pool.read.store, &second_store);
  have_read(&pool, &pool.first);
  assert_null(pool.read.store);
  tcp_pair_finish(&pool.pair);
}

static int reset_in_scope(void *arg) {
  return async_uv_reset(arg, NULL);
}

static void a_reset_is_triggered_by_whoever_asks(void **state) {
  uv_fixture_t *fixture = *state;
  async_resource_t asker;
  pool_t pool;
  open_pool(&pool, fixture);
  assert_int_equal(async_resource_init(&asker, "ASKER", NULL), 0);
  assert_int_equal(async_resource_run_in_async_scope(
                       &asker, reset_in_scope, handle_of(&pool.pair.client)),
                   0);
  assert_int_equal(async_resource_trigger_async_id(
                       async_uv_handle_resource(handle_of(&pool.pair.client))),
                   async_resource_async_id(&asker));
  async_resource_finish(&asker);
  tcp_pair_finish(&pool.pair);
}

static void a_reset_takes_the_options_of_a_resource(void **state) {
  async_resource_options_t options = {.flags = ASYNC_RESOURCE_TRIGGER |
                                               ASYNC_RESOURCE_INTERNAL,
                                      .trigger_async_id = 111};
  async_resource_info_t info;
  pool_t pool;
  open_pool(&pool, *state);
  assert_int_equal(async_uv_reset(handle_of(&pool.pair.client), &options), 0);
  assert_true(inspect(tcp_id(&pool.pair.client), &info));
  assert_int_equal(info.trigger_async_id, 111);
  assert_true(info.internal);
  assert_string_equal(info.site->function,
                      "a_reset_takes_the_options_of_a_resource");
  tcp_pair_finish(&pool.pair);
}

static void a_reset_in_the_handles_callback_leaves_the_old_scope(void **state) {
  uv_fixture_t *fixture = *state;
  pool_t pool;
  open_pool(&pool, fixture);
  pool.reset_in_read = true;
  have_read(&pool, &pool.first);
  async_id_t second = tcp_id(&pool.pair.client);
  assert_int_equal(pool.in_read, pool.opened);
  have_read(&pool, &pool.first);
  assert_int_equal(pool.read.execution_async_id, second);
  assert_ptr_equal(pool.read.store, &first_store);
  assert_true(recorder_has_counts(&fixture->recorder, pool.opened, 1, 1, 1, 1));
  assert_true(recorder_has_counts(&fixture->recorder, second, 1, 1, 1, 0));
  tcp_pair_finish(&pool.pair);
}

static void a_reset_handle_keeps_its_reference_to_the_loop(void **state) {
  async_resource_info_t info;
  pool_t pool;
  open_pool(&pool, *state);
  async_uv_unref(handle_of(&pool.pair.client));
  reset_for_second(&pool);
  assert_true(inspect(tcp_id(&pool.pair.client), &info));
  assert_false(info.ref);
  tcp_pair_finish(&pool.pair);
}

static void a_socket_without_a_resource_becomes_a_tcpwrap(void **state) {
  uv_fixture_t *fixture = *state;
  tcp_pair_t pair;
  tcp_pair_init(&pair, fixture);
  assert_int_equal(async_uv_reset(handle_of(&pair.client), NULL), 0);
  async_id_t first = tcp_id(&pair.client);
  assert_events(fixture, NULL, "init TCPWRAP");
  tcp_pair_open(&pair);
  assert_int_equal(tcp_id(&pair.client), first);
  assert_int_equal(
      recorder_find(&fixture->recorder, RECORDED_INIT, "TCPCONNECTWRAP", 0)
          ->trigger_async_id,
      first);
  tcp_pair_finish(&pair);
}

static void a_handle_that_has_nothing_to_replace_is_refused(void **state) {
  uv_fixture_t *fixture = *state;
  async_uv_timer_t timer;
  assert_int_equal(async_uv_timer_init(&fixture->loop, &timer), 0);
  assert_int_equal(async_uv_reset((async_uv_handle_t *)&timer, NULL),
                   UV_EINVAL);
  assert_non_null(strstr(async_error_message(), "timer"));
  async_uv_park((async_uv_handle_t *)&timer);
  async_uv_close((async_uv_handle_t *)&timer, NULL);
  uv_fixture_run(fixture);
}

static void a_closing_handle_is_not_reset(void **state) {
  pool_t pool;
  open_pool(&pool, *state);
  tcp_pair_close(&pool.pair);
  assert_int_equal(async_uv_reset(handle_of(&pool.pair.client), NULL),
                   UV_EINVAL);
  async_uv_park(handle_of(&pool.pair.client));
  assert_int_equal(tcp_id(&pool.pair.client), pool.opened);
  uv_fixture_run(pool.pair.fixture);
}

static void without_memory_a_handle_keeps_what_it_has(void **state) {
  uv_fixture_t *fixture = *state;
  async_resource_t others[64];
  size_t count = 1;
  pool_t pool;
  open_pool(&pool, fixture);
  assert_int_equal(async_resource_init(&others[0], "FILL", NULL), 0);
  counting_allocator_fail_at(1);
  while (count < 64 && async_resource_init(&others[count], "FILL", NULL) == 0)
    count++;
  counting_allocator_fail_at(1);
  assert_int_equal(async_uv_reset(handle_of(&pool.pair.client), NULL),
                   UV_ENOMEM);
  assert_true(counting_allocator_disarm());
  assert_int_equal(tcp_id(&pool.pair.client), pool.opened);
  have_read(&pool, &pool.first);
  assert_ptr_equal(pool.read.store, &first_store);
  while (count > 0)
    async_resource_finish(&others[--count]);
  tcp_pair_finish(&pool.pair);
}

static void a_parked_handle_is_alive_in_no_context(void **state) {
  uv_fixture_t *fixture = *state;
  async_resource_info_t info;
  pool_t pool;
  open_pool(&pool, fixture);
  async_uv_park(handle_of(&pool.pair.client));
  have_read(&pool, &pool.first);
  assert_int_equal(pool.read.execution_async_id, pool.opened);
  assert_null(pool.read.store);
  assert_true(inspect(pool.opened, &info));
  assert_int_equal(info.frame, 0);
  assert_int_equal(info.storages, 0);
  assert_int_equal(info.request, 0);
  assert_int_equal(info.trigger_async_id, ASYNC_ID_ROOT);
  async_uv_park(handle_of(&pool.pair.client));
  reset_for_second(&pool);
  have_read(&pool, &pool.second);
  assert_ptr_equal(pool.read.store, &second_store);
  tcp_pair_finish(&pool.pair);
}

static unsigned released;

static void count_release(void *store) {
  (void)store;
  released++;
}

static void a_parked_handle_holds_no_store(void **state) {
  async_context_value_t value = {.store = &first_store,
                                 .release = count_release};
  async_context_frame_t *frame = NULL;
  async_resource_options_t options = {.flags = ASYNC_RESOURCE_FRAME};
  context_t context;
  pool_t pool;
  open_pool(&pool, *state);
  assert_int_equal(async_context_key_create("kept", &context.key), 0);
  assert_int_equal(async_context_frame_with(NULL, &context.key, &value, &frame),
                   0);
  options.frame = frame;
  assert_int_equal(async_uv_reset(handle_of(&pool.pair.client), &options), 0);
  async_context_frame_release(frame);
  assert_int_equal(released, 0);
  async_uv_park(handle_of(&pool.pair.client));
  assert_int_equal(released, 1);
  tcp_pair_finish(&pool.pair);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_uv(a_reset_handle_has_a_new_id_of_the_same_type),
      cmocka_unit_test_uv(what_is_read_after_a_reset_is_the_new_askers),
      cmocka_unit_test_uv(a_reset_is_triggered_by_whoever_asks),
      cmocka_unit_test_uv(a_reset_takes_the_options_of_a_resource),
      cmocka_unit_test_uv(a_reset_in_the_handles_callback_leaves_the_old_scope),
      cmocka_unit_test_uv(a_reset_handle_keeps_its_reference_to_the_loop),
      cmocka_unit_test_uv(a_socket_without_a_resource_becomes_a_tcpwrap),
      cmocka_unit_test_uv(a_handle_that_has_nothing_to_replace_is_refused),
      cmocka_unit_test_uv(a_closing_handle_is_not_reset),
      cmocka_unit_test_uv(without_memory_a_handle_keeps_what_it_has),
      cmocka_unit_test_uv(a_parked_handle_is_alive_in_no_context),
      cmocka_unit_test_uv(a_parked_handle_holds_no_store),
  };
  if (counting_allocator_install() != 0)
    return 1;
  return test_main(tests, argc, argv);
}
