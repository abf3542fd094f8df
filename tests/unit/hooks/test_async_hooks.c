#include "hooks_fixture.h"

#include <stdio.h>
#include <string.h>

static void make_once(const char *type) {
  async_resource_t resource = {0};
  assert_int_equal(async_resource_init(&resource, type, NULL), 0);
  async_resource_finish(&resource);
}

static void cross_once(async_resource_t *resource) {
  assert_int_equal(async_resource_enter(resource), 0);
  async_resource_leave(resource);
}

static tracer_t *start_tracer(fixture_t *fixture) {
  tracer_init(&fixture->tracer, &fixture->trace, "");
  assert_int_equal(async_hook_enable(&fixture->tracer.hook), 0);
  return &fixture->tracer;
}

static void test_each_event_is_reported_once(void **state) {
  fixture_t *fixture = *state;
  async_resource_t resource = {0};
  start_tracer(fixture);
  assert_int_equal(async_resource_init(&resource, "ONE", NULL), 0);
  cross_once(&resource);
  cross_once(&resource);
  async_resource_finish(&resource);
  async_env_flush();
  assert_string_equal(fixture->trace.text,
                      "init(#1 ONE root) before(#1) after(#1) before(#1) "
                      "after(#1) destroy(#1)");
}

static void test_hook_is_disabled_until_enabled(void **state) {
  fixture_t *fixture = *state;
  tracer_init(&fixture->tracer, &fixture->trace, "");
  make_once("UNSEEN");
  async_env_flush();
  assert_string_equal(fixture->trace.text, "");
}

static void test_enabling_twice_calls_once(void **state) {
  fixture_t *fixture = *state;
  tracer_t *tracer = start_tracer(fixture);
  assert_int_equal(async_hook_enable(&tracer->hook), 0);
  make_once("ONE");
  assert_string_equal(fixture->trace.text, "init(#1 ONE root)");
  async_hook_disable(&tracer->hook);
  make_once("UNSEEN");
  assert_string_equal(fixture->trace.text, "init(#1 ONE root)");
}

static void test_disabling_twice_does_nothing(void **state) {
  fixture_t *fixture = *state;
  tracer_t *tracer = start_tracer(fixture);
  async_hook_disable(&tracer->hook);
  async_hook_disable(&tracer->hook);
  make_once("UNSEEN");
  assert_string_equal(fixture->trace.text, "");
  assert_int_equal(async_hook_enable(&tracer->hook), 0);
  make_once("SEEN");
  assert_string_equal(fixture->trace.text, "init(#2 SEEN root)");
}

static void test_disabled_hook_misses_the_rest(void **state) {
  fixture_t *fixture = *state;
  async_resource_t resource = {0};
  tracer_t *tracer = start_tracer(fixture);
  assert_int_equal(async_resource_init(&resource, "ONE", NULL), 0);
  async_hook_disable(&tracer->hook);
  cross_once(&resource);
  async_resource_finish(&resource);
  async_env_flush();
  assert_string_equal(fixture->trace.text, "init(#1 ONE root)");
}

static void test_order_is_that_of_enabling_for_every_event(void **state) {
  fixture_t *fixture = *state;
  static tracer_t a, b, c;
  async_resource_t resource = {0};
  tracer_init(&a, &fixture->trace, "a:");
  tracer_init(&b, &fixture->trace, "b:");
  tracer_init(&c, &fixture->trace, "c:");
  assert_int_equal(async_hook_enable(&b.hook), 0);
  assert_int_equal(async_hook_enable(&a.hook), 0);
  assert_int_equal(async_hook_enable(&c.hook), 0);
  async_hook_disable(&b.hook);
  assert_int_equal(async_hook_enable(&b.hook), 0);
  assert_int_equal(async_resource_init(&resource, "T", NULL), 0);
  cross_once(&resource);
  async_resource_finish(&resource);
  async_env_flush();
  assert_string_equal(fixture->trace.text,
                      "a:init(#1 T root) c:init(#1 T root) b:init(#1 T root) "
                      "a:before(#1) c:before(#1) b:before(#1) "
                      "a:after(#1) c:after(#1) b:after(#1) "
                      "a:destroy(#1) c:destroy(#1) b:destroy(#1)");
}

