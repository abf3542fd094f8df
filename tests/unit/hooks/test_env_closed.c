/* A program, or a library in it, that closes every handle of the loop with
 * uv_walk() and uv_close() closes the environment's own too. */
#include "hooks_fixture.h"

static void close_open(uv_handle_t *handle, void *arg) {
  (void)arg;
  if (!uv_is_closing(handle))
    uv_close(handle, NULL);
}

static void close_all(fixture_t *fixture) {
  uv_walk(&fixture->loop, close_open, NULL);
}

static void count_handle(uv_handle_t *handle, void *arg) {
  (void)handle;
  ++*(int *)arg;
}

/* A handle whose memory has been given back must be in no list of the loop. */
static void detach_and_return(fixture_t *fixture) {
  int handles = 0;
  assert_int_equal(async_env_detach(), 0);
  uv_walk(&fixture->loop, count_handle, &handles);
  assert_int_equal(handles, 0);
  assert_false(uv_loop_alive(&fixture->loop));
  assert_int_equal(async_env_attach(&fixture->loop), 0);
}

static void environment_ends_whose_handles_are_closed(void **state) {
  fixture_t *fixture = *state;
  close_all(fixture);
  assert_int_equal(uv_run(&fixture->loop, UV_RUN_DEFAULT), 0);
  detach_and_return(fixture);
}

static void environment_ends_whose_handles_are_closing(void **state) {
  fixture_t *fixture = *state;
  close_all(fixture);
  detach_and_return(fixture);
}

static void environment_ends_on_a_stopped_loop(void **state) {
  fixture_t *fixture = *state;
  close_all(fixture);
  uv_stop(&fixture->loop);
  detach_and_return(fixture);
}

static void add_word(void *arg) {
  trace_add(arg, "tick");
}

static void what_is_queued_comes_with_the_end(void **state) {
  fixture_t *fixture = *state;
  async_resource_t resource = {0};
  tracer_init_destroy(&fixture->tracer, &fixture->trace, "");
  assert_int_equal(async_hook_enable(&fixture->tracer.hook), 0);
  assert_int_equal(async_resource_init(&resource, "LATE", NULL), 0);
  fixture->trace.base = async_resource_async_id(&resource) - 1;
  close_all(fixture);
  assert_int_equal(async_next_tick(add_word, &fixture->trace), 0);
  async_resource_finish(&resource);
  assert_int_equal(uv_run(&fixture->loop, UV_RUN_NOWAIT), 0);
  detach_and_return(fixture);
  assert_string_equal(fixture->trace.text, "tick destroy(#1) destroy(#2)");
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_on_loop(environment_ends_whose_handles_are_closed),
      cmocka_unit_test_on_loop(environment_ends_whose_handles_are_closing),
      cmocka_unit_test_on_loop(environment_ends_on_a_stopped_loop),
      cmocka_unit_test_on_loop(what_is_queued_comes_with_the_end),
  };
  return test_main(tests, argc, argv);
}
