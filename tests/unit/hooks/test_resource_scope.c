/* What is in force inside a resource's scope. */
#include "hooks_fixture.h"

static int answer_1729(void *arg) {
  *(async_id_t *)arg = async_hooks_execution_async_id();
  return 1729;
}

static void test_run_returns_what_the_function_returned(void **state) {
  (void)state;
  async_id_t inside = ASYNC_ID_NONE;
  async_resource_t resource = {0};
  assert_int_equal(async_resource_init(&resource, "T", NULL), 0);
  assert_int_equal(
      async_resource_run_in_async_scope(&resource, answer_1729, &inside), 1729);
  assert_int_equal(inside, async_resource_async_id(&resource));
  assert_int_equal(async_hooks_execution_async_id(), ASYNC_ID_ROOT);
  async_resource_finish(&resource);
}

static void test_scope_sets_and_restores_the_ids(void **state) {
  (void)state;
  async_resource_t a = {0}, b = {0};
  async_resource_options_t options = {.flags = ASYNC_RESOURCE_TRIGGER,
                                      .trigger_async_id = 111};
  assert_int_equal(async_resource_init(&a, "A", NULL), 0);
  assert_int_equal(async_resource_init(&b, "B", &options), 0);
  assert_int_equal(async_resource_enter(&a), 0);
  assert_int_equal(async_resource_enter(&b), 0);
  assert_int_equal(async_hooks_execution_async_id(),
                   async_resource_async_id(&b));
  assert_int_equal(async_hooks_trigger_async_id(), 111);
  async_resource_leave(&b);
  assert_int_equal(async_hooks_execution_async_id(),
                   async_resource_async_id(&a));
  assert_int_equal(async_hooks_trigger_async_id(), ASYNC_ID_ROOT);
  async_resource_leave(&a);
  assert_int_equal(async_hooks_execution_async_id(), ASYNC_ID_ROOT);
  assert_int_equal(async_hooks_trigger_async_id(), ASYNC_ID_NONE);
  async_resource_finish(&a);
  async_resource_finish(&b);
}

static void test_run_works_after_emit_destroy(void **state) {
  (void)state;
  async_id_t inside = ASYNC_ID_NONE;
  async_resource_t resource = {0};
  assert_int_equal(async_resource_init(&resource, "T", NULL), 0);
  assert_int_equal(async_resource_emit_destroy(&resource), 0);
  assert_int_equal(
      async_resource_run_in_async_scope(&resource, answer_1729, &inside), 1729);
  assert_int_equal(inside, async_resource_async_id(&resource));
  async_resource_finish(&resource);
}

static void test_run_works_after_destroy_was_delivered(void **state) {
  (void)state;
  async_id_t inside = ASYNC_ID_NONE;
  async_resource_t resource = {0}, other = {0};
  assert_int_equal(async_resource_init(&resource, "T", NULL), 0);
  assert_int_equal(async_resource_emit_destroy(&resource), 0);
  async_env_flush();
  assert_int_equal(async_resource_init(&other, "OTHER", NULL), 0);
  assert_int_equal(
      async_resource_run_in_async_scope(&resource, answer_1729, &inside), 1729);
  assert_int_equal(inside, async_resource_async_id(&resource));
  assert_string_equal(async_resource_type(&resource), "T");
  assert_string_equal(async_resource_type(&other), "OTHER");
  async_resource_finish(&resource);
  async_resource_finish(&other);
}

#define DEEP 1000

typedef struct descent_s {
  async_resource_t resources[DEEP];
  int depth, wrong;
} descent_t;

static int is_at(descent_t *descent, int depth) {
  const async_resource_t *resource = &descent->resources[depth];
  return async_hooks_execution_async_id() ==
             async_resource_async_id(resource) &&
         async_hooks_trigger_async_id() ==
             async_resource_trigger_async_id(resource) &&
         async_hooks_execution_async_resource() == resource;
}

static int descend(void *arg) {
  descent_t *descent = arg;
  int depth = descent->depth++;
  descent->wrong += !is_at(descent, depth);
  if (descent->depth < DEEP) {
    async_resource_t *next = &descent->resources[descent->depth];
    descent->wrong += async_resource_init(next, "DEEP", NULL) != 0;
    async_resource_run_in_async_scope(next, descend, descent);
  }
  descent->wrong += !is_at(descent, depth);
  return depth;
}

static void test_a_thousand_deep(void **state) {
  (void)state;
  static descent_t descent;
  assert_int_equal(async_resource_init(&descent.resources[0], "DEEP", NULL), 0);
  assert_int_equal(async_resource_run_in_async_scope(&descent.resources[0],
                                                     descend, &descent),
                   0);
  assert_int_equal(descent.wrong, 0);
  assert_int_equal(descent.depth, DEEP);
  for (int i = 0; i < DEEP; i++) {
    assert_int_equal(async_resource_trigger_async_id(&descent.resources[i]),
                     i == 0
                         ? ASYNC_ID_ROOT
                         : async_resource_async_id(&descent.resources[i - 1]));
  }
  for (int i = 0; i < DEEP; i++) {
    async_resource_finish(&descent.resources[i]);
  }
}

#define PAIRS 100000

