/* When destroy is delivered, to whom, and what is in force there. */
#include "hooks_fixture.h"

#include <stdlib.h>
#include <string.h>

static void start_tracer(fixture_t *fixture) {
  tracer_init_destroy(&fixture->tracer, &fixture->trace, "");
  assert_int_equal(async_hook_enable(&fixture->tracer.hook), 0);
}

static void start_hook(async_hook_t *hook, void (*destroy)(async_id_t, void *),
                       void *data) {
  async_hook_callbacks_t callbacks = {.destroy = destroy};
  async_hook_init(hook, &callbacks, data);
  assert_int_equal(async_hook_enable(hook), 0);
}

static void emit_one(void) {
  async_resource_t resource = {0};
  assert_int_equal(async_resource_init(&resource, "T", NULL), 0);
  async_resource_finish(&resource);
}

static void say_tick(void *arg) {
  trace_add(arg, "tick");
}

static void say_microtask(void *arg) {
  trace_add(arg, "microtask");
}

static void say_immediate(async_immediate_t *immediate) {
  trace_add(immediate->resource.data, "immediate");
}

static void say_timer(scoped_timer_t *timer) {
  trace_add(timer->arg, "timer");
}

static void run(fixture_t *fixture) {
  assert_int_equal(uv_run(&fixture->loop, UV_RUN_DEFAULT), 0);
}

/* Only the destroy of the resource made first is of interest in the order. */
static void say_first_destroy(async_id_t async_id, void *data) {
  trace_t *trace = data;
  if (async_id == trace->base + 1) {
    trace_add(trace, "destroy");
  }
}

static void test_destroy_comes_after_timers_before_immediates(void **state) {
  fixture_t *fixture = *state;
  trace_t *trace = &fixture->trace;
  static async_hook_t hook;
  async_resource_t resource = {0};
  async_immediate_t immediate = {.resource = {.data = trace}};
  scoped_timer_t timer;
  start_hook(&hook, say_first_destroy, trace);
  assert_int_equal(async_resource_init(&resource, "T", NULL), 0);
  assert_int_equal(async_immediate_start(&immediate, say_immediate), 0);
  scoped_timer_start(&timer, &fixture->loop, say_timer, trace);
  async_resource_finish(&resource);
  assert_int_equal(async_queue_microtask(say_microtask, trace), 0);
  assert_int_equal(async_next_tick(say_tick, trace), 0);
  trace_add(trace, "sync");
  run(fixture);
  assert_string_equal(trace->text,
                      "sync tick microtask timer destroy immediate");
}

static void test_destroy_is_delivered_though_nothing_else_waits(void **state) {
  fixture_t *fixture = *state;
  start_tracer(fixture);
  assert_false(uv_loop_alive(&fixture->loop));
  emit_one();
  assert_true(uv_loop_alive(&fixture->loop));
  assert_string_equal(fixture->trace.text, "");
  run(fixture);
  assert_string_equal(fixture->trace.text, "destroy(#1)");
  assert_false(uv_loop_alive(&fixture->loop));
}

static void test_one_turn_of_the_loop_is_enough(void **state) {
  fixture_t *fixture = *state;
  start_tracer(fixture);
  emit_one();
  uv_run(&fixture->loop, UV_RUN_NOWAIT);
  assert_string_equal(fixture->trace.text, "destroy(#1)");
  emit_one();
  uv_run(&fixture->loop, UV_RUN_ONCE);
  assert_string_equal(fixture->trace.text, "destroy(#1) destroy(#2)");
}

static void on_far_timer(uv_timer_t *timer) {
  uv_stop(timer->loop);
}

/* The loop must not sleep in its poll while a destroy waits. */
static void test_waiting_loop_is_not_slept_through(void **state) {
  fixture_t *fixture = *state;
  uv_timer_t far;
  assert_int_equal(uv_timer_init(&fixture->loop, &far), 0);
  assert_int_equal(uv_timer_start(&far, on_far_timer, 3600000, 0), 0);
  start_tracer(fixture);
  emit_one();
  uv_run(&fixture->loop, UV_RUN_ONCE);
  assert_string_equal(fixture->trace.text, "destroy(#1)");
  uv_close((uv_handle_t *)&far, NULL);
  run(fixture);
}

static void test_destroys_keep_their_order(void **state) {
  fixture_t *fixture = *state;
  async_resource_t resources[3];
  start_tracer(fixture);
  for (int i = 0; i < 3; i++) {
    assert_int_equal(async_resource_init(&resources[i], "T", NULL), 0);
  }
  async_resource_finish(&resources[1]);
  async_resource_finish(&resources[2]);
  async_resource_finish(&resources[0]);
  run(fixture);
  assert_string_equal(fixture->trace.text,
                      "destroy(#2) destroy(#3) destroy(#1)");
}

