/* node:fs/promises: events, contexts, whose the result is, and what becomes of
 * a call that does not come to its end. */
#include "asyncscope/async_file_handle.h"
#include "blocked_pool.h"
#include "counting_allocator.h"
#include "fs_promise_probe.h"

#include <fcntl.h>

static int setup(void **state) {
  return counting_allocator_install() != 0 ? -1 : fs_fixture_setup(state);
}

/* Named so that the build finds the function in it. */
#define cmocka_unit_test_counted(test) \
  cmocka_unit_test_setup_teardown(test, setup, fs_fixture_teardown)

typedef struct outcome_s {
  seen_t seen;
  const context_t *context;
  uint64_t size_bytes;
  int status;
} outcome_t;

static void *note_size(async_promise_t *derived, void *value, void *arg) {
  outcome_t *outcome = arg;
  (void)derived;
  seen_note(&outcome->seen, 0, outcome->context);
  outcome->size_bytes = ((async_uv_fs_t *)value)->statbuf.st_size;
  return value;
}

static void *note_status(async_promise_t *derived, void *reason, void *arg) {
  outcome_t *outcome = arg;
  (void)derived;
  seen_note(&outcome->seen, 0, outcome->context);
  outcome->status = async_promise_reason_status(reason);
  return NULL;
}

static async_promise_t *stat_promise(fs_fixture_t *fixture, const char *path) {
  async_promise_t *promise = NULL;
  assert_int_equal(async_uv_fs_stat_promise(&fixture->uv.loop, path, &promise),
                   0);
  return promise;
}

static async_promise_t *then(async_promise_t *promise, outcome_t *outcome) {
  async_promise_t *derived = NULL;
  assert_int_equal(
      async_promise_then(promise, note_size, note_status, outcome, &derived),
      0);
  return derived;
}

static void the_result_is_there_when_nobody_else_holds_it(void **state) {
  fs_fixture_t *fixture = *state;
  outcome_t outcome = {.status = 0};
  async_promise_t *promise =
      stat_promise(fixture, fs_file(fixture, "f", "abc"));
  async_promise_release(then(promise, &outcome));
  async_promise_release(promise);
  uv_fixture_run(&fixture->uv);
  assert_int_equal(outcome.seen.calls, 1);
  assert_int_equal(outcome.size_bytes, 3);
}

static void a_result_that_a_callback_answers_goes_on(void **state) {
  fs_fixture_t *fixture = *state;
  outcome_t first = {.status = 0}, second = {.status = 0};
  async_promise_t *promise =
      stat_promise(fixture, fs_file(fixture, "f", "abc"));
  async_promise_t *derived = then(promise, &first);
  async_promise_release(promise);
  async_promise_t *last = then(derived, &second);
  async_promise_release(derived);
  uv_fixture_run(&fixture->uv);
  assert_int_equal(second.size_bytes, 3);
  assert_int_equal(
      ((async_uv_fs_t *)async_promise_result(last))->statbuf.st_size, 3);
  async_promise_release(last);
}

static void every_block_is_given_back(void **state) {
  fs_fixture_t *fixture = *state;
  const char *path = fs_file(fixture, "f", "abc");
  outcome_t outcome = {.status = 0};
  long before = 0;
  for (int i = 0; i < 2; i++) {
    before = counting_allocator_live();
    async_promise_t *found = stat_promise(fixture, path);
    async_promise_t *lost = stat_promise(fixture, "/nowhere/f");
    async_promise_release(then(found, &outcome));
    async_promise_release(then(lost, &outcome));
    async_promise_release(found);
    async_promise_release(lost);
    uv_fixture_run(&fixture->uv);
    async_env_flush();
  }
  assert_int_equal(outcome.seen.calls, 4);
  assert_int_equal(counting_allocator_live(), before);
}

static void the_request_has_the_events_of_node(void **state) {
  fs_fixture_t *fixture = *state;
  outcome_t outcome = {.status = 0};
  async_promise_t *promise =
      stat_promise(fixture, fs_file(fixture, "f", "abc"));
  async_promise_release(then(promise, &outcome));
  async_promise_release(promise);
  uv_fixture_run(&fixture->uv);
  assert_counts(&fixture->uv, "FSREQPROMISE", 0, 1, 1, 1, 1);
  const recorder_t *recorder = &fixture->uv.recorder;
  const recorded_event_t *resolve =
      recorder_find(recorder, RECORDED_RESOLVE, "PROMISE", 0);
  assert_int_equal(resolve->execution_async_id,
                   recorder_id(recorder, "FSREQPROMISE", 0));
  assert_true(recorder_position(recorder, RECORDED_INIT, "PROMISE", 0) <
              recorder_position(recorder, RECORDED_INIT, "FSREQPROMISE", 0));
}

