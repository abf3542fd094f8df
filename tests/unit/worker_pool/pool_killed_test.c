/* A worker killed in the middle of 10,000 queued tasks, and what happens when
 * it cannot be replaced. Linked so that the pool's calls of uv_thread_create()
 * come here first. */
#include "pool_fixture.h"

#include <limits.h>
#include <stdatomic.h>
#include <stdlib.h>

#define TASKS   10000
#define KILLER  5000
#define THREADS 4

int __real_uv_thread_create(uv_thread_t *thread, uv_thread_cb entry, void *arg);
int __wrap_uv_thread_create(uv_thread_t *thread, uv_thread_cb entry, void *arg);

static atomic_bool no_threads;

int __wrap_uv_thread_create(uv_thread_t *thread, uv_thread_cb entry,
                            void *arg) {
  return atomic_load(&no_threads) ? UV_EAGAIN
                                  : __real_uv_thread_create(thread, entry, arg);
}

typedef struct unit_s {
  worker_task_t task;
  struct crowd_s *crowd;
  int number, dones, status;
  bool kept_store;
  uint32_t thread;
  async_id_t async_id;
} unit_t;

typedef struct crowd_s {
  fixture_t *f;
  worker_pool_t *pool;
  uv_sem_t held, hold;
  unit_t *units;
  unit_t last[THREADS];
} crowd_t;

static void note(unit_t *unit) {
  unit->thread = async_env_thread();
  unit->async_id = async_hooks_execution_async_id();
}

static int unit_work(worker_task_t *task) {
  unit_t *unit = (unit_t *)task;
  note(unit);
  unit->kept_store =
      async_local_storage_get_store(&unit->crowd->f->als) == unit;
  if (unit->number == KILLER)
    worker_task_abort("killed");
  return 0;
}

static int hold_unit(worker_task_t *task) {
  unit_t *unit = (unit_t *)task;
  note(unit);
  uv_sem_post(&unit->crowd->held);
  uv_sem_wait(&unit->crowd->hold);
  return 0;
}

static void unit_done(worker_task_t *task, int status) {
  unit_t *unit = (unit_t *)task;
  unit->dones++;
  unit->status = status;
  unit->kept_store = unit->kept_store && async_local_storage_get_store(
                                             &unit->crowd->f->als) == unit;
}

static int submit_unit(void *arg) {
  unit_t *unit = arg;
  return worker_pool_submit(unit->crowd->pool, &unit->task, unit_work,
                            unit_done);
}

/* Every worker is inside a task when this returns. */
static int hold_all(crowd_t *crowd, unit_t *units) {
  int error = 0;
  for (int i = 0; error == 0 && i < THREADS; i++) {
    units[i].crowd = crowd;
    error =
        worker_pool_submit(crowd->pool, &units[i].task, hold_unit, unit_done);
  }
  for (int i = 0; error == 0 && i < THREADS; i++)
    uv_sem_wait(&crowd->held);
  return error;
}

static void release_all(crowd_t *crowd) {
  for (int i = 0; i < THREADS; i++)
    uv_sem_post(&crowd->hold);
}

static void open_crowd(crowd_t *crowd, fixture_t *f) {
  worker_pool_options_t options = {.threads = THREADS, .queue_max = TASKS};
  crowd->f = f;
  crowd->units = calloc(TASKS, sizeof(*crowd->units));
  assert_non_null(crowd->units);
  assert_int_equal(uv_sem_init(&crowd->held, 0), 0);
  assert_int_equal(uv_sem_init(&crowd->hold, 0), 0);
  assert_int_equal(worker_pool_create(&options, &crowd->pool), 0);
}

static void close_crowd(crowd_t *crowd) {
  assert_int_equal(worker_pool_close(crowd->pool, true, NULL, NULL), 0);
  run_loop(crowd->f);
  uv_sem_destroy(&crowd->held);
  uv_sem_destroy(&crowd->hold);
  free(crowd->units);
}

/* The least id seen on a thread that is none of the first. */
static async_id_t first_id_of_replacement(const crowd_t *crowd,
                                          const unit_t *first,
                                          uint32_t *ret_thread) {
  async_id_t least = INT64_MAX;
  *ret_thread = ASYNC_THREAD_NONE;
  for (int i = 0; i < TASKS + THREADS; i++) {
    const unit_t *unit = i < TASKS ? &crowd->units[i] : &crowd->last[i - TASKS];
    bool known = false;
    for (int j = 0; j < THREADS; j++)
      known = known || first[j].thread == unit->thread;
    if (known)
      continue;
    if (*ret_thread != ASYNC_THREAD_NONE && *ret_thread != unit->thread)
      return 0;
    *ret_thread = unit->thread;
    least = unit->async_id < least ? unit->async_id : least;
  }
  return least;
}

static void assert_all_but_one(const crowd_t *crowd) {
  int complete = 0, killed = 0, wrong = 0;
  for (int i = 0; i < TASKS; i++) {
    const unit_t *unit = &crowd->units[i];
    complete += unit->status == 0;
    killed += unit->status == UV_EIO;
    wrong += unit->dones != 1 || !unit->kept_store;
  }
  assert_int_equal(complete, TASKS - 1);
  assert_int_equal(killed, 1);
  assert_int_equal(crowd->units[KILLER].status, UV_EIO);
  assert_string_equal(worker_task_error(&crowd->units[KILLER].task), "killed");
  assert_int_equal(wrong, 0);
}

