/* A long queue of destroys does not wait for the check phase. */
#include "hooks_fixture.h"

#define QUEUE_MAX 16384 /* as many wait */

typedef struct count_s {
  async_hook_t hook;
  unsigned destroyed;
  unsigned wanted;          /* to be queued */
  unsigned in_tick;         /* seen by a tick of the same callback */
  unsigned in_microtask;    /* by a microtask queued before the destroys */
  unsigned after_microtask; /* by one queued after them */
  async_id_t execution_async_id;
} count_t;

static void on_destroy(async_id_t async_id, void *data) {
  count_t *count = data;
  (void)async_id;
  count->destroyed++;
  count->execution_async_id = async_hooks_execution_async_id();
}

static void see_in_tick(void *arg) {
  count_t *count = arg;
  count->in_tick = count->destroyed;
}

static void see_in_microtask(void *arg) {
  count_t *count = arg;
  count->in_microtask = count->destroyed;
}

static void see_after(void *arg) {
  count_t *count = arg;
  count->after_microtask = count->destroyed;
}

static void end_many(count_t *count) {
  async_resource_t resource;
  for (unsigned i = 0; i < count->wanted; i++)
    if (async_resource_init(&resource, "MANY", NULL) == 0)
      async_resource_finish(&resource);
}

static void in_timer(scoped_timer_t *timer) {
  count_t *count = timer->arg;
  (void)async_queue_microtask(see_in_microtask, count);
  end_many(count);
  (void)async_queue_microtask(see_after, count);
  (void)async_next_tick(see_in_tick, count);
}

static count_t queue(fixture_t *fixture, unsigned wanted) {
  count_t count = {.wanted = wanted, .execution_async_id = ASYNC_ID_UNSET};
  async_hook_callbacks_t callbacks = {.destroy = on_destroy};
  scoped_timer_t timer;
  async_hook_init(&count.hook, &callbacks, &count);
  assert_int_equal(async_hook_enable(&count.hook), 0);
  scoped_timer_start(&timer, &fixture->loop, in_timer, &count);
  assert_int_equal(uv_run(&fixture->loop, UV_RUN_DEFAULT), 0);
  async_env_flush();
  async_hook_disable(&count.hook);
  return count;
}

static void test_as_many_as_may_wait_do(void **state) {
  count_t count = queue(*state, QUEUE_MAX);
  assert_int_equal(count.in_tick, 0);
  assert_int_equal(count.in_microtask, 0);
  assert_int_equal(count.after_microtask, 0);
  assert_in_range(count.destroyed, QUEUE_MAX, QUEUE_MAX + 8);
}

static void test_one_more_is_delivered_in_a_microtask(void **state) {
  count_t count = queue(*state, QUEUE_MAX + 1);
  assert_int_equal(count.in_tick, 0);
  assert_int_equal(count.in_microtask, 0);
  assert_in_range(count.after_microtask, QUEUE_MAX + 1, QUEUE_MAX + 8);
}

static void test_delivery_in_a_microtask_has_no_context(void **state) {
  count_t count = queue(*state, 2 * QUEUE_MAX);
  assert_int_equal(count.execution_async_id, ASYNC_ID_NONE);
  assert_int_equal(own_env_info().destroys_pending, 0);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_on_loop(test_as_many_as_may_wait_do),
      cmocka_unit_test_on_loop(test_one_more_is_delivered_in_a_microtask),
      cmocka_unit_test_on_loop(test_delivery_in_a_microtask_has_no_context),
  };
  return test_main(tests, argc, argv);
}
