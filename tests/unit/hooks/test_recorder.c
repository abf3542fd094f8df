/* What the recorder keeps of a thread: which events, in which order, how much
 * of them is told when it is overwritten, and the memory it takes. */
#include "asyncscope/async_recorder.h"
#include "counting_allocator.h"
#include "hooks_fixture.h"

#include <string.h>

#define TAPE 64

/* The events from `cursor` on. */
typedef struct tape_s {
  async_event_t events[TAPE];
  size_t count;
  uint64_t cursor, lost;
} tape_t;

static void tape_read(tape_t *tape) {
  async_env_t *env = find_env(async_env_thread());
  assert_non_null(env);
  tape->count =
      async_inspect_events(env, &tape->cursor, tape->events, TAPE, &tape->lost);
  async_inspect_release(env);
}

/* Forgets what has happened so far. */
static void tape_start(tape_t *tape) {
  tape->cursor = 0;
  do
    tape_read(tape);
  while (tape->count > 0);
}

static async_recorder_info_t own_info(void) {
  async_recorder_info_t info;
  async_env_t *env = find_env(async_env_thread());
  assert_non_null(env);
  async_inspect_recorder(env, &info);
  async_inspect_release(env);
  return info;
}

static void live(async_resource_t *resource) {
  assert_int_equal(async_resource_init(resource, "LIFE", NULL), 0);
  assert_int_equal(async_resource_enter(resource), 0);
  async_resource_leave(resource);
  async_resource_finish(resource);
}

static void assert_event(const async_event_t *event, async_event_kind_t kind,
                         async_id_t async_id) {
  assert_int_equal(event->kind, kind);
  assert_int_equal(event->async_id, async_id);
  assert_string_equal(event->type, "LIFE");
  assert_non_null(event->site);
  assert_string_equal(event->site->function, "live");
  assert_false(event->internal);
}

static void a_life_is_init_run_and_destroy(void **state) {
  static tape_t tape;
  async_resource_t resource;
  (void)state;
  tape_start(&tape);
  uint64_t before_ns = async_inspect_now_ns();
  live(&resource);
  uint64_t after_ns = async_inspect_now_ns();
  tape_read(&tape);
  assert_int_equal(tape.count, 3);
  assert_int_equal(tape.lost, 0);
  async_id_t async_id = tape.events[0].async_id;
  assert_event(&tape.events[0], ASYNC_EVENT_INIT, async_id);
  assert_event(&tape.events[1], ASYNC_EVENT_RUN, async_id);
  assert_event(&tape.events[2], ASYNC_EVENT_DESTROY, async_id);
  assert_int_equal(tape.events[0].trigger.thread, async_env_thread());
  assert_int_equal(tape.events[0].trigger.async_id, ASYNC_ID_ROOT);
  assert_int_equal(tape.events[0].execution_async_id, ASYNC_ID_ROOT);
  assert_int_equal(tape.events[1].execution_async_id, ASYNC_ID_ROOT);
  assert_in_range(tape.events[0].at_ns, before_ns, after_ns);
  assert_in_range(tape.events[1].at_ns, tape.events[0].at_ns, after_ns);
  assert_in_range(tape.events[2].at_ns,
                  tape.events[1].at_ns + tape.events[1].duration_ns, after_ns);
}

static void an_inner_scope_comes_before_the_one_around(void **state) {
  static tape_t tape;
  async_resource_t outer, inner;
  (void)state;
  assert_int_equal(async_resource_init(&outer, "OUTER", NULL), 0);
  assert_int_equal(async_resource_init(&inner, "INNER", NULL), 0);
  tape_start(&tape);
  assert_int_equal(async_resource_enter(&outer), 0);
  assert_int_equal(async_resource_enter(&inner), 0);
  async_resource_leave(&inner);
  async_resource_leave(&outer);
  tape_read(&tape);
  assert_int_equal(tape.count, 2);
  assert_string_equal(tape.events[0].type, "INNER");
  assert_int_equal(tape.events[0].execution_async_id,
                   async_resource_async_id(&outer));
  assert_string_equal(tape.events[1].type, "OUTER");
  assert_true(tape.events[1].at_ns <= tape.events[0].at_ns);
  assert_true(tape.events[1].duration_ns >= tape.events[0].duration_ns);
  async_resource_finish(&outer);
  async_resource_finish(&inner);
}

