/* What a task sees on the worker and back on its loop. */
#include "pool_fixture.h"

#include "asyncscope/async_context_loss.h"
#include <string.h>

static void the_work_sees_its_submitters_store(void **state) {
  fixture_t *f = *state;
  assert_int_equal(submit_with(f, 0, "a"), 0);
  assert_int_equal(submit_with(f, 1, "b"), 0);
  assert_int_equal(submit(f, 2), 0);
  run_loop(f);
  assert_string_equal(f->jobs[0].work_store, "a");
  assert_string_equal(f->jobs[1].work_store, "b");
  assert_null(f->jobs[2].work_store);
}

static void done_runs_in_its_submitters_context(void **state) {
  fixture_t *f = *state;
  assert_int_equal(submit_with(f, 0, "a"), 0);
  async_id_t async_id = async_resource_async_id(&f->jobs[0].task.resource);
  async_local_storage_enter_with(&f->als, (void *)"later");
  run_loop(f);
  assert_string_equal(f->jobs[0].done_store, "a");
  assert_int_equal(f->jobs[0].done_async_id, async_id);
  assert_int_equal(f->jobs[0].done_trigger_async_id, ASYNC_ID_ROOT);
  assert_int_equal(f->jobs[0].done_thread, async_env_thread());
}

static void the_worker_has_ids_and_a_thread_of_its_own(void **state) {
  fixture_t *f = *state;
  assert_int_equal(submit(f, 0), 0);
  assert_int_equal(submit(f, 1), 0);
  run_loop(f);
  assert_int_not_equal(f->jobs[0].work_thread, async_env_thread());
  assert_int_not_equal(f->jobs[0].work_thread, ASYNC_THREAD_NONE);
  assert_int_equal(f->jobs[0].work_async_id, ASYNC_ID_ROOT + 1);
  assert_int_equal(f->jobs[1].work_async_id, ASYNC_ID_ROOT + 2);
}

static void the_trigger_inside_the_work_is_none(void **state) {
  fixture_t *f = *state;
  assert_int_equal(submit_with(f, 0, "a"), 0);
  run_loop(f);
  assert_int_equal(f->jobs[0].works, 1);
  assert_int_equal(f->jobs[0].work_trigger_async_id, ASYNC_ID_NONE);
}

static void the_origin_inside_the_work_names_the_task(void **state) {
  fixture_t *f = *state;
  assert_int_equal(submit(f, 0), 0);
  async_id_t async_id = async_resource_async_id(&f->jobs[0].task.resource);
  run_loop(f);
  assert_int_equal(f->jobs[0].work_origin.thread, async_env_thread());
  assert_int_equal(f->jobs[0].work_origin.async_id, async_id);
}

static int see_store(void *arg) {
  job_t *job = arg;
  job->work_store = async_local_storage_get_store(&job->fixture->als);
  return 0;
}

static int work_in_own_resource(worker_task_t *task) {
  job_t *job = (job_t *)task;
  async_resource_t resource = {0};
  int status = async_resource_init(&resource, "POOL_TEST", NULL);
  if (status == 0)
    status = async_resource_run_in_async_scope(&resource, see_store, job);
  job->work_trigger_async_id = async_resource_trigger_async_id(&resource);
  job->work_async_id = async_hooks_execution_async_id();
  async_resource_finish(&resource);
  return status;
}

static int submit_own_resource(void *arg) {
  return submit_work(arg, 0, work_in_own_resource);
}

static void a_resource_made_inside_the_work_inherits_frame_and_trigger(
    void **state) {
  fixture_t *f = *state;
  assert_int_equal(
      async_local_storage_run(&f->als, (void *)"a", submit_own_resource, f), 0);
  run_loop(f);
  assert_int_equal(f->jobs[0].status, 0);
  assert_string_equal(f->jobs[0].work_store, "a");
  assert_int_equal(f->jobs[0].work_trigger_async_id, f->jobs[0].work_async_id);
}

static void on_tick(void *arg) {
  job_t *job = arg;
  job->work_store = async_local_storage_get_store(&job->fixture->als);
}

static int work_that_queues_a_tick(worker_task_t *task) {
  return async_next_tick(on_tick, task);
}

static void seen_at_done(worker_task_t *task, int status) {
  job_done(task, status);
  ((job_t *)task)->done_store = ((job_t *)task)->work_store;
}

static int submit_tick_work_seen(void *arg) {
  fixture_t *f = arg;
  return worker_pool_submit(f->pool, &f->jobs[0].task, work_that_queues_a_tick,
                            seen_at_done);
}

