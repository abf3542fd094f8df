/* Triggers and the life of a resource. */
#include "hooks_fixture.h"

#include <stdlib.h>
#include <string.h>

#define ID_LIMIT ((async_id_t)1 << 53)

static int init_with_trigger(async_resource_t *resource, async_id_t trigger) {
  async_resource_options_t options = {.flags = ASYNC_RESOURCE_TRIGGER,
                                      .trigger_async_id = trigger};
  return async_resource_init(resource, "TRIGGERED", &options);
}

static async_id_t trigger_of_new(const async_resource_options_t *options) {
  async_resource_t resource = {0};
  assert_int_equal(async_resource_init(&resource, "NEW", options), 0);
  async_id_t trigger = async_resource_trigger_async_id(&resource);
  async_resource_finish(&resource);
  return trigger;
}

static void start_tracer(fixture_t *fixture) {
  tracer_init(&fixture->tracer, &fixture->trace, "");
  assert_int_equal(async_hook_enable(&fixture->tracer.hook), 0);
}

static void test_explicit_triggers_are_kept(void **state) {
  (void)state;
  static const async_id_t triggers[] = {-1, 0, 1, 111, ID_LIMIT - 1};
  for (size_t i = 0; i < sizeof(triggers) / sizeof(triggers[0]); i++) {
    async_resource_t resource = {0};
    assert_int_equal(init_with_trigger(&resource, triggers[i]), 0);
    assert_true(async_resource_trigger_async_id(&resource) == triggers[i]);
    async_resource_finish(&resource);
  }
}

static void test_impossible_triggers_are_refused(void **state) {
  (void)state;
  static const async_id_t triggers[] = {-2, -4, INT64_MIN, ID_LIMIT, INT64_MAX};
  for (size_t i = 0; i < sizeof(triggers) / sizeof(triggers[0]); i++) {
    async_resource_t resource = {0};
    assert_int_equal(init_with_trigger(&resource, triggers[i]), UV_EINVAL);
    assert_int_equal(async_resource_async_id(&resource), ASYNC_ID_UNSET);
    async_resource_finish(&resource);
  }
}

static void test_refused_init_leaves_nothing_behind(void **state) {
  fixture_t *fixture = *state;
  async_resource_t resource; /* with whatever lies there, as on any stack */
  start_tracer(fixture);
  uint64_t created = own_env_info().resources_created;
  assert_int_equal(init_with_trigger(&resource, -2), UV_EINVAL);
  assert_int_equal(async_resource_init(&resource, NULL, NULL), UV_EINVAL);
  assert_int_equal(async_resource_init(&resource, "", NULL), UV_EINVAL);
  assert_int_equal(async_resource_enter(&resource), UV_EINVAL);
  async_resource_finish(&resource);
  async_env_flush();
  assert_string_equal(fixture->trace.text, "");
  assert_int_equal(own_env_info().resources_created, created);
  assert_int_equal(async_resource_reserve_id(), fixture->trace.base + 1);
}

static void test_default_trigger_is_the_execution_id(void **state) {
  (void)state;
  async_resource_t parent = {0};
  assert_int_equal(trigger_of_new(NULL), ASYNC_ID_ROOT);
  assert_int_equal(init_with_trigger(&parent, 77), 0);
  assert_int_equal(async_resource_enter(&parent), 0);
  assert_int_equal(trigger_of_new(NULL), async_resource_async_id(&parent));
  assert_int_equal(async_hooks_trigger_async_id(), 77);
  async_resource_leave(&parent);
  async_resource_finish(&parent);
}

static void test_default_trigger_scope_comes_before_execution(void **state) {
  (void)state;
  async_id_t outer = async_default_trigger_scope_open(50);
  assert_int_equal(trigger_of_new(NULL), 50);
  async_id_t inner = async_default_trigger_scope_open(60);
  assert_int_equal(trigger_of_new(NULL), 60);
  async_default_trigger_scope_close(inner);
  assert_int_equal(trigger_of_new(NULL), 50);
  async_default_trigger_scope_close(outer);
  assert_int_equal(trigger_of_new(NULL), ASYNC_ID_ROOT);
}

