/* A hook enabled inside a running callback has missed its before, and gets
 * its after and destroy; and what the table of providers says. */
#include "hooks_fixture.h"

#include <string.h>

static void enable_late(void *arg) {
  fixture_t *fixture = arg;
  (void)async_hook_enable(&fixture->tracer.hook);
}

static void prepare(fixture_t *fixture) {
  tracer_init(&fixture->tracer, &fixture->trace, "");
}

static void run_and_check(fixture_t *fixture) {
  assert_int_equal(uv_run(&fixture->loop, UV_RUN_DEFAULT), 0);
  assert_string_equal(fixture->trace.text, "after(#1) destroy(#1)");
}

static void enable_in_timer(scoped_timer_t *timer) {
  enable_late(timer->arg);
}

static void test_late_hook_enable_in_timer(void **state) {
  fixture_t *fixture = *state;
  scoped_timer_t timer;
  prepare(fixture);
  scoped_timer_start(&timer, &fixture->loop, enable_in_timer, fixture);
  run_and_check(fixture);
}

static void enable_in_immediate(async_immediate_t *immediate) {
  enable_late(immediate->resource.data);
}

static void test_late_hook_enable_in_immediate(void **state) {
  fixture_t *fixture = *state;
  async_immediate_t immediate = {.resource = {.data = fixture}};
  prepare(fixture);
  assert_int_equal(async_immediate_start(&immediate, enable_in_immediate), 0);
  run_and_check(fixture);
}

static void test_late_hook_enable_in_tick(void **state) {
  fixture_t *fixture = *state;
  prepare(fixture);
  assert_int_equal(async_next_tick(enable_late, fixture), 0);
  run_and_check(fixture);
}

/* A microtask is a resource while any hook is enabled. */
static void test_late_hook_enable_in_microtask(void **state) {
  fixture_t *fixture = *state;
  async_hook_callbacks_t nothing = {.init = NULL};
  async_hook_t any;
  async_hook_init(&any, &nothing, NULL);
  assert_int_equal(async_hook_enable(&any), 0);
  prepare(fixture);
  assert_int_equal(async_queue_microtask(enable_late, fixture), 0);
  run_and_check(fixture);
  async_hook_disable(&any);
}

static int run_late(void *arg) {
  enable_late(arg);
  return 0;
}

static void test_late_hook_enable_in_scope(void **state) {
  fixture_t *fixture = *state;
  async_resource_t resource = {0};
  prepare(fixture);
  assert_int_equal(async_resource_init(&resource, "SCOPE", NULL), 0);
  assert_int_equal(
      async_resource_run_in_async_scope(&resource, run_late, fixture), 0);
  async_resource_finish(&resource);
  run_and_check(fixture);
}

static void test_providers_begin_with_none(void **state) {
  (void)state;
  size_t count = 0;
  const async_wrap_provider_t *providers =
      async_hooks_async_wrap_providers(&count);
  assert_int_equal(count, 70);
  assert_string_equal(providers[0].name, "NONE");
  assert_ptr_equal(async_hooks_async_wrap_providers(&count), providers);
}

static void test_providers_are_numbered_by_position(void **state) {
  (void)state;
  size_t count = 0;
  const async_wrap_provider_t *providers =
      async_hooks_async_wrap_providers(&count);
  for (size_t i = 0; i < count; i++) {
    assert_int_equal(providers[i].number, i);
    for (size_t j = 0; j < i; j++) {
      assert_string_not_equal(providers[i].name, providers[j].name);
    }
  }
}

static void assert_provider(const char *name, unsigned number) {
  size_t count = 0;
  const async_wrap_provider_t *providers =
      async_hooks_async_wrap_providers(&count);
  assert_in_range(number, 0, count - 1);
  assert_string_equal(providers[number].name, name);
}

static void test_providers_have_the_numbers_of_node_26(void **state) {
  (void)state;
  assert_provider("FSREQCALLBACK", 8);
  assert_provider("GETADDRINFOREQWRAP", 10);
  assert_provider("HTTPINCOMINGMESSAGE", 17);
  assert_provider("PROMISE", 29);
  assert_provider("TCPCONNECTWRAP", 40);
  assert_provider("TCPSERVERWRAP", 41);
  assert_provider("TCPWRAP", 42);
  assert_provider("WRITEWRAP", 53);
  assert_provider("VERIFYREQUEST", 69);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_on_loop(test_late_hook_enable_in_timer),
      cmocka_unit_test_on_loop(test_late_hook_enable_in_immediate),
      cmocka_unit_test_on_loop(test_late_hook_enable_in_tick),
      cmocka_unit_test_on_loop(test_late_hook_enable_in_microtask),
      cmocka_unit_test_on_loop(test_late_hook_enable_in_scope),
      cmocka_unit_test_on_loop(test_providers_begin_with_none),
      cmocka_unit_test_on_loop(test_providers_are_numbered_by_position),
      cmocka_unit_test_on_loop(test_providers_have_the_numbers_of_node_26),
  };
  return test_main(tests, argc, argv);
}
