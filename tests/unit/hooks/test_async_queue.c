/* Ticks and microtasks. */
#include "hooks_fixture.h"

#include <stdlib.h>
#include <string.h>

static void start_tracer(fixture_t *fixture) {
  tracer_init(&fixture->tracer, &fixture->trace, "");
  assert_int_equal(async_hook_enable(&fixture->tracer.hook), 0);
}

static void run(fixture_t *fixture) {
  assert_int_equal(uv_run(&fixture->loop, UV_RUN_DEFAULT), 0);
}

static void say_tick(void *arg) {
  trace_add(arg, "tick");
}

static void say_microtask(void *arg) {
  trace_add(arg, "microtask");
}

static void queue_both(void *arg) {
  trace_add(arg, "both");
  (void)async_queue_microtask(say_microtask, arg);
  (void)async_next_tick(say_tick, arg);
}

static void test_ticks_run_in_order(void **state) {
  fixture_t *fixture = *state;
  assert_int_equal(async_next_tick(say_tick, &fixture->trace), 0);
  assert_int_equal(async_next_tick(queue_both, &fixture->trace), 0);
  assert_int_equal(async_next_tick(say_tick, &fixture->trace), 0);
  assert_string_equal(fixture->trace.text, "");
  run(fixture);
  assert_string_equal(fixture->trace.text, "tick both tick tick microtask");
}

static void test_microtasks_run_after_all_ticks(void **state) {
  fixture_t *fixture = *state;
  assert_int_equal(async_queue_microtask(say_microtask, &fixture->trace), 0);
  assert_int_equal(async_next_tick(say_tick, &fixture->trace), 0);
  run(fixture);
  assert_string_equal(fixture->trace.text, "tick microtask");
}

static void test_tick_of_a_microtask_waits_for_the_microtasks(void **state) {
  fixture_t *fixture = *state;
  assert_int_equal(async_queue_microtask(queue_both, &fixture->trace), 0);
  assert_int_equal(async_queue_microtask(say_microtask, &fixture->trace), 0);
  run(fixture);
  assert_string_equal(fixture->trace.text, "both microtask microtask tick");
}

static void test_tick_is_a_resource(void **state) {
  fixture_t *fixture = *state;
  start_tracer(fixture);
  assert_int_equal(async_next_tick(say_tick, &fixture->trace), 0);
  run(fixture);
  assert_string_equal(
      fixture->trace.text,
      "init(#1 TickObject root) before(#1) tick after(#1) destroy(#1)");
}

static void test_queue_microtask(void **state) {
  fixture_t *fixture = *state;
  start_tracer(fixture);
  assert_int_equal(async_queue_microtask(say_microtask, &fixture->trace), 0);
  run(fixture);
  assert_string_equal(
      fixture->trace.text,
      "init(#1 Microtask root) before(#1) microtask after(#1) destroy(#1)");
}

static void say_ids(void *arg) {
  trace_add(arg, "%s/%s", trace_id(arg, async_hooks_execution_async_id()),
            trace_id(arg, async_hooks_trigger_async_id()));
}

static void say_ids_and_nest(void *arg) {
  say_ids(arg);
  (void)async_next_tick(say_ids, arg);
  (void)async_next_tick(say_ids, arg);
}

/* Two siblings have the same trigger, another than their parent's. */
static void test_nexttick_default_trigger(void **state) {
  fixture_t *fixture = *state;
  assert_int_equal(async_next_tick(say_ids_and_nest, &fixture->trace), 0);
  run(fixture);
  assert_string_equal(fixture->trace.text, "#1/root #2/#1 #3/#1");
}

static void test_ticks_keep_the_loop_alive(void **state) {
  fixture_t *fixture = *state;
  assert_false(uv_loop_alive(&fixture->loop));
  assert_int_equal(async_next_tick(say_tick, &fixture->trace), 0);
  assert_true(uv_loop_alive(&fixture->loop));
  run(fixture);
  assert_false(uv_loop_alive(&fixture->loop));
}

