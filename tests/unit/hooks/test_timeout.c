/* setTimeout and setInterval: life, refresh, what may go wrong. */
#include "asyncscope/async_active_resources.h"
#include "counting_allocator.h"
#include "timeout_probe.h"

#include <stdlib.h>

static void stop_at_three(async_timeout_t *timeout) {
  say(timeout);
  if (((named_t *)timeout)->calls == 3)
    async_timeout_stop(timeout);
}

static void test_interval_is_one_resource(void **state) {
  fixture_t *fixture = *state;
  named_t one = {.name = "i"};
  tracer_init_quiet(&fixture->tracer, trace, "");
  assert_int_equal(async_hook_enable(&fixture->tracer.hook), 0);
  assert_int_equal(async_timeout_start_interval(&one.timeout, stop_at_three, 1),
                   0);
  run(fixture);
  assert_string_equal(trace->text,
                      "before(#1) i after(#1) before(#1) i after(#1) "
                      "before(#1) i after(#1) destroy(#1)");
}

static void test_stopped_timeout_is_destroyed_only(void **state) {
  fixture_t *fixture = *state;
  named_t one = {.calls = 0};
  enable_tracer(fixture);
  start(&one, "never", say, 60000);
  async_timeout_stop(&one.timeout);
  async_timeout_stop(&one.timeout);
  run(fixture);
  assert_string_equal(trace->text, "init(#1 Timeout root) destroy(#1)");
}

static void free_it(async_timeout_t *timeout) {
  say(timeout);
  async_timeout_stop(timeout);
  free(timeout);
}

static void test_stopped_timeout_may_be_freed_in_its_callback(void **state) {
  fixture_t *fixture = *state;
  named_t *once = calloc(1, sizeof(*once)), *often = calloc(1, sizeof(*often));
  assert_non_null(once);
  assert_non_null(often);
  start(once, "once", free_it, 1);
  often->name = "often";
  assert_int_equal(async_timeout_start_interval(&often->timeout, free_it, 1),
                   0);
  run(fixture);
  assert_string_equal(trace->text, "once often");
}

static named_t *other;

static void stop_other(async_timeout_t *timeout) {
  say(timeout);
  async_timeout_stop(&other->timeout);
}

static void test_due_timeout_may_be_stopped_by_the_one_before(void **state) {
  fixture_t *fixture = *state;
  named_t a = {.calls = 0}, b = a, c = a;
  other = &b;
  start(&a, "a", stop_other, 1);
  start(&b, "b", say, 1);
  start(&c, "c", say, 1);
  be_busy(5);
  run(fixture);
  assert_string_equal(trace->text, "a c");
}

/* The interval's list is empty, and goes, while its callback runs. */
static void test_interval_goes_on_when_its_list_is_gone(void **state) {
  fixture_t *fixture = *state;
  named_t i = {.name = "i"}, b = {.calls = 0};
  other = &b;
  assert_int_equal(async_timeout_start_interval(&i.timeout, stop_other, 2), 0);
  start(&b, "b", say, 2);
  be_busy(5);
  assert_int_equal(uv_run(&fixture->loop, UV_RUN_NOWAIT), 1);
  assert_string_equal(trace->text, "i");
  while (i.calls < 2)
    uv_run(&fixture->loop, UV_RUN_ONCE);
  async_timeout_stop(&i.timeout);
  run(fixture);
}

static void start_again(async_timeout_t *timeout) {
  say(timeout);
  trace_add(trace, "%d",
            async_timeout_start(timeout, say, 2) == 0
                ? (int)(async_resource_async_id(&timeout->resource) -
                        async_hooks_execution_async_id())
                : -1);
}

static void test_timeout_may_be_started_in_its_only_callback(void **state) {
  fixture_t *fixture = *state;
  named_t one = {.calls = 0};
  start(&one, "one", start_again, 1);
  assert_int_equal(async_timeout_start(&one.timeout, say, 1), UV_EBUSY);
  run(fixture);
  assert_string_equal(trace->text, "one 1 one");
}

static void refresh_twice(async_timeout_t *timeout) {
  say(timeout);
  if (((named_t *)timeout)->calls < 3)
    (void)async_timeout_refresh(timeout);
}

static void test_refresh_in_the_callback_keeps_the_resource(void **state) {
  fixture_t *fixture = *state;
  named_t one = {.calls = 0};
  tracer_init_quiet(&fixture->tracer, trace, "");
  assert_int_equal(async_hook_enable(&fixture->tracer.hook), 0);
  start(&one, "r", refresh_twice, 1);
  run(fixture);
  assert_string_equal(trace->text,
                      "before(#1) r after(#1) before(#1) r after(#1) "
                      "before(#1) r after(#1) destroy(#1)");
}

