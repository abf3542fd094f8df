/* How a loop is doing, as others see it. */
#include "hooks_fixture.h"

#include <sched.h>
#include <string.h>

static async_loop_info_t inspect(uint32_t thread, async_histogram_t *sum) {
  async_loop_info_t info = {0};
  async_env_t *env = find_env(thread);
  if (env == NULL)
    return info;
  async_inspect_loop(env, &info, sum);
  async_inspect_release(env);
  return info;
}

static async_loop_info_t own(async_histogram_t *sum) {
  return inspect(async_env_thread(), sum);
}

static void on_timer(scoped_timer_t *timer) {
  async_loop_info_t *seen = timer->arg;
  *seen = own(NULL);
}

static void a_loop_that_never_ran_says_so(void **state) {
  (void)state;
  uint64_t now_ns = async_inspect_now_ns();
  async_loop_info_t info = own(NULL);
  assert_in_range(info.attached_ns, 1, now_ns);
  assert_int_equal(info.checked_ns, 0);
  assert_int_equal(info.iterations, 0);
  assert_false(info.waiting);
}

static void an_environment_without_a_loop_has_none(void **state) {
  (void)state;
  assert_int_equal(async_env_open(ASYNC_ENV_OTHER, "none"), 0);
  assert_int_equal(own(NULL).attached_ns, 0);
  assert_int_equal(async_env_detach(), 0);
}

/* A timer in each iteration but the first: the busy times lie between. */
static void each_iteration_has_its_busy_time(void **state) {
  fixture_t *fixture = *state;
  async_histogram_t sum = {0};
  async_loop_info_t seen;
  scoped_timer_t timers[5];
  uint64_t before_ns = async_inspect_now_ns();
  for (int i = 0; i < 5; i++) {
    scoped_timer_start(&timers[i], &fixture->loop, on_timer, &seen);
    uv_run(&fixture->loop, UV_RUN_DEFAULT);
  }
  async_loop_info_t info = own(&sum);
  assert_true(info.iterations >= 2);
  assert_int_equal(async_histogram_count(&sum), info.iterations - 1);
  assert_in_range(info.checked_ns, before_ns, async_inspect_now_ns());
  assert_true(async_histogram_sum(&sum) <= info.checked_ns - before_ns);
  assert_false(info.waiting);
}

static void own_handles_are_not_the_loops_activity(void **state) {
  fixture_t *fixture = *state;
  async_loop_info_t seen;
  scoped_timer_t timer;
  scoped_timer_start(&timer, &fixture->loop, on_timer, &seen);
  uv_run(&fixture->loop, UV_RUN_DEFAULT);
  assert_int_equal(own(NULL).active_handles, 0);
  assert_int_equal(own(NULL).active_requests, 0);
}

/* A loop on a thread of its own that waits until it is told to end. */
typedef struct waiter_s {
  uv_loop_t loop;
  uv_async_t end;
  uv_timer_t timer;
  uint64_t timeout_ms;
  uv_sem_t ready;
  uint32_t thread;
} waiter_t;

static void on_end(uv_async_t *end) {
  waiter_t *waiter = end->data;
  uv_close((uv_handle_t *)&waiter->timer, NULL);
  uv_close((uv_handle_t *)end, NULL);
}

/* A timer that is due before the loop polls is not waited for. With twice the
 * time, one is in the end. */
static void wait_longer(uv_timer_t *timer) {
  waiter_t *waiter = timer->data;
  waiter->timeout_ms *= 2;
  uv_timer_start(timer, wait_longer, waiter->timeout_ms, 0);
}

static void wait_for_end(void *arg) {
  waiter_t *waiter = arg;
  async_env_attach(&waiter->loop);
  waiter->thread = async_env_thread();
  waiter->timer.data = waiter->end.data = waiter;
  waiter->timeout_ms = 1;
  uv_timer_init(&waiter->loop, &waiter->timer);
  uv_timer_start(&waiter->timer, wait_longer, waiter->timeout_ms, 0);
  uv_sem_post(&waiter->ready);
  uv_run(&waiter->loop, UV_RUN_DEFAULT);
  async_env_detach();
}

