/* Scopes: a store for a block. */
#include "als_fixture.h"
#include "asyncscope/async_local_storage_scope.h"
#include "failing_allocator.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void open_scope(async_local_storage_t *storage, const char *store,
                       async_local_storage_scope_t *scope) {
  memset(scope, 0, sizeof(*scope));
  assert_int_equal(
      async_local_storage_with_scope(storage, (void *)store, scope), 0);
}

static void test_store_is_set_until_dispose(void **state) {
  fixture_t *fixture = *state;
  async_local_storage_scope_t scope;
  open_scope(&fixture->als, "a", &scope);
  see(fixture, "in");
  assert_int_equal(async_local_storage_scope_dispose(&scope), 0);
  see(fixture, "out");
  assert_string_equal(fixture->text, "in:a out:-");
}

static void test_four_nested_scopes(void **state) {
  fixture_t *fixture = *state;
  async_local_storage_scope_t scopes[4];
  static const char *const stores[] = {"1", "2", "3", "4"};
  for (int i = 0; i < 4; i++)
    open_scope(&fixture->als, stores[i], &scopes[i]);
  for (int i = 3; i >= 0; i--) {
    see(fixture, "in");
    assert_int_equal(async_local_storage_scope_dispose(&scopes[i]), 0);
  }
  see(fixture, "out");
  assert_string_equal(fixture->text, "in:4 in:3 in:2 in:1 out:-");
}

/* A later enter_with() is not undone by the second dispose. */
static void test_dispose_twice_is_dispose_once(void **state) {
  fixture_t *fixture = *state;
  async_local_storage_scope_t scope;
  open_scope(&fixture->als, "a", &scope);
  assert_int_equal(async_local_storage_scope_dispose(&scope), 0);
  als_enter(fixture, "later");
  assert_int_equal(async_local_storage_scope_dispose(&scope), 0);
  see(fixture, "after");
  assert_string_equal(fixture->text, "after:later");
}

static void test_scope_that_was_never_opened(void **state) {
  fixture_t *fixture = *state;
  async_local_storage_scope_t scope = {NULL, NULL, NULL, NULL};
  als_enter(fixture, "a");
  assert_int_equal(async_local_storage_scope_dispose(&scope), 0);
  assert_int_equal(async_local_storage_scope_dispose(NULL), 0);
  see(fixture, "still");
  assert_string_equal(fixture->text, "still:a");
}

static void test_enter_with_inside_is_undone(void **state) {
  fixture_t *fixture = *state;
  async_local_storage_scope_t scope;
  als_enter(fixture, "before");
  open_scope(&fixture->als, "a", &scope);
  als_enter(fixture, "inside");
  other_enter(fixture, "kept");
  assert_int_equal(async_local_storage_scope_dispose(&scope), 0);
  see(fixture, "als");
  see_other(fixture, "other");
  assert_string_equal(fixture->text, "als:before other:kept");
}

static void test_default_value_comes_back(void **state) {
  fixture_t *fixture = *state;
  async_local_storage_t storage;
  async_local_storage_scope_t scope;
  async_local_storage_options_t options = {.default_value = (void *)"default"};
  (void)fixture;
  assert_int_equal(async_local_storage_init(&storage, &options), 0);
  open_scope(&storage, "a", &scope);
  assert_string_equal(async_local_storage_get_store(&storage), "a");
  assert_int_equal(async_local_storage_scope_dispose(&scope), 0);
  assert_string_equal(async_local_storage_get_store(&storage), "default");
  async_local_storage_finish(&storage);
}

static void test_storages_are_independent(void **state) {
  fixture_t *fixture = *state;
  async_local_storage_scope_t mine, others;
  open_scope(&fixture->als, "a", &mine);
  open_scope(&fixture->other, "b", &others);
  assert_int_equal(async_local_storage_scope_dispose(&mine), 0);
  see(fixture, "als");
  see_other(fixture, "other");
  assert_int_equal(async_local_storage_scope_dispose(&others), 0);
  see_other(fixture, "other");
  assert_string_equal(fixture->text, "als:- other:b other:-");
}