static void assert_nothing_is_left(void) {
  async_env_flush();
  async_env_info_t info = own_env_info();
  async_resource_info_t resource;
  async_env_t *env = async_inspect_next(NULL);
  size_t live = 0, environments = 0;
  for (; env != NULL; env = async_inspect_next(env)) {
    uint32_t cursor = 0;
    environments++;
    while (async_inspect_resources(env, &cursor, &resource, 1) == 1)
      live++;
  }
  assert_int_equal(live, 0);
  assert_int_equal(environments, 2); /* this one, the fixture's worker */
  assert_int_equal(info.resources_created, info.resources_destroyed);
  assert_int_equal(info.frames_created, info.frames_released);
  assert_int_equal(info.stores_created, info.stores_released);
}

static void a_worker_killed_in_the_middle_is_replaced(void **state) {
  crowd_t crowd = {0};
  static unit_t first[THREADS];
  uint32_t replacement;
  worker_pool_info_t info;
  open_crowd(&crowd, *state);
  assert_int_equal(hold_all(&crowd, first), 0);
  for (int i = 0; i < TASKS; i++) {
    crowd.units[i] = (unit_t){.crowd = &crowd, .number = i};
    assert_int_equal(async_local_storage_run(&crowd.f->als, &crowd.units[i],
                                             submit_unit, &crowd.units[i]),
                     0);
  }
  release_all(&crowd);
  run_loop(crowd.f);
  assert_all_but_one(&crowd);
  worker_pool_info(crowd.pool, &info);
  assert_int_equal(info.threads, THREADS);
  assert_int_equal(info.queued_peak, TASKS);
  assert_int_equal(info.completed, TASKS + THREADS);
  assert_int_equal(hold_all(&crowd, crowd.last), 0); /* four at once */
  release_all(&crowd);
  run_loop(crowd.f);
  assert_int_equal(first_id_of_replacement(&crowd, first, &replacement),
                   ASYNC_ID_ROOT + 1);
  assert_int_not_equal(replacement, ASYNC_THREAD_NONE);
  close_crowd(&crowd);
  assert_nothing_is_left();
}

static int abort_work(worker_task_t *task) {
  (void)task;
  worker_task_abort("killed");
}

/* The pool has one worker; what waits behind the task that kills it is told
 * that there is nobody, and the next submit makes another. */
static void without_any_thread_what_waits_goes_home(void **state) {
  fixture_t *f = *state;
  hold_worker(f);
  assert_int_equal(submit_work(f, 0, abort_work), 0);
  assert_int_equal(submit(f, 1), 0);
  atomic_store(&no_threads, true);
  release_worker(f);
  run_loop(f);
  assert_int_equal(f->jobs[0].status, UV_EIO);
  assert_int_equal(f->jobs[1].status, UV_EAGAIN);
  assert_int_equal(f->jobs[1].works, 0);
  assert_int_equal(pool_info(f).threads, 0);
  assert_int_equal(submit(f, 2), 0);
  run_loop(f);
  assert_int_equal(f->jobs[2].status, UV_EAGAIN);
  atomic_store(&no_threads, false);
  assert_int_equal(submit(f, 3), 0);
  run_loop(f);
  assert_int_equal(f->jobs[3].works, 1);
  assert_int_equal(pool_info(f).threads, 1);
}

static void a_pool_without_threads_closes(void **state) {
  fixture_t *f = *state;
  atomic_store(&no_threads, true);
  assert_int_equal(submit_work(f, 0, abort_work), 0);
  run_loop(f);
  assert_int_equal(f->jobs[0].status, UV_EIO);
  assert_int_equal(pool_info(f).threads, 0);
  assert_int_equal(close_pool(f, true), 0);
  run_loop(f);
  assert_int_equal(f->closed, 1);
  atomic_store(&no_threads, false);
}

typedef struct told_s {
  atomic_int status;
} told_t;

static void on_error(worker_pool_t *pool, int status, const char *message,
                     void *arg) {
  told_t *told = arg;
  (void)pool, (void)message;
  atomic_store(&told->status, status);
}

static void a_thread_that_cannot_be_replaced_is_the_pools_error(void **state) {
  fixture_t *f = *state;
  told_t told = {0};
  worker_pool_options_t options = {
      .threads = 2, .on_error = on_error, .on_error_arg = &told};
  assert_int_equal(close_pool(f, true), 0);
  assert_int_equal(worker_pool_create(&options, &f->pool), 0);
  atomic_store(&no_threads, true);
  assert_int_equal(submit_work(f, 0, abort_work), 0);
  run_loop(f);
  atomic_store(&no_threads, false);
  assert_int_equal(atomic_load(&told.status), UV_EAGAIN);
  assert_int_equal(pool_info(f).threads, 1);
  assert_int_equal(close_pool(f, true), 0);
  run_loop(f);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_pool(a_worker_killed_in_the_middle_is_replaced),
      cmocka_unit_test_pool(without_any_thread_what_waits_goes_home),
      cmocka_unit_test_pool(a_pool_without_threads_closes),
      cmocka_unit_test_pool(
          a_thread_that_cannot_be_replaced_is_the_pools_error),
  };
  return test_main(tests, argc, argv);
}
