/* Where a context is lost: what is reported, how often, and what is not. */
#include "als_fixture.h"

#include "asyncscope/async_context_loss.h"
#include "asyncscope/async_promise.h"
#include <string.h>

#define LOSSES_MAX 8

typedef struct losses_s {
  async_context_loss_t losses[LOSSES_MAX];
  size_t count;
} losses_t;

static losses_t seen;

static void on_loss(const async_context_loss_t *loss, void *data) {
  losses_t *losses = data;
  if (losses->count < LOSSES_MAX)
    losses->losses[losses->count] = *loss;
  losses->count++;
}

static int detecting_setup(void **state) {
  int error = fixture_setup(state);
  async_context_loss_detect(true);
  seen.count = 0;
  return error != 0 ? error : async_context_loss_set_handler(on_loss, &seen);
}

static int detecting_teardown(void **state) {
  async_context_loss_detect(false);
  return fixture_teardown(state);
}

/* Named so that the build finds the function in it. */
#define cmocka_unit_test_loss(test) \
  cmocka_unit_test_setup_teardown(test, detecting_setup, detecting_teardown)

static async_resource_t asker, job;

static void make_asker(fixture_t *fixture) {
  (void)fixture;
  (void)async_resource_init(&asker, "ASKER", NULL);
}

/* A queue's way: whoever asked is the trigger, and his context is forgotten. */
static void make_job(const char *type, unsigned flags) {
  async_resource_options_t options = {.flags = ASYNC_RESOURCE_TRIGGER | flags,
                                      .trigger_async_id =
                                          async_resource_async_id(&asker)};
  (void)async_resource_init(&job, type, &options);
}

static int nothing(void *arg) {
  (void)arg;
  return 0;
}

static void call_job(void) {
  (void)async_resource_run_in_async_scope(&job, nothing, NULL);
}

static void finish_both(void) {
  async_resource_finish(&job);
  async_resource_finish(&asker);
}

static void the_first_callback_without_the_triggers_store_is_reported(
    void **state) {
  als_run(*state, "request", make_asker);
  make_job("JOB", 0);
  assert_int_equal(seen.count, 0);
  call_job();
  assert_int_equal(seen.count, 1);
  const async_context_loss_t *loss = &seen.losses[0];
  assert_string_equal(loss->type, "JOB");
  assert_int_equal(loss->resource.async_id, async_resource_async_id(&job));
  assert_int_equal(loss->resource.thread, async_env_thread());
  assert_string_equal(loss->site->function, "make_job");
  assert_string_equal(loss->trigger_type, "ASKER");
  assert_int_equal(loss->trigger.async_id, async_resource_async_id(&asker));
  assert_string_equal(loss->trigger_site->function, "make_asker");
  call_job();
  assert_int_equal(seen.count, 1);
  finish_both();
}

static void the_storage_is_named(void **state) {
  async_local_storage_t named;
  (void)state;
  assert_int_equal(
      async_local_storage_init(
          &named, &(async_local_storage_options_t){.name = "request id"}),
      0);
  async_resource_options_t options = {.flags = ASYNC_RESOURCE_TRIGGER};
  assert_int_equal(async_local_storage_enter_with(&named, (void *)"r1"), 0);
  assert_int_equal(async_resource_init(&asker, "ASKER", NULL), 0);
  async_context_frame_release(async_context_frame_exchange(NULL));
  options.trigger_async_id = async_resource_async_id(&asker);
  assert_int_equal(async_resource_init(&job, "JOB", &options), 0);
  call_job();
  assert_string_equal(seen.losses[0].storage, "request id");
  finish_both();
  async_local_storage_finish(&named);
}

static void make_both(fixture_t *fixture) {
  make_asker(fixture);
  make_job("JOB", 0);
}

static void what_is_made_where_it_is_asked_for_loses_nothing(void **state) {
  als_run(*state, "request", make_both);
  call_job();
  assert_int_equal(seen.count, 0);
  finish_both();
}

static void another_store_of_the_storage_is_no_loss(void **state) {
  als_run(*state, "request", make_asker);
  als_enter(*state, "another");
  make_job("JOB", 0);
  call_job();
  assert_int_equal(seen.count, 0);
  finish_both();
}

static void one_of_two_stores_may_be_lost(void **state) {
  fixture_t *fixture = *state;
  other_enter(fixture, "kept");
  als_run(fixture, "request", make_asker);
  make_job("JOB", 0);
  call_job();
  assert_int_equal(seen.count, 1);
  finish_both();
}

static async_resource_t pooled;

static void call_pooled(fixture_t *fixture) {
  (void)fixture;
  (void)async_resource_run_in_async_scope(&pooled, nothing, NULL);
}

/* The header says so: nothing tells for whom it is called. */
static void what_was_there_before_is_not_looked_at(void **state) {
  assert_int_equal(async_resource_init(&pooled, "POOLED", NULL), 0);
  als_run(*state, "request", call_pooled);
  assert_int_equal(seen.count, 0);
  async_resource_finish(&pooled);
}

