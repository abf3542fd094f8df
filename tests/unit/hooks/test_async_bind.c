/* Functions tied to a resource's scope. */
#include "asyncscope/async_fail.h"
#include "counting_allocator.h"
#include "hooks_fixture.h"
#include <string.h>

static int say_ids(void *arg) {
  trace_add(arg, "exec(%s) trig(%s)",
            trace_id(arg, async_hooks_execution_async_id()),
            trace_id(arg, async_hooks_trigger_async_id()));
  return 1729;
}

static void start_tracer(fixture_t *fixture) {
  tracer_init(&fixture->tracer, &fixture->trace, "");
  assert_int_equal(async_hook_enable(&fixture->tracer.hook), 0);
  fixture_mark(fixture);
}

static void test_bound_function_runs_in_the_resource(void **state) {
  fixture_t *fixture = *state;
  async_resource_t resource;
  async_bound_t bound;
  start_tracer(fixture);
  assert_int_equal(async_resource_init(&resource, "T", NULL), 0);
  assert_int_equal(async_resource_bind(&resource, say_ids, &bound), 0);
  assert_int_equal(async_bound_call(&bound, &fixture->trace), 1729);
  assert_int_equal(async_bound_call(&bound, &fixture->trace), 1729);
  assert_string_equal(fixture->trace.text,
                      "init(#1 T root) before(#1) exec(#1) trig(root) "
                      "after(#1) before(#1) exec(#1) trig(root) after(#1)");
  async_bound_finish(&bound);
  assert_int_equal(async_resource_emit_destroy(&resource), 0);
  async_resource_finish(&resource);
}

static void test_static_bind_makes_a_resource(void **state) {
  fixture_t *fixture = *state;
  async_bound_t bound;
  start_tracer(fixture);
  assert_int_equal(async_bind(say_ids, NULL, &bound), 0);
  assert_int_equal(async_bound_call(&bound, &fixture->trace), 1729);
  async_bound_finish(&bound);
  async_env_flush();
  assert_string_equal(fixture->trace.text,
                      "init(#1 bound-anonymous-fn root) before(#1) exec(#1) "
                      "trig(root) after(#1) destroy(#1)");
}

static void test_static_bind_with_a_type(void **state) {
  fixture_t *fixture = *state;
  async_bound_t bound;
  start_tracer(fixture);
  assert_int_equal(async_bind(say_ids, "MY_TYPE", &bound), 0);
  assert_string_equal(fixture->trace.text, "init(#1 MY_TYPE root)");
  async_bound_finish(&bound);
}

static int bind_inside(void *arg) {
  return async_bind(say_ids, NULL, arg);
}

static void test_binding_is_triggered_where_it_was_made(void **state) {
  fixture_t *fixture = *state;
  async_resource_t resource;
  async_bound_t bound;
  assert_int_equal(async_resource_init(&resource, "T", NULL), 0);
  assert_int_equal(
      async_resource_run_in_async_scope(&resource, bind_inside, &bound), 0);
  assert_int_equal(async_bound_call(&bound, &fixture->trace), 1729);
  assert_string_equal(fixture->trace.text, "exec(#2) trig(#1)");
  async_bound_finish(&bound);
  async_resource_finish(&resource);
}

static void test_binding_keeps_the_frame(void **state) {
  (void)state;
  async_context_key_t key;
  async_context_frame_t *frame = NULL;
  async_bound_t bound;
  async_context_value_t value = {.store = &key};
  assert_int_equal(async_context_key_create("k", &key), 0);
  assert_int_equal(async_context_frame_with(NULL, &key, &value, &frame), 0);
  async_context_frame_release(async_context_frame_exchange(frame));
  assert_int_equal(async_bind(say_ids, NULL, &bound), 0);
  async_context_frame_release(async_context_frame_exchange(NULL));
  assert_ptr_equal(bound.own.frame, frame);
  async_bound_finish(&bound);
  async_context_key_destroy(&key);
}