static void a_run_is_kept_when_its_resource_ends_inside(void **state) {
  static tape_t tape;
  async_resource_t resource;
  (void)state;
  tape_start(&tape);
  assert_int_equal(async_resource_init(&resource, "LIFE", NULL), 0);
  assert_int_equal(async_resource_enter(&resource), 0);
  async_resource_t ended = resource;
  async_resource_finish(&resource);
  async_resource_leave(&ended);
  tape_read(&tape);
  assert_int_equal(tape.count, 3);
  assert_int_equal(tape.events[1].kind, ASYNC_EVENT_DESTROY);
  assert_int_equal(tape.events[2].kind, ASYNC_EVENT_RUN);
  assert_string_equal(tape.events[2].type, "LIFE");
}

static void a_cause_on_another_thread_is_told_with_its_thread(void **state) {
  static const uint32_t threads[] = {
      0, 1, 2047, 2048, 4194303, 4194304, ASYNC_THREAD_NONE - 1};
  static tape_t tape;
  (void)state;
  for (size_t i = 0; i < sizeof(threads) / sizeof(*threads); i++) {
    async_resource_t resource;
    async_ref_t origin = {threads[i], (INT64_C(1) << 53) - 2};
    async_resource_options_t options = {.origin = &origin};
    tape_start(&tape);
    assert_int_equal(async_resource_init(&resource, "LIFE", &options), 0);
    tape_read(&tape);
    assert_int_equal(tape.events[0].trigger.thread, threads[i]);
    assert_int_equal(tape.events[0].trigger.async_id, origin.async_id);
    async_resource_finish(&resource);
  }
}

static void an_unset_trigger_stays_unset(void **state) {
  static tape_t tape;
  async_resource_t resource;
  async_resource_options_t options = {.flags = ASYNC_RESOURCE_TRIGGER |
                                               ASYNC_RESOURCE_INTERNAL,
                                      .trigger_async_id = ASYNC_ID_UNSET};
  (void)state;
  tape_start(&tape);
  assert_int_equal(async_resource_init(&resource, "LIFE", &options), 0);
  async_resource_finish(&resource);
  tape_read(&tape);
  assert_int_equal(tape.events[0].trigger.async_id, ASYNC_ID_UNSET);
  assert_true(tape.events[0].internal);
  assert_true(tape.events[1].internal);
}

/* So does the scope that it is in: what is written of it later is the new
 * owner's. */
static void who_changes_hands_ends_with_the_one_and_begins_with_the_other(
    void **state) {
  static const struct {
    async_event_kind_t kind;
    bool internal;
  } expected[] = {{ASYNC_EVENT_INIT, false},
                  {ASYNC_EVENT_DESTROY, false},
                  {ASYNC_EVENT_INIT, true},
                  {ASYNC_EVENT_RUN, true},
                  {ASYNC_EVENT_DESTROY, true}};
  static tape_t tape;
  async_resource_t resource;
  (void)state;
  tape_start(&tape);
  assert_int_equal(async_resource_init(&resource, "LIFE", NULL), 0);
  assert_int_equal(async_resource_enter(&resource), 0);
  assert_int_equal(async_resource_set_internal(&resource, true), 0);
  async_resource_leave(&resource);
  async_resource_finish(&resource);
  tape_read(&tape);
  assert_int_equal(tape.count, 5);
  for (size_t i = 0; i < tape.count; i++) {
    assert_int_equal(tape.events[i].kind, expected[i].kind);
    assert_int_equal(tape.events[i].internal, expected[i].internal);
    assert_int_equal(tape.events[i].async_id, tape.events[0].async_id);
  }
  assert_int_equal(tape.events[2].trigger.async_id,
                   tape.events[0].trigger.async_id);
  assert_int_equal(tape.events[2].trigger.thread, async_env_thread());
}

