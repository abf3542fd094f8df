/* Which events promises have, in which order, and when they get ids. */
#include "promise_fixture.h"

#include <string.h>

static void start_tracer(fixture_t *fixture) {
  tracer_init_all(&fixture->tracer, &fixture->trace, "");
  assert_int_equal(async_hook_enable(&fixture->tracer.hook), 0);
  fixture_mark(fixture);
}

static void say_ids(trace_t *trace) {
  trace_add(trace, "exec(%s) trig(%s)",
            trace_id(trace, async_hooks_execution_async_id()),
            trace_id(trace, async_hooks_trigger_async_id()));
}

static void *say_ids_then(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)value;
  say_ids(arg);
  return NULL;
}

static void test_then_on_a_resolved_promise(void **state) {
  fixture_t *fixture = *state;
  start_tracer(fixture);
  async_promise_t *promise = resolved("v");
  async_promise_t *derived = then(promise, say_ids_then, NULL, &fixture->trace);
  assert_string_equal(fixture->trace.text,
                      "init(#1 PROMISE root) resolve(#1) init(#2 PROMISE #1)");
  trace_clear(&fixture->trace);
  run_microtasks();
  assert_string_equal(fixture->trace.text,
                      "before(#2) exec(#2) trig(#1) resolve(#2) after(#2)");
  async_promise_release(promise);
  async_promise_release(derived);
}

static void test_then_on_a_pending_promise(void **state) {
  fixture_t *fixture = *state;
  start_tracer(fixture);
  async_promise_t *promise = pending();
  async_promise_t *derived = then(promise, say_ids_then, NULL, &fixture->trace);
  run_microtasks();
  trace_add(&fixture->trace, "|");
  async_promise_resolve(promise, NULL);
  run_microtasks();
  assert_string_equal(fixture->trace.text,
                      "init(#1 PROMISE root) init(#2 PROMISE #1) | "
                      "resolve(#1) before(#2) exec(#2) trig(#1) resolve(#2) "
                      "after(#2)");
  async_promise_release(promise);
  async_promise_release(derived);
}

static void test_rejection_is_a_resolve_event(void **state) {
  fixture_t *fixture = *state;
  start_tracer(fixture);
  async_promise_t *promise = rejected("r");
  async_promise_t *derived =
      then(promise, say_then, say_catch, &fixture->trace);
  run_microtasks();
  assert_string_equal(fixture->trace.text,
                      "init(#1 PROMISE root) resolve(#1) init(#2 PROMISE #1) "
                      "before(#2) catch(r) resolve(#2) after(#2)");
  async_promise_release(promise);
  async_promise_release(derived);
}

static void test_only_the_first_decision_has_events(void **state) {
  fixture_t *fixture = *state;
  start_tracer(fixture);
  async_promise_t *promise = resolved("first");
  async_promise_resolve(promise, (void *)"second");
  async_promise_reject(promise, (void *)"third");
  assert_string_equal(fixture->trace.text, "init(#1 PROMISE root) resolve(#1)");
  assert_string_equal(state_of(promise), "fulfilled(first)");
  async_promise_release(promise);
}

/* resolve(outer) is not reported when it is asked for, but when the inner one
 * has settled, in the job of a helper. */
static void test_adopting_takes_two_jobs(void **state) {
  fixture_t *fixture = *state;
  start_tracer(fixture);
  async_promise_t *outer = pending();
  async_promise_t *inner = resolved("v");
  assert_int_equal(async_promise_resolve_with(outer, inner), 0);
  trace_clear(&fixture->trace);
  run_microtasks();
  assert_string_equal(fixture->trace.text,
                      "before(#1) init(#3 PROMISE #2) after(#1) "
                      "before(#3) resolve(#1) resolve(#3) after(#3) "
                      "destroy(#3)");
  assert_string_equal(state_of(outer), "fulfilled(v)");
  async_promise_release(outer);
  async_promise_release(inner);
}

static void test_adopting_waits_for_a_pending_one(void **state) {
  fixture_t *fixture = *state;
  start_tracer(fixture);
  async_promise_t *outer = pending();
  async_promise_t *inner = pending();
  assert_int_equal(async_promise_resolve_with(outer, inner), 0);
  async_promise_resolve(outer, (void *)"too late");
  run_microtasks();
  assert_string_equal(state_of(outer), "pending");
  trace_clear(&fixture->trace);
  async_promise_reject(inner, (void *)"r");
  async_promise_release(then(outer, NULL, say_catch, &fixture->trace));
  run_microtasks();
  assert_string_equal(fixture->trace.text,
                      "resolve(#2) init(#4 PROMISE #1) before(#3) resolve(#1) "
                      "resolve(#3) after(#3) before(#4) catch(r) resolve(#4) "
                      "after(#4) destroy(#3) destroy(#4)");
  async_promise_release(outer);
  async_promise_release(inner);
}

static void test_destroy_comes_with_the_last_release(void **state) {
  fixture_t *fixture = *state;
  start_tracer(fixture);
  async_promise_t *promise = resolved(NULL);
  assert_ptr_equal(async_promise_retain(promise), promise);
  async_promise_release(promise);
  run_microtasks();
  assert_null(strstr(fixture->trace.text, "destroy"));
  async_promise_release(promise);
  run_microtasks();
  assert_non_null(strstr(fixture->trace.text, "destroy(#1)"));
}

