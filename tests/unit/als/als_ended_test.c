/* A storage that was never initialised, or that is finished, is none: it is
 * refused, reads as empty, and is not mistaken for the storage that has the
 * first slot. */
#include "als_fixture.h"
#include "asyncscope/async_local_storage_scope.h"
#include "asyncscope/diagnostics_channel.h"

#include <string.h>

/* `als` is the first storage of the process. */
static const char first[] = "first";
static char text[] = "text";

static int calls;

static int count(void *arg) {
  (void)arg;
  return ++calls;
}

static void assert_refused(int error) {
  assert_int_equal(error, UV_EINVAL);
  assert_non_null(strstr(async_error_message(), "zeroed or finished"));
}

static void assert_reads_empty(async_local_storage_t *ended) {
  assert_null(async_local_storage_get_store(ended));
  assert_string_equal(async_local_storage_name(ended), "");
  async_local_storage_disable(ended);
  async_local_storage_finish(ended);
}

static void assert_cannot_be_bound(async_local_storage_t *ended) {
  async_diagnostics_channel_t channel;
  assert_int_equal(async_diagnostics_channel_init(&channel, "c"), 0);
  assert_refused(
      async_diagnostics_channel_bind_store(&channel, ended, NULL, NULL));
  assert_false(async_diagnostics_channel_unbind_store(&channel, ended));
  async_diagnostics_channel_finish(&channel);
}

/* With NULL too, which is what an unbound storage reads as. */
static void assert_is_none(fixture_t *f, async_local_storage_t *ended) {
  async_local_storage_scope_t scope = {.storage = NULL};
  calls = 0;
  assert_refused(async_local_storage_run(ended, text, count, NULL));
  assert_refused(async_local_storage_run(ended, NULL, count, NULL));
  assert_refused(async_local_storage_exit(ended, count, NULL));
  assert_refused(async_local_storage_enter_with(ended, text));
  assert_refused(async_local_storage_with_scope(ended, text, &scope));
  assert_int_equal(async_local_storage_scope_dispose(&scope), 0);
  assert_cannot_be_bound(ended);
  assert_reads_empty(ended);
  assert_int_equal(calls, 0);
  assert_string_equal(async_local_storage_get_store(&f->als), first);
}

static void a_zeroed_storage_is_none(void **state) {
  fixture_t *f = *state;
  async_local_storage_t zeroed = {.scope_marks = NULL};
  als_enter(f, first);
  assert_is_none(f, &zeroed);
  als_enter(f, NULL);
}

static void a_finished_storage_is_none(void **state) {
  fixture_t *f = *state;
  async_local_storage_options_t options = {.name = "n", .default_value = text};
  async_local_storage_t finished;
  assert_int_equal(async_local_storage_init(&finished, &options), 0);
  als_enter(f, first);
  assert_int_equal(async_local_storage_enter_with(&finished, text), 0);
  async_local_storage_finish(&finished);
  assert_is_none(f, &finished);
  als_enter(f, NULL);
}

static int finish_it(void *arg) {
  fixture_t *f = arg;
  async_local_storage_finish(&f->other);
  als_enter(f, "inside");
  return 0;
}

/* It may not be done; what it must not do is harm to the others. */
static void a_run_whose_storage_ends_inside_leaves_the_others(void **state) {
  fixture_t *f = *state;
  als_enter(f, first);
  assert_int_equal(async_local_storage_run(&f->other, text, finish_it, f), 0);
  see(f, "after");
  assert_string_equal(f->text, "after:inside");
  als_enter(f, NULL);
}

static void a_scope_whose_storage_ends_inside_is_refused(void **state) {
  fixture_t *f = *state;
  ASYNC_LOCAL_STORAGE_SCOPE(scope);
  als_enter(f, first);
  assert_int_equal(async_local_storage_with_scope(&f->other, text, &scope), 0);
  async_local_storage_finish(&f->other);
  assert_refused(async_local_storage_scope_dispose(&scope));
  see(f, "after");
  assert_string_equal(f->text, "after:first");
}

/* A key is a part of a storage that may be copied. */
static void a_key_that_ended_touches_no_other(void **state) {
  fixture_t *f = *state;
  async_context_key_t old, copy, young;
  async_context_value_t value = {.store = text};
  async_context_frame_t *frame = NULL, *next = NULL;
  void *store = NULL;
  (void)f;
  assert_int_equal(async_context_key_create("old", &old), 0);
  copy = old;
  async_context_key_destroy(&old);
  assert_int_equal(async_context_key_create("young", &young), 0);
  assert_int_equal(copy.slot, young.slot);
  assert_int_equal(async_context_frame_with(NULL, &young, &value, &frame), 0);
  async_context_frame_disable(frame, &copy);
  assert_int_equal(async_context_frame_without(frame, &copy, &next), 0);
  assert_true(async_context_frame_get(next, &young, &store));
  assert_ptr_equal(store, text);
  async_context_frame_release(next);
  async_context_frame_release(frame);
  async_context_key_destroy(&young);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_als(a_zeroed_storage_is_none),
      cmocka_unit_test_als(a_finished_storage_is_none),
      cmocka_unit_test_als(a_run_whose_storage_ends_inside_leaves_the_others),
      cmocka_unit_test_als(a_scope_whose_storage_ends_inside_is_refused),
      cmocka_unit_test_als(a_key_that_ended_touches_no_other),
  };
  return test_main(tests, argc, argv);
}