static void test_default_trigger_may_be_none(void **state) {
  (void)state;
  async_id_t outer = async_default_trigger_scope_open(ASYNC_ID_NONE);
  assert_int_equal(trigger_of_new(NULL), ASYNC_ID_NONE);
  async_default_trigger_scope_close(outer);
}

static void test_explicit_trigger_comes_before_the_default(void **state) {
  (void)state;
  async_resource_options_t options = {.flags = ASYNC_RESOURCE_TRIGGER,
                                      .trigger_async_id = 111};
  async_id_t outer = async_default_trigger_scope_open(50);
  assert_int_equal(trigger_of_new(&options), 111);
  async_default_trigger_scope_close(outer);
}

static void test_trigger_without_its_flag_is_ignored(void **state) {
  (void)state;
  async_resource_options_t options = {.trigger_async_id = 111};
  assert_int_equal(trigger_of_new(&options), ASYNC_ID_ROOT);
}

static void test_cause_on_another_thread_is_the_origin(void **state) {
  (void)state;
  async_resource_t resource = {0};
  async_ref_t origin = {.thread = 4711, .async_id = 5};
  async_resource_options_t options = {.origin = &origin};
  assert_int_equal(async_resource_init(&resource, "TASK", &options), 0);
  origin.thread = 0;
  assert_int_equal(async_resource_trigger_async_id(&resource), ASYNC_ID_NONE);
  assert_int_equal(async_resource_origin(&resource).thread, 4711);
  assert_int_equal(async_resource_origin(&resource).async_id, 5);
  async_resource_finish(&resource);
}

static void test_cause_on_this_thread_is_the_trigger(void **state) {
  (void)state;
  async_resource_t resource = {0};
  assert_int_equal(init_with_trigger(&resource, 111), 0);
  assert_true(async_resource_origin(&resource).thread == async_env_thread());
  assert_int_equal(async_resource_origin(&resource).async_id, 111);
  async_resource_finish(&resource);
}

static void test_type_is_kept_whole(void **state) {
  (void)state;
  char type[1001];
  async_resource_t resource = {0};
  memset(type, 'T', sizeof(type) - 1);
  type[sizeof(type) - 1] = '\0';
  assert_int_equal(async_resource_init(&resource, type, NULL), 0);
  assert_string_equal(async_resource_type(&resource), type);
  async_resource_finish(&resource);
  assert_string_equal(async_resource_type(&resource), "");
}

static void test_same_type_is_stored_once(void **state) {
  (void)state;
  char type[] = "INTERNED";
  async_resource_t one = {0}, two = {0};
  assert_int_equal(async_resource_init(&one, type, NULL), 0);
  assert_int_equal(async_resource_init(&two, "INTERNED", NULL), 0);
  assert_ptr_equal(async_resource_type(&one), async_resource_type(&two));
  async_resource_finish(&one);
  async_resource_finish(&two);
}

static void test_data_is_the_embedders(void **state) {
  (void)state;
  int owned = 1;
  async_resource_t resource = {.data = &owned};
  assert_int_equal(async_resource_init(&resource, "T", NULL), 0);
  assert_ptr_equal(resource.data, &owned);
  async_resource_finish(&resource);
  assert_ptr_equal(resource.data, &owned);
}

static void test_second_emit_destroy_is_refused(void **state) {
  fixture_t *fixture = *state;
  async_resource_t resource = {0};
  start_tracer(fixture);
  assert_int_equal(async_resource_init(&resource, "T", NULL), 0);
  assert_int_equal(async_resource_emit_destroy(&resource), 0);
  assert_int_equal(async_resource_emit_destroy(&resource), UV_EALREADY);
  async_env_flush();
  assert_int_equal(async_resource_emit_destroy(&resource), UV_EALREADY);
  async_resource_finish(&resource);
  async_env_flush();
  assert_string_equal(fixture->trace.text, "init(#1 T root) destroy(#1)");
}

