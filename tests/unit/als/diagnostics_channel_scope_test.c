/* The stores of a channel for a block, and two channels around one. */
#include "als_fixture.h"
#include "asyncscope/async_fail.h"
#include "asyncscope/async_local_storage_scope.h"
#include "asyncscope/diagnostics_channel_scope.h"
#include "failing_allocator.h"

#include <stdio.h>
#include <string.h>

static async_bounded_channel_t work;
static fixture_t *now;

static int setup(void **state) {
  if (failing_allocator_install() != 0 || fixture_setup(state) != 0)
    return -1;
  now = *state;
  return async_bounded_channel_init(&work, "work");
}

static int teardown(void **state) {
  async_bounded_channel_finish(&work);
  return fixture_teardown(state);
}

#define cmocka_unit_test_channels(test) \
  cmocka_unit_test_setup_teardown(test, setup, teardown)

/* "start:store" or "end:store". */
static void hear(void *message, const char *name, void *data) {
  (void)message, (void)data;
  see(now, strrchr(name, ':') + 1);
}

static void hear_both(void) {
  assert_int_equal(async_diagnostics_channel_subscribe(&work.start, hear, NULL),
                   0);
  assert_int_equal(async_diagnostics_channel_subscribe(&work.end, hear, NULL),
                   0);
}

static void bind_to(async_local_storage_t *storage) {
  assert_int_equal(
      async_diagnostics_channel_bind_store(&work.start, storage, NULL, NULL),
      0);
}

static int begin_stores(const char *message,
                        async_diagnostics_channel_scope_t *scope) {
  return async_diagnostics_channel_with_store_scope(&work.start,
                                                    (void *)message, scope);
}

static int begin(const char *message, async_bounded_channel_scope_t *scope) {
  return async_bounded_channel_with_scope(&work, (void *)message, scope);
}

static void a_block_ends_with_its_scope(void **state) {
  (void)state;
  hear_both();
  bind_to(&now->als);
  {
    ASYNC_BOUNDED_CHANNEL_SCOPE(scope);
    assert_int_equal(begin("m", &scope), 0);
    see(now, "in");
    in_timer(now, sees_later);
  }
  see(now, "out");
  run_loop(now);
  assert_string_equal(now->text, "start:m in:m end:m out:- later:m");
}

static void an_open_scope_is_not_opened_again(void **state) {
  (void)state;
  bind_to(&now->als);
  async_diagnostics_channel_scope_t stores = {NULL};
  async_bounded_channel_scope_t scope = {NULL, NULL, {NULL}};
  assert_int_equal(begin_stores("a", &stores), 0);
  assert_int_equal(begin_stores("b", &stores), UV_EBUSY);
  assert_int_equal(begin("c", &scope), 0);
  assert_int_equal(begin("d", &scope), UV_EBUSY);
  see(now, "in");
  assert_int_equal(async_bounded_channel_scope_dispose(&scope), 0);
  assert_int_equal(async_diagnostics_channel_scope_dispose(&stores), 0);
  assert_int_equal(begin_stores("e", &stores), 0);
  see(now, "again");
  assert_int_equal(async_diagnostics_channel_scope_dispose(&stores), 0);
  assert_string_equal(now->text, "in:c again:e");
}

static void scopes_out_of_order_are_refused(void **state) {
  (void)state;
  bind_to(&now->als);
  async_diagnostics_channel_scope_t outer = {NULL}, inner = {NULL};
  assert_int_equal(begin_stores("outer", &outer), 0);
  assert_int_equal(begin_stores("inner", &inner), 0);
  assert_int_equal(async_diagnostics_channel_scope_dispose(&outer), UV_EINVAL);
  assert_non_null(strstr(async_error_message(), "before the inner one"));
  see(now, "out");
  assert_int_equal(async_diagnostics_channel_scope_dispose(&inner), 0);
  assert_int_equal(async_diagnostics_channel_scope_dispose(&outer), 0);
  assert_int_equal(async_diagnostics_channel_scope_dispose(NULL), 0);
  assert_int_equal(async_bounded_channel_scope_dispose(NULL), 0);
  assert_string_equal(now->text, "out:-");
}

/* Of two stores the one set last ends first, out of order, the other well. */
static void the_first_error_of_a_block_is_told(void **state) {
  (void)state;
  async_local_storage_t second;
  async_diagnostics_channel_scope_t block = {NULL};
  async_local_storage_scope_t inner = {.storage = NULL};
  assert_int_equal(async_local_storage_init(&second, NULL), 0);
  bind_to(&now->als);
  bind_to(&second);
  assert_int_equal(begin_stores("block", &block), 0);
  assert_int_equal(
      async_local_storage_with_scope(&second, (void *)"inner", &inner), 0);
  assert_int_equal(async_diagnostics_channel_scope_dispose(&block), UV_EINVAL);
  assert_int_equal(async_local_storage_scope_dispose(&inner), 0);
  see(now, "out");
  assert_string_equal(now->text, "out:-");
  assert_true(async_diagnostics_channel_unbind_store(&work.start, &second));
  async_local_storage_finish(&second);
}

