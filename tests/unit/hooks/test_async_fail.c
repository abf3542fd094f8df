/* A failure on its way: who gets it, and what fires before. */
#include "asyncscope/async_fail.h"
#include "asyncscope/async_uv_timer.h"
#include "hooks_fixture.h"

#include <string.h>

int __real_atexit(void (*fn)(void));
int __wrap_atexit(void (*fn)(void));

static int exits_watched;

/* The program is linked so that the library's calls come here first. */
int __wrap_atexit(void (*fn)(void)) {
  exits_watched++;
  return __real_atexit(fn);
}

static void on_uncaught(const char *message, void *data) {
  trace_add(data, "uncaught(%s %s)", message,
            trace_id(data, async_hooks_execution_async_id()));
}

static void start(fixture_t *fixture) {
  tracer_init(&fixture->tracer, &fixture->trace, "");
  assert_int_equal(async_hook_enable(&fixture->tracer.hook), 0);
  assert_int_equal(
      async_set_uncaught_exception_handler(on_uncaught, &fixture->trace), 0);
  fixture_mark(fixture);
}

static void run(fixture_t *fixture) {
  assert_int_equal(uv_run(&fixture->loop, UV_RUN_DEFAULT), 0);
}

static int fail_with(void *message) {
  async_fail("%s", (const char *)message);
  return 7;
}

static int run_in_new_scope(async_scope_cb fn, void *arg) {
  async_resource_t resource;
  int error = async_resource_init(&resource, "INNER", NULL);
  if (error != 0)
    return error;
  int result = async_resource_run_in_async_scope(&resource, fn, arg);
  async_resource_finish(&resource);
  return result;
}

static void test_caller_of_a_scope_may_catch(void **state) {
  (void)state;
  char message[ASYNC_FAILURE_BYTES];
  assert_int_equal(run_in_new_scope(fail_with, (void *)"broken"), 7);
  assert_string_equal(async_failure(), "broken");
  assert_true(async_catch(message));
  assert_string_equal(message, "broken");
  assert_null(async_failure());
  assert_false(async_catch(message));
  assert_int_equal(async_hooks_execution_async_id(), ASYNC_ID_ROOT);
}

static void test_catching_without_the_message(void **state) {
  (void)state;
  assert_int_equal(run_in_new_scope(fail_with, (void *)"broken"), 7);
  assert_true(async_catch(NULL));
  assert_false(async_catch(NULL));
}

static int fail_twice(void *arg) {
  async_fail("first");
  async_fail("second");
  (void)arg;
  return 0;
}

static void test_later_failure_replaces_the_one_on_its_way(void **state) {
  (void)state;
  assert_int_equal(run_in_new_scope(fail_twice, NULL), 0);
  assert_string_equal(async_failure(), "second");
  assert_true(async_catch(NULL));
}

static int fail_long(void *arg) {
  (void)arg;
  async_fail("%0*d", ASYNC_FAILURE_BYTES + 50, 0);
  return 0;
}

static void test_message_is_cut(void **state) {
  (void)state;
  assert_int_equal(run_in_new_scope(fail_long, NULL), 0);
  assert_int_equal(strlen(async_failure()), ASYNC_FAILURE_BYTES - 1);
  assert_true(async_catch(NULL));
}

static int fail_inside(void *arg) {
  return run_in_new_scope(fail_with, arg);
}

/* after of the inner scopes, then the caller; nothing is uncaught. */
static void test_scopes_close_before_the_caller_catches(void **state) {
  fixture_t *fixture = *state;
  start(fixture);
  assert_int_equal(run_in_new_scope(fail_inside, (void *)"broken"), 7);
  trace_add(&fixture->trace, "caught:%d", async_catch(NULL));
  assert_string_equal(fixture->trace.text,
                      "init(#1 INNER root) before(#1) init(#2 INNER #1) "
                      "before(#2) after(#2) after(#1) caught:1");
}

static void fail_in_scopes(async_immediate_t *immediate) {
  (void)immediate;
  (void)run_in_new_scope(fail_inside, (void *)"broken");
}

static void say_immediate(async_immediate_t *immediate) {
  trace_add(immediate->resource.data, "immediate");
}

/* after Inner, after Outer, the handler in the failing callback's scope, its
 * own after; and the rest of the batch still runs. */