static void count_init(async_id_t async_id, const char *type,
                       async_id_t trigger, async_resource_t *resource,
                       void *data) {
  (void)async_id;
  (void)type;
  (void)trigger;
  (void)resource;
  ++*(int *)data;
}

static void test_callbacks_are_copied_at_init(void **state) {
  (void)state;
  static async_hook_t hook;
  static int count;
  async_hook_callbacks_t callbacks = {.init = count_init};
  async_hook_init(&hook, &callbacks, &count);
  memset(&callbacks, 0, sizeof(callbacks));
  assert_int_equal(async_hook_enable(&hook), 0);
  make_once("ONE");
  assert_int_equal(count, 1);
}

static void test_hook_without_callbacks_is_harmless(void **state) {
  fixture_t *fixture = *state;
  static async_hook_t empty;
  async_hook_callbacks_t none = {0};
  async_hook_init(&empty, &none, NULL);
  assert_int_equal(async_hook_enable(&empty), 0);
  start_tracer(fixture);
  make_once("ONE");
  async_env_flush();
  assert_string_equal(fixture->trace.text, "init(#1 ONE root) destroy(#1)");
}

#define MANY 300

static void test_many_hooks_each_see_each_event(void **state) {
  (void)state;
  static async_hook_t hooks[MANY];
  static int counts[MANY];
  async_hook_callbacks_t callbacks = {.init = count_init};
  for (int i = 0; i < MANY; i++) {
    async_hook_init(&hooks[i], &callbacks, &counts[i]);
    assert_int_equal(async_hook_enable(&hooks[i]), 0);
  }
  make_once("ALL");
  for (int i = 0; i < MANY; i += 2) {
    async_hook_disable(&hooks[i]);
  }
  make_once("ODD");
  for (int i = 0; i < MANY; i++) {
    assert_int_equal(counts[i], 1 + i % 2);
  }
}

/* The ids that each hook callback finds in force. */
static void say_ids(fixture_t *fixture, const char *event) {
  trace_add(&fixture->trace, "%s:%s/%s", event,
            trace_id(&fixture->trace, async_hooks_execution_async_id()),
            trace_id(&fixture->trace, async_hooks_trigger_async_id()));
}

static void ids_at_init(async_id_t async_id, const char *type,
                        async_id_t trigger, async_resource_t *resource,
                        void *data) {
  (void)async_id;
  (void)type;
  (void)trigger;
  (void)resource;
  say_ids(data, "init");
}

static void ids_at_before(async_id_t async_id, void *data) {
  (void)async_id;
  say_ids(data, "before");
}

static void ids_at_after(async_id_t async_id, void *data) {
  (void)async_id;
  say_ids(data, "after");
}

static void ids_at_destroy(async_id_t async_id, void *data) {
  (void)async_id;
  say_ids(data, "destroy");
}

static void test_ids_in_force_inside_hooks(void **state) {
  fixture_t *fixture = *state;
  static async_hook_t hook;
  async_hook_callbacks_t callbacks = {.init = ids_at_init,
                                      .before = ids_at_before,
                                      .after = ids_at_after,
                                      .destroy = ids_at_destroy};
  async_resource_t resource = {0};
  async_resource_options_t options = {.flags = ASYNC_RESOURCE_TRIGGER,
                                      .trigger_async_id = ASYNC_ID_UNSET};
  async_hook_init(&hook, &callbacks, fixture);
  assert_int_equal(async_hook_enable(&hook), 0);
  assert_int_equal(async_resource_init(&resource, "T", &options), 0);
  cross_once(&resource);
  async_resource_finish(&resource);
  async_env_flush();
  assert_string_equal(
      fixture->trace.text,
      "init:root/none before:#1/unset after:#1/unset destroy:none/none");
}