static void what_never_calls_back_is_not_reported(void **state) {
  als_run(*state, "request", make_asker);
  make_job("JOB", 0);
  finish_both();
  async_env_flush();
  assert_int_equal(seen.count, 0);
}

static void what_follows_from_a_loss_is_not_reported(void **state) {
  async_resource_t next;
  als_run(*state, "request", make_asker);
  make_job("JOB", 0);
  assert_int_equal(async_resource_enter(&job), 0);
  assert_int_equal(async_resource_init(&next, "NEXT", NULL), 0);
  async_resource_leave(&job);
  (void)async_resource_run_in_async_scope(&next, nothing, NULL);
  assert_int_equal(seen.count, 1);
  async_resource_finish(&next);
  finish_both();
}

static void a_trigger_that_has_ended_is_known(void **state) {
  async_id_t ended = 0;
  als_run(*state, "request", make_asker);
  ended = async_resource_async_id(&asker);
  async_id_t before = async_default_trigger_scope_open(ended);
  async_resource_finish(&asker);
  async_env_flush();
  assert_int_equal(async_resource_init(&job, "JOB", NULL), 0);
  async_default_trigger_scope_close(before);
  call_job();
  assert_int_equal(seen.count, 1);
  assert_string_equal(seen.losses[0].trigger_type, "ASKER");
  assert_int_equal(seen.losses[0].trigger.async_id, ended);
  async_resource_finish(&job);
}

static void a_trigger_that_ended_before_it_was_named_is_known(void **state) {
  als_run(*state, "request", make_asker);
  async_resource_options_t options = {.flags = ASYNC_RESOURCE_TRIGGER,
                                      .trigger_async_id =
                                          async_resource_async_id(&asker)};
  async_resource_finish(&asker);
  async_env_flush();
  assert_int_equal(async_resource_init(&job, "JOB", &options), 0);
  call_job();
  assert_int_equal(seen.count, 1);
  assert_string_equal(seen.losses[0].trigger_type, "ASKER");
  async_resource_finish(&job);
}

static void make_job_in_exit(fixture_t *fixture) {
  (void)fixture;
  make_job("JOB", 0);
}

static void ask_and_exit(fixture_t *fixture) {
  make_asker(fixture);
  als_exit(fixture, make_job_in_exit);
}

static void what_runs_inside_of_exit_has_left(void **state) {
  als_run(*state, "request", ask_and_exit);
  call_job();
  assert_int_equal(seen.count, 0);
  finish_both();
}

static void what_comes_from_outside_has_nothing_to_lose(void **state) {
  als_run(*state, "request", make_asker);
  make_job("TCPWRAP", ASYNC_RESOURCE_EXECUTION_NONE);
  call_job();
  async_resource_finish(&job);
  make_job("INTERNAL", ASYNC_RESOURCE_INTERNAL);
  call_job();
  assert_int_equal(seen.count, 0);
  finish_both();
}

/* As a pool of connections does with what is nobody's between two requests. */
static void who_gives_the_empty_frame_says_that_it_is_nobodys(void **state) {
  als_run(*state, "request", make_asker);
  make_job("JOB", ASYNC_RESOURCE_FRAME);
  call_job();
  assert_int_equal(seen.count, 0);
  finish_both();
}

static void signals_and_servers_are_the_process_s(void **state) {
  static const char *const types[] = {"SIGNALWRAP", "TCPSERVERWRAP",
                                      "PIPESERVERWRAP"};
  als_run(*state, "request", make_asker);
  for (size_t i = 0; i < 3; i++) {
    make_job(types[i], 0);
    call_job();
    async_resource_finish(&job);
  }
  assert_int_equal(seen.count, 0);
  async_resource_finish(&asker);
}

static void a_storage_that_is_gone_is_not_missed(void **state) {
  async_local_storage_t gone;
  (void)state;
  assert_int_equal(async_local_storage_init(&gone, NULL), 0);
  assert_int_equal(async_local_storage_enter_with(&gone, (void *)"r1"), 0);
  assert_int_equal(async_resource_init(&asker, "ASKER", NULL), 0);
  async_context_frame_release(async_context_frame_exchange(NULL));
  async_local_storage_finish(&gone);
  make_job("JOB", 0);
  call_job();
  async_resource_finish(&job);
  assert_int_equal(async_local_storage_init(&gone, NULL), 0);
  make_job("JOB", 0);
  call_job();
  assert_int_equal(seen.count, 0);
  finish_both();
  async_local_storage_finish(&gone);
}

static void nothing_is_reported_while_detection_is_off(void **state) {
  async_context_loss_detect(false);
  als_run(*state, "request", make_asker);
  make_job("JOB", 0);
  async_context_loss_detect(true);
  call_job();
  assert_int_equal(seen.count, 0);
  finish_both();
}