static void a_tick_of_the_work_runs_in_its_frame_before_done(void **state) {
  fixture_t *f = *state;
  assert_int_equal(
      async_local_storage_run(&f->als, (void *)"a", submit_tick_work_seen, f),
      0);
  run_loop(f);
  assert_int_equal(f->jobs[0].status, 0);
  assert_non_null(f->jobs[0].done_store);
  assert_string_equal(f->jobs[0].done_store, "a");
}

static int work_that_enters(worker_task_t *task) {
  job_t *job = (job_t *)task;
  return async_local_storage_enter_with(&job->fixture->als, (void *)"worker's");
}

static void what_the_work_enters_reaches_neither_done_nor_the_next(
    void **state) {
  fixture_t *f = *state;
  assert_int_equal(submit_work(f, 0, work_that_enters), 0);
  assert_int_equal(submit(f, 1), 0);
  run_loop(f);
  assert_int_equal(f->jobs[0].status, 0);
  assert_null(f->jobs[0].done_store);
  assert_int_equal(f->jobs[1].works, 1);
  assert_null(f->jobs[1].work_store);
}

/* Of all environments that go on, the names of the workers. */
static int count_workers(const char *name) {
  int found = 0;
  async_env_info_t info;
  for (async_env_t *env = async_inspect_next(NULL); env != NULL;
       env = async_inspect_next(env)) {
    async_inspect_env(env, &info);
    found += info.kind == ASYNC_ENV_WORKER && strcmp(info.name, name) == 0;
  }
  return found;
}

static void workers_are_numbered_after_the_pool(void **state) {
  (void)state;
  assert_int_equal(count_workers("pool-0"), 1);
  assert_int_equal(count_workers("pool-3"), 1);
  assert_int_equal(count_workers("pool-4"), 0);
}

static void a_long_name_is_cut_before_the_number(void **state) {
  fixture_t *f = *state;
  worker_pool_options_t options = {.threads = 11,
                                   .name = "a-name-much-too-long"};
  worker_pool_t *pool;
  assert_int_equal(worker_pool_create(&options, &pool), 0);
  assert_int_equal(count_workers("a-name-much-t-9"), 1);
  assert_int_equal(count_workers("a-name-much--10"), 1);
  assert_int_equal(worker_pool_close(pool, false, NULL, NULL), 0);
  run_loop(f);
}

/* A resource that outlives its task, on the worker: the next task ends it. */
typedef struct kept_s {
  async_resource_t resource;
  int retained, released, released_when_done;
  uint32_t released_on;
} kept_t;

static void kept_retain(void *store) {
  ((kept_t *)store)->retained++;
}

static void kept_release(void *store) {
  kept_t *kept = store;
  kept->released++;
  kept->released_on = async_env_thread();
}

static int work_that_keeps(worker_task_t *task) {
  kept_t *kept = task->data;
  return async_resource_init(&kept->resource, "POOL_TEST", NULL);
}

static int work_that_lets_go(worker_task_t *task) {
  kept_t *kept = task->data;
  async_resource_finish(&kept->resource);
  return 0;
}

static int submit_keeping(void *arg) {
  return submit_work(arg, 0, work_that_keeps);
}

static void count_stores(fixture_t *f) {
  async_local_storage_options_t options = {.retain = kept_retain,
                                           .release = kept_release};
  async_local_storage_finish(&f->als);
  assert_int_equal(async_local_storage_init(&f->als, &options), 0);
}

static void a_store_last_dropped_on_a_worker_is_released_at_home_once(
    void **state) {
  fixture_t *f = *state;
  kept_t kept = {0};
  count_stores(f);
  f->jobs[0].task.data = f->jobs[1].task.data = &kept;
  assert_int_equal(async_local_storage_run(&f->als, &kept, submit_keeping, f),
                   0);
  run_loop(f);
  assert_int_equal(kept.released, 0);
  assert_int_equal(submit_work(f, 1, work_that_lets_go), 0);
  run_loop(f);
  async_env_flush();
  assert_int_equal(kept.retained, 1);
  assert_int_equal(kept.released, 1);
  assert_int_equal(kept.released_on, async_env_thread());
}

static int submit_three(void *arg) {
  fixture_t *f = arg;
  int status = submit(f, 0);
  if (status == 0)
    status = submit(f, 1);
  return status == 0 ? submit(f, 2) : status;
}

static void note_released(worker_task_t *task, int status) {
  job_done(task, status);
  kept_t *kept = ((job_t *)task)->done_store;
  kept->released_when_done = kept->released;
}