typedef struct counted_s {
  async_id_t next;
  int count, disorder;
} counted_t;

static void count_in_order(async_id_t async_id, void *data) {
  counted_t *counted = data;
  counted->disorder += async_id != counted->next++;
  counted->count++;
}

static void test_fifty_thousand_destroys_are_each_delivered_once(void **state) {
  fixture_t *fixture = *state;
  static async_hook_t hook;
  static counted_t counted;
  counted = (counted_t){.next = fixture->trace.base + 1};
  start_hook(&hook, count_in_order, &counted);
  for (int i = 0; i < 50000; i++) {
    emit_one();
  }
  assert_int_equal(own_env_info().destroys_pending, 50000);
  assert_int_equal(counted.count, 0);
  run(fixture);
  assert_int_equal(counted.count, 50000);
  assert_int_equal(counted.disorder, 0);
  assert_int_equal(own_env_info().destroys_pending, 0);
}

/* Each destroy of the chain emits the next, until none is left. */
typedef struct chain_s {
  trace_t *trace;
  int left;
} chain_t;

static void emit_the_next(async_id_t async_id, void *data) {
  chain_t *chain = data;
  trace_add(chain->trace, "%s", trace_id(chain->trace, async_id));
  if (chain->left-- > 0) {
    async_resource_t resource = {0};
    (void)async_resource_init(&resource, "NEXT", NULL);
    async_resource_finish(&resource);
  }
}

static void test_close_during_destroy(void **state) {
  fixture_t *fixture = *state;
  static async_hook_t hook;
  static chain_t chain;
  chain = (chain_t){.trace = &fixture->trace, .left = 4};
  async_immediate_t immediate = {.resource = {.data = &fixture->trace}};
  start_hook(&hook, emit_the_next, &chain);
  emit_one();
  assert_int_equal(async_immediate_start(&immediate, say_immediate), 0);
  uv_run(&fixture->loop, UV_RUN_NOWAIT);
  assert_memory_equal(fixture->trace.text, "#1 #3 #4 #5 #6 immediate", 24);
  run(fixture);
}

/* Of three immediates the first ends a resource and starts a fourth. */
typedef struct batch_s {
  async_immediate_t immediates[4];
  async_resource_t resource;
  trace_t *trace;
} batch_t;

static void say_number(async_immediate_t *immediate) {
  batch_t *batch = immediate->resource.data;
  trace_add(batch->trace, "immediate%d",
            (int)(immediate - batch->immediates) + 1);
}

static void end_and_start(async_immediate_t *immediate) {
  batch_t *batch = immediate->resource.data;
  say_number(immediate);
  async_resource_finish(&batch->resource);
  (void)async_immediate_start(&batch->immediates[3], say_number);
}

static void test_destroy_emitted_in_an_immediate_comes_next_turn(void **state) {
  fixture_t *fixture = *state;
  static async_hook_t hook;
  static batch_t batch;
  batch = (batch_t){.trace = &fixture->trace};
  start_hook(&hook, say_first_destroy, &fixture->trace);
  assert_int_equal(async_resource_init(&batch.resource, "T", NULL), 0);
  for (int i = 0; i < 4; i++) {
    batch.immediates[i].resource.data = &batch;
  }
  assert_int_equal(async_immediate_start(&batch.immediates[0], end_and_start),
                   0);
  assert_int_equal(async_immediate_start(&batch.immediates[1], say_number), 0);
  assert_int_equal(async_immediate_start(&batch.immediates[2], say_number), 0);
  run(fixture);
  assert_string_equal(fixture->trace.text, "immediate1 immediate2 immediate3 "
                                           "destroy immediate4");
}

/* What a destroy hook finds in force. */
typedef struct found_s {
  async_id_t execution, trigger, trigger_of_new;
  async_context_frame_t *frame;
  int calls;
} found_t;

static void look_around(async_id_t async_id, void *data) {
  found_t *found = data;
  async_resource_t resource = {0};
  (void)async_id;
  if (found->calls++ > 0) {
    return;
  }
  found->execution = async_hooks_execution_async_id();
  found->trigger = async_hooks_trigger_async_id();
  found->frame = async_context_frame_current();
  (void)async_resource_init(&resource, "T", NULL);
  found->trigger_of_new = async_resource_trigger_async_id(&resource);
  async_resource_finish(&resource);
}

