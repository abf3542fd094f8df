/* Who holds a promise how long, and what happens without memory. */
#include "counting_allocator.h"
#include "promise_fixture.h"

#include <string.h>

static int setup(void **state) {
  return counting_allocator_install() != 0 ? -1 : fixture_setup(state);
}

#define cmocka_unit_test_counted(test) \
  cmocka_unit_test_setup_teardown(test, setup, fixture_teardown)

static void enable_tracer(fixture_t *fixture) {
  tracer_init_all(&fixture->tracer, &fixture->trace, "");
  assert_int_equal(async_hook_enable(&fixture->tracer.hook), 0);
}

static void test_every_block_is_given_back(void **state) {
  fixture_t *fixture = *state;
  long before = counting_allocator_live();
  async_promise_t *promise = pending();
  async_promise_t *adopted = pending();
  async_promise_t *derived = then(promise, fail_broken, NULL, &fixture->trace);
  async_promise_t *last = then(derived, NULL, say_catch, &fixture->trace);
  assert_int_equal(async_promise_resolve_with(promise, adopted), 0);
  async_promise_resolve(adopted, NULL);
  run_microtasks();
  assert_string_equal(fixture->trace.text, "fail catch(broken)");
  async_promise_release(promise);
  async_promise_release(adopted);
  async_promise_release(derived);
  async_promise_release(last);
  run_microtasks();
  assert_int_equal(counting_allocator_live(), before);
}

static void test_pending_chain_goes_with_its_head(void **state) {
  fixture_t *fixture = *state;
  long before = counting_allocator_live();
  async_promise_t *promise = pending();
  async_promise_t *derived = then(promise, say_then, NULL, &fixture->trace);
  async_promise_release(then(derived, say_then, NULL, &fixture->trace));
  async_promise_release(derived);
  async_promise_release(promise);
  assert_int_equal(counting_allocator_live(), before);
  run_microtasks();
  assert_string_equal(fixture->trace.text, "");
}

static void test_job_holds_a_promise_nobody_else_does(void **state) {
  fixture_t *fixture = *state;
  async_promise_t *promise = resolved("v");
  async_promise_release(then(promise, say_then, NULL, &fixture->trace));
  async_promise_release(promise);
  run_microtasks();
  assert_string_equal(fixture->trace.text, "then(v)");
}

#define LONG_CHAIN 100000

/* Ending a chain must not take stack for every link. */
static void test_long_chain_ends_without_recursion(void **state) {
  fixture_t *fixture = *state;
  long before = counting_allocator_live();
  async_promise_t *head = pending();
  async_promise_t *last = async_promise_retain(head);
  for (int i = 0; i < LONG_CHAIN; i++) {
    async_promise_t *next = then(last, NULL, NULL, &fixture->trace);
    async_promise_release(last);
    last = next;
  }
  async_promise_release(last);
  async_promise_release(head);
  assert_int_equal(counting_allocator_live(), before);
}

static void test_long_chain_settles(void **state) {
  (void)state;
  async_promise_t *head = pending();
  async_promise_t *last = async_promise_retain(head);
  for (int i = 0; i < LONG_CHAIN; i++) {
    async_promise_t *next = then(last, NULL, NULL, NULL);
    async_promise_release(last);
    last = next;
  }
  async_promise_resolve(head, (void *)"v");
  run_microtasks();
  assert_string_equal(state_of(last), "fulfilled(v)");
  async_promise_release(last);
  async_promise_release(head);
}

static void *release_it(async_promise_t *derived, void *value, void *arg) {
  (void)derived;
  async_promise_release(arg);
  return value;
}

static void test_callback_may_release_its_promise(void **state) {
  (void)state;
  async_promise_t *promise = resolved("v");
  async_promise_t *derived = then(promise, release_it, NULL, promise);
  run_microtasks();
  assert_string_equal(state_of(derived), "fulfilled(v)");
  async_promise_release(derived);
}

static void *ignore(async_promise_t *derived, void *reason, void *arg) {
  (void)derived, (void)reason, (void)arg;
  return NULL;
}

/* One use of everything that may fail; the first error ends it. */
static int use(trace_t *trace) {
  async_promise_t *promise = NULL, *other = NULL, *derived = NULL;
  async_promise_t *itself = NULL;
  int error = async_promise_create(&promise);
  if (error == 0)
    error = async_promise_create(&other);
  if (error == 0)
    error = async_promise_resolve_with(promise, other);
  if (error == 0)
    error = async_promise_then(promise, say_then, NULL, trace, &derived);
  if (error == 0)
    error = async_promise_finally(derived, say_finally, trace, NULL);
  if (error == 0)
    error = async_promise_create(&itself);
  if (error == 0)
    error = async_promise_catch(itself, ignore, NULL, NULL);
  if (error == 0)
    error = async_promise_resolve_with(itself, itself);
  if (other != NULL)
    async_promise_resolve(other, (void *)"v");
  async_promise_release(promise);
  async_promise_release(other);
  async_promise_release(derived);
  async_promise_release(itself);
  return error;
}

/* A first use fills what the environment keeps: records, names of types. */
static void assert_every_failure_is_told(fixture_t *fixture) {
  assert_int_equal(use(&fixture->trace), 0);
  run_microtasks();
  long before = counting_allocator_live();
  int error;
  long nth = 0;
  do {
    fixture_mark(fixture);
    counting_allocator_fail_at(++nth);
    error = use(&fixture->trace);
    bool failed = counting_allocator_disarm();
    assert_int_equal(error, failed ? UV_ENOMEM : 0);
    run_microtasks();
    assert_int_equal(counting_allocator_live(), before);
  } while (error != 0);
  assert_true(nth > 5);
}