static void waiter_start(waiter_t *waiter, uv_thread_t *ret_thread) {
  assert_int_equal(uv_loop_init(&waiter->loop), 0);
  assert_int_equal(uv_async_init(&waiter->loop, &waiter->end, on_end), 0);
  assert_int_equal(uv_sem_init(&waiter->ready, 0), 0);
  assert_int_equal(uv_thread_create(ret_thread, wait_for_end, waiter), 0);
  uv_sem_wait(&waiter->ready);
}

static void others_see_a_loop_wait(void **state) {
  static waiter_t waiter;
  uv_thread_t thread;
  (void)state;
  waiter_start(&waiter, &thread);
  while (inspect(waiter.thread, NULL).idle_ns == 0)
    sched_yield();
  while (!inspect(waiter.thread, NULL).waiting)
    sched_yield();
  async_env_t *env = find_env(waiter.thread);
  uv_async_send(&waiter.end);
  uv_thread_join(&thread);
  async_loop_info_t info;
  async_inspect_loop(env, &info, NULL);
  async_inspect_release(env);
  assert_int_equal(info.attached_ns, 0);
  assert_false(info.waiting);
  assert_true(info.idle_ns > 0);
  assert_int_equal(uv_loop_close(&waiter.loop), 0);
  uv_sem_destroy(&waiter.ready);
}

/* Inside of a scope the loop does not wait, whatever phase it is in. */
static void on_event(uv_async_t *async) {
  async_loop_info_t *seen = async->data;
  async_resource_t resource = {0};
  int error = async_resource_init(&resource, "T", NULL);
  seen[0] = own(NULL);
  if (error == 0 && async_resource_enter(&resource) == 0) {
    seen[1] = own(NULL);
    async_resource_leave(&resource);
  }
  async_resource_finish(&resource);
  uv_close((uv_handle_t *)async, NULL);
}

static void what_runs_in_the_poll_phase_is_no_waiting(void **state) {
  fixture_t *fixture = *state;
  async_loop_info_t seen[2];
  uv_async_t async;
  memset(seen, 0, sizeof(seen));
  async.data = seen;
  assert_int_equal(uv_async_init(&fixture->loop, &async, on_event), 0);
  assert_int_equal(uv_async_send(&async), 0);
  uv_run(&fixture->loop, UV_RUN_DEFAULT);
  assert_true(seen[0].waiting);
  assert_false(seen[1].waiting);
  assert_int_not_equal(seen[1].attached_ns, 0);
}

/* A loop on a thread of its own that does nothing but wait for `event`. */
typedef struct idler_s {
  uv_loop_t loop;
  uv_async_t event;
  uv_sem_t ready, inside, leave;
  uint32_t thread;
  uv_thread_t id;
  async_resource_t resource;
} idler_t;

/* Stuck in a scope until it is let go. */
static void be_stuck(uv_async_t *event) {
  idler_t *idler = event->data;
  int error = async_callback_scope_open(&idler->resource);
  uv_sem_post(&idler->inside);
  uv_sem_wait(&idler->leave);
  if (error == 0)
    async_callback_scope_close(&idler->resource);
  async_resource_finish(&idler->resource);
  uv_close((uv_handle_t *)event, NULL);
}

static void idle(void *arg) {
  idler_t *idler = arg;
  async_env_attach(&idler->loop);
  async_resource_init(&idler->resource, "STUCK", NULL);
  idler->thread = async_env_thread();
  uv_sem_post(&idler->ready);
  uv_run(&idler->loop, UV_RUN_DEFAULT);
  async_env_detach();
}