/* What init was given and what the getters said there. */
typedef struct seen_init_s {
  async_id_t async_id, trigger, from_resource, trigger_from_resource;
  const char *type;
  async_resource_t *resource;
  char type_text[16];
} seen_init_t;

static void see_init(async_id_t async_id, const char *type, async_id_t trigger,
                     async_resource_t *resource, void *data) {
  seen_init_t *seen = data;
  *seen = (seen_init_t){.async_id = async_id,
                        .trigger = trigger,
                        .from_resource = async_resource_async_id(resource),
                        .trigger_from_resource =
                            async_resource_trigger_async_id(resource),
                        .type = type,
                        .resource = resource};
  snprintf(seen->type_text, sizeof(seen->type_text), "%s",
           async_resource_type(resource));
}

static void test_emit_init(void **state) {
  (void)state;
  static async_hook_t hook;
  static seen_init_t seen;
  async_hook_callbacks_t callbacks = {.init = see_init};
  async_resource_options_t options = {.flags = ASYNC_RESOURCE_TRIGGER,
                                      .trigger_async_id = 77};
  async_resource_t resource = {0};
  async_hook_init(&hook, &callbacks, &seen);
  assert_int_equal(async_hook_enable(&hook), 0);
  assert_int_equal(async_resource_init(&resource, "EMIT_INIT", &options), 0);
  assert_int_equal(seen.async_id, async_resource_async_id(&resource));
  assert_int_equal(seen.from_resource, seen.async_id);
  assert_int_equal(seen.trigger, 77);
  assert_int_equal(seen.trigger_from_resource, 77);
  assert_ptr_equal(seen.resource, &resource);
  assert_string_equal(seen.type_text, "EMIT_INIT");
  async_resource_finish(&resource);
}

static void test_type_given_to_init_lives_on(void **state) {
  (void)state;
  static async_hook_t hook;
  static seen_init_t seen;
  async_hook_callbacks_t callbacks = {.init = see_init};
  char type[] = "SHORT_LIVED";
  async_hook_init(&hook, &callbacks, &seen);
  assert_int_equal(async_hook_enable(&hook), 0);
  make_once(type);
  memset(type, 'x', sizeof(type) - 1);
  assert_string_equal(seen.type, "SHORT_LIVED");
}

/* The hook's own callbacks make a resource, once. */
static void make_in_before(async_id_t async_id, void *data) {
  async_resource_t *made = data;
  (void)async_id;
  if (async_resource_async_id(made) == ASYNC_ID_UNSET) {
    (void)async_resource_init(made, "MADE", NULL);
  }
}

static void test_resource_made_in_before_is_caused_by_it(void **state) {
  (void)state;
  static async_hook_t hook;
  static async_resource_t made;
  async_hook_callbacks_t callbacks = {.before = make_in_before};
  async_resource_t resource = {0};
  async_hook_init(&hook, &callbacks, &made);
  assert_int_equal(async_hook_enable(&hook), 0);
  assert_int_equal(async_resource_init(&resource, "T", NULL), 0);
  cross_once(&resource);
  assert_int_equal(async_resource_trigger_async_id(&made),
                   async_resource_async_id(&resource));
  async_resource_finish(&resource);
  async_resource_finish(&made);
}

static void make_nested_in_init(async_id_t async_id, const char *type,
                                async_id_t trigger, async_resource_t *resource,
                                void *data) {
  fixture_t *fixture = data;
  (void)trigger;
  (void)resource;
  trace_add(&fixture->trace, "H(%s)", trace_id(&fixture->trace, async_id));
  if (strcmp(type, "OUTER") == 0) {
    async_resource_t inner = {0};
    (void)async_resource_init(&inner, "INNER", NULL);
    async_resource_finish(&inner);
  }
}