static void a_channel_may_end_inside_its_scope(void **state) {
  (void)state;
  hear_both();
  bind_to(&now->als);
  async_bounded_channel_scope_t scope = {NULL, NULL, {NULL}};
  assert_int_equal(begin("m", &scope), 0);
  async_bounded_channel_finish(&work);
  see(now, "in");
  assert_int_equal(async_bounded_channel_scope_dispose(&scope), 0);
  see(now, "out");
  assert_int_equal(begin("n", &scope), 0);
  assert_string_equal(now->text, "start:m in:m out:-");
}

/* All stores or none, and nobody hears of it. */
static void without_memory_no_store_is_set(void **state) {
  (void)state;
  bind_to(&now->als);
  bind_to(&now->other);
  hear_both();
  async_bounded_channel_scope_t scope = {NULL, NULL, {NULL}};
  int nth = 0, error;
  do {
    failing_allocator_fail_at(++nth);
    error = begin("m", &scope);
    assert_int_equal(error, failing_allocator_failed() ? UV_ENOMEM : 0);
    if (error != 0) {
      assert_string_equal(now->text, "");
      assert_null(async_local_storage_get_store(&now->als));
      assert_null(async_local_storage_get_store(&now->other));
    }
  } while (error != 0);
  failing_allocator_fail_at(0);
  assert_true(nth > 4);
  assert_int_equal(async_bounded_channel_scope_dispose(&scope), 0);
  assert_string_equal(now->text, "start:m end:m");
}

static void every_allocation_of_init_may_fail(void **state) {
  (void)state;
  async_bounded_channel_t other;
  for (int nth = 1; nth <= 4; nth++) {
    failing_allocator_fail_at(nth);
    assert_int_equal(async_bounded_channel_init(&other, "other"), UV_ENOMEM);
    async_bounded_channel_finish(&other);
  }
  failing_allocator_fail_at(0);
  assert_int_equal(async_bounded_channel_init(&other, NULL), UV_EINVAL);
  async_bounded_channel_finish(&other);
  async_bounded_channel_finish(NULL);
}

static void a_finished_storage_is_not_set(void **state) {
  (void)state;
  async_local_storage_t gone;
  assert_int_equal(async_local_storage_init(&gone, NULL), 0);
  bind_to(&now->als);
  bind_to(&gone);
  async_local_storage_finish(&gone);
  async_diagnostics_channel_scope_t scope = {NULL};
  assert_int_equal(begin_stores("m", &scope), UV_EINVAL);
  see(now, "out");
  assert_string_equal(now->text, "out:-");
  assert_true(async_diagnostics_channel_unbind_store(&work.start, &gone));
}

static void *name_of_transform(void *message, void *data) {
  (void)message;
  return data;
}

static int sees_in(void *arg) {
  (void)arg;
  see(now, "in");
  return 0;
}

static void fail_and_run(void *arg) {
  async_fail("mine");
  (void)async_diagnostics_channel_run_stores(&work.start, arg, sees_in, NULL);
  if (async_catch(NULL))
    see(now, "mine");
}

static void a_failure_on_its_way_is_not_the_transforms(void **state) {
  (void)state;
  assert_int_equal(async_diagnostics_channel_bind_store(&work.start, &now->als,
                                                        name_of_transform,
                                                        (void *)"made"),
                   0);
  assert_int_equal(async_next_tick(fail_and_run, NULL), 0);
  run_loop(now);
  assert_string_equal(now->text, "in:made mine:-");
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_channels(a_block_ends_with_its_scope),
      cmocka_unit_test_channels(an_open_scope_is_not_opened_again),
      cmocka_unit_test_channels(scopes_out_of_order_are_refused),
      cmocka_unit_test_channels(the_first_error_of_a_block_is_told),
      cmocka_unit_test_channels(a_channel_may_end_inside_its_scope),
      cmocka_unit_test_channels(without_memory_no_store_is_set),
      cmocka_unit_test_channels(every_allocation_of_init_may_fail),
      cmocka_unit_test_channels(a_finished_storage_is_not_set),
      cmocka_unit_test_channels(a_failure_on_its_way_is_not_the_transforms),
  };
  return test_main(tests, argc, argv);
}
