/* Walking environments while they begin and end, and what is remembered of
 * resources that are gone. */
#include "hooks_fixture.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static void test_walk_goes_by_thread_number(void **state) {
  (void)state;
  async_env_info_t info;
  async_env_t *env = NULL;
  int64_t last = -1;
  size_t own = 0;
  while ((env = async_inspect_next(env)) != NULL) {
    async_inspect_env(env, &info);
    assert_true((int64_t)info.thread > last);
    last = info.thread;
    own += info.thread == async_env_thread();
  }
  assert_int_equal(own, 1);
  async_inspect_release(NULL);
}

typedef struct ending_s {
  uv_barrier_t made, read;
  uint32_t thread;
  async_resource_t resource;
} ending_t;

static void begin_and_end(void *arg) {
  ending_t *ending = arg;
  (void)async_env_open(ASYNC_ENV_WORKER, "mortal");
  (void)async_resource_init(&ending->resource, "LEFT", NULL);
  ending->thread = async_env_thread();
  uv_barrier_wait(&ending->made);
  uv_barrier_wait(&ending->read);
  (void)async_env_detach();
}

static void test_ended_environment_stays_readable(void **state) {
  (void)state;
  static ending_t ending;
  uv_thread_t thread;
  async_env_info_t info;
  async_resource_info_t infos[4];
  uint32_t cursor = 0;
  uv_barrier_init(&ending.made, 2);
  uv_barrier_init(&ending.read, 2);
  assert_int_equal(uv_thread_create(&thread, begin_and_end, &ending), 0);
  uv_barrier_wait(&ending.made);
  async_env_t *env = find_env(ending.thread);
  assert_non_null(env);
  async_inspect_env(env, &info);
  assert_false(info.ended);
  assert_int_equal(async_inspect_resources(env, &cursor, infos, 4), 1);
  uv_barrier_wait(&ending.read);
  assert_int_equal(uv_thread_join(&thread), 0);
  async_inspect_env(env, &info);
  assert_true(info.ended);
  assert_string_equal(info.name, "mortal");
  assert_int_equal(info.kind, ASYNC_ENV_WORKER);
  assert_int_equal(info.resources_created, 1);
  cursor = 0;
  assert_true(async_inspect_resources(env, &cursor, infos, 4) <= 1);
  async_inspect_release(env);
  assert_null(find_env(ending.thread));
  async_resource_finish(&ending.resource);
  uv_barrier_destroy(&ending.made);
  uv_barrier_destroy(&ending.read);
}

/* A walk that stands on an environment which ends goes on behind it. */
static void test_walk_goes_on_from_an_ended_environment(void **state) {
  (void)state;
  static ending_t first;
  uv_thread_t thread;
  async_env_info_t info;
  uv_barrier_init(&first.made, 2);
  uv_barrier_init(&first.read, 2);
  assert_int_equal(uv_thread_create(&thread, begin_and_end, &first), 0);
  uv_barrier_wait(&first.made);
  async_env_t *env = find_env(first.thread);
  uv_barrier_wait(&first.read);
  assert_int_equal(uv_thread_join(&thread), 0);
  assert_int_equal(async_env_detach(), 0);
  assert_int_equal(async_env_attach(&((fixture_t *)*state)->loop), 0);
  async_env_t *kept = async_inspect_retain(env);
  env = async_inspect_next(env);
  assert_non_null(env);
  async_inspect_env(env, &info);
  assert_true(info.thread == async_env_thread());
  assert_null(async_inspect_next(env));
  async_inspect_env(kept, &info);
  assert_true(info.ended);
  async_inspect_release(kept);
  async_resource_finish(&first.resource);
  uv_barrier_destroy(&first.made);
  uv_barrier_destroy(&first.read);
}

/* Environments come and go while others walk them. */
typedef struct churn_s {
  atomic_int running;
  atomic_int disorder, torn;
} churn_t;

static void come_and_go(void *arg) {
  churn_t *churn = arg;
  for (int i = 0; i < 300; i++) {
    async_resource_t resource = {0};
    (void)async_env_open(ASYNC_ENV_WORKER, i % 2 ? "odd-odd-odd-odd" : "even");
    (void)async_resource_init(&resource, "CHURN", NULL);
    async_env_set_name(i % 2 ? "even" : "odd-odd-odd-odd");
    async_resource_finish(&resource);
    (void)async_env_detach();
  }
  atomic_fetch_sub(&churn->running, 1);
}