static void test_failure_through_nested_scopes(void **state) {
  fixture_t *fixture = *state;
  start(fixture);
  async_immediate_t failing = {.cb = NULL}, next = {.cb = NULL};
  next.resource.data = &fixture->trace;
  assert_int_equal(async_immediate_start(&failing, fail_in_scopes), 0);
  assert_int_equal(async_immediate_start(&next, say_immediate), 0);
  trace_clear(&fixture->trace);
  run(fixture);
  assert_string_equal(fixture->trace.text,
                      "before(#1) init(#3 INNER #1) before(#3) "
                      "init(#4 INNER #3) before(#4) after(#4) after(#3) "
                      "uncaught(broken #1) after(#1) before(#2) immediate "
                      "after(#2) destroy(#4) destroy(#3) destroy(#1) "
                      "destroy(#2)");
}

static void fail_tick(void *arg) {
  trace_add(arg, "tick");
  async_fail("tick");
}

static void fail_microtask(void *arg) {
  trace_add(arg, "microtask");
  async_fail("microtask");
}

static void test_ticks_and_microtasks_fail_each_for_itself(void **state) {
  fixture_t *fixture = *state;
  start(fixture);
  assert_int_equal(async_queue_microtask(fail_microtask, &fixture->trace), 0);
  assert_int_equal(async_next_tick(fail_tick, &fixture->trace), 0);
  assert_int_equal(async_next_tick(fail_tick, &fixture->trace), 0);
  trace_clear(&fixture->trace);
  run(fixture);
  assert_string_equal(
      fixture->trace.text,
      "before(#2) tick uncaught(tick #2) after(#2) destroy(#2) before(#3) tick "
      "uncaught(tick #3) after(#3) before(#1) microtask after(#1) "
      "uncaught(microtask none) destroy(#3) destroy(#1)");
}

static void fail_timer(async_uv_timer_t *timer) {
  int *times = timer->data;
  if (++*times == 2)
    async_uv_close((async_uv_handle_t *)timer, NULL);
  async_fail("timer %d", *times);
}

static void test_interval_goes_on_after_a_failure(void **state) {
  fixture_t *fixture = *state;
  async_uv_timer_t timer;
  int times = 0;
  assert_int_equal(
      async_set_uncaught_exception_handler(on_uncaught, &fixture->trace), 0);
  assert_int_equal(async_uv_timer_init(&fixture->loop, &timer), 0);
  timer.data = &times;
  assert_int_equal(async_uv_timer_start(&timer, fail_timer, 0, 1), 0);
  run(fixture);
  assert_string_equal(fixture->trace.text,
                      "uncaught(timer 1 #1) uncaught(timer 2 #1)");
}

static void queue_in_handler(const char *message, void *data) {
  (void)message;
  async_immediate_t *immediate = data;
  (void)async_immediate_start(immediate, say_immediate);
}

static void test_handler_may_start_things(void **state) {
  fixture_t *fixture = *state;
  async_immediate_t later = {.resource = {.data = &fixture->trace}};
  assert_int_equal(
      async_set_uncaught_exception_handler(queue_in_handler, &later), 0);
  assert_int_equal(async_next_tick(fail_tick, &fixture->trace), 0);
  run(fixture);
  assert_string_equal(fixture->trace.text, "tick immediate");
}

static void test_failure_left_at_top_level_is_uncaught_later(void **state) {
  fixture_t *fixture = *state;
  start(fixture);
  async_hook_disable(&fixture->tracer.hook);
  assert_int_equal(run_in_new_scope(fail_with, (void *)"left"), 7);
  trace_add(&fixture->trace, "top");
  assert_int_equal(async_queue_microtask(fail_microtask, &fixture->trace), 0);
  run(fixture);
  assert_string_equal(
      fixture->trace.text,
      "top uncaught(left root) microtask uncaught(microtask none)");
}

/* Though nothing else keeps the loop alive, and before what was queued. */
static void test_failure_at_top_level_is_uncaught(void **state) {
  fixture_t *fixture = *state;
  start(fixture);
  assert_int_equal(async_next_tick(fail_tick, &fixture->trace), 0);
  trace_clear(&fixture->trace);
  async_fail("top");
  run(fixture);
  assert_string_equal(fixture->trace.text,
                      "uncaught(top root) after(root) before(#1) tick "
                      "uncaught(tick #1) after(#1) destroy(#1)");
}

