/* Creating, and what happens without threads or memory. The program is linked
 * so that the pool's calls of uv_thread_create() and _join() come here first;
 * the allocator is the test's own from the first instruction of main() on. */
#include "asyncscope/async_allocator.h"
#include "asyncscope/async_recorder.h"
#include "pool_fixture.h"

#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

int __real_uv_thread_create(uv_thread_t *thread, uv_thread_cb entry, void *arg);
int __real_uv_thread_join(uv_thread_t *thread);
int __wrap_uv_thread_create(uv_thread_t *thread, uv_thread_cb entry, void *arg);
int __wrap_uv_thread_join(uv_thread_t *thread);

static int threads_allowed = INT_MAX, threads_made;
static void (*at_refusal)(void);  /* called, once, instead of making one */
static atomic_int threads_joined; /* a thread that leaves joins another */

int __wrap_uv_thread_create(uv_thread_t *thread, uv_thread_cb entry,
                            void *arg) {
  if (threads_made == threads_allowed) {
    void (*call)(void) = at_refusal;
    at_refusal = NULL;
    if (call != NULL)
      call();
    return UV_EAGAIN;
  }
  int status = __real_uv_thread_create(thread, entry, arg);
  threads_made += status == 0;
  return status;
}

int __wrap_uv_thread_join(uv_thread_t *thread) {
  threads_joined++;
  return __real_uv_thread_join(thread);
}

enum { NOBODY, EVERYBODY, WORKERS };
static _Atomic int starving = NOBODY;
static _Atomic long blocks;
static atomic_long until_failure = LONG_MAX;
static atomic_bool workers_spared; /* theirs are not counted */
static _Thread_local bool is_main;

/* Called, once, from inside the allocation that fails. */
static void (*at_failure)(void);

static bool fails_now(void) {
  if (atomic_load(&workers_spared) && !is_main)
    return false;
  if (atomic_fetch_sub(&until_failure, 1) != 1)
    return false;
  void (*call)(void) = at_failure;
  at_failure = NULL;
  if (call != NULL)
    call();
  return true;
}

static bool may_allocate(void) {
  int who = atomic_load(&starving);
  return !fails_now() && who != EVERYBODY && (who != WORKERS || is_main);
}

static void *count(void *memory) {
  if (memory != NULL)
    atomic_fetch_add(&blocks, 1);
  return memory;
}

static void *own_malloc(size_t size_bytes) {
  return may_allocate() ? count(malloc(size_bytes)) : NULL;
}

static void *own_calloc(size_t number, size_t size_bytes) {
  return may_allocate() ? count(calloc(number, size_bytes)) : NULL;
}

static void *own_realloc(void *memory, size_t size_bytes) {
  if (!may_allocate())
    return NULL;
  void *moved = realloc(memory, size_bytes);
  return memory == NULL ? count(moved) : moved;
}

static void own_free(void *memory) {
  if (memory != NULL)
    atomic_fetch_sub(&blocks, 1);
  free(memory);
}

static void by_default_there_are_four_workers(void **state) {
  fixture_t *f = *state;
  worker_pool_t *pool = NULL;
  worker_pool_info_t info;
  assert_int_equal(worker_pool_create(NULL, &pool), 0);
  worker_pool_info(pool, &info);
  assert_int_equal(info.threads, 4);
  assert_int_equal(worker_pool_close(pool, true, NULL, NULL), 0);
  run_loop(f);
}

static void too_many_workers_are_refused(void **state) {
  worker_pool_options_t options = {.threads = WORKER_POOL_THREADS_MAX + 1};
  worker_pool_t *pool = NULL;
  int before = threads_made;
  (void)state;
  assert_int_equal(worker_pool_create(&options, &pool), UV_EINVAL);
  assert_int_equal(worker_pool_create(NULL, NULL), UV_EINVAL);
  assert_null(pool);
  assert_int_equal(threads_made, before);
}

static void threads_are_given_back_when_one_cannot_be_made(void **state) {
  worker_pool_options_t options = {.threads = 8};
  worker_pool_t *pool = NULL;
  long before = atomic_load(&blocks);
  (void)state;
  threads_made = threads_joined = 0;
  threads_allowed = 5;
  int status = worker_pool_create(&options, &pool);
  threads_allowed = INT_MAX;
  assert_int_equal(status, UV_EAGAIN);
  assert_string_equal(async_error_message(), "no thread for the pool");
  assert_null(pool);
  assert_int_equal(threads_made, 5);
  assert_int_equal(threads_joined, 5);
  assert_int_equal(atomic_load(&blocks), before);
}

static int create_status, create_joined;
static long create_left;

static int create_too_many_cancelled(worker_task_t *task) {
  worker_pool_options_t options = {.threads = 8};
  worker_pool_t *pool = NULL;
  long before = atomic_load(&blocks);
  pthread_cancel(pthread_self());
  threads_made = threads_joined = 0;
  threads_allowed = 5;
  create_status = worker_pool_create(&options, &pool);
  threads_allowed = INT_MAX;
  create_joined = threads_joined;
  create_left = atomic_load(&blocks) - before;
  pthread_testcancel();
  return job_work(task);
}

