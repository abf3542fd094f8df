/* From what a thread publishes to spans: looked at from outside of it. */
#include "otlp_collect.h"
#include "otlp_fixture.h"

#include <string.h>
#include <uv.h>

typedef struct scene_s {
  actor_t actor, worker;
  otlp_queue_t queue;
  otlp_collect_t collect;
} scene_t;

static int setup(void **state) {
  static scene_t scene;
  *state = &scene;
  memset(&scene, 0, sizeof(scene));
  actor_start(&scene.actor, ASYNC_ENV_LOOP);
  actor_start(&scene.worker, ASYNC_ENV_WORKER);
  assert_int_equal(otlp_queue_init(&scene.queue, 1024), 0);
  otlp_collect_init(&scene.collect, &scene.queue);
  return 0;
}

static int teardown(void **state) {
  scene_t *scene = *state;
  otlp_collect_finish(&scene->collect);
  otlp_queue_finish(&scene->queue);
  actor_stop(&scene->actor);
  actor_stop(&scene->worker);
  return 0;
}

static const otlp_span_t *span_at(const scene_t *scene, size_t index) {
  assert_true(index < scene->queue.count);
  return otlp_queue_at(&scene->queue, index);
}

static void do_and_look(scene_t *scene, deed_t *deed) {
  actor_do(&scene->actor, deed_do, deed);
  otlp_collect_look(&scene->collect);
}

static void a_finished_request_is_a_span_once(void **state) {
  scene_t *scene = *state;
  deed_t deed = {.number = 7, .flags = 1, .status = 204};
  do_and_look(scene, &deed);
  otlp_collect_look(&scene->collect);
  assert_int_equal(scene->queue.count, 1);
  const otlp_span_t *span = span_at(scene, 0);
  assert_int_equal(span->kind, OTLP_SERVER);
  assert_int_equal(span->request, 7);
  assert_int_equal(span->status, 204);
  assert_int_equal(span->trace.span_id, 0x1007);
  assert_string_equal(span->of_request.route, "/it");
  assert_string_equal(span->thread_name, "actor");
  assert_true(span->end_ns >= span->start_ns);
}

/* Between 2020 and 2100. */
static void times_are_of_the_calendar(void **state) {
  scene_t *scene = *state;
  deed_t deed = {.number = 7, .flags = 1};
  do_and_look(scene, &deed);
  assert_true(span_at(scene, 0)->start_ns > UINT64_C(1577836800000000000));
  assert_true(span_at(scene, 0)->end_ns < UINT64_C(4102444800000000000));
}

static void a_trace_that_is_not_sampled_is_left_out(void **state) {
  scene_t *scene = *state;
  deed_t deed = {.number = 7, .flags = 2, .types = {"WORK"}};
  do_and_look(scene, &deed);
  assert_int_equal(scene->queue.count, 0);
  assert_int_equal(scene->collect.follow.count, 0);
}

static void what_finished_before_is_passed_over(void **state) {
  scene_t *scene = *state;
  deed_t before = {.number = 1, .flags = 1, .types = {"WORK"}};
  deed_t behind = {.number = 2, .flags = 1};
  otlp_collect_t collect;
  actor_do(&scene->actor, deed_do, &before);
  otlp_collect_init(&collect, &scene->queue);
  actor_do(&scene->actor, deed_do, &behind);
  otlp_collect_look(&collect);
  assert_int_equal(scene->queue.count, 1);
  assert_int_equal(span_at(scene, 0)->request, 2);
  assert_int_equal(collect.missed, 0);
  otlp_collect_finish(&collect);
}

static void the_work_of_a_request_is_below_it(void **state) {
  scene_t *scene = *state;
  deed_t deed = {.number = 7,
                 .flags = 1,
                 .types = {"FSREQCALLBACK", "GETADDRINFOREQWRAP", "Timeout"}};
  do_and_look(scene, &deed);
  assert_int_equal(scene->queue.count, 3);
  const otlp_span_t *file = span_at(scene, 1), *lookup = span_at(scene, 2);
  assert_int_equal(file->trace.parent_span_id, 0x1007);
  assert_int_equal(file->trace.trace_id[1], 7);
  assert_string_equal(file->of_child.work->name, "file request");
  assert_int_equal(file->of_child.link_id, 0);
  assert_int_equal(file->status, 0);
  assert_int_equal(lookup->kind, OTLP_CLIENT);
  assert_int_equal(lookup->of_child.link_id, file->trace.span_id);
  assert_int_not_equal(lookup->trace.span_id, file->trace.span_id);
  assert_int_equal(scene->collect.follow.count, 0);
}

