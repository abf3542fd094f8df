/* retain and release: once for each setting, and the release exactly when the
 * last that can see the store is gone. */
#include "als_fixture.h"

/* f->als with counted stores; the stores outlive the fixture. */
static void with_options(fixture_t *f,
                         const async_local_storage_options_t *options) {
  async_local_storage_finish(&f->als);
  assert_int_equal(async_local_storage_init(&f->als, options), 0);
}

static void with_counts(fixture_t *f) {
  async_local_storage_options_t options = {.retain = counted_retain,
                                           .release = counted_release};
  with_options(f, &options);
}

static int nothing(void *arg) {
  (void)arg;
  return 0;
}

static void run(fixture_t *f, counted_t *store, async_local_storage_cb fn) {
  assert_int_equal(async_local_storage_run(&f->als, store, fn, f), 0);
}

static void each_run_retains_and_releases_once(void **state) {
  fixture_t *f = *state;
  counted_t store = {0};
  with_counts(f);
  run(f, &store, nothing);
  run(f, &store, nothing);
  assert_int_equal(store.retained, 2);
  assert_int_equal(store.released, 2);
}

static int run_current_again(void *arg) {
  fixture_t *f = arg;
  return async_local_storage_run(
      &f->als, async_local_storage_get_store(&f->als), nothing, NULL);
}

static void a_run_with_the_store_that_is_set_is_no_setting(void **state) {
  fixture_t *f = *state;
  counted_t store = {0};
  with_counts(f);
  run(f, &store, run_current_again);
  assert_int_equal(store.retained, 1);
  assert_int_equal(store.released, 1);
}

static int enter_another(void *arg) {
  other_enter(arg, "other");
  return 0;
}

/* `release` alone: a second setting would release twice. */
static int run_inner(void *arg) {
  fixture_t *f = arg;
  static counted_t inner;
  int error = async_local_storage_run(&f->als, &inner, enter_another, f);
  return error != 0 ? error : inner.released != 1;
}

static void a_return_past_another_storage_is_no_setting(void **state) {
  fixture_t *f = *state;
  counted_t store = {0};
  with_options(f, &(async_local_storage_options_t){.release = counted_release});
  assert_int_equal(async_local_storage_run(&f->als, &store, run_inner, f), 0);
  assert_int_equal(store.released, 1);
  see_other(f, "after");
  assert_string_equal(f->text, "after:other");
}

static void a_replaced_store_is_released_at_once(void **state) {
  fixture_t *f = *state;
  static counted_t first, second;
  with_counts(f);
  assert_int_equal(async_local_storage_enter_with(&f->als, &first), 0);
  assert_int_equal(async_local_storage_enter_with(&f->als, &second), 0);
  assert_int_equal(first.retained, 1);
  assert_int_equal(first.released, 1);
  assert_int_equal(second.retained, 1);
  assert_int_equal(second.released, 0);
}

static void disable_releases_what_nobody_else_sees(void **state) {
  fixture_t *f = *state;
  counted_t store = {0};
  with_counts(f);
  assert_int_equal(async_local_storage_enter_with(&f->als, &store), 0);
  async_local_storage_disable(&f->als);
  assert_int_equal(store.released, 1);
}

static void null_is_neither_retained_nor_released(void **state) {
  fixture_t *f = *state; /* counted_retain(NULL) would crash */
  with_counts(f);
  run(f, NULL, nothing);
  assert_int_equal(async_local_storage_enter_with(&f->als, NULL), 0);
  assert_int_equal(async_local_storage_exit(&f->als, nothing, NULL), 0);
}

typedef struct watch_s {
  counted_t store;
  int released_at_first, released_at_last;
} watch_t;

static void note_first(fixture_t *f) {
  watch_t *watch = async_local_storage_get_store(&f->als);
  watch->released_at_first = watch->store.released;
}

static void note_last(fixture_t *f) {
  watch_t *watch = async_local_storage_get_store(&f->als);
  watch->released_at_last = watch->store.released;
}

static void starts_the_last(fixture_t *f) {
  note_first(f);
  in_timer(f, note_last);
}

static int start_the_first(void *arg) {
  in_immediate(arg, starts_the_last);
  return 0;
}

static void a_store_lives_until_the_last_callback_has_run(void **state) {
  fixture_t *f = *state;
  watch_t watch = {.released_at_first = -1, .released_at_last = -1};
  with_counts(f);
  run(f, &watch.store, start_the_first);
  assert_int_equal(watch.store.released, 0);
  run_loop(f);
  assert_int_equal(watch.released_at_first, 0);
  assert_int_equal(watch.released_at_last, 0);
  assert_int_equal(watch.store.retained, 1);
  assert_int_equal(watch.store.released, 1);
}

static int start_a_timer(void *arg) {
  in_timer(arg, sees_later);
  return 0;
}

static void a_stopped_timer_lets_its_store_go(void **state) {
  fixture_t *f = *state;
  counted_t store = {0};
  with_counts(f);
  run(f, &store, start_a_timer);
  assert_int_equal(store.released, 0);
  assert_int_equal(async_uv_timer_stop(&f->deferred[0].timer), 0);
  assert_int_equal(store.released, 1);
  async_uv_close((async_uv_handle_t *)&f->deferred[0].timer, NULL);
  run_loop(f);
}

