/* Who is called for an event, when, and in which scope. */
#include "asyncscope/async_event_emitter.h"
#include "asyncscope/async_fail.h"
#include "child.h"
#include "counting_allocator.h"
#include "hooks_fixture.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

/* One emitter for each test, and the trace its listeners write to. */
static async_event_emitter_t emitter;
static trace_t *trace;

static int setup(void **state) {
  if (counting_allocator_install() != 0 || fixture_setup(state) != 0)
    return -1;
  trace = &((fixture_t *)*state)->trace;
  return async_event_emitter_init(&emitter);
}

static int teardown(void **state) {
  async_event_emitter_finish(&emitter);
  return fixture_teardown(state);
}

#define cmocka_unit_test_emitter(test) \
  cmocka_unit_test_setup_teardown(test, setup, teardown)

static void say(void *arg, void *data) {
  trace_add(trace, "%s:%s", (const char *)data,
            arg == NULL ? "-" : (const char *)arg);
}

static void on(const char *event, async_event_listener_cb listener,
               const char *name) {
  assert_int_equal(
      async_event_emitter_on(&emitter, event, listener, (void *)name), 0);
}

static void once(const char *event, async_event_listener_cb listener,
                 const char *name) {
  assert_int_equal(
      async_event_emitter_once(&emitter, event, listener, (void *)name), 0);
}

static bool off(const char *event, async_event_listener_cb listener,
                const char *name) {
  return async_event_emitter_off(&emitter, event, listener, (void *)name);
}

static int emit(const char *event, const char *arg) {
  return async_event_emitter_emit(&emitter, event, (void *)arg);
}

static void test_listeners_are_called_in_order(void **state) {
  (void)state;
  on("x", say, "a");
  on("y", say, "b");
  on("x", say, "c");
  assert_int_equal(async_event_emitter_prepend(&emitter, "x", say, (void *)"d"),
                   0);
  assert_int_equal(emit("x", "1"), 1);
  assert_string_equal(trace->text, "d:1 a:1 c:1");
}

static void test_first_may_be_prepended(void **state) {
  (void)state;
  assert_int_equal(async_event_emitter_prepend(&emitter, "x", say, (void *)"a"),
                   0);
  on("x", say, "b");
  assert_int_equal(emit("x", NULL), 1);
  assert_string_equal(trace->text, "a:- b:-");
}

static void test_nobody_listens(void **state) {
  (void)state;
  on("x", say, "a");
  assert_int_equal(emit("y", NULL), 0);
  assert_string_equal(trace->text, "");
}

static void test_once(void **state) {
  (void)state;
  once("x", say, "a");
  on("x", say, "b");
  assert_int_equal(emit("x", "1"), 1);
  assert_int_equal(emit("x", "2"), 1);
  assert_string_equal(trace->text, "a:1 b:1 b:2");
  assert_int_equal(async_event_emitter_listener_count(&emitter, "x"), 1);
}

static void test_off_removes_the_last_of_its_kind(void **state) {
  (void)state;
  on("x", say, "a");
  on("x", say, "b");
  on("x", say, "a");
  assert_true(off("x", say, "a"));
  assert_false(off("y", say, "a"));
  assert_int_equal(emit("x", NULL), 1);
  assert_true(off("x", say, "a"));
  assert_false(off("x", say, "a"));
  assert_string_equal(trace->text, "a:- b:-");
}

static void test_last_listener_may_be_removed_and_others_added(void **state) {
  (void)state;
  on("x", say, "a");
  assert_true(off("x", say, "a"));
  on("x", say, "b");
  assert_int_equal(emit("x", NULL), 1);
  assert_string_equal(trace->text, "b:-");
}

static void add_and_remove(void *arg, void *data) {
  say(arg, data);
  (void)async_event_emitter_on(&emitter, "x", say, (void *)"new");
  (void)off("x", say, "b");
}

/* The emit under way sees the list it began with. */
static void test_changes_wait_for_the_next_emit(void **state) {
  (void)state;
  once("x", add_and_remove, "a");
  on("x", say, "b");
  assert_int_equal(emit("x", "1"), 1);
  assert_int_equal(emit("x", "2"), 1);
  assert_string_equal(trace->text, "a:1 b:1 new:2");
}

static void emit_again(void *arg, void *data) {
  static int times;
  say(arg, data);
  if (++times == 1)
    (void)emit("x", "inner");
}

static void test_once_is_once_in_nested_emits(void **state) {
  (void)state;
  on("x", emit_again, "a");
  once("x", say, "b");
  assert_int_equal(emit("x", "outer"), 1);
  assert_string_equal(trace->text, "a:outer a:inner b:inner");
}

static void finish_it(void *arg, void *data) {
  say(arg, data);
  async_event_emitter_finish(&emitter);
}

static void test_emitter_may_end_in_a_listener(void **state) {
  (void)state;
  on("x", finish_it, "a");
  on("x", say, "b");
  assert_int_equal(emit("x", NULL), 1);
  assert_string_equal(trace->text, "a:-");
  assert_int_equal(emit("x", NULL), UV_EINVAL);
}