static void walk_once(churn_t *churn) {
  async_env_t *env = NULL;
  async_env_info_t info;
  async_resource_info_t record;
  int64_t last = -1;
  while ((env = async_inspect_next(env)) != NULL) {
    uint32_t cursor = 0;
    async_inspect_env(env, &info);
    atomic_fetch_add(&churn->disorder, (int64_t)info.thread <= last);
    atomic_fetch_add(&churn->torn, strcmp(info.name, "even") != 0 &&
                                       strcmp(info.name, "loop") != 0 &&
                                       strcmp(info.name, "odd-odd-odd-odd"));
    while (async_inspect_resources(env, &cursor, &record, 1) == 1) {
      atomic_fetch_add(&churn->torn, record.thread != info.thread ||
                                         strcmp(record.type, "CHURN") != 0);
    }
    last = info.thread;
  }
}

static void walk(void *arg) {
  churn_t *churn = arg;
  while (atomic_load(&churn->running) > 0) {
    walk_once(churn);
  }
}

static void test_walks_beside_environments_that_come_and_go(void **state) {
  (void)state;
  static churn_t churn;
  uv_thread_t threads[4];
  atomic_store(&churn.running, 2);
  for (int i = 0; i < 4; i++) {
    assert_int_equal(
        uv_thread_create(&threads[i], i < 2 ? come_and_go : walk, &churn), 0);
  }
  for (int i = 0; i < 4; i++) {
    assert_int_equal(uv_thread_join(&threads[i]), 0);
  }
  assert_int_equal(atomic_load(&churn.disorder), 0);
  assert_int_equal(atomic_load(&churn.torn), 0);
}

/* Whether `async_id` is a remembered ancestor; counts all of them. */
static bool find_ancestor(async_id_t async_id, size_t *ret_count,
                          async_ancestor_info_t *ret_info) {
  async_env_t *env = find_env(async_env_thread());
  async_ancestor_info_t infos[100];
  uint32_t cursor = 0;
  size_t got;
  bool found = false;
  *ret_count = 0;
  while ((got = async_inspect_ancestors(env, &cursor, infos, 100)) > 0) {
    for (size_t i = 0; i < got; i++) {
      if (infos[i].async_id == async_id) {
        *ret_info = infos[i];
        found = true;
      }
    }
    *ret_count += got;
  }
  async_inspect_release(env);
  return found;
}

/* A resource that made another one in its scope; both are gone. */
static async_id_t make_cause(void) {
  async_resource_t cause, effect;
  assert_int_equal(async_resource_init(&cause, "CAUSE", NULL), 0);
  async_id_t async_id = async_resource_async_id(&cause);
  assert_int_equal(async_resource_enter(&cause), 0);
  assert_int_equal(async_resource_init(&effect, "EFFECT", NULL), 0);
  async_resource_leave(&cause);
  async_resource_finish(&cause);
  async_resource_finish(&effect);
  async_env_flush();
  return async_id;
}

static void test_ended_cause_is_remembered(void **state) {
  (void)state;
  async_ancestor_info_t info;
  size_t count = 0;
  async_id_t cause = make_cause();
  assert_true(find_ancestor(cause, &count, &info));
  assert_int_equal(count, 1);
  assert_string_equal(info.type, "CAUSE");
  assert_int_equal(info.trigger.async_id, ASYNC_ID_ROOT);
  assert_true(info.trigger.thread == async_env_thread());
  assert_int_equal(info.execution_async_id, ASYNC_ID_ROOT);
  assert_string_equal(info.site->function, "make_cause");
}

static void test_resource_without_effect_is_not_remembered(void **state) {
  (void)state;
  async_ancestor_info_t info;
  async_resource_t resource;
  size_t count = 0;
  assert_int_equal(async_resource_init(&resource, "T", NULL), 0);
  async_id_t async_id = async_resource_async_id(&resource);
  async_resource_finish(&resource);
  async_env_flush();
  assert_false(find_ancestor(async_id, &count, &info));
  assert_int_equal(count, 0);
}