static async_promise_t *promise;

static void *on_value(async_promise_t *derived, void *value, void *arg) {
  (void)derived;
  (void)arg;
  return value;
}

static void make_promise(fixture_t *fixture) {
  (void)fixture;
  (void)async_promise_create(&promise);
}

static void a_then_asked_for_elsewhere_is_reported(void **state) {
  async_hook_t hook;
  async_hook_init(&hook, &(async_hook_callbacks_t){.init = NULL}, NULL);
  assert_int_equal(async_hook_enable(&hook), 0);
  als_run(*state, "request", make_promise);
  assert_int_equal(async_promise_then(promise, on_value, NULL, NULL, NULL), 0);
  async_promise_resolve(promise, NULL);
  assert_int_equal(seen.count, 0);
  async_env_flush();
  assert_int_equal(seen.count, 1);
  assert_string_equal(seen.losses[0].type, "PROMISE");
  async_promise_release(promise);
  async_hook_disable(&hook);
}

typedef struct worker_s {
  async_ref_t origin;
  async_context_frame_t *frame;
  losses_t losses;
  int error;
} worker_t;

static void work(void *arg) {
  worker_t *worker = arg;
  async_resource_t resource;
  async_resource_options_t options = {
      .flags = worker->frame != NULL ? ASYNC_RESOURCE_FRAME : 0,
      .frame = worker->frame,
      .origin = &worker->origin};
  worker->error = async_env_open(ASYNC_ENV_WORKER, "worker");
  worker->error |= async_context_loss_set_handler(on_loss, &worker->losses);
  worker->error |= async_resource_init(&resource, "WORK", &options);
  (void)async_resource_run_in_async_scope(&resource, nothing, NULL);
  async_resource_finish(&resource);
  worker->error |= async_env_detach();
}

static void run_work(worker_t *worker) {
  uv_thread_t thread;
  assert_int_equal(uv_thread_create(&thread, work, worker), 0);
  assert_int_equal(uv_thread_join(&thread), 0);
  assert_int_equal(worker->error, 0);
}

static void a_thread_that_was_not_given_the_frame_is_reported(void **state) {
  worker_t worker = {.frame = NULL};
  als_run(*state, "request", make_asker);
  worker.origin =
      (async_ref_t){async_env_thread(), async_resource_async_id(&asker)};
  run_work(&worker);
  assert_int_equal(worker.losses.count, 1);
  const async_context_loss_t *loss = &worker.losses.losses[0];
  assert_int_equal(loss->trigger.thread, worker.origin.thread);
  assert_int_equal(loss->trigger.async_id, worker.origin.async_id);
  assert_string_equal(loss->trigger_type, "ASKER");
  assert_int_equal(seen.count, 0);
  async_resource_finish(&asker);
}

static void a_thread_that_was_given_the_frame_loses_nothing(void **state) {
  worker_t worker = {.frame = NULL};
  als_run(*state, "request", make_asker);
  worker.origin =
      (async_ref_t){async_env_thread(), async_resource_async_id(&asker)};
  worker.frame = async_context_frame_retain(asker.frame);
  run_work(&worker);
  assert_int_equal(worker.losses.count, 0);
  async_context_frame_release(worker.frame);
  async_resource_finish(&asker);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_loss(
          the_first_callback_without_the_triggers_store_is_reported),
      cmocka_unit_test_loss(the_storage_is_named),
      cmocka_unit_test_loss(what_is_made_where_it_is_asked_for_loses_nothing),
      cmocka_unit_test_loss(another_store_of_the_storage_is_no_loss),
      cmocka_unit_test_loss(one_of_two_stores_may_be_lost),
      cmocka_unit_test_loss(what_was_there_before_is_not_looked_at),
      cmocka_unit_test_loss(what_never_calls_back_is_not_reported),
      cmocka_unit_test_loss(what_follows_from_a_loss_is_not_reported),
      cmocka_unit_test_loss(a_trigger_that_has_ended_is_known),
      cmocka_unit_test_loss(a_trigger_that_ended_before_it_was_named_is_known),
      cmocka_unit_test_loss(what_runs_inside_of_exit_has_left),
      cmocka_unit_test_loss(what_comes_from_outside_has_nothing_to_lose),
      cmocka_unit_test_loss(who_gives_the_empty_frame_says_that_it_is_nobodys),
      cmocka_unit_test_loss(signals_and_servers_are_the_process_s),
      cmocka_unit_test_loss(a_storage_that_is_gone_is_not_missed),
      cmocka_unit_test_loss(nothing_is_reported_while_detection_is_off),
      cmocka_unit_test_loss(a_then_asked_for_elsewhere_is_reported),
      cmocka_unit_test_loss(a_thread_that_was_not_given_the_frame_is_reported),
      cmocka_unit_test_loss(a_thread_that_was_given_the_frame_loses_nothing),
  };
  return test_main(tests, argc, argv);
}
