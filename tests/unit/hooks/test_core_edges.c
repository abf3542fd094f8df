/* Where the parts of the core meet: queues inside plain scopes, loops inside
 * scopes, resources whose memory or record goes while they run. */
#include "hooks_fixture.h"

#include <stdlib.h>

static void run(fixture_t *fixture) {
  assert_int_equal(uv_run(&fixture->loop, UV_RUN_DEFAULT), 0);
}

static void say_tick(void *arg) {
  trace_add(arg, "tick");
}

static int queue_a_tick(void *arg) {
  return async_next_tick(say_tick, arg);
}

/* Leaving a plain scope runs no ticks, so the loop must. */
static void test_tick_of_a_plain_scope_turns_the_loop(void **state) {
  fixture_t *fixture = *state;
  async_resource_t resource;
  run(fixture);
  assert_int_equal(async_resource_init(&resource, "T", NULL), 0);
  assert_int_equal(async_resource_run_in_async_scope(&resource, queue_a_tick,
                                                     &fixture->trace),
                   0);
  assert_true(uv_loop_alive(&fixture->loop));
  run(fixture);
  assert_string_equal(fixture->trace.text, "tick");
  async_resource_finish(&resource);
}

static void queue_in_timer(scoped_timer_t *timer) {
  trace_add(timer->arg, "timer");
  (void)async_next_tick(say_tick, timer->arg);
}

static int run_the_loop(void *arg) {
  fixture_t *fixture = arg;
  uv_run(&fixture->loop, UV_RUN_DEFAULT);
  trace_add(&fixture->trace, "over");
  return 0;
}

/* A program may run its whole loop inside a scope of its own. */
static void test_loop_inside_a_scope_runs_its_ticks(void **state) {
  fixture_t *fixture = *state;
  async_resource_t resource;
  scoped_timer_t timer;
  run(fixture);
  assert_int_equal(async_resource_init(&resource, "MAIN", NULL), 0);
  scoped_timer_start(&timer, &fixture->loop, queue_in_timer, &fixture->trace);
  assert_int_equal(
      async_resource_run_in_async_scope(&resource, run_the_loop, fixture), 0);
  assert_string_equal(fixture->trace.text, "timer tick over");
  async_resource_finish(&resource);
}

static void open_a_callback_scope(void *arg) {
  async_resource_t inner = {0};
  trace_add(arg, "first");
  (void)async_resource_init(&inner, "T", NULL);
  (void)async_callback_scope_open(&inner);
  async_callback_scope_close(&inner);
  async_resource_finish(&inner);
  trace_add(arg, "first-over");
}

static void test_callback_scope_in_a_tick_runs_no_other_tick(void **state) {
  fixture_t *fixture = *state;
  assert_int_equal(async_next_tick(open_a_callback_scope, &fixture->trace), 0);
  assert_int_equal(async_next_tick(say_tick, &fixture->trace), 0);
  run(fixture);
  assert_string_equal(fixture->trace.text, "first first-over tick");
}

static void end_it_and_allow(async_id_t async_id, void *data) {
  (void)async_id;
  async_resource_finish(data);
}

static int say_in_scope(void *arg) {
  trace_add(arg, "scope");
  return 0;
}

/* Entering goes on with the frame it has, whatever a before hook does. */
static void test_before_hook_may_end_the_resource_entered(void **state) {
  fixture_t *fixture = *state;
  async_resource_t resource = {0};
  async_hook_callbacks_t callbacks = {.before = end_it_and_allow};
  async_hook_t hook;
  async_hook_init(&hook, &callbacks, &resource);
  assert_int_equal(async_resource_init(&resource, "T", NULL), 0);
  assert_int_equal(async_hook_enable(&hook), 0);
  assert_int_equal(async_resource_run_in_async_scope(&resource, say_in_scope,
                                                     &fixture->trace),
                   0);
  async_hook_disable(&hook);
  assert_string_equal(fixture->trace.text, "scope");
}

static void stop_both(async_immediate_t *immediate) {
  async_immediate_t *others = immediate->resource.data;
  async_immediate_stop(&others[1]);
  async_immediate_stop(&others[0]);
}

static void never(async_immediate_t *immediate) {
  immediate->resource.data = NULL;
}

static void test_immediate_may_stop_the_rest_of_its_batch(void **state) {
  fixture_t *fixture = *state;
  async_immediate_t others[2] = {{.resource = {.data = fixture}},
                                 {.resource = {.data = fixture}}};
  async_immediate_t stopper = {.resource = {.data = others}};
  assert_int_equal(async_immediate_start(&stopper, stop_both), 0);
  assert_int_equal(async_immediate_start(&others[0], never), 0);
  assert_int_equal(async_immediate_start(&others[1], never), 0);
  run(fixture);
  assert_ptr_equal(others[0].resource.data, fixture);
  assert_ptr_equal(others[1].resource.data, fixture);
}

