/* The last scope of a resource and its end in one call: nothing can be told
 * from the two calls, but what they cost. */
#include "asyncscope/async_context_frame.h"
#include "asyncscope/async_fail.h"
#include "asyncscope/async_recorder.h"
#include "hooks_fixture.h"

#include <string.h>

typedef void (*inside_cb)(fixture_t *fixture, async_resource_t *resource);

static void close_in_two(async_resource_t *resource) {
  async_callback_scope_close(resource);
  async_resource_finish(resource);
}

/* A resource is called once; meanwhile `inside`, which may be NULL, is. */
static async_id_t call_once(fixture_t *fixture, inside_cb inside,
                            void (*close)(async_resource_t *resource)) {
  async_resource_t resource;
  fixture_mark(fixture);
  assert_int_equal(async_resource_init(&resource, "ONCE", NULL), 0);
  async_id_t async_id = async_resource_async_id(&resource);
  assert_int_equal(async_callback_scope_open(&resource), 0);
  async_resource_t called = resource;
  if (inside != NULL)
    inside(fixture, &resource);
  close(&called);
  assert_int_equal(async_resource_async_id(&called), ASYNC_ID_UNSET);
  return async_id;
}

static bool is_known(async_id_t async_id) {
  async_resource_info_t info;
  return find_info(async_env_thread(), async_id, &info);
}

/* By each of the ways: the hook's events, when all have been delivered. */
static void assert_same_events(fixture_t *fixture, inside_cb inside,
                               const char *events) {
  async_id_t async_id = call_once(fixture, inside, close_in_two);
  async_env_flush();
  assert_string_equal(fixture->trace.text, events);
  assert_false(is_known(async_id));
  async_id = call_once(fixture, inside, async_callback_scope_close_last);
  async_env_flush();
  assert_string_equal(fixture->trace.text, events);
  assert_false(is_known(async_id));
}

static void start_tracer(fixture_t *fixture) {
  tracer_init_quiet(&fixture->tracer, &fixture->trace, "");
  assert_int_equal(async_hook_enable(&fixture->tracer.hook), 0);
}

static void test_hooks_hear_of_both(void **state) {
  fixture_t *fixture = *state;
  start_tracer(fixture);
  assert_same_events(fixture, NULL, "before(#1) after(#1) destroy(#1)");
}

static void add_tick(void *arg) {
  trace_add(arg, "tick");
}

static void queue_tick(fixture_t *fixture, async_resource_t *resource) {
  (void)resource;
  assert_int_equal(async_next_tick(add_tick, &fixture->trace), 0);
}

/* The tick's own resource is #2. */
static void test_ticks_run_between_the_two(void **state) {
  fixture_t *fixture = *state;
  start_tracer(fixture);
  assert_same_events(fixture, queue_tick,
                     "before(#1) after(#1) before(#2) tick after(#2) "
                     "destroy(#2) destroy(#1)");
}

static async_id_t seen_by_tick;

static void look(void *arg) {
  trace_add(arg, is_known(seen_by_tick) ? "known" : "gone");
}

static void queue_look(fixture_t *fixture, async_resource_t *resource) {
  seen_by_tick = async_resource_async_id(resource);
  assert_int_equal(async_next_tick(look, &fixture->trace), 0);
}

static void test_ticks_see_the_resource(void **state) {
  assert_same_events(*state, queue_look, "known");
}

static void finish(fixture_t *fixture, async_resource_t *resource) {
  (void)fixture;
  async_resource_finish(resource);
}

static void emit_destroy(fixture_t *fixture, async_resource_t *resource) {
  (void)fixture;
  assert_int_equal(async_resource_emit_destroy(resource), 0);
}

static void test_what_has_ended_inside_ends_once(void **state) {
  fixture_t *fixture = *state;
  start_tracer(fixture);
  assert_same_events(fixture, finish, "before(#1) after(#1) destroy(#1)");
  assert_same_events(fixture, emit_destroy, "before(#1) after(#1) destroy(#1)");
}

static void fail_inside(fixture_t *fixture, async_resource_t *resource) {
  (void)fixture, (void)resource;
  async_fail("broken");
}

static void on_uncaught(const char *message, void *data) {
  trace_add(data, "uncaught(%s %s)", message,
            trace_id(data, async_hooks_execution_async_id()));
}

static void test_failure_inside_is_uncaught_in_the_scope(void **state) {
  fixture_t *fixture = *state;
  assert_int_equal(
      async_set_uncaught_exception_handler(on_uncaught, &fixture->trace), 0);
  assert_same_events(fixture, fail_inside, "uncaught(broken #1)");
}

typedef struct sums_s {
  uint64_t created, destroyed, scopes, frames;
} sums_t;

