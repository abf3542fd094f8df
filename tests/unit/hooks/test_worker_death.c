/* A worker whose thread is ended, which it must not do: it has failed, and ends
 * all the same. */
#include "worker_probe.h"

#include "asyncscope/async_hooks.h"
#include "asyncscope/async_local_storage.h"
#include "asyncscope/async_uv_work.h"
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

static void end_the_thread(async_uv_timer_t *timer) {
  (void)timer;
  pthread_exit(NULL);
}

static void start_deadly_timer(void *worker_data) {
  static async_uv_timer_t timer;
  (void)worker_data;
  tick_forever(NULL);
  if (async_uv_timer_init(async_env_loop(), &timer) == 0) {
    (void)async_uv_timer_start(&timer, end_the_thread, 0, 0);
  }
}

static void a_thread_that_is_ended_is_an_error(void **state) {
  probe_assert_failed_with(state, start_deadly_timer,
                           "the thread of the worker was ended");
}

static void end_the_thread_idle(async_uv_idle_t *idle) {
  (void)idle;
  pthread_exit(NULL);
}

static void start_deadly_idles(void *worker_data) {
  static async_uv_idle_t idles[8];
  (void)worker_data;
  for (size_t i = 0; i < sizeof(idles) / sizeof(idles[0]); i++)
    if (async_uv_idle_init(async_env_loop(), &idles[i]) == 0)
      (void)async_uv_idle_start(&idles[i], end_the_thread_idle);
}

static void end_the_thread_after(async_uv_work_t *work, int status) {
  (void)work, (void)status;
  pthread_exit(NULL);
}

static void post(async_uv_work_t *work) {
  uv_sem_post(work->data);
}

/* The pool's only thread begins one when the one before is done: so all but the
 * last are, before the loop looks. */
static void start_deadly_works(void *worker_data) {
  static async_uv_work_t works[4];
  static uv_sem_t begun;
  (void)worker_data;
  uv_sem_init(&begun, 0);
  for (size_t i = 0; i < sizeof(works) / sizeof(works[0]); i++) {
    works[i].data = &begun;
    (void)async_uv_queue_work(async_env_loop(), &works[i], post,
                              end_the_thread_after);
  }
  for (size_t i = 0; i < sizeof(works) / sizeof(works[0]); i++)
    uv_sem_wait(&begun);
}

/* Those behind the first are lost: nothing waits for them for ever. */
static void a_thread_that_is_ended_before_other_requests_is_an_error(
    void **state) {
  setenv("UV_THREADPOOL_SIZE", "1", 1);
  probe_assert_failed_with(state, start_deadly_works,
                           "the thread of the worker was ended");
}

/* They are in a list on libuv's stack when the first of them ends it. */
static void a_thread_that_is_ended_before_others_of_its_turn_is_an_error(
    void **state) {
  probe_assert_failed_with(state, start_deadly_idles,
                           "the thread of the worker was ended");
}

static void end_the_thread_in_cleanup(async_env_cleanup_t *cleanup) {
  (void)cleanup;
  pthread_exit(NULL);
}

static void add_deadly_cleanup(void *worker_data) {
  static async_env_cleanup_t cleanup;
  (void)worker_data;
  tick_forever(NULL);
  if (async_env_add_cleanup_hook(&cleanup, end_the_thread_in_cleanup) == 0) {
    uv_stop(async_env_loop());
  }
}

static void a_thread_that_is_ended_at_its_end_is_an_error(void **state) {
  probe_assert_failed_with(state, add_deadly_cleanup,
                           "the thread of the worker was ended");
}

/* A worker waits this long for requests when its thread has been ended. */
#define WAITS_NS (UINT64_C(1000) * 1000000)

/* The first ends the thread; the callback of the second, which is done then,
 * goes on until that time is over; the third is done meanwhile. */
static struct late_s {
  async_uv_work_t deadly, slow, late;
  uv_sem_t thread_ended, slow_called;
  uint64_t ended_ns;
  bool late_called;
} late;

static void work_at_once(async_uv_work_t *work) {
  (void)work;
}

static void note_end_of_thread(async_uv_work_t *work, int status) {
  (void)work, (void)status;
  late.ended_ns = uv_hrtime();
  uv_sem_post(&late.thread_ended);
  pthread_exit(NULL);
}

static void wait_for(async_uv_work_t *work) {
  uv_sem_wait(work->data);
}

static void go_on_until_nobody_waits(async_uv_work_t *work, int status) {
  (void)work, (void)status;
  uv_sem_post(&late.slow_called);
  while (uv_hrtime() < late.ended_ns + WAITS_NS + WAITS_NS / 10)
    sched_yield();
}