static void say_timer(scoped_timer_t *timer) {
  trace_add(timer->arg, "timer");
}

static void test_ticks_of_the_top_level_come_first(void **state) {
  fixture_t *fixture = *state;
  scoped_timer_t timer;
  scoped_timer_start(&timer, &fixture->loop, say_timer, &fixture->trace);
  assert_int_equal(async_next_tick(say_tick, &fixture->trace), 0);
  assert_int_equal(async_queue_microtask(say_microtask, &fixture->trace), 0);
  run(fixture);
  assert_string_equal(fixture->trace.text, "tick microtask timer");
}

static void queue_both_in_timer(scoped_timer_t *timer) {
  trace_add(timer->arg, "timer");
  (void)async_queue_microtask(say_microtask, timer->arg);
  (void)async_next_tick(say_tick, timer->arg);
}

static void test_ticks_run_after_each_callback(void **state) {
  fixture_t *fixture = *state;
  scoped_timer_t first, second;
  scoped_timer_start(&first, &fixture->loop, queue_both_in_timer,
                     &fixture->trace);
  scoped_timer_start(&second, &fixture->loop, queue_both_in_timer,
                     &fixture->trace);
  run(fixture);
  assert_string_equal(fixture->trace.text,
                      "timer tick microtask timer tick microtask");
}

/* Endless recursion would show here, and what is never given back. */
typedef struct chain_s {
  int left, tick_depth, deepest;
} chain_t;

static void queue_the_next(void *arg) {
  chain_t *chain = arg;
  async_env_info_t info;
  chain->left--;
  if (chain->left % 25000 == 0) {
    info = own_env_info();
    chain->deepest = info.stack_depth > (size_t)chain->deepest
                         ? (int)info.stack_depth
                         : chain->deepest;
  }
  if (chain->left > 0) {
    (void)async_next_tick(queue_the_next, chain);
  }
}

static void test_a_hundred_thousand_ticks_do_not_nest(void **state) {
  fixture_t *fixture = *state;
  chain_t chain = {.left = 100000};
  assert_int_equal(async_next_tick(queue_the_next, &chain), 0);
  run(fixture);
  assert_int_equal(chain.left, 0);
  assert_int_equal(chain.deepest, 1);
}

/* The caller's memory: begun again, then freed, each time in its callback. */
typedef struct owned_tick_s {
  async_tick_t tick;
  trace_t *trace;
  int rounds;
} owned_tick_t;

static void begin_again(async_tick_t *tick) {
  owned_tick_t *owned = (owned_tick_t *)tick;
  trace_add(owned->trace, "tick");
  if (--owned->rounds > 0) {
    (void)async_tick_start(tick, begin_again, NULL);
  } else {
    free(owned);
  }
}

static void test_tick_memory_is_the_callers_in_the_callback(void **state) {
  fixture_t *fixture = *state;
  owned_tick_t *owned = calloc(1, sizeof(*owned));
  assert_non_null(owned);
  owned->trace = &fixture->trace;
  owned->rounds = 3;
  start_tracer(fixture);
  assert_int_equal(async_tick_start(&owned->tick, begin_again, NULL), 0);
  run(fixture);
  assert_string_equal(
      fixture->trace.text,
      "init(#1 TickObject root) "
      "before(#1) tick init(#2 TickObject #1) after(#1) "
      "before(#2) tick init(#3 TickObject #2) after(#2) "
      "before(#3) tick after(#3) destroy(#1) destroy(#2) destroy(#3)");
}

static void say_own_data(async_tick_t *tick) {
  trace_add(tick->resource.data, "tick");
}