static void test_what_starts_inside_keeps_the_store(void **state) {
  fixture_t *fixture = *state;
  async_local_storage_scope_t scope;
  open_scope(&fixture->als, "a", &scope);
  in_timer(fixture, sees_later);
  assert_int_equal(async_local_storage_scope_dispose(&scope), 0);
  run_loop(fixture);
  assert_string_equal(fixture->text, "later:a");
}

/* Neither leaves the store of a scope that has ended. */
static void test_outer_scope_first_is_told(void **state) {
  fixture_t *fixture = *state;
  async_local_storage_scope_t outer, inner;
  als_enter(fixture, "before");
  open_scope(&fixture->als, "outer", &outer);
  open_scope(&fixture->als, "inner", &inner);
  assert_int_equal(async_local_storage_scope_dispose(&outer), UV_EINVAL);
  see(fixture, "outer");
  assert_int_equal(async_local_storage_scope_dispose(&inner), 0);
  see(fixture, "inner");
  assert_string_equal(fixture->text, "outer:before inner:before");
}

static void test_message_names_both(void **state) {
  fixture_t *fixture = *state;
  async_local_storage_scope_t outer = {NULL, NULL, NULL, NULL}, inner = outer;
  async_local_storage_t storage;
  async_local_storage_options_t options = {.name = "requests"};
  char first[64], second[64];
  (void)fixture;
  assert_int_equal(async_local_storage_init(&storage, &options), 0);
  int line = __LINE__;
  (void)async_local_storage_with_scope(&storage, NULL, &outer);
  (void)async_local_storage_with_scope(&storage, NULL, &inner);
  assert_int_equal(async_local_storage_scope_dispose(&outer), UV_EINVAL);
  snprintf(first, sizeof(first), "als_scope_test.c:%d disposed", line + 1);
  snprintf(second, sizeof(second), "als_scope_test.c:%d", line + 2);
  assert_non_null(strstr(async_error_message(), "\"requests\""));
  assert_non_null(strstr(async_error_message(), first));
  assert_non_null(strstr(async_error_message(), second));
  assert_int_equal(async_local_storage_scope_dispose(&inner), 0);
  async_local_storage_finish(&storage);
}

static void test_middle_scope_ends_only_what_is_inside(void **state) {
  fixture_t *fixture = *state;
  async_local_storage_scope_t scopes[3];
  open_scope(&fixture->als, "1", &scopes[0]);
  open_scope(&fixture->als, "2", &scopes[1]);
  open_scope(&fixture->als, "3", &scopes[2]);
  assert_int_equal(async_local_storage_scope_dispose(&scopes[1]), UV_EINVAL);
  see(fixture, "1");
  assert_int_equal(async_local_storage_scope_dispose(&scopes[2]), 0);
  see(fixture, "1");
  assert_int_equal(async_local_storage_scope_dispose(&scopes[0]), 0);
  see(fixture, "out");
  assert_string_equal(fixture->text, "1:1 1:1 out:-");
}

static async_local_storage_scope_t left_open;

static void open_and_leave_open(fixture_t *fixture) {
  memset(&left_open, 0, sizeof(left_open));
  (void)async_local_storage_with_scope(&fixture->als, (void *)"leaked",
                                       &left_open);
}

static void test_scope_ends_with_the_run_around(void **state) {
  fixture_t *fixture = *state;
  als_enter(fixture, "before");
  als_run(fixture, "run", open_and_leave_open);
  see(fixture, "after");
  assert_int_equal(async_local_storage_scope_dispose(&left_open), UV_EINVAL);
  see(fixture, "still");
  assert_string_equal(fixture->text, "after:before still:before");
}

