#include "asyncscope/async_queue.h"
#include "asyncscope/async_uv_work.h"
#include "blocked_pool.h"
#include "uv_fixture.h"

#include <stdlib.h>
#include <string.h>

typedef struct probe_s {
  async_uv_work_t req;
  const context_t *context;
  /* Written on libuv's thread. */
  unsigned works, ticks;
  void *work_store;
  uint32_t work_thread;
  async_id_t work_async_id, work_trigger_async_id;
  async_ref_t origin;
  async_env_info_t env;
  /* Written on the loop. */
  seen_t seen;
} probe_t;

static void note_env(probe_t *probe) {
  async_env_t *env = async_inspect_next(NULL);
  for (; env != NULL; env = async_inspect_next(env)) {
    async_env_info_t info;
    async_inspect_env(env, &info);
    if (info.thread == async_env_thread())
      probe->env = info;
  }
}

static void work(async_uv_work_t *req) {
  probe_t *probe = req->data;
  probe->works++;
  probe->work_store =
      probe->context == NULL ? NULL : context_store(probe->context);
  probe->work_thread = async_env_thread();
  probe->work_async_id = async_hooks_execution_async_id();
  probe->work_trigger_async_id = async_hooks_trigger_async_id();
  probe->origin = async_resource_origin(async_hooks_execution_async_resource());
  note_env(probe);
}

static void after_work(async_uv_work_t *req, int status) {
  probe_t *probe = req->data;
  seen_note(&probe->seen, status, probe->context);
}

static int queue(uv_fixture_t *fixture, probe_t *probe) {
  probe->req.data = probe;
  return async_uv_queue_work(&fixture->loop, &probe->req, work, after_work);
}

static void a_work_is_one_resource(void **state) {
  uv_fixture_t *fixture = *state;
  probe_t probe = {.works = 0};
  assert_int_equal(queue(fixture, &probe), 0);
  assert_events(fixture, NULL, "init WORK");
  uv_fixture_run(fixture);
  assert_int_equal(probe.works, 1);
  assert_int_equal(probe.seen.calls, 1);
  assert_int_equal(probe.seen.status, 0);
  assert_int_equal(probe.seen.execution_async_id,
                   recorder_id(&fixture->recorder, "WORK", 0));
  assert_events(fixture, NULL,
                "init WORK, before WORK, after WORK, destroy WORK");
}

static void both_callbacks_see_the_context_it_was_queued_in(void **state) {
  uv_fixture_t *fixture = *state;
  static int store;
  context_t context;
  probe_t probe = {.context = &context};
  context_enter(&context, &store);
  assert_int_equal(queue(fixture, &probe), 0);
  context_leave(&context);
  uv_fixture_run(fixture);
  assert_ptr_equal(probe.work_store, &store);
  assert_ptr_equal(probe.seen.store, &store);
}

static void the_work_is_a_resource_of_its_own_thread(void **state) {
  uv_fixture_t *fixture = *state;
  probe_t probe = {.works = 0};
  assert_int_equal(queue(fixture, &probe), 0);
  uv_fixture_run(fixture);
  assert_int_not_equal(probe.work_thread, async_env_thread());
  assert_int_equal(probe.work_async_id, ASYNC_ID_ROOT + 1);
  assert_int_equal(probe.work_trigger_async_id, ASYNC_ID_NONE);
  assert_int_equal(probe.origin.thread, async_env_thread());
  assert_int_equal(probe.origin.async_id,
                   recorder_id(&fixture->recorder, "WORK", 0));
  assert_int_equal(probe.env.kind, ASYNC_ENV_WORKER);
  assert_string_equal(probe.env.name, "uv-0");
}

static void a_thread_keeps_its_environment(void **state) {
  uv_fixture_t *fixture = *state;
  probe_t first = {.works = 0}, second = {.works = 0};
  setenv("UV_THREADPOOL_SIZE", "1", 1);
  assert_int_equal(queue(fixture, &first), 0);
  uv_fixture_run(fixture);
  assert_int_equal(queue(fixture, &second), 0);
  uv_fixture_run(fixture);
  assert_int_equal(first.work_thread, second.work_thread);
  assert_int_equal(second.work_async_id, first.work_async_id + 1);
}

static void count_tick(void *arg) {
  ((probe_t *)arg)->ticks++;
}

static void work_with_tick(async_uv_work_t *req) {
  async_next_tick(count_tick, req->data);
}