/* Queues a tick when one resource is destroyed, and for no other. */
typedef struct on_destroy_s {
  async_hook_t hook;
  async_id_t async_id;
  async_callback_cb cb;
  void *arg;
} on_destroy_t;

static void queue_on_destroy(async_id_t async_id, void *data) {
  on_destroy_t *wanted = data;
  if (async_id == wanted->async_id)
    (void)async_next_tick(wanted->cb, wanted->arg);
}

/* Ends a resource whose destroy hook queues cb(arg). */
static void end_a_resource(on_destroy_t *wanted, async_callback_cb cb,
                           void *arg) {
  async_hook_callbacks_t callbacks = {.destroy = queue_on_destroy};
  async_resource_t resource;
  async_hook_init(&wanted->hook, &callbacks, wanted);
  assert_int_equal(async_hook_enable(&wanted->hook), 0);
  assert_int_equal(async_resource_init(&resource, "T", NULL), 0);
  wanted->async_id = async_resource_async_id(&resource);
  wanted->cb = cb;
  wanted->arg = arg;
  async_resource_finish(&resource);
}

static void stop_it(void *arg) {
  async_immediate_stop(arg);
}

/* Destroy hooks run right before the immediates, and the ticks they queue
 * before the first of these. */
static void test_tick_of_a_destroy_hook_may_stop_an_immediate(void **state) {
  fixture_t *fixture = *state;
  on_destroy_t wanted;
  async_immediate_t immediate = {.resource = {.data = fixture}};
  assert_int_equal(async_immediate_start(&immediate, never), 0);
  end_a_resource(&wanted, stop_it, &immediate);
  run(fixture);
  assert_ptr_equal(immediate.resource.data, fixture);
  async_hook_disable(&wanted.hook);
}

static void test_detach_runs_what_destroy_hooks_queue(void **state) {
  fixture_t *fixture = *state;
  on_destroy_t wanted;
  end_a_resource(&wanted, say_tick, &fixture->trace);
  assert_int_equal(async_env_detach(), 0);
  assert_string_equal(fixture->trace.text, "tick");
  assert_int_equal(async_env_attach(&fixture->loop), 0);
}

#define BURST 5000

typedef struct burst_s {
  async_resource_t resources[BURST + 1];
  fixture_t *fixture;
} burst_t;

/* The running resource and all others end; its record's memory goes back
 * before its scope is left. */
static int end_all(void *arg) {
  burst_t *burst = arg;
  async_resource_t young;
  for (int i = 0; i <= BURST; i++) {
    async_resource_finish(&burst->resources[i]);
  }
  uv_run(&burst->fixture->loop, UV_RUN_DEFAULT);
  int error = async_resource_init(&young, "YOUNG", NULL);
  async_resource_finish(&young);
  return error;
}

static void turn_once(uv_timer_t *timer) {
  uv_close((uv_handle_t *)timer, NULL);
}

static void test_record_may_go_before_its_scope_is_left(void **state) {
  static burst_t burst;
  uv_timer_t timer;
  burst.fixture = *state;
  uv_timer_init(&burst.fixture->loop, &timer);
  uv_timer_start(&timer, turn_once, 0, 0);
  for (int i = 0; i <= BURST; i++) {
    assert_int_equal(async_resource_init(&burst.resources[i], "T", NULL), 0);
  }
  assert_int_equal(async_resource_run_in_async_scope(&burst.resources[BURST],
                                                     end_all, &burst),
                   0);
  assert_int_equal(async_hooks_execution_async_id(), ASYNC_ID_ROOT);
}

static void say_running_resource(void *arg) {
  const async_resource_t *resource = async_hooks_execution_async_resource();
  trace_add(arg, "%s %s", async_resource_type(resource),
            trace_id(arg, async_resource_async_id(resource)));
}

static void test_running_tick_can_be_asked_for(void **state) {
  fixture_t *fixture = *state;
  async_hook_callbacks_t nothing = {.init = NULL};
  async_hook_t any;
  async_hook_init(&any, &nothing, NULL);
  assert_int_equal(async_hook_enable(&any), 0);
  assert_int_equal(async_next_tick(say_running_resource, &fixture->trace), 0);
  assert_int_equal(async_queue_microtask(say_running_resource, &fixture->trace),
                   0);
  run(fixture);
  assert_string_equal(fixture->trace.text, "TickObject #1 Microtask #2");
  async_hook_disable(&any);
}

static void say_running_after(async_id_t async_id, void *data) {
  (void)async_id;
  say_running_resource(data);
}

static void test_running_tick_can_be_asked_for_in_after(void **state) {
  fixture_t *fixture = *state;
  static async_hook_t hook;
  async_hook_callbacks_t callbacks = {.after = say_running_after};
  async_hook_init(&hook, &callbacks, &fixture->trace);
  assert_int_equal(async_hook_enable(&hook), 0);
  assert_int_equal(async_next_tick(say_tick, &fixture->trace), 0);
  run(fixture);
  assert_string_equal(fixture->trace.text, "tick TickObject #1");
}