static sums_t own_sums(void) {
  async_env_info_t info = own_env_info();
  return (sums_t){info.resources_created, info.resources_destroyed,
                  info.scopes_entered,
                  info.frames_created - info.frames_released};
}

/* And neither it nor its frame is left, if it entered another one or not. */
static void assert_counted(fixture_t *fixture, inside_cb inside) {
  sums_t before = own_sums();
  async_id_t async_id =
      call_once(fixture, inside, async_callback_scope_close_last);
  sums_t after = own_sums();
  assert_false(is_known(async_id));
  assert_int_equal(after.created, before.created + 1);
  assert_int_equal(after.destroyed, before.destroyed + 1);
  assert_int_equal(after.scopes, before.scopes + 1);
  assert_int_equal(after.frames, before.frames);
}

static async_context_key_t key;

static void note_release(void *store) {
  trace_add(store, "released");
}

static void enter_frame(fixture_t *fixture, async_resource_t *resource) {
  (void)resource;
  async_context_value_t value = {.store = &fixture->trace,
                                 .release = note_release};
  assert_int_equal(async_context_set(&key, &value), 0);
}

static void test_it_is_counted_without_hooks(void **state) {
  fixture_t *fixture = *state;
  assert_int_equal(async_context_key_create("key", &key), 0);
  assert_counted(fixture, NULL);
  assert_counted(fixture, enter_frame);
  assert_string_equal(fixture->trace.text, "released");
  async_context_key_destroy(&key);
}

/* The frame that it was made in is left before it is called. */
static void test_its_frame_goes_with_it(void **state) {
  fixture_t *fixture = *state;
  async_context_entered_t entered;
  async_context_value_t value = {.store = &fixture->trace,
                                 .release = note_release};
  async_resource_t resource;
  assert_int_equal(async_context_key_create("key", &key), 0);
  assert_int_equal(async_context_enter(&key, &value, &entered), 0);
  assert_int_equal(async_resource_init(&resource, "ONCE", NULL), 0);
  assert_true(async_context_leave(&entered));
  assert_int_equal(async_callback_scope_open(&resource), 0);
  assert_string_equal(fixture->trace.text, "");
  async_callback_scope_close_last(&resource);
  assert_string_equal(fixture->trace.text, "released");
  assert_null(async_context_frame_current());
  async_context_key_destroy(&key);
}

static void test_recorder_has_its_events_in_order(void **state) {
  static const async_event_kind_t kinds[] = {ASYNC_EVENT_INIT, ASYNC_EVENT_RUN,
                                             ASYNC_EVENT_DESTROY};
  async_event_t events[64];
  uint64_t cursor = 0, lost;
  async_env_t *env = find_env(async_env_thread());
  while (async_inspect_events(env, &cursor, events, 64, &lost) > 0)
    continue;
  async_id_t async_id =
      call_once(*state, NULL, async_callback_scope_close_last);
  assert_int_equal(async_inspect_events(env, &cursor, events, 64, &lost), 3);
  async_inspect_release(env);
  for (size_t i = 0; i < 3; i++) {
    assert_int_equal(events[i].kind, kinds[i]);
    assert_int_equal(events[i].async_id, async_id);
    assert_string_equal(events[i].type, "ONCE");
  }
}

/* It is its own caller's resource, too. */
static void test_it_is_known_until_the_scope_around_is_left(void **state) {
  (void)state;
  async_resource_t resource;
  assert_int_equal(async_resource_init(&resource, "ONCE", NULL), 0);
  async_id_t async_id = async_resource_async_id(&resource);
  assert_int_equal(async_resource_enter(&resource), 0);
  async_resource_t around = resource;
  assert_int_equal(async_callback_scope_open(&resource), 0);
  async_callback_scope_close_last(&resource);
  async_resource_info_t info;
  assert_true(find_info(async_env_thread(), async_id, &info));
  assert_int_equal(info.callbacks, 1);
  async_resource_leave(&around);
  assert_false(is_known(async_id));
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_on_loop(test_hooks_hear_of_both),
      cmocka_unit_test_on_loop(test_ticks_run_between_the_two),
      cmocka_unit_test_on_loop(test_ticks_see_the_resource),
      cmocka_unit_test_on_loop(test_what_has_ended_inside_ends_once),
      cmocka_unit_test_on_loop(test_failure_inside_is_uncaught_in_the_scope),
      cmocka_unit_test_on_loop(test_it_is_counted_without_hooks),
      cmocka_unit_test_on_loop(test_its_frame_goes_with_it),
      cmocka_unit_test_on_loop(test_recorder_has_its_events_in_order),
      cmocka_unit_test_on_loop(test_it_is_known_until_the_scope_around_is_left),
  };
  return test_main(tests, argc, argv);
}