static void test_refresh_begins_the_duration_again(void **state) {
  fixture_t *fixture = *state;
  named_t a = {.calls = 0}, b = a;
  start(&a, "a", say, 20);
  start(&b, "b", say, 20);
  assert_int_equal(async_timeout_refresh(&a.timeout), 0);
  be_busy(30);
  run(fixture);
  assert_string_equal(trace->text, "b a");
}

static void test_refresh_of_one_that_has_fired_starts_it_anew(void **state) {
  fixture_t *fixture = *state;
  named_t one = {.calls = 0};
  enable_tracer(fixture);
  start(&one, "one", say, 1);
  run(fixture);
  trace_clear(trace);
  assert_int_equal(async_timeout_refresh(&one.timeout), 0);
  run(fixture);
  assert_string_equal(
      trace->text,
      "init(#2 Timeout root) before(#2) one after(#2) destroy(#2)");
}

static void test_refresh_of_one_that_was_stopped_does_nothing(void **state) {
  fixture_t *fixture = *state;
  named_t one = {.calls = 0};
  assert_int_equal(async_timeout_refresh(&one.timeout), UV_EINVAL);
  start(&one, "one", say, 1);
  async_timeout_stop(&one.timeout);
  assert_int_equal(async_timeout_refresh(&one.timeout), 0);
  run(fixture);
  assert_string_equal(trace->text, "");
}

/* As in Node: it has lost its callback only. */
static void test_refresh_after_firing_and_stopping_calls_nobody(void **state) {
  fixture_t *fixture = *state;
  named_t one = {.calls = 0};
  enable_tracer(fixture);
  start(&one, "one", say, 1);
  run(fixture);
  async_timeout_stop(&one.timeout);
  trace_clear(trace);
  assert_int_equal(async_timeout_refresh(&one.timeout), 0);
  run(fixture);
  assert_string_equal(trace->text, "init(#2 Timeout root) destroy(#2)");
}

static void test_unreferenced_timeout_lets_the_loop_end(void **state) {
  fixture_t *fixture = *state;
  named_t one = {.calls = 0};
  async_active_resource_t active[4];
  start(&one, "never", say, 60000);
  assert_int_equal(async_active_resources_info(NULL, active, 4), 1);
  async_timeout_unref(&one.timeout);
  assert_false(async_timeout_has_ref(&one.timeout));
  assert_int_equal(async_active_resources_info(NULL, active, 4), 0);
  run(fixture);
  async_timeout_ref(&one.timeout);
  assert_true(async_timeout_has_ref(&one.timeout));
  assert_int_equal(uv_run(&fixture->loop, UV_RUN_NOWAIT), 1);
  async_timeout_stop(&one.timeout);
  run(fixture);
  assert_string_equal(trace->text, "");
}

static fixture_t *nested_fixture;

static void run_the_loop(async_timeout_t *timeout) {
  say(timeout);
  uv_run(&nested_fixture->loop, UV_RUN_DEFAULT);
  trace_add(trace, "back");
}

/* The rest of its own list too. */
static void test_loop_run_in_a_callback_runs_what_is_due(void **state) {
  named_t a = {.calls = 0}, b = a, c = a;
  nested_fixture = *state;
  start(&a, "a", run_the_loop, 1);
  start(&b, "b", say, 1);
  start(&c, "c", say, 2);
  be_busy(5);
  run(nested_fixture);
  assert_string_equal(trace->text, "a b c back");
}

static void test_environment_ends_what_is_started(void **state) {
  fixture_t *fixture = *state;
  named_t one = {.calls = 0}, often = {.name = "often"};
  tracer_init_destroy(&fixture->tracer, trace, "");
  assert_int_equal(async_hook_enable(&fixture->tracer.hook), 0);
  start(&one, "never", say, 60000);
  assert_int_equal(async_timeout_start_interval(&often.timeout, say, 60000), 0);
  assert_int_equal(async_env_detach(), 0);
  assert_string_equal(trace->text, "destroy(#1) destroy(#2)");
  async_timeout_stop(&one.timeout);
  assert_int_equal(async_timeout_refresh(&one.timeout), UV_EINVAL);
  assert_int_equal(async_env_attach(&fixture->loop), 0);
}

static void test_what_may_not_be_started(void **state) {
  fixture_t *fixture = *state;
  named_t one = {.calls = 0};
  assert_int_equal(async_timeout_start(&one.timeout, NULL, 1), UV_EINVAL);
  assert_int_equal(async_env_detach(), 0);
  assert_int_equal(async_timeout_start(&one.timeout, say, 1), UV_EINVAL);
  assert_int_equal(async_env_attach(&fixture->loop), 0);
}

