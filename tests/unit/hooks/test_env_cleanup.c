#include "hooks_fixture.h"

#include <stdlib.h>

static void add_a(async_env_cleanup_t *cleanup) {
  trace_add(cleanup->data, "a");
}

static void add_b(async_env_cleanup_t *cleanup) {
  trace_add(cleanup->data, "b");
}

static void add_c(async_env_cleanup_t *cleanup) {
  trace_add(cleanup->data, "c");
}

static void detach_and_return(fixture_t *fixture) {
  assert_int_equal(async_env_detach(), 0);
  assert_int_equal(async_env_attach(&fixture->loop), 0);
}

static void test_last_added_runs_first(void **state) {
  fixture_t *fixture = *state;
  async_env_cleanup_t a = {.data = &fixture->trace}, b = a, c = a;
  assert_int_equal(async_env_add_cleanup_hook(&a, add_a), 0);
  assert_int_equal(async_env_add_cleanup_hook(&b, add_b), 0);
  assert_int_equal(async_env_add_cleanup_hook(&c, add_c), 0);
  detach_and_return(fixture);
  assert_string_equal(fixture->trace.text, "c b a");
}

static void remove_one_of_three(fixture_t *fixture, int index) {
  async_env_cleanup_t hooks[3] = {{.data = &fixture->trace},
                                  {.data = &fixture->trace},
                                  {.data = &fixture->trace}};
  trace_clear(&fixture->trace);
  assert_int_equal(async_env_add_cleanup_hook(&hooks[0], add_a), 0);
  assert_int_equal(async_env_add_cleanup_hook(&hooks[1], add_b), 0);
  assert_int_equal(async_env_add_cleanup_hook(&hooks[2], add_c), 0);
  async_env_remove_cleanup_hook(&hooks[index]);
  detach_and_return(fixture);
}

static void test_removed_hook_does_not_run(void **state) {
  fixture_t *fixture = *state;
  remove_one_of_three(fixture, 0);
  assert_string_equal(fixture->trace.text, "c b");
  remove_one_of_three(fixture, 1);
  assert_string_equal(fixture->trace.text, "c a");
  remove_one_of_three(fixture, 2);
  assert_string_equal(fixture->trace.text, "b a");
}

static void test_hook_is_found_by_its_callback_and_data(void **state) {
  fixture_t *fixture = *state;
  int other;
  async_env_cleanup_t a = {.data = &fixture->trace}, b = a,
                      c = {.data = &other};
  assert_null(async_env_find_cleanup_hook(add_a, &fixture->trace));
  assert_int_equal(async_env_add_cleanup_hook(&a, add_a), 0);
  assert_int_equal(async_env_add_cleanup_hook(&b, add_b), 0);
  assert_int_equal(async_env_add_cleanup_hook(&c, add_a), 0);
  assert_ptr_equal(async_env_find_cleanup_hook(add_a, &fixture->trace), &a);
  assert_ptr_equal(async_env_find_cleanup_hook(add_b, &fixture->trace), &b);
  assert_ptr_equal(async_env_find_cleanup_hook(add_a, &other), &c);
  assert_null(async_env_find_cleanup_hook(add_c, &fixture->trace));
  async_env_remove_cleanup_hook(&c);
  assert_null(async_env_find_cleanup_hook(add_a, &other));
  detach_and_return(fixture);
  assert_null(async_env_find_cleanup_hook(add_a, &fixture->trace));
}

typedef struct owned_s {
  async_env_cleanup_t cleanup;
  struct owned_s *other;
  trace_t *trace;
} owned_t;

static void free_itself(async_env_cleanup_t *cleanup) {
  owned_t *owned = cleanup->data;
  trace_add(owned->trace, "freed");
  free(owned);
}

static owned_t *make_owned(fixture_t *fixture, async_env_cleanup_cb cb) {
  owned_t *owned = calloc(1, sizeof(*owned));
  assert_non_null(owned);
  owned->trace = &fixture->trace;
  owned->cleanup.data = owned;
  assert_int_equal(async_env_add_cleanup_hook(&owned->cleanup, cb), 0);
  return owned;
}

