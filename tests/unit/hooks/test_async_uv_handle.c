#include "tcp_pair.h"

#include <stdlib.h>
#include <string.h>

static void a_tracked_handle_may_be_taken_for_libuvs(void **state) {
  uv_fixture_t *fixture = *state;
  async_uv_tcp_t tcp;
  tcp.data = fixture;
  assert_int_equal(async_uv_tcp_init(&fixture->loop, &tcp), 0);
  assert_int_equal(uv_handle_get_type((uv_handle_t *)&tcp), UV_TCP);
  assert_int_equal(handle_of(&tcp)->type, UV_TCP);
  assert_ptr_equal(tcp.loop, &fixture->loop);
  assert_ptr_equal(uv_handle_get_data((uv_handle_t *)&tcp), fixture);
  async_uv_close(handle_of(&tcp), NULL);
  uv_fixture_run(fixture);
}

static void a_stream_keeps_its_resource_until_it_is_closed(void **state) {
  uv_fixture_t *fixture = *state;
  tcp_pair_t pair;
  tcp_pair_init(&pair, fixture);
  tcp_pair_listen(&pair);
  async_id_t server = tcp_id(&pair.server);
  async_resource_info_t info;
  assert_true(inspect(server, &info));
  assert_false(info.closing);
  async_uv_close(handle_of(&pair.server), NULL);
  assert_true(inspect(server, &info));
  assert_true(info.closing);
  assert_int_equal(tcp_id(&pair.server), server);
  assert_true(async_uv_is_closing(handle_of(&pair.server)));
  tcp_pair_finish(&pair);
  assert_counts(fixture, "TCPSERVERWRAP", 0, 1, 0, 0, 1);
}

static void the_close_callback_runs_in_the_handles_scope(void **state) {
  uv_fixture_t *fixture = *state;
  tcp_pair_t pair;
  tcp_pair_init(&pair, fixture);
  tcp_pair_listen(&pair);
  async_id_t server = tcp_id(&pair.server);
  tcp_pair_finish(&pair);
  assert_int_equal(pair.server_closed.execution_async_id, server);
  assert_ptr_equal(
      pair.server_closed.resource,
      recorder_find(&fixture->recorder, RECORDED_INIT, NULL, 0)->resource);
}

static void a_close_without_a_resource_still_calls_back(void **state) {
  tcp_pair_t pair;
  tcp_pair_init(&pair, *state);
  tcp_pair_finish(&pair);
  assert_int_equal(pair.server_closed.calls, 1);
  assert_int_equal(pair.client_closed.calls, 1);
  assert_int_equal(pair.accepted_closed.calls, 1);
}

static unsigned freed;

static void on_closed_free(async_uv_handle_t *handle) {
  free(handle);
  freed++;
}

static void ignore_connection(async_uv_stream_t *server, int status) {
  (void)server;
  (void)status;
}

static void the_close_callback_may_free_the_handle(void **state) {
  uv_fixture_t *fixture = *state;
  async_uv_tcp_t *tcp = malloc(sizeof(*tcp));
  assert_int_equal(async_uv_tcp_init(&fixture->loop, tcp), 0);
  assert_int_equal(async_uv_listen(stream_of(tcp), 1, ignore_connection), 0);
  async_uv_close(handle_of(tcp), on_closed_free);
  uv_fixture_run(fixture);
  assert_int_equal(freed, 1);
  assert_counts(fixture, "TCPSERVERWRAP", 0, 1, 1, 1, 1);
}

/* Whether diagnostics show the resource as one that holds its loop. */
static bool is_shown_as_referenced(async_id_t async_id) {
  async_resource_info_t info;
  assert_true(inspect(async_id, &info));
  return info.ref;
}

static void a_server_that_is_unreferenced_is_shown_as_such(void **state) {
  tcp_pair_t pair;
  tcp_pair_init(&pair, *state);
  tcp_pair_listen(&pair);
  async_id_t server = tcp_id(&pair.server);
  assert_true(is_shown_as_referenced(server));
  async_uv_unref(handle_of(&pair.server));
  assert_false(async_uv_has_ref(handle_of(&pair.server)));
  assert_false(is_shown_as_referenced(server));
  async_uv_ref(handle_of(&pair.server));
  assert_true(async_uv_has_ref(handle_of(&pair.server)));
  assert_true(is_shown_as_referenced(server));
  tcp_pair_finish(&pair);
}