static void test_finish_emits_destroy_once(void **state) {
  fixture_t *fixture = *state;
  async_resource_t resource = {0};
  start_tracer(fixture);
  assert_int_equal(async_resource_init(&resource, "T", NULL), 0);
  async_resource_finish(&resource);
  async_resource_finish(&resource);
  async_env_flush();
  assert_string_equal(fixture->trace.text, "init(#1 T root) destroy(#1)");
}

static void test_finished_resource_is_nobody(void **state) {
  (void)state;
  async_resource_t resource = {0}, zeroed = {0};
  assert_int_equal(async_resource_init(&resource, "T", NULL), 0);
  async_resource_finish(&resource);
  assert_int_equal(async_resource_async_id(&resource), ASYNC_ID_UNSET);
  assert_int_equal(async_resource_trigger_async_id(&resource), ASYNC_ID_UNSET);
  assert_int_equal(async_resource_async_id(&zeroed), ASYNC_ID_UNSET);
  assert_int_equal(async_resource_trigger_async_id(&zeroed), ASYNC_ID_UNSET);
  assert_int_equal(async_resource_emit_destroy(&resource), UV_EINVAL);
  assert_int_equal(async_resource_emit_destroy(&zeroed), UV_EINVAL);
  assert_int_equal(async_resource_enter(&resource), UV_EINVAL);
  assert_int_equal(async_resource_enter(&zeroed), UV_EINVAL);
  assert_int_equal(async_resource_set_name(&resource, "x", 1), UV_EINVAL);
}

static void test_finish_accepts_null_and_zeroed(void **state) {
  (void)state;
  async_resource_t zeroed = {0};
  async_resource_finish(NULL);
  async_resource_finish(&zeroed);
  assert_int_equal(async_resource_async_id(&zeroed), ASYNC_ID_UNSET);
}

static void test_finished_memory_may_be_initialised_again(void **state) {
  fixture_t *fixture = *state;
  async_resource_t resource = {0};
  start_tracer(fixture);
  for (int i = 0; i < 3; i++) {
    assert_int_equal(async_resource_init(&resource, "T", NULL), 0);
    async_resource_finish(&resource);
  }
  async_env_flush();
  assert_string_equal(fixture->trace.text,
                      "init(#1 T root) init(#2 T root) init(#3 T root) "
                      "destroy(#1) destroy(#2) destroy(#3)");
}

static void test_require_manual_destroy(void **state) {
  fixture_t *fixture = *state;
  async_resource_options_t options = {
      .flags = ASYNC_RESOURCE_REQUIRE_MANUAL_DESTROY};
  async_resource_t silent = {0}, manual = {0};
  start_tracer(fixture);
  assert_int_equal(async_resource_init(&silent, "T", &options), 0);
  assert_int_equal(async_resource_init(&manual, "T", &options), 0);
  async_resource_finish(&silent);
  assert_int_equal(async_resource_emit_destroy(&manual), 0);
  async_resource_finish(&manual);
  async_env_flush();
  assert_string_equal(fixture->trace.text,
                      "init(#1 T root) init(#2 T root) destroy(#2)");
}

/* A resource that emits no destroy must not stay in the live set. */
static void test_silent_finish_still_ends_the_resource(void **state) {
  (void)state;
  async_resource_options_t options = {
      .flags = ASYNC_RESOURCE_REQUIRE_MANUAL_DESTROY};
  async_resource_t silent = {0};
  async_resource_info_t info;
  assert_int_equal(async_resource_init(&silent, "T", &options), 0);
  async_id_t async_id = async_resource_async_id(&silent);
  async_resource_finish(&silent);
  async_env_flush();
  assert_false(find_info(async_env_thread(), async_id, &info));
}