static int enter_other(void *arg) {
  other_enter(arg, "o");
  return 0;
}

typedef struct nested_s {
  fixture_t *f;
  counted_t outer, inner;
  int released_inside;
  void *seen;
} nested_t;

static int run_inner_with_other(void *arg) {
  nested_t *nested = arg;
  async_local_storage_run(&nested->f->als, &nested->inner, enter_other,
                          nested->f);
  nested->released_inside = nested->outer.released;
  nested->seen = async_local_storage_get_store(&nested->f->als);
  return 0;
}

static void a_store_set_once_more_at_the_end_of_a_run_stays_in_balance(
    void **state) {
  nested_t nested = {.f = *state};
  with_counts(nested.f);
  assert_int_equal(async_local_storage_run(&nested.f->als, &nested.outer,
                                           run_inner_with_other, &nested),
                   0);
  assert_ptr_equal(nested.seen, &nested.outer);
  assert_int_equal(nested.outer.retained, nested.outer.released);
  assert_int_equal(nested.inner.retained, 1);
  assert_int_equal(nested.inner.released, 1);
}

/* As when release is free(): twice would be fatal, never a leak. */
static void a_store_taken_over_is_released_once(void **state) {
  nested_t nested = {.f = *state};
  async_local_storage_options_t options = {.release = counted_release};
  with_options(nested.f, &options);
  assert_int_equal(async_local_storage_run(&nested.f->als, &nested.outer,
                                           run_inner_with_other, &nested),
                   0);
  assert_ptr_equal(nested.seen, &nested.outer);
  assert_int_equal(nested.released_inside, 0);
  assert_int_equal(nested.outer.released, 1);
  assert_int_equal(nested.inner.released, 1);
}

static uint64_t forty_two_and_count(const void *store) {
  counted_t *counted = (counted_t *)store;
  counted->retained++;
  return 42;
}

static int note_request(void *arg) {
  uint64_t *request = arg;
  *request = async_context_frame_request(async_context_frame_current());
  return 0;
}

static void the_request_of_a_store_is_asked_once_and_known(void **state) {
  fixture_t *f = *state;
  counted_t store = {0};
  uint64_t request = 0;
  async_local_storage_options_t options = {.request = forty_two_and_count};
  with_options(f, &options);
  assert_int_equal(
      async_local_storage_run(&f->als, &store, note_request, &request), 0);
  assert_int_equal(request, 42);
  assert_int_equal(store.retained, 1);
}

static void drop_elsewhere(void *arg) {
  async_context_frame_release(arg);
}

typedef struct home_s {
  int released;
  uv_thread_t thread;
} home_t;

static void note_thread(void *store) {
  home_t *home = store;
  home->released++;
  home->thread = uv_thread_self();
}

static int keep_frame(void *arg) {
  async_context_frame_t **frame = arg;
  *frame = async_context_frame_retain(async_context_frame_current());
  return 0;
}

static void a_store_dropped_on_another_thread_is_released_where_it_was_set(
    void **state) {
  fixture_t *f = *state;
  home_t home = {0};
  async_local_storage_options_t options = {.release = note_thread};
  async_context_frame_t *frame = NULL;
  uv_thread_t thread, self = uv_thread_self();
  with_options(f, &options);
  assert_int_equal(async_local_storage_run(&f->als, &home, keep_frame, &frame),
                   0);
  assert_int_equal(uv_thread_create(&thread, drop_elsewhere, frame), 0);
  uv_thread_join(&thread);
  assert_int_equal(home.released, 0);
  async_env_flush();
  assert_int_equal(home.released, 1);
  assert_true(uv_thread_equal(&home.thread, &self));
}

static void a_store_outlives_its_storage(void **state) {
  fixture_t *f = *state;
  counted_t store = {0};
  with_counts(f);
  assert_int_equal(async_local_storage_enter_with(&f->als, &store), 0);
  async_local_storage_finish(&f->als);
  assert_int_equal(store.released, 0);
  async_context_frame_release(async_context_frame_exchange(NULL));
  assert_int_equal(store.released, 1);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_als(each_run_retains_and_releases_once),
      cmocka_unit_test_als(a_run_with_the_store_that_is_set_is_no_setting),
      cmocka_unit_test_als(a_return_past_another_storage_is_no_setting),
      cmocka_unit_test_als(a_replaced_store_is_released_at_once),
      cmocka_unit_test_als(disable_releases_what_nobody_else_sees),
      cmocka_unit_test_als(null_is_neither_retained_nor_released),
      cmocka_unit_test_als(a_store_lives_until_the_last_callback_has_run),
      cmocka_unit_test_als(a_stopped_timer_lets_its_store_go),
      cmocka_unit_test_als(
          a_store_set_once_more_at_the_end_of_a_run_stays_in_balance),
      cmocka_unit_test_als(a_store_taken_over_is_released_once),
      cmocka_unit_test_als(the_request_of_a_store_is_asked_once_and_known),
      cmocka_unit_test_als(
          a_store_dropped_on_another_thread_is_released_where_it_was_set),
      cmocka_unit_test_als(a_store_outlives_its_storage),
  };
  return test_main(tests, argc, argv);
}