static void unreferencing_before_the_use_is_remembered(void **state) {
  tcp_pair_t pair;
  tcp_pair_init(&pair, *state);
  async_uv_unref(handle_of(&pair.server));
  tcp_pair_listen(&pair);
  assert_false(is_shown_as_referenced(tcp_id(&pair.server)));
  tcp_pair_finish(&pair);
}

static void a_server_is_active_while_it_listens(void **state) {
  tcp_pair_t pair;
  tcp_pair_init(&pair, *state);
  assert_false(async_uv_is_active(handle_of(&pair.server)));
  tcp_pair_listen(&pair);
  assert_true(async_uv_is_active(handle_of(&pair.server)));
  tcp_pair_finish(&pair);
}

static void a_handle_that_is_not_tracked_is_named(void **state) {
  uv_fixture_t *fixture = *state;
  async_uv_handle_t handle = {.loop = &fixture->loop, .type = UV_FILE};
  assert_null(async_uv_handle_resource(&handle));
  async_uv_close(&handle, NULL);
  assert_false(async_uv_is_closing(&handle));
  assert_non_null(strstr(async_error_message(), "file"));
}

static void a_resource_used_again_has_fresh_data(void **state) {
  uv_fixture_t *fixture = *state;
  async_uv_tcp_t tcp;
  assert_int_equal(async_uv_tcp_init(&fixture->loop, &tcp), 0);
  async_uv_handle_resource(handle_of(&tcp))->data = &tcp;
  assert_int_equal(async_uv_listen(stream_of(&tcp), 1, ignore_connection), 0);
  assert_null(async_uv_handle_resource(handle_of(&tcp))->data);
  async_uv_close(handle_of(&tcp), NULL);
  uv_fixture_run(fixture);
}

typedef struct survivor_s {
  async_uv_tcp_t tcp;
  unsigned closed;
} survivor_t;

static void on_survivor_closed(async_uv_handle_t *handle) {
  ((survivor_t *)handle->data)->closed++;
}

static void a_handle_may_outlive_its_environment(void **state) {
  uv_loop_t loop;
  survivor_t survivor = {.closed = 0};
  (void)state;
  assert_int_equal(uv_loop_init(&loop), 0);
  assert_int_equal(async_env_attach(&loop), 0);
  assert_int_equal(async_uv_tcp_init(&loop, &survivor.tcp), 0);
  survivor.tcp.data = &survivor;
  assert_int_equal(
      async_uv_listen(stream_of(&survivor.tcp), 1, ignore_connection), 0);
  assert_int_equal(async_env_detach(), 0);
  async_uv_close(handle_of(&survivor.tcp), on_survivor_closed);
  assert_int_equal(uv_run(&loop, UV_RUN_DEFAULT), 0);
  assert_int_equal(survivor.closed, 1);
  assert_int_equal(uv_loop_close(&loop), 0);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_uv(a_tracked_handle_may_be_taken_for_libuvs),
      cmocka_unit_test_uv(a_stream_keeps_its_resource_until_it_is_closed),
      cmocka_unit_test_uv(the_close_callback_runs_in_the_handles_scope),
      cmocka_unit_test_uv(a_close_without_a_resource_still_calls_back),
      cmocka_unit_test_uv(the_close_callback_may_free_the_handle),
      cmocka_unit_test_uv(a_server_that_is_unreferenced_is_shown_as_such),
      cmocka_unit_test_uv(unreferencing_before_the_use_is_remembered),
      cmocka_unit_test_uv(a_server_is_active_while_it_listens),
      cmocka_unit_test_uv(a_handle_that_is_not_tracked_is_named),
      cmocka_unit_test_uv(a_resource_used_again_has_fresh_data),
      cmocka_unit_test(a_handle_may_outlive_its_environment),
  };
  return test_main(tests, argc, argv);
}
