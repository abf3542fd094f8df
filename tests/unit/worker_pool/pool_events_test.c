/* What the hooks see of tasks, on the loop and on the worker. */
#include "pool_fixture.h"
#include "recorder.h"

#include <stdlib.h>

static void assert_events(const recorder_t *recorder, const char *expected) {
  char *text = recorder_text(recorder, "WORK");
  assert_non_null(text);
  assert_string_equal(text, expected);
  free(text);
}

static void a_task_is_init_before_after_destroy_once_each(void **state) {
  fixture_t *f = *state;
  recorder_t recorder = {0};
  assert_int_equal(recorder_start(&recorder), 0);
  assert_int_equal(submit(f, 0), 0);
  run_loop(f);
  recorder_stop(&recorder);
  assert_int_equal(f->jobs[0].dones, 1);
  assert_events(&recorder, "init WORK, before WORK, after WORK, destroy WORK");
  recorder_finish(&recorder);
}

static void a_cancelled_task_has_the_same_events(void **state) {
  fixture_t *f = *state;
  recorder_t recorder = {0};
  hold_worker(f);
  assert_int_equal(recorder_start(&recorder), 0);
  assert_int_equal(submit(f, 0), 0);
  assert_int_equal(worker_pool_cancel(f->pool, &f->jobs[0].task), 0);
  async_id_t async_id = async_resource_async_id(&f->jobs[0].task.resource);
  release_worker(f);
  run_loop(f);
  recorder_stop(&recorder);
  assert_true(recorder_has_counts(&recorder, async_id, 1, 1, 1, 1));
  recorder_finish(&recorder);
}

static void done_runs_between_before_and_after_of_its_task(void **state) {
  fixture_t *f = *state;
  recorder_t recorder = {0};
  assert_int_equal(recorder_start(&recorder), 0);
  assert_int_equal(submit(f, 0), 0);
  run_loop(f);
  recorder_stop(&recorder);
  const recorded_event_t *before =
      recorder_find(&recorder, RECORDED_BEFORE, "WORK", 0);
  assert_non_null(before);
  assert_int_equal(before->execution_async_id, f->jobs[0].done_async_id);
  assert_ptr_equal(before->resource, &f->jobs[0].task.resource);
  recorder_finish(&recorder);
}

static void a_refused_submit_fires_nothing(void **state) {
  fixture_t *f = *state;
  recorder_t recorder = {0};
  hold_worker(f);
  for (int i = 0; i < 8; i++)
    assert_int_equal(submit(f, i), 0);
  assert_int_equal(recorder_start(&recorder), 0);
  assert_int_equal(submit(f, 8), UV_EAGAIN);
  assert_int_equal(submit_work(f, 9, NULL), UV_EINVAL);
  recorder_stop(&recorder);
  assert_int_equal(recorder.count, 0);
  recorder_finish(&recorder);
  release_worker(f);
  run_loop(f);
  assert_int_equal(f->jobs[7].dones, 1);
  assert_int_equal(f->jobs[8].dones, 0);
}

typedef struct resubmit_s {
  fixture_t *f;
  int inits, inner;
} resubmit_t;

static void on_init(async_id_t async_id, const char *type,
                    async_id_t trigger_async_id, async_resource_t *resource,
                    void *data) {
  (void)async_id, (void)type, (void)trigger_async_id, (void)resource;
  resubmit_t *resubmit = data;
  if (++resubmit->inits == 1)
    resubmit->inner = submit(resubmit->f, 1);
}

static void an_init_hook_may_submit_too(void **state) {
  fixture_t *f = *state;
  resubmit_t resubmit = {.f = f, .inner = -1};
  async_hook_callbacks_t callbacks = {.init = on_init};
  async_hook_t hook;
  async_hook_init(&hook, &callbacks, &resubmit);
  assert_int_equal(async_hook_enable(&hook), 0);
  assert_int_equal(submit(f, 0), 0);
  async_hook_disable(&hook);
  assert_int_equal(resubmit.inits, 2);
  assert_int_equal(resubmit.inner, 0);
  run_loop(f);
  assert_int_equal(f->jobs[0].dones, 1);
  assert_int_equal(f->jobs[1].dones, 1);
}

/* A hook belongs to the thread that enables it: here to the worker. */
static int start_recording(worker_task_t *task) {
  return recorder_start(task->data);
}

static int stop_recording(worker_task_t *task) {
  recorder_stop(task->data);
  return 0;
}

static void a_task_has_the_same_events_on_its_worker(void **state) {
  fixture_t *f = *state;
  recorder_t recorder = {0};
  f->jobs[0].task.data = f->jobs[2].task.data = &recorder;
  assert_int_equal(submit_work(f, 0, start_recording), 0);
  assert_int_equal(submit(f, 1), 0);
  assert_int_equal(submit_work(f, 2, stop_recording), 0);
  run_loop(f);
  async_id_t async_id = f->jobs[1].work_async_id;
  assert_true(recorder_has_counts(&recorder, async_id, 1, 1, 1, 1));
  const recorded_event_t *init =
      recorder_find(&recorder, RECORDED_INIT, "WORK", 0);
  assert_non_null(init);
  assert_int_equal(init->async_id, async_id);
  assert_int_equal(init->trigger_async_id, ASYNC_ID_NONE);
  recorder_finish(&recorder);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_pool(a_task_is_init_before_after_destroy_once_each),
      cmocka_unit_test_pool(a_cancelled_task_has_the_same_events),
      cmocka_unit_test_pool(done_runs_between_before_and_after_of_its_task),
      cmocka_unit_test_pool(a_refused_submit_fires_nothing),
      cmocka_unit_test_pool(an_init_hook_may_submit_too),
      cmocka_unit_test_pool(a_task_has_the_same_events_on_its_worker),
  };
  return test_main(tests, argc, argv);
}