static void note_late_call(async_uv_work_t *work, int status) {
  (void)work, (void)status;
  late.late_called = true;
}

static void start_late_work(void *worker_data) {
  (void)worker_data;
  uv_sem_init(&late.thread_ended, 0);
  uv_sem_init(&late.slow_called, 0);
  late.slow.data = &late.thread_ended;
  late.late.data = &late.slow_called;
  (void)async_uv_queue_work(async_env_loop(), &late.deadly, work_at_once,
                            note_end_of_thread);
  (void)async_uv_queue_work(async_env_loop(), &late.slow, wait_for,
                            go_on_until_nobody_waits);
  (void)async_uv_queue_work(async_env_loop(), &late.late, wait_for,
                            note_late_call);
}

static void a_request_that_is_not_waited_for_any_more_has_no_callback(
    void **state) {
  probe_assert_failed_with(state, start_late_work,
                           "the thread of the worker was ended");
  assert_false(late.late_called);
}

static void end_the_thread_in_release(void *store) {
  (void)store;
  pthread_exit(NULL);
}

/* At top level, so it is left behind the loop. */
static void enter_deadly_store(async_env_cleanup_t *cleanup) {
  async_local_storage_enter_with(cleanup->data, cleanup);
}

static void add_deadly_store(void *worker_data) {
  static async_local_storage_t storage;
  static async_env_cleanup_t cleanup = {.data = &storage};
  async_local_storage_options_t options = {
      .name = "deadly", .release = end_the_thread_in_release};
  (void)worker_data;
  tick_forever(NULL);
  if (async_local_storage_init(&storage, &options) == 0 &&
      async_env_add_cleanup_hook(&cleanup, enter_deadly_store) == 0)
    uv_stop(async_env_loop());
}

static void a_thread_that_is_ended_behind_its_loop_is_an_error(void **state) {
  probe_assert_failed_with(state, add_deadly_store,
                           "the thread of the worker was ended");
}

static void end_the_thread_in_hook(async_id_t async_id, void *data) {
  (void)async_id, (void)data;
  pthread_exit(NULL);
}

static void do_nothing(async_uv_timer_t *timer) {
  (void)timer;
}

static void enable_deadly_hook(void *worker_data) {
  static async_hook_t hook;
  static async_uv_timer_t timer;
  static const async_hook_callbacks_t callbacks = {.after =
                                                       end_the_thread_in_hook};
  (void)worker_data;
  tick_forever(NULL);
  if (async_hook_init(&hook, &callbacks, NULL) == 0 &&
      async_uv_timer_init(async_env_loop(), &timer) == 0 &&
      async_uv_timer_start(&timer, do_nothing, 0, 0) == 0)
    async_hook_enable(&hook);
}

/* The scopes that are left then have an end, too. */
static void a_hook_that_ends_the_thread_is_called_once(void **state) {
  probe_assert_failed_with(state, enable_deadly_hook,
                           "the thread of the worker was ended");
}

static void enter_deadly_store_and_end(async_uv_timer_t *timer) {
  async_local_storage_enter_with(timer->data, timer);
  pthread_exit(NULL);
}

static void start_timer_with_deadly_store(void *worker_data) {
  static async_local_storage_t storage;
  static async_uv_timer_t timer;
  async_local_storage_options_t options = {
      .name = "deadly", .release = end_the_thread_in_release};
  (void)worker_data;
  tick_forever(NULL);
  if (async_local_storage_init(&storage, &options) == 0 &&
      async_uv_timer_init(async_env_loop(), &timer) == 0) {
    timer.data = &storage;
    (void)async_uv_timer_start(&timer, enter_deadly_store_and_end, 0, 0);
  }
}

static void a_thread_that_is_ended_while_it_ends_is_an_error(void **state) {
  probe_assert_failed_with(state, start_timer_with_deadly_store,
                           "the thread of the worker was ended");
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_uv(a_thread_that_is_ended_is_an_error),
      cmocka_unit_test_uv(
          a_thread_that_is_ended_before_other_requests_is_an_error),
      cmocka_unit_test_uv(
          a_thread_that_is_ended_before_others_of_its_turn_is_an_error),
      cmocka_unit_test_uv(a_thread_that_is_ended_at_its_end_is_an_error),
      cmocka_unit_test_uv(
          a_request_that_is_not_waited_for_any_more_has_no_callback),
      cmocka_unit_test_uv(a_thread_that_is_ended_behind_its_loop_is_an_error),
      cmocka_unit_test_uv(a_hook_that_ends_the_thread_is_called_once),
      cmocka_unit_test_uv(a_thread_that_is_ended_while_it_ends_is_an_error),
  };
  return test_main(tests, argc, argv);
}