static void test_tick_takes_options(void **state) {
  fixture_t *fixture = *state;
  async_tick_t tick = {.resource = {.data = &fixture->trace}};
  async_resource_options_t options = {.flags = ASYNC_RESOURCE_TRIGGER,
                                      .trigger_async_id = ASYNC_ID_UNSET};
  tracer_init(&fixture->tracer, &fixture->trace, "");
  assert_int_equal(async_hook_enable(&fixture->tracer.hook), 0);
  assert_int_equal(async_tick_start(&tick, say_own_data, &options), 0);
  run(fixture);
  assert_string_equal(
      fixture->trace.text,
      "init(#1 TickObject unset) before(#1) tick after(#1) destroy(#1)");
}

static void test_refused_tick_is_not_queued(void **state) {
  fixture_t *fixture = *state;
  async_tick_t tick = {.resource = {.data = &fixture->trace}};
  async_resource_options_t options = {.flags = ASYNC_RESOURCE_TRIGGER,
                                      .trigger_async_id = -2};
  assert_int_equal(async_tick_start(&tick, say_own_data, &options), UV_EINVAL);
  assert_false(uv_loop_alive(&fixture->loop));
  run(fixture);
  assert_string_equal(fixture->trace.text, "");
}

/* Context frames: what a tick sees, and what it leaves behind. */
static const async_context_key_t *the_key;

static void say_store(void *arg) {
  void *store = NULL;
  bool found = async_context_get(the_key, &store);
  trace_add(arg, "%s", found ? (const char *)store : "nothing");
}

static void set_store(const async_context_key_t *key, const char *text) {
  async_context_frame_t *frame = NULL;
  async_context_value_t value = {.store = (void *)(uintptr_t)text};
  if (async_context_frame_with(async_context_frame_current(), key, &value,
                               &frame) == 0) {
    async_context_frame_release(async_context_frame_exchange(frame));
  }
}

static void say_and_set_store(void *arg) {
  say_store(arg);
  set_store(the_key, "leaked");
  say_store(arg);
}

static void test_tick_sees_the_frame_it_was_queued_in(void **state) {
  fixture_t *fixture = *state;
  async_context_key_t key;
  assert_int_equal(async_context_key_create("key", &key), 0);
  the_key = &key;
  assert_int_equal(async_next_tick(say_store, &fixture->trace), 0);
  set_store(&key, "one");
  assert_int_equal(async_queue_microtask(say_store, &fixture->trace), 0);
  assert_int_equal(async_next_tick(say_and_set_store, &fixture->trace), 0);
  set_store(&key, "two");
  assert_int_equal(async_next_tick(say_store, &fixture->trace), 0);
  run(fixture);
  say_store(&fixture->trace);
  assert_string_equal(fixture->trace.text, "nothing one leaked two one two");
  async_context_frame_release(async_context_frame_exchange(NULL));
  async_context_key_destroy(&key);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_on_loop(test_ticks_run_in_order),
      cmocka_unit_test_on_loop(test_microtasks_run_after_all_ticks),
      cmocka_unit_test_on_loop(
          test_tick_of_a_microtask_waits_for_the_microtasks),
      cmocka_unit_test_on_loop(test_tick_is_a_resource),
      cmocka_unit_test_on_loop(test_queue_microtask),
      cmocka_unit_test_on_loop(test_nexttick_default_trigger),
      cmocka_unit_test_on_loop(test_ticks_keep_the_loop_alive),
      cmocka_unit_test_on_loop(test_ticks_of_the_top_level_come_first),
      cmocka_unit_test_on_loop(test_ticks_run_after_each_callback),
      cmocka_unit_test_on_loop(test_a_hundred_thousand_ticks_do_not_nest),
      cmocka_unit_test_on_loop(test_tick_memory_is_the_callers_in_the_callback),
      cmocka_unit_test_on_loop(test_tick_takes_options),
      cmocka_unit_test_on_loop(test_refused_tick_is_not_queued),
      cmocka_unit_test_on_loop(test_tick_sees_the_frame_it_was_queued_in),
  };
  return test_main(tests, argc, argv);
}