static void test_destroy_hook_runs_outside_of_every_scope(void **state) {
  fixture_t *fixture = *state;
  static async_hook_t hook;
  static found_t found;
  found = (found_t){.execution = -7, .trigger = -7, .trigger_of_new = -7};
  start_hook(&hook, look_around, &found);
  emit_one();
  run(fixture);
  assert_int_equal(found.execution, ASYNC_ID_NONE);
  assert_int_equal(found.trigger, ASYNC_ID_NONE);
  assert_int_equal(found.trigger_of_new, ASYNC_ID_NONE);
  assert_null(found.frame);
  assert_int_equal(async_hooks_execution_async_id(), ASYNC_ID_ROOT);
}

static void test_destroy_goes_to_the_hooks_enabled_at_delivery(void **state) {
  fixture_t *fixture = *state;
  static tracer_t early, late;
  tracer_init_destroy(&early, &fixture->trace, "early:");
  tracer_init_destroy(&late, &fixture->trace, "late:");
  assert_int_equal(async_hook_enable(&early.hook), 0);
  emit_one();
  async_hook_disable(&early.hook);
  assert_int_equal(async_hook_enable(&late.hook), 0);
  run(fixture);
  assert_string_equal(fixture->trace.text, "late:destroy(#1)");
}

/* Node queues an id only when somebody listens for destroy at that moment. */
static void test_destroy_nobody_waited_for_is_not_told_later(void **state) {
  fixture_t *fixture = *state;
  emit_one();
  start_tracer(fixture);
  run(fixture);
  assert_string_equal(fixture->trace.text, "");
}

static void queue_a_tick(async_id_t async_id, void *data) {
  trace_t *trace = data;
  if (async_id == trace->base + 1) {
    trace_add(trace, "destroy");
    (void)async_next_tick(say_tick, trace);
  }
}

static void test_tick_queued_in_a_destroy_hook_runs(void **state) {
  fixture_t *fixture = *state;
  static async_hook_t hook;
  async_immediate_t immediate = {.resource = {.data = &fixture->trace}};
  start_hook(&hook, queue_a_tick, &fixture->trace);
  emit_one();
  assert_int_equal(async_immediate_start(&immediate, say_immediate), 0);
  run(fixture);
  assert_string_equal(fixture->trace.text, "destroy tick immediate");
}

static void test_resource_may_be_freed_before_its_destroy(void **state) {
  fixture_t *fixture = *state;
  async_resource_t *resource = malloc(sizeof(*resource));
  assert_non_null(resource);
  start_tracer(fixture);
  assert_int_equal(async_resource_init(resource, "T", NULL), 0);
  assert_int_equal(async_resource_emit_destroy(resource), 0);
  async_resource_finish(resource);
  free(resource);
  run(fixture);
  assert_string_equal(fixture->trace.text, "destroy(#1)");
}

static void test_pending_destroy_does_not_stop_detach(void **state) {
  fixture_t *fixture = *state;
  emit_one();
  assert_int_equal(async_env_detach(), 0);
  assert_false(uv_loop_alive(&fixture->loop));
  assert_int_equal(async_env_attach(&fixture->loop), 0);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_on_loop(
          test_destroy_comes_after_timers_before_immediates),
      cmocka_unit_test_on_loop(
          test_destroy_is_delivered_though_nothing_else_waits),
      cmocka_unit_test_on_loop(test_one_turn_of_the_loop_is_enough),
      cmocka_unit_test_on_loop(test_waiting_loop_is_not_slept_through),
      cmocka_unit_test_on_loop(test_destroys_keep_their_order),
      cmocka_unit_test_on_loop(
          test_fifty_thousand_destroys_are_each_delivered_once),
      cmocka_unit_test_on_loop(test_close_during_destroy),
      cmocka_unit_test_on_loop(
          test_destroy_emitted_in_an_immediate_comes_next_turn),
      cmocka_unit_test_on_loop(test_destroy_hook_runs_outside_of_every_scope),
      cmocka_unit_test_on_loop(
          test_destroy_goes_to_the_hooks_enabled_at_delivery),
      cmocka_unit_test_on_loop(
          test_destroy_nobody_waited_for_is_not_told_later),
      cmocka_unit_test_on_loop(test_tick_queued_in_a_destroy_hook_runs),
      cmocka_unit_test_on_loop(test_resource_may_be_freed_before_its_destroy),
      cmocka_unit_test_on_loop(test_pending_destroy_does_not_stop_detach),
  };
  return test_main(tests, argc, argv);
}
