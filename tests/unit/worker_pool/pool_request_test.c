/* What a request is charged for the tasks submitted in its context. */
#include "asyncscope/async_request.h"
#include "pool_fixture.h"

#include <string.h>

static async_request_t *account_of(const void *store) {
  return (async_request_t *)store;
}

static async_request_info_t info_of(uint64_t number) {
  async_request_info_t info = {0};
  async_env_t *env = NULL;
  bool found = false;
  while (!found && (env = async_inspect_next(env)) != NULL) {
    uint32_t cursor = 0;
    while (!found && async_inspect_requests(env, ~0u, &cursor, &info, 1) == 1)
      found = info.number == number;
  }
  async_inspect_release(env);
  assert_true(found);
  return info;
}

/* Waits, is held, works: all of it in the request. */
static void run_in_request(fixture_t *f, async_request_t *request) {
  async_local_storage_options_t options = {.account = account_of};
  async_local_storage_t storage;
  assert_int_equal(async_local_storage_init(&storage, &options), 0);
  assert_int_equal(async_local_storage_enter_with(&storage, request), 0);
  assert_ptr_equal(async_request_current(), request);
  hold_worker(f);
  assert_int_equal(submit(f, 0), 0);
  release_worker(f);
  async_context_frame_release(async_context_frame_exchange(NULL));
  run_loop(f);
  async_local_storage_finish(&storage);
}

static void tasks_are_charged_to_the_request_that_submitted_them(void **state) {
  fixture_t *f = *state;
  async_request_options_t options = {.number = 1};
  async_request_t *request;
  assert_int_equal(async_request_begin(&options, &request), 0);
  run_in_request(f, request);
  worker_pool_info_t pool = pool_info(f);
  async_request_info_t info = info_of(1);
  assert_int_equal(pool.completed, 2);
  assert_int_equal(info.queued_ns, pool.waited_ns);
  assert_int_equal(info.worker_ns, pool.worked_ns);
  assert_true(info.loop_ns > 0);
  assert_int_equal(info.resources, 4);
  assert_int_equal(info.type_count, 1);
  assert_string_equal(info.types[0].type, "WORK");
  assert_int_equal(async_request_end(request, 0), 0);
  assert_int_equal(info_of(1).which, ASYNC_REQUESTS_FINISHED);
}

static uint64_t read_until(uint64_t (*read)(void)) {
  uint64_t told_ns = 0;
  while (told_ns < 1000000) {
    uint64_t ns = read();
    assert_true(ns >= told_ns);
    told_ns = ns;
  }
  return told_ns;
}

static uint64_t queued_ns(void) {
  return info_of(1).queued_ns;
}

static uint64_t worker_ns(void) {
  return info_of(1).worker_ns;
}

/* What waits is told in microseconds. */
static void pass_a_while(void) {
  uint64_t end_ns = uv_hrtime() + 100000;
  while (uv_hrtime() < end_ns) {
  }
}

/* One task works and two wait: nothing of them has ended. */
static void what_works_and_waits_is_charged_meanwhile(void **state) {
  fixture_t *f = *state;
  async_request_options_t options = {.number = 1};
  async_local_storage_options_t carries = {.account = account_of};
  async_local_storage_t storage;
  async_request_t *request;
  assert_int_equal(async_request_begin(&options, &request), 0);
  assert_int_equal(async_local_storage_init(&storage, &carries), 0);
  assert_int_equal(async_local_storage_enter_with(&storage, request), 0);
  hold_worker(f);
  read_until(worker_ns);
  uint64_t before_ns = queued_ns();
  assert_int_equal(queued_ns(), before_ns);
  assert_int_equal(submit(f, 0), 0);
  assert_int_equal(submit(f, 1), 0);
  uint64_t told_ns = read_until(queued_ns);
  assert_int_equal(worker_pool_cancel(f->pool, &f->jobs[1].task), 0);
  assert_true(queued_ns() >= told_ns);
  release_worker(f);
  async_context_frame_release(async_context_frame_exchange(NULL));
  run_loop(f);
  told_ns = queued_ns();
  assert_true(told_ns >= pool_info(f).waited_ns);
  pass_a_while();
  assert_int_equal(queued_ns(), told_ns);
  assert_int_equal(worker_ns(), pool_info(f).worked_ns);
  async_local_storage_finish(&storage);
  assert_int_equal(async_request_end(request, 0), 0);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_pool(
          tasks_are_charged_to_the_request_that_submitted_them),
      cmocka_unit_test_pool(what_works_and_waits_is_charged_meanwhile),
  };
  return test_main(tests, argc, argv);
}