static void test_living_cause_is_no_ancestor_yet(void **state) {
  (void)state;
  async_ancestor_info_t info;
  async_resource_t cause, effect;
  size_t count = 0;
  assert_int_equal(async_resource_init(&cause, "CAUSE", NULL), 0);
  assert_int_equal(async_resource_enter(&cause), 0);
  assert_int_equal(async_resource_init(&effect, "EFFECT", NULL), 0);
  async_resource_leave(&cause);
  assert_false(find_ancestor(async_resource_async_id(&cause), &count, &info));
  async_resource_finish(&cause);
  async_resource_finish(&effect);
}

static async_id_t end(async_resource_t *resource) {
  async_id_t async_id = async_resource_async_id(resource);
  async_resource_finish(resource);
  async_env_flush();
  return async_id;
}

static void test_cause_given_by_its_id_is_remembered(void **state) {
  (void)state;
  async_ancestor_info_t info;
  async_resource_t cause, other, effect;
  size_t count = 0;
  assert_int_equal(async_resource_init(&cause, "CAUSE", NULL), 0);
  assert_int_equal(async_resource_init(&other, "OTHER", NULL), 0);
  async_resource_options_t options = {.flags = ASYNC_RESOURCE_TRIGGER,
                                      .trigger_async_id =
                                          async_resource_async_id(&cause)};
  assert_int_equal(async_resource_init(&effect, "EFFECT", &options), 0);
  assert_false(find_ancestor(end(&other), &count, &info));
  assert_true(find_ancestor(end(&cause), &count, &info));
  assert_string_equal(info.type, "CAUSE");
  async_resource_finish(&effect);
}

static void test_cause_of_a_default_trigger_scope_is_remembered(void **state) {
  (void)state;
  async_ancestor_info_t info;
  async_resource_t cause, effect;
  size_t count = 0;
  assert_int_equal(async_resource_init(&cause, "CAUSE", NULL), 0);
  async_id_t before =
      async_default_trigger_scope_open(async_resource_async_id(&cause));
  assert_int_equal(async_resource_init(&effect, "EFFECT", NULL), 0);
  async_default_trigger_scope_close(before);
  assert_true(find_ancestor(end(&cause), &count, &info));
  async_resource_finish(&effect);
}

static void test_ids_never_made_may_be_given(void **state) {
  (void)state;
  static const async_id_t ids[] = {-1, 0, 1, 111, (INT64_C(1) << 53) - 1};
  async_ancestor_info_t info;
  size_t count = 0;
  for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
    async_resource_t effect;
    async_resource_options_t options = {.flags = ASYNC_RESOURCE_TRIGGER,
                                        .trigger_async_id = ids[i]};
    assert_int_equal(async_resource_init(&effect, "EFFECT", &options), 0);
    assert_false(find_ancestor(end(&effect), &count, &info));
  }
  assert_int_equal(count, 0);
}

static void test_the_last_1024_ancestors_are_kept(void **state) {
  (void)state;
  async_ancestor_info_t info;
  size_t count = 0;
  async_id_t first = make_cause(), last = first;
  for (int i = 0; i < ASYNC_ANCESTORS_KEPT; i++) {
    last = make_cause();
  }
  assert_false(find_ancestor(first, &count, &info));
  assert_int_equal(count, ASYNC_ANCESTORS_KEPT);
  assert_true(find_ancestor(last, &count, &info));
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_on_loop(test_walk_goes_by_thread_number),
      cmocka_unit_test_on_loop(test_ended_environment_stays_readable),
      cmocka_unit_test_on_loop(test_walk_goes_on_from_an_ended_environment),
      cmocka_unit_test_on_loop(test_walks_beside_environments_that_come_and_go),
      cmocka_unit_test_on_loop(test_ended_cause_is_remembered),
      cmocka_unit_test_on_loop(test_resource_without_effect_is_not_remembered),
      cmocka_unit_test_on_loop(test_living_cause_is_no_ancestor_yet),
      cmocka_unit_test_on_loop(test_cause_given_by_its_id_is_remembered),
      cmocka_unit_test_on_loop(
          test_cause_of_a_default_trigger_scope_is_remembered),
      cmocka_unit_test_on_loop(test_ids_never_made_may_be_given),
      cmocka_unit_test_on_loop(test_the_last_1024_ancestors_are_kept),
  };
  return test_main(tests, argc, argv);
}
