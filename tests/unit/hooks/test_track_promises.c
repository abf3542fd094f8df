/* Hooks that want nothing of promises. */
#include "promise_fixture.h"

static void test_promises_are_tracked_by_default(void **state) {
  fixture_t *fixture = *state;
  tracer_init(&fixture->tracer, &fixture->trace, "");
  assert_int_equal(async_hook_enable(&fixture->tracer.hook), 0);
  fixture_mark(fixture);
  async_promise_release(resolved(NULL));
  assert_string_equal(fixture->trace.text, "init(#1 PROMISE root)");
}

static void start_blind(fixture_t *fixture) {
  tracer_init(&fixture->tracer, &fixture->trace, "");
  assert_int_equal(async_hook_set_track_promises(&fixture->tracer.hook, false),
                   0);
  assert_int_equal(async_hook_enable(&fixture->tracer.hook), 0);
  fixture_mark(fixture);
}

static void *say_ids(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)value;
  trace_add(arg, "exec(%s)", trace_id(arg, async_hooks_execution_async_id()));
  return NULL;
}

static void test_blind_hook_sees_no_promise(void **state) {
  fixture_t *fixture = *state;
  start_blind(fixture);
  async_promise_t *promise = resolved(NULL);
  async_promise_release(then(promise, say_ids, NULL, &fixture->trace));
  run_microtasks();
  async_promise_release(promise);
  run_microtasks();
  assert_string_equal(fixture->trace.text, "exec(none)");
  assert_int_equal(async_resource_reserve_id(), fixture->trace.base + 1);
}

static void test_blind_hook_still_sees_the_rest(void **state) {
  fixture_t *fixture = *state;
  async_resource_t resource;
  start_blind(fixture);
  assert_int_equal(async_resource_init(&resource, "T", NULL), 0);
  async_resource_finish(&resource);
  run_microtasks();
  assert_string_equal(fixture->trace.text, "init(#1 T root) destroy(#1)");
}

/* Another hook tracks them: the blind one is passed over, event by event. */
static void test_blind_hook_beside_one_that_tracks(void **state) {
  fixture_t *fixture = *state;
  tracer_t seeing;
  start_blind(fixture);
  fixture->tracer.name = "blind:";
  tracer_init_all(&seeing, &fixture->trace, "");
  assert_int_equal(async_hook_enable(&seeing.hook), 0);
  fixture_mark(fixture);
  async_promise_t *promise = resolved(NULL);
  async_promise_release(then(promise, say_ids, NULL, &fixture->trace));
  async_promise_release(promise);
  run_microtasks();
  assert_string_equal(fixture->trace.text,
                      "init(#1 PROMISE root) resolve(#1) init(#2 PROMISE #1) "
                      "before(#2) exec(#2) resolve(#2) after(#2) destroy(#1) "
                      "destroy(#2)");
  async_hook_disable(&seeing.hook);
}

static void test_promise_resolve_needs_tracking(void **state) {
  fixture_t *fixture = *state;
  tracer_init_all(&fixture->tracer, &fixture->trace, "");
  assert_int_equal(async_hook_set_track_promises(&fixture->tracer.hook, false),
                   UV_EINVAL);
  assert_string_equal(async_error_message(),
                      "promise_resolve needs trackPromises");
  assert_int_equal(async_hook_set_track_promises(&fixture->tracer.hook, true),
                   0);
}

static void test_change_waits_for_the_next_enable(void **state) {
  fixture_t *fixture = *state;
  start_blind(fixture);
  assert_int_equal(async_hook_set_track_promises(&fixture->tracer.hook, true),
                   0);
  async_promise_release(resolved(NULL));
  assert_string_equal(fixture->trace.text, "");
  async_hook_disable(&fixture->tracer.hook);
  assert_int_equal(async_hook_enable(&fixture->tracer.hook), 0);
  async_promise_release(resolved(NULL));
  assert_string_equal(fixture->trace.text, "init(#1 PROMISE root)");
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_on_loop(test_promises_are_tracked_by_default),
      cmocka_unit_test_on_loop(test_blind_hook_sees_no_promise),
      cmocka_unit_test_on_loop(test_blind_hook_still_sees_the_rest),
      cmocka_unit_test_on_loop(test_blind_hook_beside_one_that_tracks),
      cmocka_unit_test_on_loop(test_promise_resolve_needs_tracking),
      cmocka_unit_test_on_loop(test_change_waits_for_the_next_enable),
  };
  return test_main(tests, argc, argv);
}