static void events_name_the_request_of_the_frame(void **state) {
  static tape_t tape;
  static char store[] = "store";
  async_context_key_t key;
  async_context_value_t value = {.store = store, .request = UINT64_MAX};
  async_context_frame_t *frame = NULL;
  async_resource_t resource;
  (void)state;
  assert_int_equal(async_context_key_create("request", &key), 0);
  assert_int_equal(async_context_frame_with(NULL, &key, &value, &frame), 0);
  frame = async_context_frame_exchange(frame);
  tape_start(&tape);
  live(&resource);
  tape_read(&tape);
  for (size_t i = 0; i < 3; i++)
    assert_true(tape.events[i].request == UINT64_MAX);
  async_context_frame_release(async_context_frame_exchange(frame));
  async_context_key_destroy(&key);
}

#define SMALL 4096

static void a_reader_that_comes_late_is_told_what_it_missed(void **state) {
  static tape_t tape;
  async_resource_t resource;
  (void)state;
  assert_int_equal(async_env_set_recorder_bytes(SMALL), 0);
  tape_start(&tape);
  uint64_t from = tape.cursor;
  uint64_t trusted = own_info().capacity - 1;
  for (int i = 0; i < 100; i++)
    live(&resource);
  tape_read(&tape);
  assert_int_equal(tape.lost, 300 - trusted);
  assert_int_equal(tape.count, TAPE);
  assert_int_equal(tape.cursor, from + tape.lost + TAPE);
  tape_read(&tape);
  assert_int_equal(tape.lost, 0);
  assert_int_equal(tape.count, trusted - TAPE);
  assert_int_equal(tape.events[tape.count - 1].kind, ASYNC_EVENT_DESTROY);
  tape_read(&tape);
  assert_int_equal(tape.count, 0);
}

static void the_span_that_is_covered_is_told(void **state) {
  async_resource_t resource;
  async_env_t *env = find_env(async_env_thread());
  async_event_t event;
  uint64_t cursor = 0, lost;
  (void)state;
  assert_int_equal(async_env_set_recorder_bytes(SMALL), 0);
  uint64_t before = own_info().written;
  assert_int_equal(own_info().covers_from_ns, 0);
  for (int i = 0; i < 100; i++)
    live(&resource);
  async_recorder_info_t info = own_info();
  assert_int_equal(async_inspect_events(env, &cursor, &event, 1, &lost), 1);
  async_inspect_release(env);
  assert_int_equal(info.capacity_bytes, SMALL);
  assert_in_range(info.capacity, SMALL / 48 - 2, SMALL / 48);
  assert_int_equal(info.written, before + 300);
  assert_int_equal(info.lost, info.written - (info.capacity - 1));
  assert_int_equal(info.lost, lost);
  assert_int_equal(info.covers_from_ns, event.at_ns + event.duration_ns);
}

static void a_recorder_that_is_off_costs_nothing_and_says_so(void **state) {
  static tape_t tape;
  async_resource_t resource;
  (void)state;
  assert_int_equal(async_env_set_recorder_bytes(0), 0);
  tape_start(&tape);
  uint64_t written = own_info().written;
  live(&resource);
  tape_read(&tape);
  assert_int_equal(tape.count, 0);
  assert_int_equal(tape.lost, 0);
  assert_int_equal(own_info().capacity_bytes, 0);
  assert_int_equal(own_info().capacity, 0);
  assert_int_equal(own_info().written, written);
  assert_int_equal(async_env_set_recorder_bytes(SMALL), 0);
  live(&resource);
  tape_read(&tape);
  assert_int_equal(tape.count, 3);
}

/* Fewer than two cannot be read beside the writer. */
static void what_holds_no_event_is_off(void **state) {
  (void)state;
  assert_int_equal(async_env_set_recorder_bytes(100), 0);
  assert_int_equal(own_info().capacity, 0);
}

static void a_recorder_of_another_size_forgets_but_counts_on(void **state) {
  static tape_t tape;
  async_resource_t resource;
  (void)state;
  live(&resource);
  tape_start(&tape);
  uint64_t cursor = tape.cursor;
  live(&resource);
  assert_int_equal(async_env_set_recorder_bytes(SMALL), 0);
  live(&resource);
  tape_read(&tape);
  assert_int_equal(tape.lost, 3);
  assert_int_equal(tape.count, 3);
  assert_int_equal(tape.cursor, cursor + 6);
}