static void test_ids_of_promises_made_before_the_hook(void **state) {
  fixture_t *fixture = *state;
  async_promise_t *parent = resolved("v");
  assert_int_equal(async_promise_async_id(parent), ASYNC_ID_UNSET);
  start_tracer(fixture);
  async_promise_t *child = then(parent, say_ids_then, NULL, &fixture->trace);
  run_microtasks();
  assert_string_equal(fixture->trace.text,
                      "init(#2 PROMISE #1) before(#2) exec(#2) trig(#1) "
                      "resolve(#2) after(#2)");
  assert_int_equal(async_promise_async_id(parent), fixture->trace.base + 1);
  async_promise_release(parent);
  async_promise_release(child);
}

static void test_chain_made_before_the_hook_has_no_init(void **state) {
  fixture_t *fixture = *state;
  async_promise_t *parent = resolved("v");
  async_promise_t *child = then(parent, say_ids_then, NULL, &fixture->trace);
  start_tracer(fixture);
  run_microtasks();
  assert_null(strstr(fixture->trace.text, "init"));
  assert_memory_equal(fixture->trace.text, "before(#", 8);
  assert_non_null(strstr(fixture->trace.text, "after(#"));
  async_promise_release(parent);
  async_promise_release(child);
  trace_clear(&fixture->trace);
  run_microtasks();
  assert_string_equal(fixture->trace.text, "");
}

static void test_without_a_hook_there_are_no_ids(void **state) {
  fixture_t *fixture = *state;
  async_promise_t *promise = resolved("v");
  async_promise_t *derived = then(promise, say_ids_then, NULL, &fixture->trace);
  run_microtasks();
  assert_string_equal(fixture->trace.text, "exec(none) trig(none)");
  assert_int_equal(async_promise_async_id(derived), ASYNC_ID_UNSET);
  assert_int_equal(async_resource_reserve_id(), fixture->trace.base + 1);
  async_promise_release(promise);
  async_promise_release(derived);
}

static void *make_another(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)value, (void)arg;
  async_promise_t *promise = NULL;
  (void)async_promise_create(&promise);
  async_promise_release(promise);
  return NULL;
}

static void test_promise_made_in_a_callback_is_triggered_by_it(void **state) {
  fixture_t *fixture = *state;
  start_tracer(fixture);
  async_promise_t *promise = resolved(NULL);
  async_promise_t *derived = then(promise, make_another, NULL, NULL);
  run_microtasks();
  assert_non_null(strstr(fixture->trace.text, "init(#3 PROMISE #2)"));
  async_promise_release(promise);
  async_promise_release(derived);
}

static void say_microtask(void *arg) {
  trace_add(arg, "microtask");
}

static void say_tick(void *arg) {
  trace_add(arg, "tick");
}

static void test_reactions_are_microtasks_in_their_order(void **state) {
  fixture_t *fixture = *state;
  trace_t *trace = &fixture->trace;
  async_promise_t *promise = resolved("v");
  assert_int_equal(async_queue_microtask(say_microtask, trace), 0);
  async_promise_t *derived = then(promise, say_then, NULL, trace);
  assert_int_equal(async_next_tick(say_tick, trace), 0);
  async_promise_release(then(promise, say_then, NULL, trace));
  run_microtasks();
  assert_string_equal(trace->text, "tick microtask then(v) then(v)");
  async_promise_release(promise);
  async_promise_release(derived);
}

static void test_reaction_turns_the_loop(void **state) {
  fixture_t *fixture = *state;
  async_promise_t *promise = resolved("v");
  assert_int_equal(uv_run(&fixture->loop, UV_RUN_DEFAULT), 0);
  async_promise_release(then(promise, say_then, NULL, &fixture->trace));
  assert_true(uv_loop_alive(&fixture->loop));
  assert_int_equal(uv_run(&fixture->loop, UV_RUN_DEFAULT), 0);
  assert_string_equal(fixture->trace.text, "then(v)");
  async_promise_release(promise);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_on_loop(test_then_on_a_resolved_promise),
      cmocka_unit_test_on_loop(test_then_on_a_pending_promise),
      cmocka_unit_test_on_loop(test_rejection_is_a_resolve_event),
      cmocka_unit_test_on_loop(test_only_the_first_decision_has_events),
      cmocka_unit_test_on_loop(test_adopting_takes_two_jobs),
      cmocka_unit_test_on_loop(test_adopting_waits_for_a_pending_one),
      cmocka_unit_test_on_loop(test_destroy_comes_with_the_last_release),
      cmocka_unit_test_on_loop(test_ids_of_promises_made_before_the_hook),
      cmocka_unit_test_on_loop(test_chain_made_before_the_hook_has_no_init),
      cmocka_unit_test_on_loop(test_without_a_hook_there_are_no_ids),
      cmocka_unit_test_on_loop(
          test_promise_made_in_a_callback_is_triggered_by_it),
      cmocka_unit_test_on_loop(test_reactions_are_microtasks_in_their_order),
      cmocka_unit_test_on_loop(test_reaction_turns_the_loop),
  };
  return test_main(tests, argc, argv);
}