static int submit_noting(void *arg) {
  fixture_t *f = arg;
  int status = submit_three(f);
  return status == 0 ? worker_pool_submit(f->pool, &f->jobs[3].task, job_work,
                                          note_released)
                     : status;
}

static void a_store_is_released_after_the_last_task_that_holds_it(
    void **state) {
  fixture_t *f = *state;
  kept_t kept = {.released_when_done = -1};
  count_stores(f);
  assert_int_equal(async_local_storage_run(&f->als, &kept, submit_noting, f),
                   0);
  run_loop(f);
  async_env_flush();
  assert_int_equal(kept.released_when_done, 0);
  assert_int_equal(kept.retained, 1);
  assert_int_equal(kept.released, 1);
}

static void submit_another(worker_task_t *task, int status) {
  fixture_t *f = ((job_t *)task)->fixture;
  job_done(task, status);
  worker_pool_submit(f->pool, &f->jobs[3].task, job_work, note_released);
}

static int submit_inner(void *arg) {
  fixture_t *f = arg;
  return worker_pool_submit(f->pool, &f->jobs[1].task, job_work,
                            submit_another);
}

/* Around a task of another frame two of one. */
static int submit_outer(void *arg) {
  fixture_t *f = arg;
  int status = submit(f, 0);
  if (status == 0)
    status =
        async_local_storage_run(&f->als, f->jobs[1].task.data, submit_inner, f);
  return status == 0 ? submit(f, 2) : status;
}

static void each_frame_is_held_by_its_own_tasks(void **state) {
  fixture_t *f = *state;
  kept_t outer = {.released = 0}, inner = {.released_when_done = -1};
  count_stores(f);
  f->jobs[1].task.data = &inner;
  assert_int_equal(async_local_storage_run(&f->als, &outer, submit_outer, f),
                   0);
  run_loop(f);
  async_env_flush();
  assert_ptr_equal(f->jobs[0].done_store, &outer);
  assert_ptr_equal(f->jobs[1].done_store, &inner);
  assert_ptr_equal(f->jobs[2].done_store, &outer);
  assert_int_equal(inner.released_when_done, 0);
  assert_int_equal(inner.released, 1);
  assert_int_equal(outer.released, 1);
}

static void count_loss(const async_context_loss_t *loss, void *data) {
  (void)loss;
  ++*(int *)data;
}

static int make_asker(void *asker) {
  return async_resource_init(asker, "ASKER", NULL);
}

static int forget_and_submit(void *f) {
  async_context_frame_t *before = async_context_frame_swap(NULL);
  int error = submit(f, 0);
  async_context_frame_release(async_context_frame_swap(before));
  return error;
}

static void a_task_without_its_submitters_store_has_lost_it(void **state) {
  fixture_t *f = *state;
  async_resource_t asker;
  int losses = 0;
  async_context_loss_detect(true);
  async_context_loss_set_handler(count_loss, &losses);
  int error = async_local_storage_run(&f->als, (void *)"a", make_asker, &asker);
  if (error == 0)
    error = async_resource_run_in_async_scope(&asker, forget_and_submit, f);
  run_loop(f);
  async_context_loss_detect(false);
  async_resource_finish(&asker);
  assert_int_equal(error, 0);
  assert_int_equal(losses, 1);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_pool(the_work_sees_its_submitters_store),
      cmocka_unit_test_pool(done_runs_in_its_submitters_context),
      cmocka_unit_test_pool(the_worker_has_ids_and_a_thread_of_its_own),
      cmocka_unit_test_pool(the_trigger_inside_the_work_is_none),
      cmocka_unit_test_pool(the_origin_inside_the_work_names_the_task),
      cmocka_unit_test_pool(
          a_resource_made_inside_the_work_inherits_frame_and_trigger),
      cmocka_unit_test_pool(a_tick_of_the_work_runs_in_its_frame_before_done),
      cmocka_unit_test_pool(
          what_the_work_enters_reaches_neither_done_nor_the_next),
      cmocka_unit_test_pool_of_four(workers_are_numbered_after_the_pool),
      cmocka_unit_test_pool(a_long_name_is_cut_before_the_number),
      cmocka_unit_test_pool(
          a_store_last_dropped_on_a_worker_is_released_at_home_once),
      cmocka_unit_test_pool(
          a_store_is_released_after_the_last_task_that_holds_it),
      cmocka_unit_test_pool(each_frame_is_held_by_its_own_tasks),
      cmocka_unit_test_pool(a_task_without_its_submitters_store_has_lost_it),
  };
  return test_main(tests, argc, argv);
}