static void test_hook_may_free_its_own_memory(void **state) {
  fixture_t *fixture = *state;
  make_owned(fixture, free_itself);
  make_owned(fixture, free_itself);
  detach_and_return(fixture);
  assert_string_equal(fixture->trace.text, "freed freed");
}

static void remove_and_free_the_other(async_env_cleanup_t *cleanup) {
  owned_t *owned = cleanup->data;
  trace_add(owned->trace, "removed");
  async_env_remove_cleanup_hook(&owned->other->cleanup);
  free(owned->other);
}

static void test_hook_may_remove_the_next_one(void **state) {
  fixture_t *fixture = *state;
  make_owned(fixture, free_itself);
  owned_t *next = make_owned(fixture, free_itself);
  owned_t *first = make_owned(fixture, remove_and_free_the_other);
  first->other = next;
  detach_and_return(fixture);
  free(first);
  assert_string_equal(fixture->trace.text, "removed freed");
}

static void remove_itself(async_env_cleanup_t *cleanup) {
  async_env_remove_cleanup_hook(cleanup);
  trace_add(cleanup->data, "removed");
}

static void test_hook_may_remove_itself(void **state) {
  fixture_t *fixture = *state;
  async_env_cleanup_t a = {.data = &fixture->trace}, b = a;
  assert_int_equal(async_env_add_cleanup_hook(&a, add_a), 0);
  assert_int_equal(async_env_add_cleanup_hook(&b, remove_itself), 0);
  detach_and_return(fixture);
  assert_string_equal(fixture->trace.text, "removed a");
}

static void add_tick_word(void *arg) {
  trace_add(arg, "tick");
}

static void queue_a_tick(async_env_cleanup_t *cleanup) {
  int error = async_next_tick(add_tick_word, cleanup->data);
  trace_add(cleanup->data, "queued:%d", error);
}

static void test_tick_queued_by_a_hook_is_delivered(void **state) {
  fixture_t *fixture = *state;
  async_env_cleanup_t a = {.data = &fixture->trace};
  assert_int_equal(async_env_add_cleanup_hook(&a, queue_a_tick), 0);
  detach_and_return(fixture);
  assert_string_equal(fixture->trace.text, "queued:0 tick");
}

static void end_a_resource(async_env_cleanup_t *cleanup) {
  async_resource_t *resource = cleanup->data;
  async_resource_finish(resource);
}

static void test_destroy_queued_by_a_hook_is_delivered(void **state) {
  fixture_t *fixture = *state;
  async_resource_t resource = {0};
  async_env_cleanup_t a = {.data = &resource};
  tracer_init_destroy(&fixture->tracer, &fixture->trace, "");
  assert_int_equal(async_hook_enable(&fixture->tracer.hook), 0);
  assert_int_equal(async_resource_init(&resource, "LATE", NULL), 0);
  assert_int_equal(async_env_add_cleanup_hook(&a, end_a_resource), 0);
  detach_and_return(fixture);
  assert_string_equal(fixture->trace.text, "destroy(#1)");
}

typedef struct too_late_s {
  async_env_cleanup_t cleanup;
  trace_t *trace;
} too_late_t;

static void add_too_late(void *arg) {
  too_late_t *late = arg;
  late->cleanup.data = late->trace;
  int error = async_env_add_cleanup_hook(&late->cleanup, add_a);
  trace_add(late->trace, "%s", error == 0 ? "added" : uv_err_name(error));
}

/* The hooks have run, and what is queued is delivered after them. */
static void test_hook_is_refused_when_all_have_run(void **state) {
  fixture_t *fixture = *state;
  too_late_t late = {.trace = &fixture->trace};
  assert_int_equal(async_next_tick(add_too_late, &late), 0);
  detach_and_return(fixture);
  assert_string_equal(fixture->trace.text, "ECANCELED");
}

static void on_timer_closed(uv_handle_t *handle) {
  trace_add(handle->data, "closed");
}