static void fail_now(void *arg, void *data) {
  say(arg, data);
  async_fail("listener");
}

static int emit_in_scope(void *arg) {
  return emit("x", arg);
}

static void test_failing_listener_is_the_last(void **state) {
  (void)state;
  async_resource_t resource;
  on("x", say, "a");
  on("x", fail_now, "b");
  on("x", say, "c");
  assert_int_equal(async_resource_init(&resource, "T", NULL), 0);
  assert_int_equal(
      async_resource_run_in_async_scope(&resource, emit_in_scope, NULL), 1);
  assert_string_equal(async_failure(), "listener");
  assert_true(async_catch(NULL));
  assert_string_equal(trace->text, "a:- b:-");
  async_resource_finish(&resource);
}

static int emit_error(void *arg) {
  return emit("error", arg);
}

static void test_error_without_a_listener_is_a_failure(void **state) {
  (void)state;
  async_resource_t resource;
  assert_int_equal(async_resource_init(&resource, "T", NULL), 0);
  assert_int_equal(
      async_resource_run_in_async_scope(&resource, emit_error, NULL), 0);
  assert_string_equal(async_failure(), "unhandled 'error' event");
  assert_true(async_catch(NULL));
  on("error", say, "a");
  assert_int_equal(emit("error", "e"), 1);
  assert_string_equal(trace->text, "a:e");
  async_resource_finish(&resource);
}

static void emit_error_at_top_level(void) {
  (void)emit("error", NULL);
  async_env_flush();
}

static void test_error_without_a_listener_ends_the_program(void **state) {
  (void)state;
  child_t child = run_child(emit_error_at_top_level);
  assert_int_equal(WEXITSTATUS(child.status), 1);
  assert_memory_equal(child.err, "Error: unhandled 'error' event\n", 31);
}

static void say_ids(void *arg, void *data) {
  (void)data;
  trace_add(trace, "%s exec(%s) trig(%s)", (const char *)arg,
            trace_id(trace, async_hooks_execution_async_id()),
            trace_id(trace, async_hooks_trigger_async_id()));
}

static void start_tracer(fixture_t *fixture) {
  tracer_init(&fixture->tracer, trace, "");
  assert_int_equal(async_hook_enable(&fixture->tracer.hook), 0);
  fixture_mark(fixture);
}

static void test_listeners_run_where_it_is_emitted(void **state) {
  (void)state;
  async_resource_t adder, emitting;
  assert_int_equal(async_resource_init(&adder, "ADDER", NULL), 0);
  assert_int_equal(async_resource_init(&emitting, "EMITTING", NULL), 0);
  assert_int_equal(async_resource_enter(&adder), 0);
  on("x", say_ids, NULL);
  async_resource_leave(&adder);
  assert_int_equal(
      async_resource_run_in_async_scope(&emitting, emit_in_scope, (void *)"in"),
      1);
  assert_string_equal(trace->text, "in exec(#2) trig(root)");
  async_resource_finish(&adder);
  async_resource_finish(&emitting);
}

static int say_bound(void *arg) {
  say_ids(arg, NULL);
  return 0;
}

static void test_bound_listener_runs_where_it_was_bound(void **state) {
  (void)state;
  async_resource_t adder;
  async_bound_t bound;
  assert_int_equal(async_resource_init(&adder, "ADDER", NULL), 0);
  assert_int_equal(async_resource_enter(&adder), 0);
  assert_int_equal(async_bind(say_bound, NULL, &bound), 0);
  async_resource_leave(&adder);
  assert_int_equal(
      async_event_emitter_on(&emitter, "x", async_bound_listener, &bound), 0);
  assert_int_equal(emit("x", "in"), 1);
  assert_string_equal(trace->text, "in exec(#2) trig(#1)");
  async_bound_finish(&bound);
  async_resource_finish(&adder);
}

/* One before and after around the whole list. */
static void test_emitter_that_is_a_resource(void **state) {
  fixture_t *fixture = *state;
  async_event_emitter_t own;
  start_tracer(fixture);
  assert_int_equal(async_event_emitter_init_async_resource(&own, NULL, NULL),
                   0);
  assert_int_equal(async_event_emitter_on(&own, "x", say_ids, NULL), 0);
  assert_int_equal(async_event_emitter_on(&own, "x", say_ids, NULL), 0);
  assert_int_equal(async_event_emitter_emit(&own, "x", (void *)"in"), 1);
  assert_int_equal(async_event_emitter_emit(&own, "y", NULL), 0);
  assert_ptr_equal(async_event_emitter_async_resource(&own), &own.resource);
  async_event_emitter_finish(&own);
  async_env_flush();
  assert_string_equal(trace->text,
                      "init(#1 EventEmitterAsyncResource root) before(#1) "
                      "in exec(#1) trig(root) in exec(#1) trig(root) "
                      "after(#1) before(#1) after(#1) destroy(#1)");
  assert_null(async_event_emitter_async_resource(&own));
  assert_null(async_event_emitter_async_resource(&emitter));
}

