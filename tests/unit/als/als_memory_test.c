/* Without memory: nothing is called, nothing is counted wrong. The allocator
 * is the test's own, from the first instruction of main() on. */
#include "als_fixture.h"
#include "asyncscope/async_allocator.h"

#include <stdlib.h>

static bool exhausted;

static void *may_malloc(size_t size_bytes) {
  return exhausted ? NULL : malloc(size_bytes);
}

static void *may_realloc(void *memory, size_t size_bytes) {
  return exhausted ? NULL : realloc(memory, size_bytes);
}

static void *may_calloc(size_t count, size_t size_bytes) {
  return exhausted ? NULL : calloc(count, size_bytes);
}

static void with_counts(fixture_t *f) {
  async_local_storage_options_t options = {.retain = counted_retain,
                                           .release = counted_release};
  async_local_storage_finish(&f->als);
  assert_int_equal(async_local_storage_init(&f->als, &options), 0);
}

static int count_call(void *arg) {
  int *calls = arg;
  ++*calls;
  return 0;
}

static void init_without_memory_leaves_a_zeroed_storage(void **state) {
  async_local_storage_t storage;
  (void)state;
  exhausted = true;
  int status = async_local_storage_init(&storage, NULL);
  exhausted = false;
  assert_int_equal(status, UV_ENOMEM);
  assert_string_equal(async_error_message(), "no memory for a storage");
  async_local_storage_finish(&storage);
}

static void run_without_memory_calls_and_retains_nothing(void **state) {
  fixture_t *f = *state;
  counted_t store = {0};
  int calls = 0;
  with_counts(f);
  exhausted = true;
  int status = async_local_storage_run(&f->als, &store, count_call, &calls);
  exhausted = false;
  assert_int_equal(status, UV_ENOMEM);
  assert_int_equal(calls, 0);
  assert_int_equal(store.retained + store.released, 0);
}

static void enter_with_without_memory_changes_nothing(void **state) {
  fixture_t *f = *state;
  static counted_t first;
  counted_t second = {0};
  with_counts(f);
  assert_int_equal(async_local_storage_enter_with(&f->als, &first), 0);
  exhausted = true;
  int status = async_local_storage_enter_with(&f->als, &second);
  exhausted = false;
  assert_int_equal(status, UV_ENOMEM);
  assert_ptr_equal(async_local_storage_get_store(&f->als), &first);
  assert_int_equal(second.retained + second.released, 0);
}

static int enter_other_then_exhaust(void *arg) {
  other_enter(arg, "o");
  see_other(arg, "entered");
  exhausted = true;
  return 0;
}

static void a_run_that_ends_without_memory_still_takes_its_store_back(
    void **state) {
  fixture_t *f = *state;
  counted_t store = {0};
  with_counts(f);
  int status =
      async_local_storage_run(&f->als, &store, enter_other_then_exhaust, f);
  exhausted = false;
  see(f, "als");
  see_other(f, "other");
  assert_int_equal(status, 0);
  assert_string_equal(f->text, "entered:o als:- other:-");
  assert_int_equal(store.retained, 1);
  assert_int_equal(store.released, 1);
}

static int disable_exhausted(void *arg) {
  fixture_t *f = arg;
  exhausted = true;
  async_local_storage_disable(&f->als);
  exhausted = false;
  see(f, "disabled");
  return 0;
}

static void disable_works_without_memory(void **state) {
  fixture_t *f = *state;
  async_local_storage_run(&f->als, (void *)"a", disable_exhausted, f);
  see(f, "after");
  assert_string_equal(f->text, "disabled:- after:-");
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_als(init_without_memory_leaves_a_zeroed_storage),
      cmocka_unit_test_als(run_without_memory_calls_and_retains_nothing),
      cmocka_unit_test_als(enter_with_without_memory_changes_nothing),
      cmocka_unit_test_als(
          a_run_that_ends_without_memory_still_takes_its_store_back),
      cmocka_unit_test_als(disable_works_without_memory),
  };
  if (async_replace_allocator(may_malloc, may_realloc, may_calloc, free) != 0)
    return 2;
  return test_main(tests, argc, argv);
}
