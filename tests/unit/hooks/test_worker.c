/* A worker that comes to its end by itself: ids, hooks, context, messages. */
#include "worker_probe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct inside_s {
  int failed; /* checks */
  async_id_t execution, trigger, first_made;
  async_ref_t origin;
  uint32_t thread;
  bool main_thread;
  void *data, *store;
  const context_t *context;
  bool frame;
} inside_t;

static void look_around(void *worker_data) {
  inside_t *inside = worker_data;
  async_resource_t resource;
  inside->execution = async_hooks_execution_async_id();
  inside->trigger = async_hooks_trigger_async_id();
  inside->origin =
      async_resource_origin(async_hooks_execution_async_resource());
  inside->thread = async_env_thread();
  inside->main_thread = async_worker_is_main_thread();
  inside->data = async_worker_data();
  inside->frame = async_context_frame_current() != NULL;
  WORKER_CHECK(&inside->failed, async_resource_init(&resource, "R", NULL) == 0);
  inside->first_made = async_resource_async_id(&resource);
  async_resource_finish(&resource);
}

static void main_runs_with_ids_of_its_own_thread(void **state) {
  uv_fixture_t *fixture = *state;
  worker_probe_t probe = {.worker = NULL};
  inside_t inside = {.failed = 0};
  probe_run(&probe, fixture, look_around, &inside);
  assert_int_equal(probe.exit_code, 0);
  assert_int_equal(inside.failed, 0);
  assert_int_equal(inside.execution, 2);
  assert_int_equal(inside.trigger, 0);
  assert_int_equal(inside.first_made, 3);
  assert_int_not_equal(inside.thread, async_env_thread());
  assert_false(inside.main_thread);
  assert_true(async_worker_is_main_thread());
  assert_ptr_equal(inside.data, &inside);
  assert_null(async_worker_data());
}

static void what_main_makes_goes_back_to_the_worker(void **state) {
  uv_fixture_t *fixture = *state;
  worker_probe_t probe = {.worker = NULL};
  inside_t inside = {.failed = 0};
  probe_run(&probe, fixture, look_around, &inside);
  assert_int_equal(inside.origin.thread, async_env_thread());
  assert_int_equal(inside.origin.async_id,
                   recorder_id(&fixture->recorder, "WORKER", 0));
}

static void nothing(void *worker_data) {
  (void)worker_data;
}

static void the_creator_sees_the_worker_and_its_port(void **state) {
  uv_fixture_t *fixture = *state;
  worker_probe_t probe = {.worker = NULL};
  probe_run(&probe, fixture, nothing, NULL);
  assert_events(fixture, NULL,
                "init WORKER, init MESSAGEPORT, before MESSAGEPORT, online, "
                "after MESSAGEPORT, before WORKER, exit, after WORKER, "
                "destroy MESSAGEPORT, destroy WORKER");
  assert_int_equal(probe.exit.execution_async_id,
                   recorder_id(&fixture->recorder, "WORKER", 0));
  assert_int_equal(probe.exit.trigger_async_id, ASYNC_ID_ROOT);
}

static void count_init(async_id_t async_id, const char *type,
                       async_id_t trigger_async_id, async_resource_t *resource,
                       void *data) {
  int *count = data;
  (void)async_id, (void)type, (void)trigger_async_id, (void)resource;
  ++*count;
}

typedef struct counting_s {
  int inits;
  int failed;
} counting_t;

static void make_ten_under_a_hook(void *worker_data) {
  static const async_hook_callbacks_t callbacks = {.init = count_init};
  static _Thread_local async_hook_t hook;
  counting_t *counting = worker_data;
  async_hook_init(&hook, &callbacks, &counting->inits);
  WORKER_CHECK(&counting->failed, async_hook_enable(&hook) == 0);
  for (int i = 0; i < 10; i++) {
    async_resource_t resource;
    WORKER_CHECK(&counting->failed,
                 async_resource_init(&resource, "INSIDE", NULL) == 0);
    async_resource_finish(&resource);
  }
}

static void hooks_see_only_their_own_thread(void **state) {
  uv_fixture_t *fixture = *state;
  counting_t counting = {.inits = 0};
  async_resource_t resource;
  worker_probe_t probe = {.worker = NULL};
  probe_start(&probe, fixture, make_ten_under_a_hook, &counting);
  for (int i = 0; i < 100; i++) {
    assert_int_equal(async_resource_init(&resource, "OUTSIDE", NULL), 0);
    async_resource_finish(&resource);
  }
  uv_fixture_run(fixture);
  assert_int_equal(counting.failed, 0);
  assert_int_equal(counting.inits, 10);
  assert_int_equal(recorder_count(&fixture->recorder, RECORDED_INIT, "OUTSIDE"),
                   100);
  assert_int_equal(recorder_count(&fixture->recorder, RECORDED_INIT, "INSIDE"),
                   0);
}