static void threads_are_given_back_on_a_cancelled_thread_too(void **state) {
  fixture_t *f = *state;
  create_status = 0;
  assert_int_equal(submit_work(f, 0, create_too_many_cancelled), 0);
  run_loop(f);
  assert_int_equal(create_status, UV_EAGAIN);
  assert_int_equal(create_joined, 5);
  assert_int_equal(create_left, 0);
  assert_int_equal(f->jobs[0].works, 0);
  assert_int_equal(f->jobs[0].status, UV_EIO);
}

static void a_worker_without_environment_fails_the_whole(void **state) {
  worker_pool_t *pool = NULL;
  long before = atomic_load(&blocks);
  (void)state;
  threads_made = threads_joined = 0;
  atomic_store(&starving, WORKERS);
  int status = worker_pool_create(NULL, &pool);
  atomic_store(&starving, NOBODY);
  assert_int_equal(status, UV_ENOMEM);
  assert_null(pool);
  assert_int_equal(threads_joined, threads_made);
  assert_int_equal(atomic_load(&blocks), before);
}

static void create_fails_cleanly_at_every_allocation(void **state) {
  fixture_t *f = *state;
  worker_pool_options_t options = {.threads = 2};
  worker_pool_t *pool = NULL;
  long before = atomic_load(&blocks);
  int failures = 0, wrong = 0;
  for (long nth = 1; pool == NULL && nth < 1000; nth++) {
    async_error_set(UV_EINVAL, "another call");
    atomic_store(&until_failure, nth);
    int status = worker_pool_create(&options, &pool);
    atomic_store(&until_failure, LONG_MAX);
    failures += status == UV_ENOMEM;
    wrong += status != 0 && atomic_load(&blocks) != before;
    wrong += status != 0 && strncmp(async_error_message(), "no ", 3) != 0;
  }
  assert_non_null(pool);
  assert_true(failures >= 4); /* pool, port, two environments */
  assert_int_equal(wrong, 0);
  assert_int_equal(worker_pool_close(pool, true, NULL, NULL), 0);
  run_loop(f);
}

static void submit_fails_cleanly_at_every_allocation(void **state) {
  fixture_t *f = *state;
  int status = UV_ENOMEM, failures = -1, wrong = 0;
  atomic_store(&workers_spared, true);
  for (long nth = 1; status == UV_ENOMEM; nth++) {
    async_error_set(UV_EINVAL, "another call");
    atomic_store(&until_failure, nth);
    status = submit(f, 0);
    atomic_store(&until_failure, LONG_MAX);
    failures++;
    wrong += status != 0 && strncmp(async_error_message(), "no ", 3) != 0;
  }
  assert_int_equal(wrong, 0);
  assert_int_equal(status, 0);
  assert_true(failures >= 2); /* port, record */
  assert_int_equal(pool_info(f).rejected, failures);
  run_loop(f);
  assert_int_equal(f->jobs[0].works, 1);
  assert_int_equal(f->jobs[0].dones, 1);
}

static void a_pool_that_cannot_grow_keeps_the_size_it_has_reached(
    void **state) {
  fixture_t *f = *state;
  threads_allowed = threads_made + 2;
  int status = worker_pool_resize(f->pool, 5);
  threads_allowed = INT_MAX;
  assert_int_equal(status, UV_EAGAIN);
  assert_int_equal(pool_info(f).threads, 3);
  assert_int_equal(submit(f, 0), 0);
  run_loop(f);
  assert_int_equal(pool_info(f).threads, 3);
}

static fixture_t *to_submit;
static int submit_status;

static void submit_in_refusal(void) {
  submit_status = submit(to_submit, 1);
}

static int die(worker_task_t *task) {
  (void)task;
  worker_task_abort("the last one");
}

/* While threads are being made the submitter makes none itself. */
static void what_waits_for_a_resize_that_fails_goes_home_unrun(void **state) {
  fixture_t *f = to_submit = *state;
  threads_allowed = threads_made;
  assert_int_equal(submit_work(f, 0, die), 0);
  run_loop(f);
  assert_int_equal(pool_info(f).threads, 0);
  at_refusal = submit_in_refusal;
  int status = worker_pool_resize(f->pool, 1);
  threads_allowed = INT_MAX;
  assert_int_equal(status, UV_EAGAIN);
  assert_int_equal(submit_status, 0);
  run_loop(f);
  assert_int_equal(f->jobs[1].works, 0);
  assert_int_equal(f->jobs[1].status, UV_EAGAIN);
}

static void feed_workers(worker_task_t *task, int status) {
  job_done(task, status);
  atomic_store(&starving, NOBODY);
}

static uint64_t times_recorded(const fixture_t *f) {
  worker_times_t times;
  worker_pool_times_total(f->pool, &times);
  return times.waited.count + times.worked.count + times.delayed.count;
}