static void test_missing_parts_are_errors(void **state) {
  (void)state;
  async_resource_t resource;
  async_bound_t bound;
  assert_int_equal(async_resource_init(&resource, "T", NULL), 0);
  assert_int_equal(async_resource_bind(&resource, NULL, &bound), UV_EINVAL);
  assert_int_equal(async_resource_bind(NULL, say_ids, &bound), UV_EINVAL);
  assert_int_equal(async_bind(NULL, NULL, &bound), UV_EINVAL);
  async_bound_finish(&bound);
  assert_int_equal(async_bind(say_ids, "", &bound), UV_EINVAL);
  async_bound_finish(&bound);
  async_resource_finish(&resource);
}

/* What is refused leaves a binding that may be finished, whatever the memory
 * was before. */
static void test_a_resource_that_is_not_live_is_not_bound(void **state) {
  (void)state;
  async_resource_t resource = {0};
  async_bound_t bound;
  memset(&bound, 0xa5, sizeof(bound));
  assert_int_equal(async_resource_bind(&resource, say_ids, &bound), UV_EINVAL);
  async_bound_finish(&bound);
  assert_int_equal(async_resource_init(&resource, "T", NULL), 0);
  async_resource_finish(&resource);
  assert_int_equal(async_resource_bind(&resource, say_ids, &bound), UV_EINVAL);
  async_bound_finish(&bound);
}

static void test_calling_a_finished_binding_is_an_error(void **state) {
  fixture_t *fixture = *state;
  async_bound_t bound;
  assert_int_equal(async_bind(say_ids, NULL, &bound), 0);
  async_bound_finish(&bound);
  assert_int_equal(async_bound_call(&bound, &fixture->trace), UV_EINVAL);
  async_bound_finish(&bound);
  async_bound_finish(NULL);
  assert_string_equal(fixture->trace.text, "");
}

static int finish_own_binding(void *arg) {
  async_bound_finish(arg);
  return 3;
}

static void test_binding_may_end_in_its_own_call(void **state) {
  (void)state;
  async_bound_t bound;
  assert_int_equal(async_bind(finish_own_binding, NULL, &bound), 0);
  assert_int_equal(async_bound_call(&bound, &bound), 3);
  assert_int_equal(async_hooks_execution_async_id(), ASYNC_ID_ROOT);
}

static int fail_in_binding(void *arg) {
  (void)arg;
  async_fail("bound");
  return -1;
}

static void test_failure_leaves_the_binding(void **state) {
  (void)state;
  async_bound_t bound;
  assert_int_equal(async_bind(fail_in_binding, NULL, &bound), 0);
  assert_int_equal(async_bound_call(&bound, NULL), -1);
  assert_string_equal(async_failure(), "bound");
  assert_true(async_catch(NULL));
  async_bound_finish(&bound);
}

static void test_bind_without_memory(void **state) {
  (void)state;
  async_bound_t bounds[65];
  for (int i = 0; i < 64; i++)
    assert_int_equal(async_bind(say_ids, NULL, &bounds[i]), 0);
  counting_allocator_fail_at(1);
  assert_int_equal(async_bind(say_ids, NULL, &bounds[64]), UV_ENOMEM);
  assert_true(counting_allocator_disarm());
  for (int i = 0; i < 65; i++)
    async_bound_finish(&bounds[i]);
}

static int setup_counted(void **state) {
  return counting_allocator_install() != 0 ? -1 : fixture_setup(state);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_on_loop(test_bound_function_runs_in_the_resource),
      cmocka_unit_test_on_loop(test_static_bind_makes_a_resource),
      cmocka_unit_test_on_loop(test_static_bind_with_a_type),
      cmocka_unit_test_on_loop(test_binding_is_triggered_where_it_was_made),
      cmocka_unit_test_on_loop(test_binding_keeps_the_frame),
      cmocka_unit_test_on_loop(test_missing_parts_are_errors),
      cmocka_unit_test_on_loop(test_a_resource_that_is_not_live_is_not_bound),
      cmocka_unit_test_on_loop(test_calling_a_finished_binding_is_an_error),
      cmocka_unit_test_on_loop(test_binding_may_end_in_its_own_call),
      cmocka_unit_test_on_loop(test_failure_leaves_the_binding),
      cmocka_unit_test_setup_teardown(test_bind_without_memory, setup_counted,
                                      fixture_teardown),
  };
  return test_main(tests, argc, argv);
}
