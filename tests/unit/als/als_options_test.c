/* What is given at init: name, default value, and how many storages live. */
#include "als_fixture.h"

#include <stdio.h>
#include <string.h>

/* f->als again, with options. */
static void reinit(fixture_t *f, const async_local_storage_options_t *options) {
  async_local_storage_finish(&f->als);
  assert_int_equal(async_local_storage_init(&f->als, options), 0);
}

static void with_default(fixture_t *f) {
  async_local_storage_options_t options = {.default_value = (void *)"default"};
  reinit(f, &options);
}

static void the_default_value_is_seen_outside_of_every_run(void **state) {
  fixture_t *f = *state;
  with_default(f);
  see(f, "outside");
  assert_string_equal(f->text, "outside:default");
}

static void the_default_value_is_back_after_a_run(void **state) {
  fixture_t *f = *state;
  with_default(f);
  als_run(f, "a", sees_inside);
  see(f, "after");
  assert_string_equal(f->text, "inside:a after:default");
}

static void a_run_with_null_hides_the_default_value(void **state) {
  fixture_t *f = *state;
  with_default(f);
  als_run(f, NULL, sees_inside);
  see(f, "after");
  assert_string_equal(f->text, "inside:- after:default");
}

static void enter_with_null_hides_the_default_value(void **state) {
  fixture_t *f = *state;
  with_default(f);
  als_enter(f, NULL);
  see(f, "entered");
  assert_string_equal(f->text, "entered:-");
}

static void starts_more(fixture_t *f) {
  see(f, "inside");
  in_tick(f, sees_later);
  in_timer(f, sees_later);
}

static void exit_hides_the_default_value_also_from_what_it_starts(
    void **state) {
  fixture_t *f = *state;
  with_default(f);
  als_exit(f, starts_more);
  see(f, "after");
  run_loop(f);
  assert_string_equal(f->text, "inside:- after:default later:- later:-");
}

static void disable_brings_the_default_value_back(void **state) {
  fixture_t *f = *state;
  with_default(f);
  als_enter(f, "a");
  async_local_storage_disable(&f->als);
  see(f, "disabled");
  assert_string_equal(f->text, "disabled:default");
}

static void a_storage_without_a_name_is_called_by_the_empty_one(void **state) {
  fixture_t *f = *state;
  assert_string_equal(async_local_storage_name(&f->als), "");
}

static void the_name_is_copied_and_not_cut(void **state) {
  fixture_t *f = *state;
  char name[64];
  memset(name, 'n', sizeof(name));
  name[63] = '\0';
  async_local_storage_options_t options = {.name = name};
  reinit(f, &options);
  name[0] = '\0';
  assert_int_equal(strlen(async_local_storage_name(&f->als)), 63);
}

static void the_options_are_copied(void **state) {
  fixture_t *f = *state;
  async_local_storage_options_t options = {.default_value = (void *)"default"};
  reinit(f, &options);
  options.default_value = (void *)"changed";
  see(f, "outside");
  assert_string_equal(f->text, "outside:default");
}

static void finish_leaves_null_and_zeroed_alone(void **state) {
  async_local_storage_t zeroed = {0};
  (void)state;
  async_local_storage_finish(NULL);
  async_local_storage_finish(&zeroed);
  async_local_storage_finish(&zeroed);
}

static void a_new_storage_does_not_see_the_store_of_a_finished_one(
    void **state) {
  fixture_t *f = *state;
  als_enter(f, "old");
  async_local_storage_finish(&f->als);
  assert_int_equal(async_local_storage_init(&f->als, NULL), 0);
  see(f, "new");
  assert_string_equal(f->text, "new:-");
}

#define MANY 100

typedef struct many_s {
  async_local_storage_t storages[MANY];
  char stores[MANY];
  size_t depth;
  int wrong_inside, wrong_later, later_runs;
} many_t;

static int count_wrong(many_t *many, size_t set) {
  int wrong = 0;
  for (size_t i = 0; i < MANY; i++) {
    void *expected = i < set ? &many->stores[i] : NULL;
    wrong += async_local_storage_get_store(&many->storages[i]) != expected;
  }
  return wrong;
}

static void check_later(void *arg) {
  many_t *many = arg;
  many->wrong_later += count_wrong(many, MANY);
  many->later_runs++;
}

static int run_next(void *arg) {
  many_t *many = arg;
  size_t depth = many->depth;
  many->wrong_inside += count_wrong(many, depth);
  if (depth == MANY)
    return async_next_tick(check_later, many);
  many->depth++;
  int status = async_local_storage_run(&many->storages[depth],
                                       &many->stores[depth], run_next, many);
  many->wrong_inside += count_wrong(many, depth);
  return status;
}

static void a_hundred_storages_do_not_mix(void **state) {
  fixture_t *f = *state;
  static many_t many;
  for (size_t i = 0; i < MANY; i++)
    assert_int_equal(async_local_storage_init(&many.storages[i], NULL), 0);
  assert_int_equal(run_next(&many), 0);
  run_loop(f);
  assert_int_equal(many.depth, MANY);
  assert_int_equal(many.wrong_inside, 0);
  assert_int_equal(many.wrong_later, 0);
  assert_int_equal(many.later_runs, 1);
  for (size_t i = 0; i < MANY; i++)
    async_local_storage_finish(&many.storages[i]);
}

static void one_storage_too_many_is_an_error_until_one_is_finished(
    void **state) {
  static async_local_storage_t storages[ASYNC_CONTEXT_KEYS_MAX];
  size_t made = 0;
  (void)state;
  while (made < ASYNC_CONTEXT_KEYS_MAX &&
         async_local_storage_init(&storages[made], NULL) == 0)
    made++;
  assert_int_equal(made, ASYNC_CONTEXT_KEYS_MAX - 2); /* two of the fixture */
  assert_int_equal(async_local_storage_init(&storages[made], NULL), UV_ENOMEM);
  async_local_storage_finish(&storages[made]);
  async_local_storage_finish(&storages[0]);
  assert_int_equal(async_local_storage_init(&storages[0], NULL), 0);
  for (size_t i = 0; i < made; i++)
    async_local_storage_finish(&storages[i]);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_als(the_default_value_is_seen_outside_of_every_run),
      cmocka_unit_test_als(the_default_value_is_back_after_a_run),
      cmocka_unit_test_als(a_run_with_null_hides_the_default_value),
      cmocka_unit_test_als(enter_with_null_hides_the_default_value),
      cmocka_unit_test_als(
          exit_hides_the_default_value_also_from_what_it_starts),
      cmocka_unit_test_als(disable_brings_the_default_value_back),
      cmocka_unit_test_als(a_storage_without_a_name_is_called_by_the_empty_one),
      cmocka_unit_test_als(the_name_is_copied_and_not_cut),
      cmocka_unit_test_als(the_options_are_copied),
      cmocka_unit_test_als(finish_leaves_null_and_zeroed_alone),
      cmocka_unit_test_als(
          a_new_storage_does_not_see_the_store_of_a_finished_one),
      cmocka_unit_test_als(a_hundred_storages_do_not_mix),
      cmocka_unit_test_als(
          one_storage_too_many_is_an_error_until_one_is_finished),
  };
  return test_main(tests, argc, argv);
}
