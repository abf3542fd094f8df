/* What is left of a tick or an immediate that has run: finishing it is
 * harmless, whatever has its record and its frame by then. */
#include "request_fixture.h"

typedef struct left_s {
  async_tick_t tick;
  async_immediate_t immediate;
  int released;
} left_t;

static void run(fixture_t *fixture) {
  assert_int_equal(uv_run(&fixture->loop, UV_RUN_DEFAULT), 0);
}

static void do_nothing_in_tick(async_tick_t *tick) {
  (void)tick;
}

static void do_nothing_in_immediate(async_immediate_t *immediate) {
  (void)immediate;
}

static void start_both(left_t *left, async_tick_cb on_tick,
                       async_immediate_cb on_immediate) {
  assert_int_equal(async_tick_start(&left->tick, on_tick, NULL), 0);
  assert_int_equal(async_immediate_start(&left->immediate, on_immediate), 0);
}

static void finish_both(left_t *left) {
  async_resource_finish(&left->tick.resource);
  async_resource_finish(&left->immediate.resource);
}

static void start_tracer(fixture_t *fixture) {
  tracer_init_destroy(&fixture->tracer, &fixture->trace, "");
  assert_int_equal(async_hook_enable(&fixture->tracer.hook), 0);
}

static void finishing_what_has_run_ends_nothing_else(void **state) {
  fixture_t *fixture = *state;
  left_t left = {.released = 0};
  async_resource_t others[2] = {{0}};
  start_both(&left, do_nothing_in_tick, do_nothing_in_immediate);
  run(fixture);
  for (int i = 0; i < 2; i++)
    assert_int_equal(async_resource_init(&others[i], "OTHER", NULL), 0);
  finish_both(&left);
  start_tracer(fixture);
  for (int i = 0; i < 2; i++) {
    assert_string_equal(async_resource_type(&others[i]), "OTHER");
    async_resource_finish(&others[i]);
  }
  run(fixture);
  assert_string_equal(fixture->trace.text, "destroy(#3) destroy(#4)");
}

static void what_has_run_is_no_resource(void **state) {
  fixture_t *fixture = *state;
  left_t left = {.released = 0};
  start_both(&left, do_nothing_in_tick, do_nothing_in_immediate);
  run(fixture);
  assert_string_equal(async_resource_type(&left.tick.resource), "");
  assert_int_equal(async_resource_emit_destroy(&left.tick.resource), UV_EINVAL);
  assert_int_equal(async_resource_enter(&left.tick.resource), UV_EINVAL);
  assert_int_equal(async_callback_scope_open(&left.immediate.resource),
                   UV_EINVAL);
  finish_both(&left);
}

static void count_release(void *store) {
  ++*(int *)store;
}

static void enter_frame(const async_context_key_t *key, left_t *left) {
  async_context_value_t value = {.store = &left->released,
                                 .release = count_release};
  async_context_frame_t *frame = NULL;
  assert_int_equal(async_context_frame_with(NULL, key, &value, &frame), 0);
  frame_use(frame);
}

static void finish_tick(async_tick_t *tick) {
  async_resource_finish(&tick->resource);
}

static void finish_immediate(async_immediate_t *immediate) {
  async_resource_finish(&immediate->resource);
}

/* A reference is another's: it keeps the store in spite of both. */
static void assert_frame_is_let_go_once(fixture_t *fixture,
                                        async_tick_cb on_tick,
                                        async_immediate_cb on_immediate) {
  left_t left = {.released = 0};
  async_context_key_t key;
  async_resource_t other = {0};
  assert_int_equal(async_context_key_create("k", &key), 0);
  enter_frame(&key, &left);
  start_both(&left, on_tick, on_immediate);
  assert_int_equal(async_resource_init(&other, "OTHER", NULL), 0);
  frame_use(NULL);
  run(fixture);
  finish_both(&left);
  assert_int_equal(left.released, 0);
  async_resource_finish(&other);
  assert_int_equal(left.released, 1);
  async_context_key_destroy(&key);
}

static void finishing_what_has_run_lets_go_of_no_frame(void **state) {
  assert_frame_is_let_go_once(*state, do_nothing_in_tick,
                              do_nothing_in_immediate);
}

static void finishing_what_runs_lets_its_frame_go_once(void **state) {
  assert_frame_is_let_go_once(*state, finish_tick, finish_immediate);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_on_loop(finishing_what_has_run_ends_nothing_else),
      cmocka_unit_test_on_loop(what_has_run_is_no_resource),
      cmocka_unit_test_on_loop(finishing_what_has_run_lets_go_of_no_frame),
      cmocka_unit_test_on_loop(finishing_what_runs_lets_its_frame_go_once),
  };
  return test_main(tests, argc, argv);
}