static void post_one(void *worker_data) {
  inside_t *inside = worker_data;
  inside->frame = async_context_frame_current() != NULL;
  WORKER_CHECK(&inside->failed,
               post_number(async_worker_parent_port(), 0) == 0);
}

static void callbacks_see_the_creators_store_and_the_worker_none(void **state) {
  static int store;
  context_t context;
  inside_t inside = {.failed = 0};
  worker_probe_t probe = {.context = &context};
  context_enter(&context, &store);
  probe_start(&probe, *state, post_one, &inside);
  context_leave(&context);
  uv_fixture_run(*state);
  assert_int_equal(inside.failed, 0);
  assert_false(inside.frame);
  assert_ptr_equal(probe.online.store, &store);
  assert_ptr_equal(probe.message.store, &store);
  assert_ptr_equal(probe.exit.store, &store);
}

static void double_it(async_message_port_t *port, async_message_t *message) {
  int number = *(int *)message->data;
  async_message_release(message);
  (void)post_number(port, number);
  if (number == 9) {
    async_message_port_close(port);
  }
}

static void answer_until_nine(void *worker_data) {
  (void)worker_data;
  async_message_port_on_message(async_worker_parent_port(), double_it);
}

static void messages_go_both_ways_in_their_order(void **state) {
  uv_fixture_t *fixture = *state;
  worker_probe_t probe = {.worker = NULL};
  probe_start(&probe, fixture, answer_until_nine, NULL);
  for (int i = 0; i < 10; i++) {
    async_message_t *message;
    assert_int_equal(async_message_create(&i, sizeof(i), &message), 0);
    assert_int_equal(async_worker_post_message(probe.worker, message), 0);
  }
  uv_fixture_run(fixture);
  assert_int_equal(probe.exit_code, 0);
  assert_int_equal(probe.message.calls, 10);
  for (int i = 0; i < 10; i++) {
    assert_int_equal(probe.numbers[i], i);
  }
  assert_int_equal(probe.message.execution_async_id,
                   recorder_id(&fixture->recorder, "MESSAGEPORT", 0));
}

static void post_sixty(void *worker_data) {
  int *failed = worker_data;
  for (int i = 0; i < 60; i++) {
    WORKER_CHECK(failed, post_number(async_worker_parent_port(), i) == 0);
  }
}

static void what_was_posted_is_delivered_before_exit(void **state) {
  uv_fixture_t *fixture = *state;
  int failed = 0;
  worker_probe_t probe = {.worker = NULL};
  probe_run(&probe, fixture, post_sixty, &failed);
  assert_int_equal(failed, 0);
  assert_int_equal(probe.message.calls, 60);
  for (int i = 0; i < 60; i++) {
    assert_int_equal(probe.numbers[i], i);
  }
}

static void messages_nobody_wants_are_released(void **state) {
  int failed = 0;
  async_worker_t *worker;
  async_worker_options_t options = {.worker_data = &failed};
  assert_int_equal(async_worker_create(post_sixty, &options, &worker), 0);
  uv_fixture_run(*state);
  assert_int_equal(failed, 0);
}

static void a_worker_needs_no_options(void **state) {
  uv_fixture_t *fixture = *state;
  async_worker_t *worker;
  assert_int_equal(async_worker_create(nothing, NULL, &worker), 0);
  uv_fixture_run(fixture);
  assert_counts(fixture, "WORKER", 0, 1, 1, 1, 1);
}

static void on_refused_message(async_worker_t *worker,
                               async_message_t *message) {
  (void)worker;
  async_message_release(message);
}

static void a_worker_needs_a_main_and_a_loop(void **state) {
  async_worker_t *worker = NULL;
  async_worker_options_t too_long = {.queue_max = ASYNC_MESSAGE_QUEUE_MAX + 1,
                                     .on = {.message = on_refused_message}};
  assert_int_equal(async_worker_create(NULL, NULL, &worker), UV_EINVAL);
  assert_int_equal(async_worker_create(nothing, &too_long, &worker), UV_EINVAL);
  assert_null(worker);
  assert_events(*state, NULL, "");
}

static void create_without_loop(void *arg) {
  async_worker_t *worker;
  *(int *)arg = async_worker_create(nothing, NULL, &worker);
}

static void a_thread_without_a_loop_makes_no_worker(void **state) {
  int error = 0;
  (void)state;
  on_other_environment(create_without_loop, &error);
  assert_int_equal(error, UV_EINVAL);
}

