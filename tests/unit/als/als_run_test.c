#include "als_fixture.h"

static void get_store_outside_of_every_run_is_null(void **state) {
  fixture_t *f = *state;
  assert_null(async_local_storage_get_store(&f->als));
}

static void run_shows_the_store_and_takes_it_back(void **state) {
  fixture_t *f = *state;
  als_run(f, "a", sees_inside);
  see(f, "after");
  assert_string_equal(f->text, "inside:a after:-");
}

static int give_seven(void *arg) {
  (void)arg;
  return 7;
}

static void run_and_exit_return_what_fn_returned(void **state) {
  fixture_t *f = *state;
  assert_int_equal(
      async_local_storage_run(&f->als, (void *)"a", give_seven, NULL), 7);
  assert_int_equal(async_local_storage_exit(&f->als, give_seven, NULL), 7);
}

static void runs_b(fixture_t *f) {
  see(f, "before");
  als_run(f, "b", sees_inside);
  see(f, "after");
}

static void an_inner_run_shadows_the_outer_one(void **state) {
  fixture_t *f = *state;
  als_run(f, "a", runs_b);
  see(f, "end");
  assert_string_equal(f->text, "before:a inside:b after:a end:-");
}

static void exits(fixture_t *f) {
  als_exit(f, sees_inside);
  see(f, "after");
}

static void exit_hides_the_store_and_gives_it_back(void **state) {
  fixture_t *f = *state;
  als_run(f, "a", exits);
  assert_string_equal(f->text, "inside:- after:a");
}

static void sees_both(fixture_t *f) {
  see(f, "als");
  see_other(f, "other");
}

static void exits_among_two(fixture_t *f) {
  als_exit(f, sees_both);
}

static void runs_other_and_exits(fixture_t *f) {
  other_run(f, "o", exits_among_two);
}

static void exit_of_one_storage_leaves_the_other(void **state) {
  fixture_t *f = *state;
  als_run(f, "a", runs_other_and_exits);
  assert_string_equal(f->text, "als:- other:o");
}

static void enters_y_in_same_run(fixture_t *f) {
  als_enter(f, "y");
}

static void runs_the_same_again(fixture_t *f) {
  als_run(f, async_local_storage_get_store(&f->als), enters_y_in_same_run);
  see(f, "outer");
}

static void a_run_with_the_store_that_is_set_restores_nothing(void **state) {
  fixture_t *f = *state;
  als_run(f, "x", runs_the_same_again);
  see(f, "end");
  assert_string_equal(f->text, "outer:y end:-");
}

static void enters_y(fixture_t *f) {
  als_enter(f, "y");
  see(f, "inside");
}

static void a_run_undoes_its_own_enter_with(void **state) {
  fixture_t *f = *state;
  als_run(f, "x", enters_y);
  see(f, "after");
  assert_string_equal(f->text, "inside:y after:-");
}

static void enters_other(fixture_t *f) {
  other_enter(f, "o");
}

static void what_another_storage_entered_inside_stays(void **state) {
  fixture_t *f = *state;
  als_run(f, "a", enters_other);
  see(f, "als");
  see_other(f, "other");
  assert_string_equal(f->text, "als:- other:o");
}

static void runs_b_with_other_entered(fixture_t *f) {
  als_run(f, "b", enters_other);
  see(f, "als");
  see_other(f, "other");
}

static void the_outer_store_comes_back_beside_what_was_entered(void **state) {
  fixture_t *f = *state;
  als_run(f, "a", runs_b_with_other_entered);
  see(f, "als");
  see_other(f, "other");
  assert_string_equal(f->text, "als:a other:o als:- other:o");
}

/* The first enter_with() gives the installed frame up, the second may get
 * memory of a frame given up: run() must not take that for its own. */
static void enters_other_many_times(fixture_t *f) {
  static const char *const stores[] = {"1", "2", "3", "4", "5"};
  for (size_t i = 0; i < sizeof(stores) / sizeof(stores[0]); i++)
    other_enter(f, stores[i]);
}

static void the_last_of_many_stores_entered_inside_stays(void **state) {
  fixture_t *f = *state;
  als_run(f, "a", enters_other_many_times);
  see(f, "als");
  see_other(f, "other");
  assert_string_equal(f->text, "als:- other:5");
}

typedef struct descent_s {
  async_local_storage_t *storage;
  int depth, wrong;
} descent_t;

/* At depth n the store is the nth byte. */
static int descend(void *arg) {
  static char stores[1001];
  descent_t *descent = arg;
  void *mine = &stores[descent->depth];
  descent->wrong += async_local_storage_get_store(descent->storage) != mine;
  if (descent->depth < 1000) {
    void *next = &stores[++descent->depth];
    async_local_storage_run(descent->storage, next, descend, descent);
    descent->depth--;
  }
  descent->wrong += async_local_storage_get_store(descent->storage) != mine;
  return 0;
}