static void without_memory_the_recorder_stays_as_it_was(void **state) {
  (void)state;
  uint64_t capacity = own_info().capacity;
  assert_int_equal(own_info().capacity_bytes, ASYNC_RECORDER_BYTES);
  counting_allocator_fail_at(1);
  assert_int_equal(async_env_set_recorder_bytes(SMALL), UV_ENOMEM);
  assert_true(counting_allocator_disarm());
  assert_non_null(strstr(async_error_message(), "recorder of 4096 bytes"));
  assert_int_equal(own_info().capacity, capacity);
}

static void open_another(void *ret_bytes) {
  if (async_env_open(ASYNC_ENV_OTHER, "other") != 0)
    return;
  *(size_t *)ret_bytes = own_info().capacity_bytes;
  async_env_detach();
}

static void a_size_for_all_is_taken_outside_of_scopes(void **state) {
  async_resource_t resource;
  size_t bytes = 0;
  uv_thread_t thread;
  (void)state;
  assert_int_equal(async_resource_init(&resource, "LIFE", NULL), 0);
  assert_int_equal(async_resource_enter(&resource), 0);
  async_recorder_set_bytes(SMALL);
  async_env_flush();
  assert_int_equal(own_info().capacity_bytes, ASYNC_RECORDER_BYTES);
  async_resource_leave(&resource);
  async_env_flush();
  assert_int_equal(own_info().capacity_bytes, SMALL);
  async_resource_finish(&resource);
  assert_int_equal(uv_thread_create(&thread, open_another, &bytes), 0);
  uv_thread_join(&thread);
  assert_int_equal(bytes, SMALL);
}

static void a_size_of_its_own_that_comes_later_stays(void **state) {
  (void)state;
  async_recorder_set_bytes(SMALL);
  assert_int_equal(async_env_set_recorder_bytes(2 * SMALL), 0);
  async_env_flush();
  assert_int_equal(own_info().capacity_bytes, 2 * SMALL);
}

static void the_same_size_for_all_forgets_nothing(void **state) {
  static tape_t tape;
  async_resource_t resource;
  (void)state;
  tape_start(&tape);
  live(&resource);
  async_recorder_set_bytes(ASYNC_RECORDER_BYTES);
  async_env_flush();
  tape_read(&tape);
  assert_int_equal(tape.count, 3);
}

static void no_environment_has_no_recorder(void **state) {
  (void)state;
  assert_int_equal(async_env_set_recorder_bytes(SMALL), UV_EINVAL);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_on_loop(a_life_is_init_run_and_destroy),
      cmocka_unit_test_on_loop(an_inner_scope_comes_before_the_one_around),
      cmocka_unit_test_on_loop(a_run_is_kept_when_its_resource_ends_inside),
      cmocka_unit_test_on_loop(
          a_cause_on_another_thread_is_told_with_its_thread),
      cmocka_unit_test_on_loop(an_unset_trigger_stays_unset),
      cmocka_unit_test_on_loop(
          who_changes_hands_ends_with_the_one_and_begins_with_the_other),
      cmocka_unit_test_on_loop(events_name_the_request_of_the_frame),
      cmocka_unit_test_on_loop(a_reader_that_comes_late_is_told_what_it_missed),
      cmocka_unit_test_on_loop(the_span_that_is_covered_is_told),
      cmocka_unit_test_on_loop(
          a_recorder_that_is_off_costs_nothing_and_says_so),
      cmocka_unit_test_on_loop(what_holds_no_event_is_off),
      cmocka_unit_test_on_loop(
          a_recorder_of_another_size_forgets_but_counts_on),
      cmocka_unit_test_on_loop(without_memory_the_recorder_stays_as_it_was),
      cmocka_unit_test_on_loop(a_size_for_all_is_taken_outside_of_scopes),
      cmocka_unit_test_on_loop(a_size_of_its_own_that_comes_later_stays),
      cmocka_unit_test_on_loop(the_same_size_for_all_forgets_nothing),
      cmocka_unit_test(no_environment_has_no_recorder),
  };
  if (counting_allocator_install() != 0)
    return 2;
  return test_main(tests, argc, argv);
}