/* What a destroy hook sees of the stack and makes, against the clock. */
typedef struct timed_s {
  uint64_t since_ns, created_ns;
  size_t depth;
  bool has_resource, found;
} timed_t;

static void look_at_the_clock(async_id_t async_id, void *data) {
  timed_t *timed = data;
  async_resource_t young;
  async_resource_info_t info = {.created_ns = 0};
  (void)async_id;
  if (timed->found) {
    return;
  }
  async_env_info_t env = own_env_info();
  timed->depth = env.stack_depth;
  timed->since_ns = env.stack[0].since_ns;
  timed->has_resource = async_hooks_execution_async_resource() != NULL;
  if (async_resource_init(&young, "YOUNG", NULL) == 0) {
    timed->found =
        find_info(async_env_thread(), async_resource_async_id(&young), &info);
    timed->created_ns = info.created_ns;
    async_resource_finish(&young);
  }
}

static void test_times_in_a_destroy_hook_are_of_the_delivery(void **state) {
  (void)state;
  static async_hook_t hook;
  static timed_t timed;
  async_resource_t resource;
  async_hook_callbacks_t callbacks = {.destroy = look_at_the_clock};
  async_hook_init(&hook, &callbacks, &timed);
  assert_int_equal(async_hook_enable(&hook), 0);
  assert_int_equal(async_resource_init(&resource, "T", NULL), 0);
  async_resource_finish(&resource);
  uint64_t before_ns = async_inspect_now_ns();
  async_env_flush();
  assert_true(timed.found);
  assert_true(timed.has_resource);
  assert_in_range(timed.created_ns, before_ns, async_inspect_now_ns());
  if (timed.depth > 0) {
    assert_in_range(timed.since_ns, before_ns, async_inspect_now_ns());
  }
}

static void say_immediate(async_immediate_t *immediate) {
  trace_add(immediate->resource.data, "immediate");
}

static void test_flush_runs_immediates(void **state) {
  fixture_t *fixture = *state;
  async_immediate_t immediate = {.resource = {.data = &fixture->trace}};
  assert_int_equal(async_immediate_start(&immediate, say_immediate), 0);
  assert_int_equal(async_next_tick(say_tick, &fixture->trace), 0);
  async_env_flush();
  assert_string_equal(fixture->trace.text, "tick immediate");
}

static void test_detach_runs_immediates(void **state) {
  fixture_t *fixture = *state;
  async_immediate_t immediate = {.resource = {.data = &fixture->trace}};
  assert_int_equal(async_immediate_start(&immediate, say_immediate), 0);
  assert_int_equal(async_env_detach(), 0);
  assert_string_equal(fixture->trace.text, "immediate");
  assert_int_equal(async_env_attach(&fixture->loop), 0);
}

static void start_again(async_immediate_t *immediate) {
  say_immediate(immediate);
  (void)async_immediate_start(immediate, start_again);
}

/* One that always starts again must not hold detach, nor be left behind. */
static void test_detach_stops_an_immediate_that_goes_on(void **state) {
  fixture_t *fixture = *state;
  async_immediate_t immediate = {.resource = {.data = &fixture->trace}};
  assert_int_equal(async_immediate_start(&immediate, start_again), 0);
  assert_int_equal(async_env_detach(), 0);
  assert_int_equal(async_env_attach(&fixture->loop), 0);
  trace_clear(&fixture->trace);
  assert_int_equal(async_immediate_start(&immediate, say_immediate), 0);
  run(fixture);
  assert_string_equal(fixture->trace.text, "immediate");
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_on_loop(test_tick_of_a_plain_scope_turns_the_loop),
      cmocka_unit_test_on_loop(test_loop_inside_a_scope_runs_its_ticks),
      cmocka_unit_test_on_loop(
          test_callback_scope_in_a_tick_runs_no_other_tick),
      cmocka_unit_test_on_loop(test_before_hook_may_end_the_resource_entered),
      cmocka_unit_test_on_loop(test_immediate_may_stop_the_rest_of_its_batch),
      cmocka_unit_test_on_loop(
          test_tick_of_a_destroy_hook_may_stop_an_immediate),
      cmocka_unit_test_on_loop(test_detach_runs_what_destroy_hooks_queue),
      cmocka_unit_test_on_loop(test_record_may_go_before_its_scope_is_left),
      cmocka_unit_test_on_loop(test_running_tick_can_be_asked_for),
      cmocka_unit_test_on_loop(test_running_tick_can_be_asked_for_in_after),
      cmocka_unit_test_on_loop(
          test_times_in_a_destroy_hook_are_of_the_delivery),
      cmocka_unit_test_on_loop(test_flush_runs_immediates),
      cmocka_unit_test_on_loop(test_detach_runs_immediates),
      cmocka_unit_test_on_loop(test_detach_stops_an_immediate_that_goes_on),
  };
  return test_main(tests, argc, argv);
}