static void test_a_hundred_thousand_nested_pairs(void **state) {
  (void)state;
  async_resource_t resources[7];
  for (int i = 0; i < 7; i++) {
    assert_int_equal(async_resource_init(&resources[i], "T", NULL), 0);
  }
  for (int i = 0; i < PAIRS; i++) {
    assert_int_equal(async_resource_enter(&resources[i % 7]), 0);
  }
  for (int i = PAIRS - 1; i >= 0; i--) {
    assert_ptr_equal(async_hooks_execution_async_resource(), &resources[i % 7]);
    async_resource_leave(&resources[i % 7]);
  }
  assert_int_equal(async_hooks_execution_async_id(), ASYNC_ID_ROOT);
  for (int i = 0; i < 7; i++) {
    async_resource_finish(&resources[i]);
  }
}

/* What each event and the callback itself found as the running resource. */
typedef struct identity_s {
  async_resource_t *init, *before, *inside, *after;
} identity_t;

static void at_init(async_id_t async_id, const char *type, async_id_t trigger,
                    async_resource_t *resource, void *data) {
  (void)async_id;
  (void)type;
  (void)trigger;
  ((identity_t *)data)->init = resource;
}

static void at_before(async_id_t async_id, void *data) {
  (void)async_id;
  ((identity_t *)data)->before = async_hooks_execution_async_resource();
}

static void at_after(async_id_t async_id, void *data) {
  (void)async_id;
  ((identity_t *)data)->after = async_hooks_execution_async_resource();
}

static int at_run(void *arg) {
  ((identity_t *)arg)->inside = async_hooks_execution_async_resource();
  return 0;
}

static void test_execution_resource_is_the_one_init_got(void **state) {
  (void)state;
  static identity_t seen;
  static async_hook_t hook;
  async_hook_callbacks_t callbacks = {
      .init = at_init, .before = at_before, .after = at_after};
  async_resource_t resource = {0};
  async_hook_init(&hook, &callbacks, &seen);
  assert_int_equal(async_hook_enable(&hook), 0);
  assert_int_equal(async_resource_init(&resource, "T", NULL), 0);
  assert_int_equal(async_resource_run_in_async_scope(&resource, at_run, &seen),
                   0);
  assert_ptr_equal(seen.init, &resource);
  assert_ptr_equal(seen.before, &resource);
  assert_ptr_equal(seen.inside, &resource);
  assert_ptr_equal(seen.after, &resource);
  async_resource_finish(&resource);
}

static void test_top_level_resource_is_always_the_same(void **state) {
  (void)state;
  async_resource_t resource = {0};
  async_resource_t *top = async_hooks_execution_async_resource();
  assert_non_null(top);
  top->data = &resource;
  assert_int_equal(async_resource_init(&resource, "T", NULL), 0);
  assert_int_equal(async_resource_enter(&resource), 0);
  assert_ptr_not_equal(async_hooks_execution_async_resource(), top);
  async_resource_leave(&resource);
  assert_ptr_equal(async_hooks_execution_async_resource(), top);
  assert_ptr_equal(top->data, &resource);
  async_resource_finish(&resource);
}

static void note_top(void *arg) {
  async_resource_t **ret_top = arg;
  (void)async_env_open(ASYNC_ENV_OTHER, "other");
  *ret_top = async_hooks_execution_async_resource();
  (void)async_env_detach();
}

static void test_top_level_resource_is_the_threads_own(void **state) {
  (void)state;
  async_resource_t *top = NULL;
  run_on_thread(note_top, &top);
  assert_non_null(top);
  assert_ptr_not_equal(top, async_hooks_execution_async_resource());
}

static void test_ref_names_it_among_all_threads(void **state) {
  (void)state;
  async_resource_t resource = {0};
  assert_int_equal(async_resource_ref(&resource).thread, ASYNC_THREAD_NONE);
  assert_int_equal(async_resource_ref(&resource).async_id, ASYNC_ID_UNSET);
  assert_int_equal(async_resource_init(&resource, "T", NULL), 0);
  assert_int_equal(async_resource_ref(&resource).thread, async_env_thread());
  assert_int_equal(async_resource_ref(&resource).async_id,
                   async_resource_async_id(&resource));
  async_resource_finish(&resource);
  assert_int_equal(async_resource_ref(&resource).thread, ASYNC_THREAD_NONE);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_on_loop(test_run_returns_what_the_function_returned),
      cmocka_unit_test_on_loop(test_scope_sets_and_restores_the_ids),
      cmocka_unit_test_on_loop(test_run_works_after_emit_destroy),
      cmocka_unit_test_on_loop(test_run_works_after_destroy_was_delivered),
      cmocka_unit_test_on_loop(test_a_thousand_deep),
      cmocka_unit_test_on_loop(test_a_hundred_thousand_nested_pairs),
      cmocka_unit_test_on_loop(test_execution_resource_is_the_one_init_got),
      cmocka_unit_test_on_loop(test_top_level_resource_is_always_the_same),
      cmocka_unit_test_on_loop(test_top_level_resource_is_the_threads_own),
      cmocka_unit_test_on_loop(test_ref_names_it_among_all_threads),
  };
  return test_main(tests, argc, argv);
}