static void idler_start(idler_t *idler) {
  assert_int_equal(uv_loop_init(&idler->loop), 0);
  assert_int_equal(uv_async_init(&idler->loop, &idler->event, be_stuck), 0);
  idler->event.data = idler;
  assert_int_equal(uv_sem_init(&idler->ready, 0), 0);
  assert_int_equal(uv_sem_init(&idler->inside, 0), 0);
  assert_int_equal(uv_sem_init(&idler->leave, 0), 0);
  assert_int_equal(uv_thread_create(&idler->id, idle, idler), 0);
  uv_sem_wait(&idler->ready);
}

static void idler_be_stuck(idler_t *idler) {
  uv_async_send(&idler->event);
  uv_sem_wait(&idler->inside);
}

static void idler_end(idler_t *idler) {
  uv_sem_post(&idler->leave);
  uv_thread_join(&idler->id);
  assert_int_equal(uv_loop_close(&idler->loop), 0);
  uv_sem_destroy(&idler->ready);
  uv_sem_destroy(&idler->inside);
  uv_sem_destroy(&idler->leave);
}

/* What is waiting ends with no iteration, so nothing was published since. */
static void a_wait_that_goes_on_is_idle_time(void **state) {
  static idler_t idler;
  (void)state;
  idler_start(&idler);
  while (!inspect(idler.thread, NULL).waiting)
    sched_yield();
  async_loop_info_t before = inspect(idler.thread, NULL), after = before;
  while (after.idle_ns <= before.idle_ns + 1000000)
    after = inspect(idler.thread, NULL);
  assert_int_equal(after.iterations, before.iterations);
  assert_true(after.waiting);
  assert_int_equal(after.turn_ns, 0);
  assert_true(after.utilization < 1);
  idler_be_stuck(&idler);
  assert_true(inspect(idler.thread, NULL).idle_ns >= after.idle_ns);
  idler_end(&idler);
}

static void a_loop_that_is_stuck_is_busy(void **state) {
  static idler_t idler;
  (void)state;
  idler_start(&idler);
  while (inspect(idler.thread, NULL).idle_ns < 1000000)
    sched_yield();
  idler_be_stuck(&idler);
  async_loop_info_t before = inspect(idler.thread, NULL), after = before;
  assert_false(before.waiting);
  while (after.utilization < 0.5 || after.utilization <= before.utilization ||
         after.turn_ns <= before.turn_ns)
    after = inspect(idler.thread, NULL);
  assert_int_equal(after.idle_ns, before.idle_ns);
  assert_true(after.utilization < 1);
  idler_end(&idler);
}

static bool tell(uint64_t *told_ns, uint32_t thread) {
  uint64_t idle_ns = inspect(thread, NULL).idle_ns;
  bool less = idle_ns < *told_ns;
  *told_ns = idle_ns;
  return less;
}

/* libuv counts a little less than the whole of a wait. */
static void idle_time_never_goes_back(void **state) {
  static waiter_t waiter;
  uv_thread_t thread;
  uint64_t told_ns = 0;
  size_t less = 0;
  (void)state;
  waiter_start(&waiter, &thread);
  while (inspect(waiter.thread, NULL).iterations < 7)
    less += tell(&told_ns, waiter.thread);
  uv_async_send(&waiter.end);
  uv_thread_join(&thread);
  assert_int_equal(less, 0);
  assert_int_equal(uv_loop_close(&waiter.loop), 0);
  uv_sem_destroy(&waiter.ready);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_on_loop(a_loop_that_never_ran_says_so),
      cmocka_unit_test(an_environment_without_a_loop_has_none),
      cmocka_unit_test_on_loop(each_iteration_has_its_busy_time),
      cmocka_unit_test_on_loop(own_handles_are_not_the_loops_activity),
      cmocka_unit_test(others_see_a_loop_wait),
      cmocka_unit_test(a_wait_that_goes_on_is_idle_time),
      cmocka_unit_test(a_loop_that_is_stuck_is_busy),
      cmocka_unit_test(idle_time_never_goes_back),
      cmocka_unit_test_on_loop(what_runs_in_the_poll_phase_is_no_waiting),
  };
  return test_main(tests, argc, argv);
}