static void test_failure_at_top_level_turns_the_loop(void **state) {
  fixture_t *fixture = *state;
  start(fixture);
  async_fail("top");
  run(fixture);
  assert_string_equal(fixture->trace.text, "uncaught(top root) after(root)");
  assert_null(async_failure());
}

static void test_failure_at_top_level_may_be_caught(void **state) {
  fixture_t *fixture = *state;
  start(fixture);
  async_fail("top");
  assert_true(async_catch(NULL));
  run(fixture);
  assert_string_equal(fixture->trace.text, "");
}

static void test_failure_at_top_level_is_uncaught_when_detached(void **state) {
  fixture_t *fixture = *state;
  start(fixture);
  async_fail("top");
  assert_int_equal(async_env_detach(), 0);
  assert_string_equal(fixture->trace.text, "uncaught(top root) after(root)");
  assert_int_equal(async_env_attach(&fixture->loop), 0);
}

static void fail_later(scoped_timer_t *timer) {
  trace_add(timer->arg, "timer");
  async_fail("deep");
}

static int run_the_loop(void *arg) {
  fixture_t *fixture = arg;
  uv_run(&fixture->loop, UV_RUN_DEFAULT);
  trace_add(&fixture->trace, "over:%d", async_failure() != NULL);
  return 0;
}

/* A loop run inside a scope: its callbacks' failures do not leave them. */
static void test_failure_stops_at_the_loops_callback(void **state) {
  fixture_t *fixture = *state;
  scoped_timer_t timer;
  assert_int_equal(
      async_set_uncaught_exception_handler(on_uncaught, &fixture->trace), 0);
  scoped_timer_start(&timer, &fixture->loop, fail_later, &fixture->trace);
  assert_int_equal(run_in_new_scope(run_the_loop, fixture), 0);
  assert_string_equal(fixture->trace.text, "timer uncaught(deep #1) over:0");
}

static void test_setting_needs_an_environment(void **state) {
  fixture_t *fixture = *state;
  assert_int_equal(async_env_detach(), 0);
  assert_int_equal(async_set_uncaught_exception_handler(on_uncaught, NULL),
                   UV_EINVAL);
  assert_int_equal(async_set_abort_on_uncaught_exception(true), UV_EINVAL);
  assert_null(async_failure());
  assert_false(async_catch(NULL));
  assert_int_equal(async_env_attach(&fixture->loop), 0);
}

static void ignore(const char *message, void *data) {
  (void)message, (void)data;
}

static void fail_at_top_level(void *arg) {
  (void)arg;
  if (async_env_open(ASYNC_ENV_OTHER, "failing") != 0)
    return;
  async_set_uncaught_exception_handler(ignore, NULL);
  async_fail("at top level");
  async_env_flush();
  async_env_detach();
}

/* The system has room for few, and a pool has many threads. */
static void test_exit_is_watched_once_for_all_environments(void **state) {
  (void)state;
  for (int i = 0; i < 3; i++)
    run_on_thread(fail_at_top_level, NULL);
  assert_int_equal(exits_watched, 1);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_on_loop(test_caller_of_a_scope_may_catch),
      cmocka_unit_test_on_loop(test_catching_without_the_message),
      cmocka_unit_test_on_loop(test_later_failure_replaces_the_one_on_its_way),
      cmocka_unit_test_on_loop(test_message_is_cut),
      cmocka_unit_test_on_loop(test_scopes_close_before_the_caller_catches),
      cmocka_unit_test_on_loop(test_failure_through_nested_scopes),
      cmocka_unit_test_on_loop(test_ticks_and_microtasks_fail_each_for_itself),
      cmocka_unit_test_on_loop(test_interval_goes_on_after_a_failure),
      cmocka_unit_test_on_loop(test_handler_may_start_things),
      cmocka_unit_test_on_loop(
          test_failure_left_at_top_level_is_uncaught_later),
      cmocka_unit_test_on_loop(test_failure_at_top_level_is_uncaught),
      cmocka_unit_test_on_loop(test_failure_at_top_level_turns_the_loop),
      cmocka_unit_test_on_loop(test_failure_at_top_level_may_be_caught),
      cmocka_unit_test_on_loop(
          test_failure_at_top_level_is_uncaught_when_detached),
      cmocka_unit_test_on_loop(test_failure_stops_at_the_loops_callback),
      cmocka_unit_test_on_loop(test_setting_needs_an_environment),
      cmocka_unit_test(test_exit_is_watched_once_for_all_environments),
  };
  return test_main(tests, argc, argv);
}
