/* How a scope ends: the resource may be gone by then, ticks may be waiting, the
 * thread may be cancelled. */
#include "hooks_fixture.h"

#include <pthread.h>
#include <stdlib.h>

static void start_tracer(fixture_t *fixture) {
  tracer_init_quiet(&fixture->tracer, &fixture->trace, "");
  assert_int_equal(async_hook_enable(&fixture->tracer.hook), 0);
}

static int finish_it(void *arg) {
  async_resource_finish(arg);
  return 7;
}

static void test_resource_may_finish_inside_its_own_scope(void **state) {
  fixture_t *fixture = *state;
  async_resource_t resource = {0};
  start_tracer(fixture);
  assert_int_equal(async_resource_init(&resource, "T", NULL), 0);
  assert_int_equal(
      async_resource_run_in_async_scope(&resource, finish_it, &resource), 7);
  assert_int_equal(async_hooks_execution_async_id(), ASYNC_ID_ROOT);
  async_env_flush();
  assert_string_equal(fixture->trace.text, "before(#1) after(#1) destroy(#1)");
}

static int free_it(void *arg) {
  async_resource_finish(arg);
  free(arg);
  return 8;
}

/* Finished memory may be reused at once, so leaving must not look at it. */
static void test_resource_may_be_freed_inside_its_own_scope(void **state) {
  fixture_t *fixture = *state;
  async_resource_t *resource = calloc(1, sizeof(*resource));
  assert_non_null(resource);
  start_tracer(fixture);
  assert_int_equal(async_resource_init(resource, "T", NULL), 0);
  assert_int_equal(
      async_resource_run_in_async_scope(resource, free_it, resource), 8);
  async_env_flush();
  assert_string_equal(fixture->trace.text, "before(#1) after(#1) destroy(#1)");
}

static int start_again(void *arg) {
  async_resource_finish(arg);
  return async_resource_init(arg, "AGAIN", NULL);
}

static void test_resource_may_begin_again_inside_its_own_scope(void **state) {
  fixture_t *fixture = *state;
  async_resource_t resource = {0};
  start_tracer(fixture);
  assert_int_equal(async_resource_init(&resource, "T", NULL), 0);
  async_id_t first = async_resource_async_id(&resource);
  assert_int_equal(
      async_resource_run_in_async_scope(&resource, start_again, &resource), 0);
  assert_int_equal(async_resource_async_id(&resource), first + 1);
  assert_int_equal(async_resource_trigger_async_id(&resource), first);
  assert_int_equal(async_hooks_execution_async_id(), ASYNC_ID_ROOT);
  async_resource_finish(&resource);
  async_env_flush();
  assert_string_equal(fixture->trace.text,
                      "before(#1) after(#1) destroy(#1) destroy(#2)");
}

static void add_tick(void *arg) {
  trace_add(arg, "tick");
}

static void add_microtask(void *arg) {
  trace_add(arg, "microtask");
}

static void test_outermost_callback_scope_runs_ticks(void **state) {
  fixture_t *fixture = *state;
  async_resource_t outer = {0}, inner = {0};
  assert_int_equal(async_resource_init(&outer, "T", NULL), 0);
  assert_int_equal(async_resource_init(&inner, "T", NULL), 0);
  assert_int_equal(async_callback_scope_open(&outer), 0);
  assert_int_equal(async_callback_scope_open(&inner), 0);
  assert_int_equal(async_queue_microtask(add_microtask, &fixture->trace), 0);
  assert_int_equal(async_next_tick(add_tick, &fixture->trace), 0);
  async_callback_scope_close(&inner);
  assert_string_equal(fixture->trace.text, "");
  async_callback_scope_close(&outer);
  assert_string_equal(fixture->trace.text, "tick microtask");
  async_resource_finish(&outer);
  async_resource_finish(&inner);
}

static void test_leaving_a_plain_scope_runs_no_ticks(void **state) {
  fixture_t *fixture = *state;
  async_resource_t resource = {0};
  assert_int_equal(async_resource_init(&resource, "T", NULL), 0);
  assert_int_equal(async_resource_enter(&resource), 0);
  assert_int_equal(async_next_tick(add_tick, &fixture->trace), 0);
  async_resource_leave(&resource);
  assert_string_equal(fixture->trace.text, "");
  async_env_flush();
  assert_string_equal(fixture->trace.text, "tick");
  async_resource_finish(&resource);
}

static void test_freed_resource_closes_its_callback_scope(void **state) {
  fixture_t *fixture = *state;
  async_resource_t *resource = calloc(1, sizeof(*resource));
  assert_non_null(resource);
  start_tracer(fixture);
  assert_int_equal(async_resource_init(resource, "T", NULL), 0);
  assert_int_equal(async_callback_scope_open(resource), 0);
  async_resource_finish(resource);
  async_callback_scope_close(resource);
  free(resource);
  async_env_flush();
  assert_string_equal(fixture->trace.text, "before(#1) after(#1) destroy(#1)");
}

/* A thread that is cancelled inside two scopes. */
typedef struct cancelled_s {
  async_resource_t outer, inner;
  async_id_t at_cleanup;
  int detached;
} cancelled_t;

static int cancel_here(void *arg) {
  (void)arg;
  (void)pthread_cancel(pthread_self());
  pthread_testcancel();
  return 0;
}

static int cancel_deeper(void *arg) {
  cancelled_t *cancelled = arg;
  return async_resource_run_in_async_scope(&cancelled->inner, cancel_here,
                                           cancelled);
}

static void note_cleanup(void *arg) {
  cancelled_t *cancelled = arg;
  cancelled->at_cleanup = async_hooks_execution_async_id();
  async_resource_finish(&cancelled->inner);
  async_resource_finish(&cancelled->outer);
  cancelled->detached = async_env_detach();
}

static void *be_cancelled(void *arg) {
  cancelled_t *cancelled = arg;
  (void)async_env_open(ASYNC_ENV_OTHER, "cancelled");
  (void)async_resource_init(&cancelled->outer, "OUTER", NULL);
  (void)async_resource_init(&cancelled->inner, "INNER", NULL);
  pthread_cleanup_push(note_cleanup, cancelled);
  (void)async_resource_run_in_async_scope(&cancelled->outer, cancel_deeper,
                                          cancelled);
  pthread_cleanup_pop(0);
  return NULL;
}

static void test_cancellation_closes_the_scopes_it_passes(void **state) {
  (void)state;
  cancelled_t cancelled = {.detached = 1};
  pthread_t thread;
  void *result = NULL;
  assert_int_equal(pthread_create(&thread, NULL, be_cancelled, &cancelled), 0);
  assert_int_equal(pthread_join(thread, &result), 0);
  assert_ptr_equal(result, PTHREAD_CANCELED);
  assert_int_equal(cancelled.at_cleanup, ASYNC_ID_ROOT);
  assert_int_equal(cancelled.detached, 0);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_on_loop(test_resource_may_finish_inside_its_own_scope),
      cmocka_unit_test_on_loop(test_resource_may_be_freed_inside_its_own_scope),
      cmocka_unit_test_on_loop(
          test_resource_may_begin_again_inside_its_own_scope),
      cmocka_unit_test_on_loop(test_outermost_callback_scope_runs_ticks),
      cmocka_unit_test_on_loop(test_leaving_a_plain_scope_runs_no_ticks),
      cmocka_unit_test_on_loop(test_freed_resource_closes_its_callback_scope),
      cmocka_unit_test(test_cancellation_closes_the_scopes_it_passes),
  };
  return test_main(tests, argc, argv);
}