static void close_a_timer(async_env_cleanup_t *cleanup) {
  uv_close(cleanup->data, on_timer_closed);
}

static void test_handle_closed_by_a_hook_is_closed_when_detached(void **state) {
  fixture_t *fixture = *state;
  uv_timer_t timer;
  async_env_cleanup_t a = {.data = &timer};
  assert_int_equal(uv_timer_init(&fixture->loop, &timer), 0);
  timer.data = &fixture->trace;
  assert_int_equal(async_env_add_cleanup_hook(&a, close_a_timer), 0);
  assert_int_equal(async_env_detach(), 0);
  assert_string_equal(fixture->trace.text, "closed");
  assert_int_equal(async_env_attach(&fixture->loop), 0);
}

static void test_refused_detach_runs_no_hook(void **state) {
  fixture_t *fixture = *state;
  async_resource_t resource = {0};
  async_env_cleanup_t a = {.data = &fixture->trace};
  assert_int_equal(async_env_add_cleanup_hook(&a, add_a), 0);
  assert_int_equal(async_resource_init(&resource, "SCOPE", NULL), 0);
  assert_int_equal(async_resource_enter(&resource), 0);
  assert_int_equal(async_env_detach(), UV_EBUSY);
  assert_string_equal(fixture->trace.text, "");
  async_resource_leave(&resource);
  async_resource_finish(&resource);
  async_env_remove_cleanup_hook(&a);
}

static void queue_in_close(uv_handle_t *handle) {
  async_resource_t *resource = handle->data;
  async_resource_finish(resource);
}

typedef struct late_s {
  async_env_cleanup_t cleanup;
  uv_timer_t timer;
  async_resource_t resource;
} late_t;

static void close_late(async_env_cleanup_t *cleanup) {
  late_t *late = cleanup->data;
  uv_close((uv_handle_t *)&late->timer, queue_in_close);
}

/* Its close callback comes after those of asyncscope's own handles, which must
 * not be started again by what it queues. */
static void test_handle_closed_by_a_hook_may_queue_a_destroy(void **state) {
  fixture_t *fixture = *state;
  late_t late = {.cleanup = {.data = &late}};
  tracer_init_destroy(&fixture->tracer, &fixture->trace, "");
  assert_int_equal(async_hook_enable(&fixture->tracer.hook), 0);
  assert_int_equal(async_resource_init(&late.resource, "LATE", NULL), 0);
  fixture->trace.base = async_resource_async_id(&late.resource) - 1;
  uv_timer_init(&fixture->loop, &late.timer);
  late.timer.data = &late.resource;
  assert_int_equal(async_env_add_cleanup_hook(&late.cleanup, close_late), 0);
  detach_and_return(fixture);
  assert_string_equal(fixture->trace.text, "destroy(#1)");
  assert_false(uv_loop_alive(&fixture->loop));
  assert_int_equal(uv_run(&fixture->loop, UV_RUN_NOWAIT), 0);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_on_loop(test_last_added_runs_first),
      cmocka_unit_test_on_loop(test_removed_hook_does_not_run),
      cmocka_unit_test_on_loop(test_hook_is_found_by_its_callback_and_data),
      cmocka_unit_test_on_loop(test_hook_may_free_its_own_memory),
      cmocka_unit_test_on_loop(test_hook_may_remove_the_next_one),
      cmocka_unit_test_on_loop(test_hook_may_remove_itself),
      cmocka_unit_test_on_loop(test_tick_queued_by_a_hook_is_delivered),
      cmocka_unit_test_on_loop(test_destroy_queued_by_a_hook_is_delivered),
      cmocka_unit_test_on_loop(
          test_handle_closed_by_a_hook_is_closed_when_detached),
      cmocka_unit_test_on_loop(test_refused_detach_runs_no_hook),
      cmocka_unit_test_on_loop(test_hook_is_refused_when_all_have_run),
      cmocka_unit_test_on_loop(
          test_handle_closed_by_a_hook_may_queue_a_destroy),
  };
  return test_main(tests, argc, argv);
}