static void test_every_allocation_may_fail(void **state) {
  fixture_t *fixture = *state;
  assert_every_failure_is_told(fixture);
  assert_string_equal(fixture->trace.text, "then(v) finally");
}

static void test_every_allocation_may_fail_when_tracked(void **state) {
  fixture_t *fixture = *state;
  enable_tracer(fixture);
  assert_every_failure_is_told(fixture);
}

static void test_nothing_is_registered_without_memory(void **state) {
  fixture_t *fixture = *state;
  async_promise_t *promise = resolved("v");
  async_promise_t *derived = NULL;
  counting_allocator_fail_at(2);
  assert_int_equal(
      async_promise_then(promise, say_then, NULL, &fixture->trace, &derived),
      UV_ENOMEM);
  assert_true(counting_allocator_disarm());
  assert_null(derived);
  run_microtasks();
  assert_string_equal(fixture->trace.text, "");
  async_promise_release(promise);
}

/* The failure has happened, so its promise is rejected all the same. */
static void test_failure_without_memory_for_its_message(void **state) {
  fixture_t *fixture = *state;
  async_promise_t *promise = resolved("v");
  async_promise_t *derived = then(promise, fail_broken, NULL, &fixture->trace);
  async_promise_t *handled = then(derived, NULL, say_catch, &fixture->trace);
  counting_allocator_fail_at(1);
  run_microtasks();
  assert_true(counting_allocator_disarm());
  assert_int_equal(async_promise_state(derived), ASYNC_PROMISE_REJECTED);
  assert_non_null(strstr(async_promise_result(derived), "no memory"));
  async_promise_release(promise);
  async_promise_release(derived);
  async_promise_release(handled);
}

static int flush_deep(void *arg) {
  fixture_t *fixture = arg;
  counting_allocator_fail_at(1);
  (void)uv_run(&fixture->loop, UV_RUN_NOWAIT);
  return counting_allocator_disarm();
}

/* The 65th scope needs memory; a promise's callback runs without it too. */
static void test_callback_runs_without_memory_for_its_scope(void **state) {
  fixture_t *fixture = *state;
  async_resource_t resource;
  enum { DEPTH = ASYNC_STACK_PUBLISHED };
  (void)uv_run(&fixture->loop, UV_RUN_DEFAULT);
  async_promise_t *promise = resolved("v");
  async_promise_release(then(promise, say_then, NULL, &fixture->trace));
  assert_int_equal(async_resource_init(&resource, "T", NULL), 0);
  for (int i = 0; i < DEPTH; i++)
    assert_int_equal(async_resource_enter(&resource), 0);
  assert_true(flush_deep(fixture));
  assert_string_equal(fixture->trace.text, "then(v)");
  for (int i = 0; i < DEPTH; i++)
    async_resource_leave(&resource);
  async_promise_release(promise);
  async_resource_finish(&resource);
}

static void test_promise_may_outlive_its_environment(void **state) {
  fixture_t *fixture = *state;
  enable_tracer(fixture);
  async_promise_t *promise = pending();
  async_promise_t *derived = then(promise, say_then, NULL, &fixture->trace);
  assert_int_equal(async_env_detach(), 0);
  trace_clear(&fixture->trace);
  async_promise_resolve(promise, (void *)"v");
  assert_int_equal(async_promise_resolve_with(derived, promise), UV_EINVAL);
  assert_int_equal(async_promise_then(promise, say_then, NULL, NULL, NULL),
                   UV_EINVAL);
  assert_string_equal(state_of(promise), "fulfilled(v)");
  async_promise_release(promise);
  async_promise_release(derived);
  assert_string_equal(fixture->trace.text, "");
  assert_int_equal(async_env_attach(&fixture->loop), 0);
}

static void test_promise_needs_an_environment(void **state) {
  fixture_t *fixture = *state;
  async_promise_t *promise = NULL;
  assert_int_equal(async_env_detach(), 0);
  assert_int_equal(async_promise_create(&promise), UV_EINVAL);
  assert_null(promise);
  assert_int_equal(async_env_attach(&fixture->loop), 0);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_counted(test_every_block_is_given_back),
      cmocka_unit_test_counted(test_pending_chain_goes_with_its_head),
      cmocka_unit_test_counted(test_job_holds_a_promise_nobody_else_does),
      cmocka_unit_test_counted(test_long_chain_ends_without_recursion),
      cmocka_unit_test_counted(test_long_chain_settles),
      cmocka_unit_test_counted(test_callback_may_release_its_promise),
      cmocka_unit_test_counted(test_every_allocation_may_fail),
      cmocka_unit_test_counted(test_every_allocation_may_fail_when_tracked),
      cmocka_unit_test_counted(test_nothing_is_registered_without_memory),
      cmocka_unit_test_counted(test_failure_without_memory_for_its_message),
      cmocka_unit_test_counted(test_callback_runs_without_memory_for_its_scope),
      cmocka_unit_test_counted(test_promise_may_outlive_its_environment),
      cmocka_unit_test_counted(test_promise_needs_an_environment),
  };
  return test_main(tests, argc, argv);
}
