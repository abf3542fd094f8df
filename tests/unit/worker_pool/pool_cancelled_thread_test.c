/* A pool's thread may be cancelled at any time, and that strikes in a work
 * function: not in what is between two of them. */
#include "pool_fixture.h"

#include <pthread.h>

/* What was asked for on the one worker's thread, and how far it came. */
typedef struct cancel_s {
  int asked, survived;
} cancel_t;

static void ask(cancel_t *cancel) {
  cancel->asked++;
  pthread_cancel(pthread_self());
  pthread_testcancel();
  cancel->survived++;
}

static int testcancel_work(worker_task_t *task) {
  job_work(task);
  pthread_testcancel();
  return 0;
}

/* jobs[0] with `work` and, behind it on the same thread, a work that is struck
 * by what is asked for in between. */
static void run_before_struck(fixture_t *f, worker_task_work_cb work) {
  hold_worker(f);
  assert_int_equal(submit_work(f, 0, work), 0);
  assert_int_equal(submit_work(f, 1, testcancel_work), 0);
  assert_int_equal(submit(f, 2), 0);
  release_worker(f);
  run_loop(f);
  assert_int_equal(f->jobs[0].status, 0);
  assert_int_equal(f->jobs[1].works, 1);
  assert_int_equal(f->jobs[1].status, UV_EIO);
  assert_int_equal(f->jobs[2].status, 0);
  assert_int_equal(pool_info(f).aborted, 1);
}

static cancel_t in_hook;
static async_id_t watched;

static void on_event(async_id_t async_id, void *data) {
  if (async_id == watched && in_hook.asked == 0)
    ask(data);
}

static void on_init(async_id_t async_id, const char *type,
                    async_id_t trigger_async_id, async_resource_t *resource,
                    void *data) {
  (void)type, (void)trigger_async_id, (void)resource;
  on_event(async_id, data);
}

static async_hook_t hook;
static async_hook_callbacks_t callbacks;

/* An id behind this work's own is the next one's. */
static int work_with_hook(worker_task_t *task, async_id_t behind) {
  watched = async_hooks_execution_async_id() + behind;
  if (async_hook_init(&hook, &callbacks, &in_hook) != 0 ||
      async_hook_enable(&hook) != 0)
    return UV_EIO;
  return job_work(task);
}

static int work_with_own_hook(worker_task_t *task) {
  return work_with_hook(task, 0);
}

static int work_with_next_hook(worker_task_t *task) {
  return work_with_hook(task, 1);
}

static void assert_hook_survives(fixture_t *f, worker_task_work_cb work) {
  run_before_struck(f, work);
  assert_int_equal(in_hook.asked, 1);
  assert_int_equal(in_hook.survived, 1);
}

static void an_init_hook_on_a_worker_is_not_cut_short(void **state) {
  callbacks.init = on_init;
  assert_hook_survives(*state, work_with_next_hook);
}

static void a_before_hook_on_a_worker_is_not_cut_short(void **state) {
  callbacks.before = on_event;
  assert_hook_survives(*state, work_with_next_hook);
}

static void an_after_hook_on_a_worker_is_not_cut_short(void **state) {
  callbacks.after = on_event;
  assert_hook_survives(*state, work_with_own_hook);
}

static void a_destroy_hook_on_a_worker_is_not_cut_short(void **state) {
  callbacks.destroy = on_event;
  assert_hook_survives(*state, work_with_own_hook);
}

static void ask_in_release(void *store) {
  ask(store);
}

static void release_asks(fixture_t *f) {
  async_local_storage_options_t options = {.release = ask_in_release};
  async_local_storage_finish(&f->als);
  assert_int_equal(async_local_storage_init(&f->als, &options), 0);
}

static cancel_t in_release;

static int enter_store(worker_task_t *task) {
  job_work(task);
  return async_local_storage_enter_with(&((job_t *)task)->fixture->als,
                                        &in_release);
}

static void a_release_on_a_worker_is_not_cut_short(void **state) {
  fixture_t *f = *state;
  release_asks(f);
  run_before_struck(f, enter_store);
  assert_int_equal(in_release.asked, 1);
  assert_int_equal(in_release.survived, 1);
}