static void a_refused_call_rejects_with_its_status(void **state) {
  fs_fixture_t *fixture = *state;
  outcome_t outcome = {.status = 0};
  async_promise_t *promise = stat_promise(fixture, "/nowhere/f");
  async_promise_release(then(promise, &outcome));
  async_promise_release(promise);
  uv_fixture_run(&fixture->uv);
  assert_int_equal(outcome.status, UV_ENOENT);
}

static void the_callback_runs_in_the_context_of_its_then(void **state) {
  fs_fixture_t *fixture = *state;
  context_t context;
  char inside[] = "inside";
  outcome_t outcome = {.context = &context};
  async_promise_t *promise =
      stat_promise(fixture, fs_file(fixture, "f", "abc"));
  context_enter(&context, inside);
  async_promise_release(then(promise, &outcome));
  context_leave(&context);
  async_promise_release(promise);
  uv_fixture_run(&fixture->uv);
  assert_ptr_equal(outcome.seen.store, inside);
}

static void a_call_that_waits_can_be_cancelled(void **state) {
  fs_fixture_t *fixture = *state;
  blocked_pool_t pool;
  outcome_t outcome = {.status = 0};
  blocked_pool_hold(&pool, &fixture->uv.loop);
  async_promise_t *promise =
      stat_promise(fixture, fs_file(fixture, "f", "abc"));
  async_promise_release(then(promise, &outcome));
  assert_int_equal(async_promise_cancel(promise), 0);
  blocked_pool_release(&pool);
  uv_fixture_run(&fixture->uv);
  assert_int_equal(async_promise_cancel(promise), UV_EALREADY);
  async_promise_release(promise);
  assert_int_equal(outcome.status, UV_ECANCELED);
  assert_counts(&fixture->uv, "FSREQPROMISE", 0, 1, 1, 1, 1);
}

static void a_promise_decided_by_others_stays_so(void **state) {
  fs_fixture_t *fixture = *state;
  async_promise_t *promise =
      stat_promise(fixture, fs_file(fixture, "f", "abc"));
  async_promise_resolve(promise, &promise);
  uv_fixture_run(&fixture->uv);
  assert_ptr_equal(async_promise_result(promise), &promise);
  async_promise_release(promise);
}

/* Whatever cannot be had, the answer says so and nothing is left. */
static void without_memory_no_promise_is_made(void **state) {
  fs_fixture_t *fixture = *state;
  const char *path = fs_file(fixture, "f", "abc");
  uv_fixture_run(&fixture->uv);
  bool failed = true;
  int refused = 0;
  for (long nth = 1; failed; nth++) {
    async_promise_t *stat = NULL, *file = NULL;
    counting_allocator_fail_at(nth);
    int error = async_uv_fs_stat_promise(&fixture->uv.loop, path, &stat);
    if (error == 0)
      error =
          async_uv_fs_open_promise(&fixture->uv.loop, path, O_RDONLY, 0, &file);
    failed = counting_allocator_disarm();
    uv_fixture_run(&fixture->uv);
    assert_true(error == 0 || (error == UV_ENOMEM && file == NULL));
    refused += error != 0;
    async_promise_release(stat);
    async_promise_release(file);
  }
  async_env_flush();
  assert_true(refused >= 4);
}

static void stat_elsewhere(void *arg) {
  fs_fixture_t *fixture = arg;
  async_promise_t *promise = NULL;
  if (async_uv_fs_stat_promise(&fixture->uv.loop, "/", &promise) == UV_EINVAL &&
      promise == NULL)
    recorder_mark(&fixture->uv.recorder, "refused");
}

static void another_threads_loop_is_refused(void **state) {
  fs_fixture_t *fixture = *state;
  on_other_environment(stat_elsewhere, fixture);
  assert_events(&fixture->uv, "FSREQPROMISE", "refused");
}

static void the_path_is_shown_in_diagnostics(void **state) {
  fs_fixture_t *fixture = *state;
  async_resource_info_t info;
  async_promise_t *promise = stat_promise(fixture, "/");
  assert_true(
      inspect(recorder_id(&fixture->uv.recorder, "FSREQPROMISE", 0), &info));
  assert_string_equal(info.name, "/");
  uv_fixture_run(&fixture->uv);
  async_promise_release(promise);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_fs(the_result_is_there_when_nobody_else_holds_it),
      cmocka_unit_test_fs(a_result_that_a_callback_answers_goes_on),
      cmocka_unit_test_counted(every_block_is_given_back),
      cmocka_unit_test_fs(the_request_has_the_events_of_node),
      cmocka_unit_test_fs(a_refused_call_rejects_with_its_status),
      cmocka_unit_test_fs(the_callback_runs_in_the_context_of_its_then),
      cmocka_unit_test_fs(a_call_that_waits_can_be_cancelled),
      cmocka_unit_test_fs(a_promise_decided_by_others_stays_so),
      cmocka_unit_test_counted(without_memory_no_promise_is_made),
      cmocka_unit_test_fs(another_threads_loop_is_refused),
      cmocka_unit_test_fs(the_path_is_shown_in_diagnostics),
  };
  return test_main(tests, argc, argv);
}