static void the_tracestate_is_in_every_span(void **state) {
  scene_t *scene = *state;
  deed_t with = {.number = 7,
                 .flags = 1,
                 .types = {"FSREQCALLBACK"},
                 .trace_state = "a=1,b=2"};
  deed_t without = {.number = 8, .flags = 1};
  do_and_look(scene, &with);
  do_and_look(scene, &without);
  assert_int_equal(scene->queue.count, 3);
  assert_string_equal(span_at(scene, 0)->state->text, "a=1,b=2");
  assert_string_equal(span_at(scene, 1)->state->text, "a=1,b=2");
  assert_null(span_at(scene, 2)->state);
}

/* What is on its way takes room until it is settled. */
static void a_queue_holds_no_more_than_it_may(void **state) {
  otlp_queue_t queue;
  (void)state;
  assert_int_equal(otlp_queue_init(&queue, 3), 0);
  for (int i = 0; i < 3; i++)
    *otlp_queue_push(&queue) = (otlp_span_t){.request = 1};
  assert_null(otlp_queue_push(&queue));
  otlp_queue_take(&queue, 2);
  assert_null(otlp_queue_push(&queue));
  otlp_queue_settle(&queue);
  *otlp_queue_push(&queue) = (otlp_span_t){.request = 2};
  assert_int_equal(queue.count, 2);
  assert_int_equal(otlp_queue_at(&queue, 1)->request, 2);
  otlp_queue_finish(&queue);
}

static void work_that_never_ran_was_cancelled(void **state) {
  scene_t *scene = *state;
  deed_t deed = {.number = 7, .flags = 1, .types = {"WORK"}, .never_run = true};
  do_and_look(scene, &deed);
  assert_int_equal(span_at(scene, 1)->status, UV_ECANCELED);
}

static void asyncscopes_own_work_is_no_span(void **state) {
  scene_t *scene = *state;
  deed_t deed = {.number = 7, .flags = 1, .types = {"WORK"}, .internal = true};
  do_and_look(scene, &deed);
  assert_int_equal(scene->queue.count, 1);
}

static void work_that_ends_behind_its_request_is_told_then(void **state) {
  scene_t *scene = *state;
  deed_t deed = {.number = 7, .flags = 1, .types = {"WORK"}, .late = true};
  do_and_look(scene, &deed);
  assert_int_equal(scene->queue.count, 1);
  actor_do(&scene->actor, deed_end_works, &deed);
  otlp_collect_look(&scene->collect);
  assert_int_equal(scene->queue.count, 2);
  assert_int_equal(span_at(scene, 1)->trace.parent_span_id, 0x1007);
  assert_int_equal(scene->collect.follow.count, 0);
}

/* -- A task and its run on a worker ---------------------------------------- */

typedef struct task_s {
  async_ref_t cause;
  uint64_t request;
} task_t;

static void run_task(void *arg) {
  const task_t *task = arg;
  const async_context_value_t value = {.store = arg, .request = task->request};
  async_resource_options_t options = {.flags = ASYNC_RESOURCE_FRAME,
                                      .origin = &task->cause};
  async_resource_t resource;
  async_context_key_t key;
  async_context_key_create("task", &key);
  async_context_frame_with(NULL, &key, &value, &options.frame);
  async_resource_init(&resource, "resize", &options);
  async_resource_enter(&resource);
  async_resource_leave(&resource);
  async_resource_emit_destroy(&resource);
  async_resource_finish(&resource);
  async_env_flush();
  async_context_frame_release(options.frame);
  async_context_key_destroy(&key);
}

static void what_a_worker_ran_is_below_its_task(void **state) {
  scene_t *scene = *state;
  deed_t deed = {.number = 7, .flags = 1, .types = {"WORK"}, .late = true};
  actor_do(&scene->actor, deed_begin, &deed);
  task_t task = {
      .cause = {scene->actor.thread, async_resource_async_id(&deed.works[0])},
      .request = 7};
  actor_do(&scene->worker, run_task, &task);
  actor_do(&scene->actor, deed_end_works, &deed);
  actor_do(&scene->actor, deed_finish, &deed);
  otlp_collect_look(&scene->collect);
  assert_int_equal(scene->queue.count, 3);
  const otlp_span_t *first = span_at(scene, 1), *second = span_at(scene, 2);
  const otlp_span_t *run =
      first->thread == scene->worker.thread ? first : second;
  const otlp_span_t *task_span = run == first ? second : first;
  assert_int_equal(run->thread, scene->worker.thread);
  assert_string_equal(run->of_child.work->name, "pool run");
  assert_string_equal(run->of_child.type, "resize");
  assert_int_equal(run->trace.parent_span_id, task_span->trace.span_id);
  assert_int_equal(task_span->trace.parent_span_id, 0x1007);
}