static void runs_nest_1000_deep(void **state) {
  fixture_t *f = *state;
  descent_t descent = {.storage = &f->als};
  descend(&descent);
  assert_int_equal(descent.wrong, 2); /* depth 0 is outside of every run */
  assert_int_equal(descent.depth, 0);
}

static void leaves(fixture_t *f) {
  als_run(f, "again", sees_inside);
}

static void exits_and_runs(fixture_t *f) {
  als_exit(f, leaves);
}

static void a_run_in_an_exit_in_a_run_leaves_no_frame(void **state) {
  fixture_t *f = *state;
  uint64_t alive = 0;
  for (int i = 0; i < 100; i++) {
    f->length = 0;
    als_run(f, "a", exits_and_runs);
    async_env_info_t info = own_env_info();
    alive += info.frames_created - info.frames_released;
  }
  assert_string_equal(f->text, "inside:again");
  assert_int_equal(alive, 0);
}

static int count_call(void *arg) {
  int *calls = arg;
  ++*calls;
  return 0;
}

typedef struct stranger_s {
  async_local_storage_t *storage;
  int run, enter, calls;
  void *store;
} stranger_t;

static void without_environment(void *arg) {
  stranger_t *stranger = arg;
  stranger->run = async_local_storage_run(stranger->storage, (void *)"a",
                                          count_call, &stranger->calls);
  stranger->enter =
      async_local_storage_enter_with(stranger->storage, (void *)"a");
  async_local_storage_disable(stranger->storage);
  stranger->store = async_local_storage_get_store(stranger->storage);
}

static void a_thread_without_environment_gets_an_error(void **state) {
  fixture_t *f = *state;
  stranger_t stranger = {.storage = &f->als, .store = f};
  uv_thread_t thread;
  als_enter(f, "mine");
  assert_int_equal(uv_thread_create(&thread, without_environment, &stranger),
                   0);
  uv_thread_join(&thread);
  assert_int_equal(stranger.run, UV_EINVAL);
  assert_int_equal(stranger.enter, UV_EINVAL);
  assert_int_equal(stranger.calls, 0);
  assert_null(stranger.store);
}

static int see_own(void *arg) {
  stranger_t *stranger = arg;
  stranger->store = async_local_storage_get_store(stranger->storage);
  return 0;
}

static void on_own_environment(void *arg) {
  stranger_t *stranger = arg;
  stranger->enter = async_env_open(ASYNC_ENV_OTHER, "stranger");
  stranger->calls = async_local_storage_get_store(stranger->storage) != NULL;
  stranger->run = async_local_storage_run(stranger->storage, (void *)"theirs",
                                          see_own, stranger);
  async_env_detach();
}

static void each_thread_has_its_own_store(void **state) {
  fixture_t *f = *state;
  stranger_t stranger = {.storage = &f->als};
  uv_thread_t thread;
  als_enter(f, "mine");
  assert_int_equal(uv_thread_create(&thread, on_own_environment, &stranger), 0);
  uv_thread_join(&thread);
  assert_int_equal(stranger.enter, 0);
  assert_int_equal(stranger.calls, 0);
  assert_string_equal(stranger.store, "theirs");
  assert_string_equal(async_local_storage_get_store(&f->als), "mine");
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_als(get_store_outside_of_every_run_is_null),
      cmocka_unit_test_als(run_shows_the_store_and_takes_it_back),
      cmocka_unit_test_als(run_and_exit_return_what_fn_returned),
      cmocka_unit_test_als(an_inner_run_shadows_the_outer_one),
      cmocka_unit_test_als(exit_hides_the_store_and_gives_it_back),
      cmocka_unit_test_als(exit_of_one_storage_leaves_the_other),
      cmocka_unit_test_als(a_run_with_the_store_that_is_set_restores_nothing),
      cmocka_unit_test_als(a_run_undoes_its_own_enter_with),
      cmocka_unit_test_als(what_another_storage_entered_inside_stays),
      cmocka_unit_test_als(the_outer_store_comes_back_beside_what_was_entered),
      cmocka_unit_test_als(the_last_of_many_stores_entered_inside_stays),
      cmocka_unit_test_als(runs_nest_1000_deep),
      cmocka_unit_test_als(a_run_in_an_exit_in_a_run_leaves_no_frame),
      cmocka_unit_test_als(a_thread_without_environment_gets_an_error),
      cmocka_unit_test_als(each_thread_has_its_own_store),
  };
  return test_main(tests, argc, argv);
}