static void test_resource_takes_type_and_options(void **state) {
  fixture_t *fixture = *state;
  async_event_emitter_t own;
  async_resource_options_t options = {.flags = ASYNC_RESOURCE_TRIGGER,
                                      .trigger_async_id = -2};
  start_tracer(fixture);
  assert_int_equal(
      async_event_emitter_init_async_resource(&own, "Foo", &options),
      UV_EINVAL);
  async_event_emitter_finish(&own);
  options.trigger_async_id = ASYNC_ID_NONE;
  assert_int_equal(
      async_event_emitter_init_async_resource(&own, "Foo", &options), 0);
  assert_string_equal(trace->text, "init(#1 Foo none)");
  async_event_emitter_finish(&own);
}

static void finish_own(void *arg, void *data) {
  (void)arg;
  async_event_emitter_finish(data);
  free(data);
}

static void test_resource_emitter_may_be_freed_in_a_listener(void **state) {
  (void)state;
  async_event_emitter_t *own = malloc(sizeof(*own));
  assert_non_null(own);
  assert_int_equal(async_event_emitter_init_async_resource(own, NULL, NULL), 0);
  assert_int_equal(async_event_emitter_on(own, "x", finish_own, own), 0);
  assert_int_equal(async_event_emitter_emit(own, "x", NULL), 1);
  assert_int_equal(async_hooks_execution_async_id(), ASYNC_ID_ROOT);
}

static void test_missing_parts_are_errors(void **state) {
  (void)state;
  assert_int_equal(async_event_emitter_on(&emitter, NULL, say, NULL),
                   UV_EINVAL);
  assert_int_equal(async_event_emitter_once(&emitter, "x", NULL, NULL),
                   UV_EINVAL);
  assert_int_equal(emit(NULL, NULL), UV_EINVAL);
  assert_false(off(NULL, say, NULL));
  async_event_emitter_finish(&emitter);
  assert_int_equal(async_event_emitter_on(&emitter, "x", say, NULL), UV_EINVAL);
  assert_false(off("x", say, NULL));
  assert_int_equal(async_event_emitter_listener_count(&emitter, "x"), 0);
}

static void test_every_allocation_may_fail(void **state) {
  (void)state;
  async_event_emitter_t own;
  counting_allocator_fail_at(1);
  assert_int_equal(async_event_emitter_on(&emitter, "x", say, NULL), UV_ENOMEM);
  assert_int_equal(async_event_emitter_listener_count(&emitter, "x"), 0);
  counting_allocator_fail_at(1);
  assert_int_equal(async_event_emitter_init(&own), UV_ENOMEM);
  async_event_emitter_finish(&own);
  assert_true(counting_allocator_disarm());
}

static void test_every_block_is_given_back(void **state) {
  (void)state;
  async_event_emitter_t own;
  long before = counting_allocator_live();
  assert_int_equal(async_event_emitter_init(&own), 0);
  assert_int_equal(async_event_emitter_on(&own, "x", say, (void *)"a"), 0);
  assert_int_equal(async_event_emitter_once(&own, "x", say, (void *)"a"), 0);
  assert_int_equal(async_event_emitter_emit(&own, "x", NULL), 1);
  async_event_emitter_finish(&own);
  assert_int_equal(counting_allocator_live(), before);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_emitter(test_listeners_are_called_in_order),
      cmocka_unit_test_emitter(test_first_may_be_prepended),
      cmocka_unit_test_emitter(test_nobody_listens),
      cmocka_unit_test_emitter(test_once),
      cmocka_unit_test_emitter(test_off_removes_the_last_of_its_kind),
      cmocka_unit_test_emitter(
          test_last_listener_may_be_removed_and_others_added),
      cmocka_unit_test_emitter(test_changes_wait_for_the_next_emit),
      cmocka_unit_test_emitter(test_once_is_once_in_nested_emits),
      cmocka_unit_test_emitter(test_emitter_may_end_in_a_listener),
      cmocka_unit_test_emitter(test_failing_listener_is_the_last),
      cmocka_unit_test_emitter(test_error_without_a_listener_is_a_failure),
      cmocka_unit_test_emitter(test_error_without_a_listener_ends_the_program),
      cmocka_unit_test_emitter(test_listeners_run_where_it_is_emitted),
      cmocka_unit_test_emitter(test_bound_listener_runs_where_it_was_bound),
      cmocka_unit_test_emitter(test_emitter_that_is_a_resource),
      cmocka_unit_test_emitter(test_resource_takes_type_and_options),
      cmocka_unit_test_emitter(
          test_resource_emitter_may_be_freed_in_a_listener),
      cmocka_unit_test_emitter(test_missing_parts_are_errors),
      cmocka_unit_test_emitter(test_every_allocation_may_fail),
      cmocka_unit_test_emitter(test_every_block_is_given_back),
  };
  return test_main(tests, argc, argv);
}