/* -- What is not found ----------------------------------------------------- */

#define KEPT 256 /* async_env_set_requests_kept() */

typedef struct many_s {
  size_t count;
  deed_t deed;
} many_t;

static void do_many(void *arg) {
  many_t *many = arg;
  for (size_t i = 0; i < many->count; i++) {
    many->deed = (deed_t){.number = 1000 + i, .flags = 1};
    deed_do(&many->deed);
  }
}

static void requests_that_were_overwritten_are_counted(void **state) {
  scene_t *scene = *state;
  many_t many = {.count = KEPT + 44};
  actor_do(&scene->actor, do_many, &many);
  otlp_collect_look(&scene->collect);
  assert_int_equal(scene->queue.count, KEPT);
  assert_int_equal(scene->collect.missed, 44);
  otlp_collect_look(&scene->collect);
  assert_int_equal(scene->collect.missed, 44);
}

static void spans_that_find_the_queue_full_are_counted(void **state) {
  scene_t *scene = *state;
  many_t many = {.count = 10};
  otlp_queue_finish(&scene->queue);
  assert_int_equal(otlp_queue_init(&scene->queue, 4), 0);
  actor_do(&scene->actor, do_many, &many);
  otlp_collect_look(&scene->collect);
  assert_int_equal(scene->queue.count, 4);
  assert_int_equal(scene->collect.dropped, 6);
}

static void what_a_thread_did_last_is_found_when_it_has_ended(void **state) {
  scene_t *scene = *state;
  deed_t deed = {.number = 7, .flags = 1, .types = {"WORK"}};
  otlp_collect_look(&scene->collect);
  actor_do(&scene->actor, deed_do, &deed);
  actor_stop(&scene->actor);
  otlp_collect_look(&scene->collect);
  assert_int_equal(scene->queue.count, 2);
  otlp_collect_look(&scene->collect);
  assert_int_equal(scene->queue.count, 2);
  assert_int_equal(scene->collect.thread_count, 1);
}

/* The thread keeps such a one twice, and lets go of the one place first. */
static void a_failed_request_is_found_when_its_thread_has_ended(void **state) {
  scene_t *scene = *state;
  deed_t deed = {.number = 7, .flags = 1, .status = 503, .failed = true};
  actor_do(&scene->actor, deed_do, &deed);
  actor_stop(&scene->actor);
  otlp_collect_look(&scene->collect);
  assert_int_equal(scene->queue.count, 1);
  assert_int_equal(span_at(scene, 0)->status, 503);
  assert_int_equal(scene->collect.missed, 0);
}

static void a_failed_request_is_a_span_once(void **state) {
  scene_t *scene = *state;
  deed_t deed = {.number = 7, .flags = 1, .status = 503, .failed = true};
  many_t many = {.count = KEPT};
  do_and_look(scene, &deed);
  actor_do(&scene->actor, do_many, &many);
  otlp_collect_look(&scene->collect);
  assert_int_equal(scene->queue.count, 1 + KEPT);
  assert_int_equal(scene->collect.missed, 0);
}

#define cmocka_unit_test_of(function) \
  cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_of(a_finished_request_is_a_span_once),
      cmocka_unit_test_of(times_are_of_the_calendar),
      cmocka_unit_test_of(a_trace_that_is_not_sampled_is_left_out),
      cmocka_unit_test_of(what_finished_before_is_passed_over),
      cmocka_unit_test_of(the_work_of_a_request_is_below_it),
      cmocka_unit_test_of(the_tracestate_is_in_every_span),
      cmocka_unit_test_of(a_queue_holds_no_more_than_it_may),
      cmocka_unit_test_of(work_that_never_ran_was_cancelled),
      cmocka_unit_test_of(asyncscopes_own_work_is_no_span),
      cmocka_unit_test_of(work_that_ends_behind_its_request_is_told_then),
      cmocka_unit_test_of(what_a_worker_ran_is_below_its_task),
      cmocka_unit_test_of(requests_that_were_overwritten_are_counted),
      cmocka_unit_test_of(spans_that_find_the_queue_full_are_counted),
      cmocka_unit_test_of(what_a_thread_did_last_is_found_when_it_has_ended),
      cmocka_unit_test_of(a_failed_request_is_found_when_its_thread_has_ended),
      cmocka_unit_test_of(a_failed_request_is_a_span_once),
  };
  return test_main(tests, argc, argv);
}