static void test_scope_ends_with_the_callback_around(void **state) {
  fixture_t *fixture = *state;
  async_local_storage_scope_t scope;
  in_tick(fixture, open_and_leave_open);
  run_loop(fixture);
  open_scope(&fixture->als, "a", &scope);
  assert_int_equal(async_local_storage_scope_dispose(&left_open), UV_EINVAL);
  assert_non_null(strstr(async_error_message(), "is open"));
  see(fixture, "in");
  assert_int_equal(async_local_storage_scope_dispose(&scope), 0);
  see(fixture, "out");
  assert_string_equal(fixture->text, "in:a out:-");
}

static int leave_early(fixture_t *fixture, bool early) {
  ASYNC_LOCAL_STORAGE_SCOPE(scope);
  (void)async_local_storage_with_scope(&fixture->als, (void *)"a", &scope);
  see(fixture, "in");
  if (early)
    return 1;
  see(fixture, "late");
  return 0;
}

static void test_macro_disposes_however_the_block_ends(void **state) {
  fixture_t *fixture = *state;
  assert_int_equal(leave_early(fixture, true), 1);
  see(fixture, "out");
  assert_int_equal(leave_early(fixture, false), 0);
  see(fixture, "out");
  assert_string_equal(fixture->text, "in:a out:- in:a late:a out:-");
}

static void test_open_scope_cannot_be_opened(void **state) {
  fixture_t *fixture = *state;
  async_local_storage_scope_t scope;
  open_scope(&fixture->als, "a", &scope);
  assert_int_equal(
      async_local_storage_with_scope(&fixture->als, (void *)"b", &scope),
      UV_EBUSY);
  see(fixture, "in");
  assert_int_equal(async_local_storage_scope_dispose(&scope), 0);
  assert_string_equal(fixture->text, "in:a");
}

#define DEEP 100000

static void test_deep_nesting(void **state) {
  fixture_t *fixture = *state;
  async_local_storage_scope_t *scopes = calloc(DEEP, sizeof(*scopes));
  assert_non_null(scopes);
  for (int i = 0; i < DEEP; i++)
    open_scope(&fixture->als, "a", &scopes[i]);
  assert_int_equal(async_local_storage_scope_dispose(&scopes[0]), UV_EINVAL);
  see(fixture, "out");
  for (int i = DEEP - 1; i > 0; i--)
    assert_int_equal(async_local_storage_scope_dispose(&scopes[i]), 0);
  assert_string_equal(fixture->text, "out:-");
  free(scopes);
}

static void test_stores_are_released(void **state) {
  fixture_t *fixture = *state;
  async_local_storage_t storage;
  async_local_storage_scope_t scope;
  counted_t counted = {0};
  async_local_storage_options_t options = {.retain = counted_retain,
                                           .release = counted_release};
  (void)fixture;
  assert_int_equal(async_local_storage_init(&storage, &options), 0);
  memset(&scope, 0, sizeof(scope));
  assert_int_equal(async_local_storage_with_scope(&storage, &counted, &scope),
                   0);
  assert_int_equal(counted.retained, 1);
  assert_int_equal(async_local_storage_scope_dispose(&scope), 0);
  assert_int_equal(counted.released, 1);
  async_local_storage_finish(&storage);
}

static int setup_failing(void **state) {
  return failing_allocator_install() != 0 ? -1 : fixture_setup(state);
}

static void test_every_allocation_may_fail(void **state) {
  fixture_t *fixture = *state;
  async_local_storage_scope_t scope = {NULL, NULL, NULL, NULL};
  int nth = 0, error;
  als_enter(fixture, "before");
  do {
    failing_allocator_fail_at(++nth);
    error = async_local_storage_with_scope(&fixture->als, (void *)"a", &scope);
    bool failed = failing_allocator_failed();
    failing_allocator_fail_at(0);
    assert_int_equal(error, failed ? UV_ENOMEM : 0);
    if (failed)
      assert_string_equal(async_local_storage_get_store(&fixture->als),
                          "before");
  } while (error != 0);
  assert_true(nth > 2);
  failing_allocator_fail_at(1);
  assert_int_equal(async_local_storage_scope_dispose(&scope), 0);
  failing_allocator_fail_at(0);
  see(fixture, "out");
  assert_string_equal(fixture->text, "out:before");
}