static void test_nested_init_is_depth_first(void **state) {
  fixture_t *fixture = *state;
  static async_hook_t hook;
  async_hook_callbacks_t callbacks = {.init = make_nested_in_init};
  async_hook_init(&hook, &callbacks, fixture);
  assert_int_equal(async_hook_enable(&hook), 0);
  tracer_init(&fixture->tracer, &fixture->trace, "I:");
  assert_int_equal(async_hook_enable(&fixture->tracer.hook), 0);
  make_once("OUTER");
  assert_string_equal(
      fixture->trace.text,
      "H(#1) H(#2) I:init(#2 INNER root) I:init(#1 OUTER root)");
}

static void make_elsewhere(void *arg) {
  (void)arg;
  if (async_env_open(ASYNC_ENV_OTHER, "other") == 0) {
    async_resource_t resource = {0};
    (void)async_resource_init(&resource, "ELSEWHERE", NULL);
    async_resource_finish(&resource);
    (void)async_env_detach();
  }
}

static void test_hook_sees_its_own_thread_only(void **state) {
  fixture_t *fixture = *state;
  start_tracer(fixture);
  run_on_thread(make_elsewhere, NULL);
  assert_string_equal(fixture->trace.text, "");
}

static void other_before(async_id_t async_id, void *data) {
  (void)async_id;
  trace_add(data, "other");
}

static void test_callbacks_added_to_a_base_replace_its_own(void **state) {
  fixture_t *fixture = *state;
  async_resource_t resource = {0};
  tracer_init_all(&fixture->tracer, &fixture->trace, "");
  const async_hook_callbacks_t base = fixture->tracer.hook.callbacks;
  const async_hook_callbacks_t added = {.before = other_before}, none = {NULL};
  async_hook_callbacks_t all = async_hook_callbacks_extend(&base, &none);
  assert_memory_equal(&all, &base, sizeof(all));
  all = async_hook_callbacks_extend(&none, &base);
  assert_memory_equal(&all, &base, sizeof(all));
  all = async_hook_callbacks_extend(&base, &added);
  assert_true(all.before == other_before && all.init == base.init &&
              all.after == base.after && all.destroy == base.destroy &&
              all.promise_resolve == base.promise_resolve);
  async_hook_t hook;
  all = async_hook_callbacks_extend(&added, &none);
  async_hook_init(&hook, &all, &fixture->trace);
  assert_int_equal(async_hook_enable(&hook), 0);
  assert_int_equal(async_resource_init(&resource, "ONE", NULL), 0);
  cross_once(&resource);
  async_resource_finish(&resource);
  async_env_flush();
  assert_string_equal(fixture->trace.text, "other");
  async_hook_disable(&hook);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_on_loop(test_each_event_is_reported_once),
      cmocka_unit_test_on_loop(test_hook_is_disabled_until_enabled),
      cmocka_unit_test_on_loop(test_enabling_twice_calls_once),
      cmocka_unit_test_on_loop(test_disabling_twice_does_nothing),
      cmocka_unit_test_on_loop(test_disabled_hook_misses_the_rest),
      cmocka_unit_test_on_loop(test_order_is_that_of_enabling_for_every_event),
      cmocka_unit_test_on_loop(test_callbacks_are_copied_at_init),
      cmocka_unit_test_on_loop(test_hook_without_callbacks_is_harmless),
      cmocka_unit_test_on_loop(test_many_hooks_each_see_each_event),
      cmocka_unit_test_on_loop(test_ids_in_force_inside_hooks),
      cmocka_unit_test_on_loop(test_emit_init),
      cmocka_unit_test_on_loop(test_type_given_to_init_lives_on),
      cmocka_unit_test_on_loop(test_resource_made_in_before_is_caused_by_it),
      cmocka_unit_test_on_loop(test_nested_init_is_depth_first),
      cmocka_unit_test_on_loop(test_hook_sees_its_own_thread_only),
      cmocka_unit_test_on_loop(test_callbacks_added_to_a_base_replace_its_own),
  };
  return test_main(tests, argc, argv);
}