static void a_task_whose_worker_has_no_memory_goes_home_unrun(void **state) {
  fixture_t *f = *state;
  atomic_store(&starving, WORKERS);
  int status =
      worker_pool_submit(f->pool, &f->jobs[0].task, job_work, feed_workers);
  assert_int_equal(status, 0);
  run_loop(f);
  assert_int_equal(f->jobs[0].works, 0);
  assert_int_equal(f->jobs[0].dones, 1);
  assert_int_equal(f->jobs[0].status, UV_ENOMEM);
  assert_int_equal(times_recorded(f), 0);
  assert_int_equal(submit(f, 1), 0);
  run_loop(f);
  assert_int_equal(f->jobs[1].works, 1);
  assert_int_equal(f->jobs[1].status, 0);
}

static void a_pool_closes_without_any_memory(void **state) {
  fixture_t *f = *state;
  atomic_store(&starving, EVERYBODY);
  int status = close_pool(f, true);
  run_loop(f);
  atomic_store(&starving, NOBODY);
  assert_int_equal(status, 0);
  assert_int_equal(f->closed, 1);
}

static fixture_t *to_close;

static void close_in_allocation(void) {
  close_pool(to_close, true);
}

/* The place it held in the queue was the last thing the workers waited for. */
static void a_submit_that_fails_while_the_pool_closes_holds_no_worker(
    void **state) {
  fixture_t *f = to_close = *state;
  at_failure = close_in_allocation;
  atomic_store(&until_failure, 1);
  int status = submit(f, 0);
  atomic_store(&until_failure, LONG_MAX);
  assert_int_equal(status, UV_ENOMEM);
  run_loop(f);
  assert_int_equal(f->closed, 1);
  assert_int_equal(f->jobs[0].works + f->jobs[0].dones, 0);
}

/* Of the one worker there is. */
static size_t recorder_bytes_of_worker(void) {
  async_recorder_info_t info = {0};
  async_env_info_t worker;
  async_env_t *env = NULL;
  while ((env = async_inspect_next(env)) != NULL) {
    async_inspect_env(env, &worker);
    if (worker.kind == ASYNC_ENV_WORKER && !worker.ended)
      async_inspect_recorder(env, &info);
  }
  return info.capacity_bytes;
}

static size_t recorder_bytes_with(size_t recorder_bytes) {
  worker_pool_options_t options = {.threads = 1,
                                   .recorder_bytes = recorder_bytes};
  uv_loop_t loop;
  worker_pool_t *pool;
  assert_int_equal(uv_loop_init(&loop), 0);
  assert_int_equal(async_env_attach(&loop), 0);
  assert_int_equal(worker_pool_create(&options, &pool), 0);
  size_t bytes = recorder_bytes_of_worker();
  assert_int_equal(worker_pool_close(pool, true, NULL, NULL), 0);
  uv_run(&loop, UV_RUN_DEFAULT);
  assert_int_equal(async_env_detach(), 0);
  assert_int_equal(uv_loop_close(&loop), 0);
  return bytes;
}

static void the_recorder_of_the_workers_has_the_size_asked_for(void **state) {
  (void)state;
  assert_int_equal(recorder_bytes_with(0), ASYNC_RECORDER_BYTES);
  assert_int_equal(recorder_bytes_with(8192), 8192);
  assert_int_equal(recorder_bytes_with(1), 0);
}

static void closing_joins_every_thread(void **state) {
  fixture_t *f = *state;
  assert_int_equal(submit(f, 0), 0);
  assert_int_equal(close_pool(f, true), 0);
  run_loop(f);
  assert_int_equal(f->closed, 1);
  assert_int_equal(threads_made, 4);
  assert_int_equal(threads_joined, 4);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_pool(by_default_there_are_four_workers),
      cmocka_unit_test_pool(too_many_workers_are_refused),
      cmocka_unit_test_pool(threads_are_given_back_when_one_cannot_be_made),
      cmocka_unit_test_pool(threads_are_given_back_on_a_cancelled_thread_too),
      cmocka_unit_test_pool(a_worker_without_environment_fails_the_whole),
      cmocka_unit_test_pool(create_fails_cleanly_at_every_allocation),
      cmocka_unit_test_pool(submit_fails_cleanly_at_every_allocation),
      cmocka_unit_test_pool(
          a_pool_that_cannot_grow_keeps_the_size_it_has_reached),
      cmocka_unit_test_pool(what_waits_for_a_resize_that_fails_goes_home_unrun),
      cmocka_unit_test_pool(a_task_whose_worker_has_no_memory_goes_home_unrun),
      cmocka_unit_test_pool(a_pool_closes_without_any_memory),
      cmocka_unit_test_pool_of_four(
          a_submit_that_fails_while_the_pool_closes_holds_no_worker),
      cmocka_unit_test(the_recorder_of_the_workers_has_the_size_asked_for),
      cmocka_unit_test_pool_of_four(closing_joins_every_thread),
  };
  is_main = true;
  if (async_replace_allocator(own_malloc, own_realloc, own_calloc, own_free) !=
      0)
    return 2;
  return test_main(tests, argc, argv);
}