/* Every call of another thread on a resource that is not its own. */
typedef struct intruder_s {
  async_resource_t *resource;
  bool with_environment;
  int enter, run, destroy, name, ran;
  bool told;
} intruder_t;

static int note_run(void *arg) {
  ((intruder_t *)arg)->ran = 1;
  return 0;
}

static void intrude(void *arg) {
  intruder_t *intruder = arg;
  if (intruder->with_environment) {
    (void)async_env_open(ASYNC_ENV_OTHER, "intruder");
  }
  intruder->enter = async_resource_enter(intruder->resource);
  intruder->run =
      async_resource_run_in_async_scope(intruder->resource, note_run, intruder);
  intruder->destroy = async_resource_emit_destroy(intruder->resource);
  intruder->name = async_resource_set_name(intruder->resource, "x", 1);
  async_resource_finish(intruder->resource);
  intruder->told = strstr(async_error_message(), "which lives") != NULL;
  if (intruder->with_environment) {
    (void)async_env_detach();
  }
}

static void assert_intruder_refused(bool with_environment) {
  async_resource_t resource = {0};
  intruder_t intruder = {.resource = &resource,
                         .with_environment = with_environment};
  assert_int_equal(async_resource_init(&resource, "MINE", NULL), 0);
  run_on_thread(intrude, &intruder);
  assert_int_equal(intruder.enter, UV_EINVAL);
  assert_int_equal(intruder.run, UV_EINVAL);
  assert_int_equal(intruder.destroy, UV_EINVAL);
  assert_int_equal(intruder.name, UV_EINVAL);
  assert_true(intruder.told);
  assert_int_equal(intruder.ran, 0);
  assert_int_equal(async_resource_emit_destroy(&resource), 0);
  async_resource_finish(&resource);
}

static void test_another_threads_resource_is_refused(void **state) {
  (void)state;
  assert_intruder_refused(true);
}

static void test_thread_without_environment_may_not_touch_it(void **state) {
  (void)state;
  assert_intruder_refused(false);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_on_loop(test_explicit_triggers_are_kept),
      cmocka_unit_test_on_loop(test_impossible_triggers_are_refused),
      cmocka_unit_test_on_loop(test_refused_init_leaves_nothing_behind),
      cmocka_unit_test_on_loop(test_default_trigger_is_the_execution_id),
      cmocka_unit_test_on_loop(
          test_default_trigger_scope_comes_before_execution),
      cmocka_unit_test_on_loop(test_default_trigger_may_be_none),
      cmocka_unit_test_on_loop(test_explicit_trigger_comes_before_the_default),
      cmocka_unit_test_on_loop(test_trigger_without_its_flag_is_ignored),
      cmocka_unit_test_on_loop(test_cause_on_another_thread_is_the_origin),
      cmocka_unit_test_on_loop(test_cause_on_this_thread_is_the_trigger),
      cmocka_unit_test_on_loop(test_type_is_kept_whole),
      cmocka_unit_test_on_loop(test_same_type_is_stored_once),
      cmocka_unit_test_on_loop(test_data_is_the_embedders),
      cmocka_unit_test_on_loop(test_second_emit_destroy_is_refused),
      cmocka_unit_test_on_loop(test_finish_emits_destroy_once),
      cmocka_unit_test_on_loop(test_finished_resource_is_nobody),
      cmocka_unit_test_on_loop(test_finish_accepts_null_and_zeroed),
      cmocka_unit_test_on_loop(test_finished_memory_may_be_initialised_again),
      cmocka_unit_test_on_loop(test_require_manual_destroy),
      cmocka_unit_test_on_loop(test_silent_finish_still_ends_the_resource),
      cmocka_unit_test_on_loop(test_another_threads_resource_is_refused),
      cmocka_unit_test_on_loop(
          test_thread_without_environment_may_not_touch_it),
  };
  return test_main(tests, argc, argv);
}
