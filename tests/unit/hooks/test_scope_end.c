/* How a scope ends: the resource may be gone by then, ticks may be waiting, the
 * thread may be cancelled. */
#include "hooks_fixture.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

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

static bool is_remembered(async_id_t async_id, const char *type) {
  async_env_t *env = find_env(async_env_thread());
  async_ancestor_info_t info;
  uint32_t cursor = 0;
  bool found = false;
  while (!found && async_inspect_ancestors(env, &cursor, &info, 1) == 1)
    found = info.async_id == async_id && strcmp(info.type, type) == 0;
  async_inspect_release(env);
  return found;
}

static bool is_known(async_id_t async_id) {
  async_resource_info_t info;
  return find_info(async_env_thread(), async_id, &info);
}

/* So that who is stuck in it, or caused what, can be named. */
static void test_resource_is_known_until_its_scope_is_left(void **state) {
  (void)state;
  async_resource_t resource;
  async_resource_info_t info;
  assert_int_equal(async_resource_init(&resource, "ENDED", NULL), 0);
  async_id_t async_id = async_resource_async_id(&resource);
  assert_int_equal(async_resource_enter(&resource), 0);
  async_resource_t ended = resource;
  async_resource_finish(&resource);
  assert_true(find_info(async_env_thread(), async_id, &info));
  assert_string_equal(info.type, "ENDED");
  assert_true(info.destroyed);
  async_resource_leave(&ended);
  assert_false(is_known(async_id));
}

static void test_resource_is_known_until_its_outermost_scope_is_left(
    void **state) {
  (void)state;
  async_resource_t resource;
  assert_int_equal(async_resource_init(&resource, "ENDED", NULL), 0);
  async_id_t async_id = async_resource_async_id(&resource);
  assert_int_equal(async_resource_enter(&resource), 0);
  assert_int_equal(async_resource_enter(&resource), 0);
  async_resource_t ended = resource;
  async_resource_finish(&resource);
  async_resource_leave(&ended);
  assert_true(is_known(async_id));
  async_resource_leave(&ended);
  assert_false(is_known(async_id));
}

static void test_resource_that_ends_in_an_inner_scope_is_known(void **state) {
  (void)state;
  async_resource_t outer, inner;
  assert_int_equal(async_resource_init(&outer, "OUTER", NULL), 0);
  assert_int_equal(async_resource_init(&inner, "INNER", NULL), 0);
  async_id_t async_id = async_resource_async_id(&outer);
  assert_int_equal(async_resource_enter(&outer), 0);
  for (int i = 0; i < 100; i++)
    assert_int_equal(async_resource_enter(&inner), 0);
  async_resource_t ended = outer;
  async_resource_finish(&outer);
  for (int i = 0; i < 100; i++)
    async_resource_leave(&inner);
  assert_true(is_known(async_id));
  async_resource_leave(&ended);
  assert_false(is_known(async_id));
  async_resource_finish(&inner);
}

/* A nested run of the loop tells the hooks in the middle of the scope. */
static void test_resource_whose_destroy_is_told_in_its_scope_is_known(
    void **state) {
  fixture_t *fixture = *state;
  async_resource_t resource;
  start_tracer(fixture);
  assert_int_equal(async_resource_init(&resource, "ENDED", NULL), 0);
  async_id_t async_id = async_resource_async_id(&resource);
  assert_int_equal(async_resource_enter(&resource), 0);
  async_resource_t ended = resource;
  async_resource_finish(&resource);
  uv_run(&fixture->loop, UV_RUN_DEFAULT);
  assert_string_equal(fixture->trace.text, "before(#1) destroy(#1)");
  assert_true(is_known(async_id));
  async_resource_leave(&ended);
  assert_false(is_known(async_id));
}

/* In its record's place there may be another by then. */
static void test_cause_that_had_ended_in_its_scope_is_remembered(void **state) {
  (void)state;
  async_resource_t cause, other, child;
  async_resource_info_t info;
  assert_int_equal(async_resource_init(&cause, "CAUSE", NULL), 0);
  async_id_t async_id = async_resource_async_id(&cause);
  assert_int_equal(async_resource_enter(&cause), 0);
  async_resource_t ended = cause;
  async_resource_finish(&cause);
  assert_int_equal(async_resource_init(&child, "CHILD", NULL), 0);
  async_resource_leave(&ended);
  assert_int_equal(async_resource_init(&other, "OTHER", NULL), 0);
  assert_true(
      find_info(async_env_thread(), async_resource_async_id(&child), &info));
  assert_int_equal(info.trigger_async_id, async_id);
  assert_true(is_remembered(async_id, "CAUSE"));
  async_resource_finish(&child);
  async_resource_finish(&other);
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
      cmocka_unit_test_on_loop(test_resource_is_known_until_its_scope_is_left),
      cmocka_unit_test_on_loop(
          test_resource_is_known_until_its_outermost_scope_is_left),
      cmocka_unit_test_on_loop(
          test_resource_that_ends_in_an_inner_scope_is_known),
      cmocka_unit_test_on_loop(
          test_resource_whose_destroy_is_told_in_its_scope_is_known),
      cmocka_unit_test_on_loop(
          test_cause_that_had_ended_in_its_scope_is_remembered),
      cmocka_unit_test_on_loop(test_outermost_callback_scope_runs_ticks),
      cmocka_unit_test_on_loop(test_leaving_a_plain_scope_runs_no_ticks),
      cmocka_unit_test_on_loop(test_freed_resource_closes_its_callback_scope),
      cmocka_unit_test(test_cancellation_closes_the_scopes_it_passes),
  };
  return test_main(tests, argc, argv);
}