static int released;

static void count_release(void *store) {
  (void)store;
  released++;
}

static async_resource_t kept;

static int keep_resource(worker_task_t *task) {
  job_work(task);
  return async_resource_init(&kept, "POOL_TEST", NULL);
}

/* Drops the last reference to a store that is at home elsewhere. */
static int let_go_cancelled(worker_task_t *task) {
  job_work(task);
  pthread_cancel(pthread_self());
  async_resource_finish(&kept);
  return 0;
}

static int submit_keeping(void *arg) {
  return submit_work(arg, 0, keep_resource);
}

static void a_store_on_its_way_home_is_not_lost(void **state) {
  fixture_t *f = *state;
  async_local_storage_options_t options = {.release = count_release};
  async_local_storage_finish(&f->als);
  assert_int_equal(async_local_storage_init(&f->als, &options), 0);
  assert_int_equal(async_local_storage_run(&f->als, f, submit_keeping, f), 0);
  run_loop(f);
  assert_int_equal(released, 0);
  run_before_struck(f, let_go_cancelled);
  async_env_flush();
  assert_int_equal(released, 1);
}

static int forbid_cancel(worker_task_t *task) {
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
  pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
  pthread_cancel(pthread_self());
  return job_work(task);
}

static void what_a_work_makes_of_its_threads_cancellation_ends_with_it(
    void **state) {
  run_before_struck(*state, forbid_cancel);
}

/* What one pool's thread, asked to end, has done to another pool. */
typedef struct other_s {
  worker_pool_t *pool;
  int status, closed;
} other_t;

static other_t other;

static int create_cancelled(worker_task_t *task) {
  job_work(task);
  pthread_cancel(pthread_self());
  other.status = worker_pool_create(NULL, &other.pool);
  pthread_testcancel();
  return 0;
}

static int resize_cancelled(worker_task_t *task) {
  job_work(task);
  pthread_cancel(pthread_self());
  other.status = worker_pool_resize(other.pool, 8);
  pthread_testcancel();
  return 0;
}

static void note_closed(void *arg) {
  ((other_t *)arg)->closed++;
}

/* The work is struck behind what it calls, and the other pool is whole. */
static void run_struck(fixture_t *f, worker_task_work_cb work, size_t threads) {
  worker_pool_info_t info;
  other.status = UV_EINTR;
  other.closed = 0;
  assert_int_equal(submit_work(f, 0, work), 0);
  run_loop(f);
  assert_int_equal(f->jobs[0].status, UV_EIO);
  assert_int_equal(other.status, 0);
  worker_pool_info(other.pool, &info);
  assert_int_equal(info.threads, threads);
  assert_int_equal(worker_pool_close(other.pool, true, note_closed, &other), 0);
  run_loop(f);
  assert_int_equal(other.closed, 1);
}

static void a_pool_made_on_a_cancelled_thread_is_whole(void **state) {
  run_struck(*state, create_cancelled, 4);
}

static void a_pool_resized_on_a_cancelled_thread_is_whole(void **state) {
  worker_pool_options_t options = {.threads = 1};
  assert_int_equal(worker_pool_create(&options, &other.pool), 0);
  run_struck(*state, resize_cancelled, 8);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_pool(an_init_hook_on_a_worker_is_not_cut_short),
      cmocka_unit_test_pool(a_before_hook_on_a_worker_is_not_cut_short),
      cmocka_unit_test_pool(an_after_hook_on_a_worker_is_not_cut_short),
      cmocka_unit_test_pool(a_destroy_hook_on_a_worker_is_not_cut_short),
      cmocka_unit_test_pool(a_release_on_a_worker_is_not_cut_short),
      cmocka_unit_test_pool(a_store_on_its_way_home_is_not_lost),
      cmocka_unit_test_pool(
          what_a_work_makes_of_its_threads_cancellation_ends_with_it),
      cmocka_unit_test_pool(a_pool_made_on_a_cancelled_thread_is_whole),
      cmocka_unit_test_pool(a_pool_resized_on_a_cancelled_thread_is_whole),
  };
  return test_main(tests, argc, argv);
}