static void test_scope_needs_an_environment(void **state) {
  fixture_t *fixture = *state;
  async_local_storage_scope_t scope = {NULL, NULL, NULL, NULL};
  assert_int_equal(async_env_detach(), 0);
  assert_int_equal(async_local_storage_with_scope(&fixture->als, NULL, &scope),
                   UV_EINVAL);
  assert_int_equal(async_local_storage_scope_dispose(&scope), 0);
  assert_int_equal(async_env_attach(&fixture->loop), 0);
}

typedef struct racer_s {
  async_local_storage_t *storage;
  uv_barrier_t *start;
  int errors;
  const char *inside, *after;
} racer_t;

static void race(void *arg) {
  racer_t *racer = arg;
  async_local_storage_scope_t outer = {NULL, NULL, NULL, NULL}, inner = outer;
  racer->errors = async_env_open(ASYNC_ENV_OTHER, "racer") != 0;
  uv_barrier_wait(racer->start);
  racer->errors +=
      async_local_storage_with_scope(racer->storage, (void *)"1", &outer) != 0;
  racer->errors +=
      async_local_storage_with_scope(racer->storage, (void *)"2", &inner) != 0;
  racer->inside = async_local_storage_get_store(racer->storage);
  racer->errors += async_local_storage_scope_dispose(&inner) != 0;
  racer->errors += async_local_storage_scope_dispose(&outer) != 0;
  racer->after = async_local_storage_get_store(racer->storage);
  racer->errors += async_env_detach() != 0;
}

/* Whoever is second uses the key that the first one made. */
static void test_two_threads_open_the_first_scope(void **state) {
  fixture_t *fixture = *state;
  uv_barrier_t start;
  uv_thread_t threads[2];
  racer_t racers[2];
  assert_int_equal(uv_barrier_init(&start, 2), 0);
  for (int i = 0; i < 2; i++) {
    racers[i] = (racer_t){.storage = &fixture->als, .start = &start};
    assert_int_equal(uv_thread_create(&threads[i], race, &racers[i]), 0);
  }
  for (int i = 0; i < 2; i++) {
    assert_int_equal(uv_thread_join(&threads[i]), 0);
    assert_int_equal(racers[i].errors, 0);
    assert_string_equal(racers[i].inside, "2");
    assert_null(racers[i].after);
  }
  uv_barrier_destroy(&start);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_als(test_store_is_set_until_dispose),
      cmocka_unit_test_als(test_four_nested_scopes),
      cmocka_unit_test_als(test_dispose_twice_is_dispose_once),
      cmocka_unit_test_als(test_scope_that_was_never_opened),
      cmocka_unit_test_als(test_enter_with_inside_is_undone),
      cmocka_unit_test_als(test_default_value_comes_back),
      cmocka_unit_test_als(test_storages_are_independent),
      cmocka_unit_test_als(test_what_starts_inside_keeps_the_store),
      cmocka_unit_test_als(test_outer_scope_first_is_told),
      cmocka_unit_test_als(test_message_names_both),
      cmocka_unit_test_als(test_middle_scope_ends_only_what_is_inside),
      cmocka_unit_test_als(test_scope_ends_with_the_run_around),
      cmocka_unit_test_als(test_scope_ends_with_the_callback_around),
      cmocka_unit_test_als(test_macro_disposes_however_the_block_ends),
      cmocka_unit_test_als(test_open_scope_cannot_be_opened),
      cmocka_unit_test_als(test_deep_nesting),
      cmocka_unit_test_als(test_stores_are_released),
      cmocka_unit_test_als(test_scope_needs_an_environment),
      cmocka_unit_test_als(test_two_threads_open_the_first_scope),
      cmocka_unit_test_setup_teardown(test_every_allocation_may_fail,
                                      setup_failing, fixture_teardown),
  };
  return test_main(tests, argc, argv);
}