static void note_ref(worker_probe_t *probe) {
  recorder_mark(&probe->fixture->recorder,
                async_worker_has_ref(probe->worker) ? "ref" : "unref");
}

static void a_worker_keeps_the_loop_alive_while_it_is_referenced(void **state) {
  uv_fixture_t *fixture = *state;
  worker_probe_t probe = {.when_exit = note_ref};
  probe_start(&probe, fixture, listen_forever, NULL);
  assert_true(async_worker_has_ref(probe.worker));
  async_worker_unref(probe.worker);
  assert_false(async_worker_has_ref(probe.worker));
  assert_false(uv_loop_alive(&fixture->loop));
  async_worker_ref(probe.worker);
  assert_true(async_worker_has_ref(probe.worker));
  assert_true(uv_loop_alive(&fixture->loop));
  async_worker_terminate(probe.worker);
  uv_fixture_run(fixture);
  assert_true(probe.had_ref_at_exit);
}

typedef struct listed_s {
  uint32_t thread;
  async_env_kind_t kind;
  char name[ASYNC_ENV_NAME_BYTES];
  int found;
} listed_t;

static void find_thread(listed_t *listed) {
  async_env_t *env = NULL;
  async_env_info_t info;
  while ((env = async_inspect_next(env)) != NULL) {
    async_inspect_env(env, &info);
    if (info.thread == listed->thread) {
      listed->found++;
      listed->kind = info.kind;
      memcpy(listed->name, info.name, sizeof(listed->name));
    }
  }
}

static void find_and_end(worker_probe_t *probe) {
  listed_t *listed = probe->arg;
  listed->thread = probe->thread_id;
  find_thread(listed);
  async_worker_terminate(probe->worker);
}

static void note_thread_id(worker_probe_t *probe) {
  probe->thread_id = async_worker_thread_id(probe->worker);
}

static void a_worker_is_listed_by_its_name_while_it_lives(void **state) {
  listed_t listed = {.found = 0};
  worker_probe_t probe = {
      .when_online = find_and_end, .when_exit = note_thread_id, .arg = &listed};
  async_worker_options_t options = probe_options(&probe, NULL);
  options.name = "thumbnails";
  probe.fixture = *state;
  assert_int_equal(async_worker_create(tick_forever, &options, &probe.worker),
                   0);
  uv_fixture_run(*state);
  assert_int_equal(listed.found, 1);
  assert_int_equal(listed.kind, ASYNC_ENV_LOOP);
  assert_string_equal(listed.name, "thumbnails");
  assert_int_equal(probe.thread_id, ASYNC_THREAD_NONE);
  listed.found = 0;
  find_thread(&listed);
  assert_int_equal(listed.found, 0);
}

static void note_size(void *worker_data) {
  size_t *bytes = worker_data;
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
    pthread_attr_getstacksize(&attributes, bytes);
    pthread_attr_destroy(&attributes);
  }
}

static void the_size_of_its_stack_may_be_chosen(void **state) {
  size_t bytes = 0;
  worker_probe_t probe = {.fixture = *state};
  async_worker_options_t options = probe_options(&probe, &bytes);
  options.stack_size_bytes = 3 << 20;
  assert_int_equal(async_worker_create(note_size, &options, &probe.worker), 0);
  uv_fixture_run(*state);
  assert_in_range(bytes, 3 << 20, 4 << 20);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_uv(main_runs_with_ids_of_its_own_thread),
      cmocka_unit_test_uv(what_main_makes_goes_back_to_the_worker),
      cmocka_unit_test_uv(the_creator_sees_the_worker_and_its_port),
      cmocka_unit_test_uv(hooks_see_only_their_own_thread),
      cmocka_unit_test_uv(callbacks_see_the_creators_store_and_the_worker_none),
      cmocka_unit_test_uv(messages_go_both_ways_in_their_order),
      cmocka_unit_test_uv(what_was_posted_is_delivered_before_exit),
      cmocka_unit_test_uv(messages_nobody_wants_are_released),
      cmocka_unit_test_uv(a_worker_needs_no_options),
      cmocka_unit_test_uv(a_worker_needs_a_main_and_a_loop),
      cmocka_unit_test_uv(a_thread_without_a_loop_makes_no_worker),
      cmocka_unit_test_uv(a_worker_keeps_the_loop_alive_while_it_is_referenced),
      cmocka_unit_test_uv(a_worker_is_listed_by_its_name_while_it_lives),
      cmocka_unit_test_uv(the_size_of_its_stack_may_be_chosen),
  };
  return test_main(tests, argc, argv);
}