static void ticks_of_the_work_run_before_it_is_done(void **state) {
  uv_fixture_t *fixture = *state;
  probe_t probe = {.req = {.data = NULL}};
  probe.req.data = &probe;
  assert_int_equal(async_uv_queue_work(&fixture->loop, &probe.req,
                                       work_with_tick, after_work),
                   0);
  uv_fixture_run(fixture);
  assert_int_equal(probe.ticks, 1);
}

static void a_cancelled_work_is_done_in_its_scope(void **state) {
  uv_fixture_t *fixture = *state;
  blocked_pool_t pool;
  probe_t probe = {.works = 0};
  blocked_pool_hold(&pool, &fixture->loop);
  assert_int_equal(queue(fixture, &probe), 0);
  assert_int_equal(async_uv_work_cancel(&probe.req), 0);
  blocked_pool_release(&pool);
  uv_fixture_run(fixture);
  assert_int_equal(probe.works, 0);
  assert_int_equal(probe.seen.status, UV_ECANCELED);
  assert_counts(fixture, "WORK", 0, 1, 1, 1, 1);
}

static void nobody_need_be_told_of_the_end(void **state) {
  uv_fixture_t *fixture = *state;
  probe_t probe = {.works = 0};
  probe.req.data = &probe;
  assert_int_equal(async_uv_queue_work(&fixture->loop, &probe.req, work, NULL),
                   0);
  uv_fixture_run(fixture);
  assert_int_equal(probe.works, 1);
  assert_counts(fixture, "WORK", 0, 1, 1, 1, 1);
}

static unsigned freed;

static void free_req(async_uv_work_t *req, int status) {
  (void)status;
  free(req);
  freed++;
}

static void do_nothing(async_uv_work_t *req) {
  (void)req;
}

static void the_callback_may_free_the_request(void **state) {
  uv_fixture_t *fixture = *state;
  async_uv_work_t *req = calloc(1, sizeof(*req));
  assert_int_equal(
      async_uv_queue_work(&fixture->loop, req, do_nothing, free_req), 0);
  uv_fixture_run(fixture);
  assert_int_equal(freed, 1);
}

enum { ROUNDS = 40, WORKS = 32 };

static void count_released(void *store) {
  ++*(unsigned *)store;
}

/* While libuv's threads take their hold of the frame, and leave it, so does the
 * loop. */
static void queue_works(uv_fixture_t *fixture, async_uv_work_t *reqs) {
  for (int i = 0; i < WORKS; i++) {
    async_resource_t resource = {.data = NULL};
    assert_int_equal(
        async_uv_queue_work(&fixture->loop, &reqs[i], do_nothing, NULL), 0);
    assert_int_equal(async_resource_init(&resource, "ELSE", NULL), 0);
    async_resource_finish(&resource);
  }
}

static void the_last_of_the_works_releases_the_store(void **state) {
  uv_fixture_t *fixture = *state;
  static async_uv_work_t reqs[WORKS];
  unsigned released = 0;
  async_context_key_t key;
  const async_context_value_t value = {.store = &released,
                                       .release = count_released};
  assert_int_equal(async_context_key_create("test", &key), 0);
  for (unsigned round = 1; round <= ROUNDS; round++) {
    async_context_entered_t entered;
    assert_int_equal(async_context_enter(&key, &value, &entered), 0);
    queue_works(fixture, reqs);
    assert_true(async_context_leave(&entered));
    uv_fixture_run(fixture);
    assert_int_equal(released, round);
  }
  async_context_key_destroy(&key);
}

static void without_work_nothing_is_made(void **state) {
  uv_fixture_t *fixture = *state;
  async_uv_work_t req;
  memset(&req, 0, sizeof(req));
  assert_int_equal(async_uv_queue_work(&fixture->loop, &req, NULL, after_work),
                   UV_EINVAL);
  assert_events(fixture, NULL, "");
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_uv(a_work_is_one_resource),
      cmocka_unit_test_uv(both_callbacks_see_the_context_it_was_queued_in),
      cmocka_unit_test_uv(the_work_is_a_resource_of_its_own_thread),
      cmocka_unit_test_uv(a_thread_keeps_its_environment),
      cmocka_unit_test_uv(ticks_of_the_work_run_before_it_is_done),
      cmocka_unit_test_uv(a_cancelled_work_is_done_in_its_scope),
      cmocka_unit_test_uv(nobody_need_be_told_of_the_end),
      cmocka_unit_test_uv(the_callback_may_free_the_request),
      cmocka_unit_test_uv(the_last_of_the_works_releases_the_store),
      cmocka_unit_test_uv(without_work_nothing_is_made),
  };
  return test_main(tests, argc, argv);
}