typedef struct intruder_s {
  async_timeout_t *timeout;
  int error;
} intruder_t;

static void start_elsewhere(void *arg) {
  intruder_t *intruder = arg;
  uv_loop_t loop;
  intruder->error = uv_loop_init(&loop);
  if (intruder->error != 0)
    return;
  if (async_env_attach(&loop) == 0)
    intruder->error = async_timeout_start(intruder->timeout, say, 1);
  (void)async_env_detach();
  (void)uv_run(&loop, UV_RUN_DEFAULT);
  (void)uv_loop_close(&loop);
}

static void test_started_one_is_not_another_threads_to_start(void **state) {
  fixture_t *fixture = *state;
  named_t one = {.name = "one"};
  intruder_t intruder = {.timeout = &one.timeout};
  assert_int_equal(async_timeout_start(&one.timeout, say, 1), 0);
  run_on_thread(start_elsewhere, &intruder);
  assert_int_equal(intruder.error, UV_EINVAL);
  run(fixture);
  assert_int_equal(one.calls, 1);
}

static void unref_elsewhere(void *timeout) {
  async_timeout_unref(timeout);
}

/* Whether it keeps the loop alive is counted by the loop. */
static void test_started_one_is_not_another_threads_to_unref(void **state) {
  fixture_t *fixture = *state;
  named_t one = {.calls = 0};
  start(&one, "never", say, 60000);
  run_on_thread(unref_elsewhere, &one.timeout);
  assert_true(async_timeout_has_ref(&one.timeout));
  async_timeout_unref(&one.timeout);
  run(fixture);
  async_timeout_stop(&one.timeout);
  assert_string_equal(trace->text, "");
}

static void test_start_without_memory_begins_nothing(void **state) {
  fixture_t *fixture = *state;
  named_t one = {.calls = 0};
  for (int nth = 1; nth <= 2; nth++) {
    counting_allocator_fail_at(nth);
    assert_int_equal(async_timeout_start(&one.timeout, say, 7), UV_ENOMEM);
    assert_true(counting_allocator_disarm());
  }
  run(fixture);
  assert_string_equal(trace->text, "");
  start(&one, "one", say, 7);
  run(fixture);
  assert_string_equal(trace->text, "one");
}

static void test_every_list_is_given_back(void **state) {
  fixture_t *fixture = *state;
  static named_t timeouts[100];
  long before = counting_allocator_live();
  for (unsigned i = 0; i < 100; i++)
    start(&timeouts[i], "x", say, 1000 + i);
  for (unsigned i = 0; i < 100; i++)
    async_timeout_stop(&timeouts[i].timeout);
  run(fixture);
  assert_in_range(counting_allocator_live() - before, 0, 8);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_timeout(test_interval_is_one_resource),
      cmocka_unit_test_timeout(test_stopped_timeout_is_destroyed_only),
      cmocka_unit_test_timeout(
          test_stopped_timeout_may_be_freed_in_its_callback),
      cmocka_unit_test_timeout(
          test_due_timeout_may_be_stopped_by_the_one_before),
      cmocka_unit_test_timeout(test_interval_goes_on_when_its_list_is_gone),
      cmocka_unit_test_timeout(
          test_timeout_may_be_started_in_its_only_callback),
      cmocka_unit_test_timeout(test_refresh_in_the_callback_keeps_the_resource),
      cmocka_unit_test_timeout(test_refresh_begins_the_duration_again),
      cmocka_unit_test_timeout(
          test_refresh_of_one_that_has_fired_starts_it_anew),
      cmocka_unit_test_timeout(
          test_refresh_of_one_that_was_stopped_does_nothing),
      cmocka_unit_test_timeout(
          test_refresh_after_firing_and_stopping_calls_nobody),
      cmocka_unit_test_timeout(test_unreferenced_timeout_lets_the_loop_end),
      cmocka_unit_test_timeout(test_loop_run_in_a_callback_runs_what_is_due),
      cmocka_unit_test_timeout(test_environment_ends_what_is_started),
      cmocka_unit_test_timeout(test_what_may_not_be_started),
      cmocka_unit_test_timeout(
          test_started_one_is_not_another_threads_to_start),
      cmocka_unit_test_timeout(
          test_started_one_is_not_another_threads_to_unref),
      cmocka_unit_test_timeout(test_start_without_memory_begins_nothing),
      cmocka_unit_test_timeout(test_every_list_is_given_back),
  };
  return test_main(tests, argc, argv);
}
