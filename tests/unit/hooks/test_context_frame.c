/* What a frame shows, whatever the number of keys. */
#include "hooks_fixture.h"

static async_context_key_t new_key(const char *name) {
  async_context_key_t key;
  assert_int_equal(async_context_key_create(name, &key), 0);
  return key;
}

static async_context_frame_t *with(async_context_frame_t *base,
                                   const async_context_key_t *key,
                                   void *store) {
  async_context_frame_t *frame = NULL;
  async_context_value_t value = {.store = store};
  assert_int_equal(async_context_frame_with(base, key, &value, &frame), 0);
  assert_non_null(frame);
  return frame;
}

static async_context_frame_t *without(async_context_frame_t *base,
                                      const async_context_key_t *key) {
  async_context_frame_t *frame = NULL;
  assert_int_equal(async_context_frame_without(base, key, &frame), 0);
  return frame;
}

static const char *get(const async_context_frame_t *frame,
                       const async_context_key_t *key) {
  void *store = NULL;
  return async_context_frame_get(frame, key, &store) ? store : "nothing";
}

static char one[] = "one", two[] = "two", three[] = "three";

static void test_empty_frame_shows_nothing(void **state) {
  (void)state;
  async_context_key_t key = new_key("key");
  void *store = one;
  assert_null(async_context_frame_current());
  assert_false(async_context_frame_get(NULL, &key, &store));
  assert_false(async_context_get(&key, &store));
  assert_ptr_equal(store, one);
  assert_null(async_context_frame_retain(NULL));
  async_context_frame_release(NULL);
  async_context_frame_disable(NULL, &key);
  assert_int_equal(async_context_frame_request(NULL), 0);
  assert_null(without(NULL, &key));
  async_context_key_destroy(&key);
}

static void test_null_is_a_store(void **state) {
  (void)state;
  async_context_key_t key = new_key("key");
  async_context_frame_t *frame = with(NULL, &key, NULL);
  void *store = one;
  assert_true(async_context_frame_get(frame, &key, &store));
  assert_null(store);
  async_context_frame_release(frame);
  async_context_key_destroy(&key);
}

static void test_with_leaves_its_base_alone(void **state) {
  (void)state;
  async_context_key_t a = new_key("a"), b = new_key("b");
  async_context_frame_t *base = with(NULL, &a, one);
  async_context_frame_t *other = with(base, &a, two);
  async_context_frame_t *more = with(base, &b, three);
  assert_string_equal(get(base, &a), "one");
  assert_string_equal(get(base, &b), "nothing");
  assert_string_equal(get(other, &a), "two");
  assert_string_equal(get(more, &a), "one");
  assert_string_equal(get(more, &b), "three");
  async_context_frame_release(base);
  assert_string_equal(get(more, &a), "one");
  async_context_frame_release(other);
  async_context_frame_release(more);
  async_context_key_destroy(&a);
  async_context_key_destroy(&b);
}

static void test_without_removes_one_key(void **state) {
  (void)state;
  async_context_key_t a = new_key("a"), b = new_key("b");
  async_context_frame_t *one_key = with(NULL, &a, one);
  async_context_frame_t *both = with(one_key, &b, two);
  async_context_frame_t *rest = without(both, &a);
  async_context_frame_t *same = without(one_key, &b);
  assert_string_equal(get(rest, &a), "nothing");
  assert_string_equal(get(rest, &b), "two");
  assert_string_equal(get(both, &a), "one");
  assert_string_equal(get(same, &a), "one");
  async_context_frame_release(one_key);
  async_context_frame_release(both);
  async_context_frame_release(rest);
  async_context_frame_release(same);
  async_context_key_destroy(&a);
  async_context_key_destroy(&b);
}

/* Every size of tree: each key, set one after the other, is found with its own
 * store in the last frame, and removing one hides that one alone. */
static void check_keys(size_t count) {
  async_context_key_t keys[ASYNC_CONTEXT_KEYS_MAX];
  static int stores[ASYNC_CONTEXT_KEYS_MAX];
  async_context_frame_t *frame = NULL;
  for (size_t i = 0; i < count; i++) {
    keys[i] = new_key("many");
    async_context_frame_t *next = with(frame, &keys[i], &stores[i]);
    assert_string_equal(get(frame, &keys[i]), "nothing");
    async_context_frame_release(frame);
    frame = next;
  }
  for (size_t i = 0; i < count; i++) {
    void *store = NULL;
    assert_true(async_context_frame_get(frame, &keys[i], &store));
    assert_ptr_equal(store, &stores[i]);
  }
  for (size_t i = 0; i < count; i++) {
    async_context_frame_t *less = without(frame, &keys[i]);
    assert_string_equal(get(less, &keys[i]), "nothing");
    assert_true(count == 1 || get(less, &keys[(i + 1) % count]) ==
                                  (const char *)&stores[(i + 1) % count]);
    async_context_frame_release(less);
  }
  async_context_frame_release(frame);
  for (size_t i = 0; i < count; i++) {
    async_context_key_destroy(&keys[i]);
  }
}

static void test_1_key(void **state) {
  (void)state;
  check_keys(1);
}

static void test_8_and_9_keys(void **state) {
  (void)state;
  check_keys(8);
  check_keys(9);
}

static void test_64_and_65_keys(void **state) {
  (void)state;
  check_keys(64);
  check_keys(65);
}

static void test_512_keys(void **state) {
  (void)state;
  check_keys(ASYNC_CONTEXT_KEYS_MAX);
}

/* A frame that binds only the highest slot, and one whose keys come in
 * falling order. */
static void test_high_slots_first(void **state) {
  (void)state;
  async_context_key_t keys[ASYNC_CONTEXT_KEYS_MAX];
  static int stores[ASYNC_CONTEXT_KEYS_MAX];
  async_context_frame_t *frame = NULL;
  for (size_t i = 0; i < ASYNC_CONTEXT_KEYS_MAX; i++) {
    keys[i] = new_key("high");
  }
  for (size_t i = ASYNC_CONTEXT_KEYS_MAX; i-- > 0;) {
    async_context_frame_t *next = with(frame, &keys[i], &stores[i]);
    async_context_frame_release(frame);
    frame = next;
    assert_string_equal(get(frame, &keys[0]),
                        i == 0 ? (const char *)&stores[0] : "nothing");
  }
  for (size_t i = 0; i < ASYNC_CONTEXT_KEYS_MAX; i++) {
    assert_ptr_equal(get(frame, &keys[i]), &stores[i]);
    async_context_key_destroy(&keys[i]);
  }
  async_context_frame_release(frame);
}

static void test_513th_key_is_refused(void **state) {
  (void)state;
  async_context_key_t keys[ASYNC_CONTEXT_KEYS_MAX], extra;
  for (size_t i = 0; i < ASYNC_CONTEXT_KEYS_MAX; i++) {
    keys[i] = new_key("all");
  }
  assert_int_equal(async_context_key_create("extra", &extra), UV_ENOMEM);
  async_context_key_destroy(&keys[100]);
  assert_int_equal(async_context_key_create("extra", &extra), 0);
  keys[100] = extra;
  for (size_t i = 0; i < ASYNC_CONTEXT_KEYS_MAX; i++) {
    async_context_key_destroy(&keys[i]);
  }
}

static void test_destroyed_key_shows_nothing_to_its_successor(void **state) {
  (void)state;
  async_context_key_t old = new_key("old"), old_copy = old;
  async_context_frame_t *frame = with(NULL, &old, one);
  async_context_key_destroy(&old);
  async_context_key_t young = new_key("young");
  assert_int_equal(young.slot, old_copy.slot);
  assert_string_equal(get(frame, &young), "nothing");
  async_context_frame_t *next = with(frame, &young, two);
  assert_string_equal(get(next, &young), "two");
  assert_string_equal(get(next, &old_copy), "nothing");
  async_context_frame_release(frame);
  async_context_frame_release(next);
  async_context_key_destroy(&young);
}

static void test_destroyed_key_does_not_end_its_successor(void **state) {
  (void)state;
  async_context_key_t old = new_key("old"), copy = old;
  async_context_key_destroy(&old);
  async_context_key_t young = new_key("young");
  async_context_key_destroy(&old);
  async_context_key_destroy(&copy);
  async_context_key_t other = new_key("other");
  assert_int_not_equal(young.slot, other.slot);
  async_context_key_destroy(&young);
  async_context_key_destroy(&other);
}

static void test_disabled_mark_does_not_pass_to_a_successor(void **state) {
  (void)state;
  async_context_key_t old = new_key("old"), other = new_key("other");
  async_context_frame_t *frame = with(NULL, &old, one);
  async_context_frame_disable(frame, &old);
  async_context_key_destroy(&old);
  async_context_key_t young = new_key("young");
  async_context_frame_t *next = with(frame, &young, two);
  async_context_frame_t *last = with(next, &other, three);
  assert_string_equal(get(last, &young), "two");
  async_context_frame_release(frame);
  async_context_frame_release(next);
  async_context_frame_release(last);
  async_context_key_destroy(&young);
  async_context_key_destroy(&other);
}

static void test_disable_hides_one_key_of_this_frame(void **state) {
  (void)state;
  async_context_key_t a = new_key("a"), b = new_key("b");
  async_context_frame_t *base = with(NULL, &a, one);
  async_context_frame_t *frame = with(base, &b, two);
  async_context_frame_t *before = with(frame, &b, three);
  async_context_frame_disable(frame, &a);
  assert_string_equal(get(frame, &a), "nothing");
  assert_string_equal(get(frame, &b), "two");
  assert_string_equal(get(base, &a), "one");
  assert_string_equal(get(before, &a), "one");
  async_context_frame_release(base);
  async_context_frame_release(frame);
  async_context_frame_release(before);
  async_context_key_destroy(&a);
  async_context_key_destroy(&b);
}

static void test_frames_made_after_disable_do_not_show_it(void **state) {
  (void)state;
  async_context_key_t a = new_key("a"), b = new_key("b");
  async_context_frame_t *frame = with(NULL, &a, one);
  async_context_frame_disable(frame, &a);
  async_context_frame_t *after = with(frame, &b, two);
  async_context_frame_t *less = without(after, &b);
  async_context_frame_t *again = with(after, &a, three);
  assert_string_equal(get(after, &a), "nothing");
  assert_string_equal(get(less, &a), "nothing");
  assert_string_equal(get(again, &a), "three");
  async_context_frame_release(frame);
  async_context_frame_release(after);
  async_context_frame_release(less);
  async_context_frame_release(again);
  async_context_key_destroy(&a);
  async_context_key_destroy(&b);
}

static void test_exchange_returns_the_frame_before(void **state) {
  (void)state;
  async_context_key_t key = new_key("key");
  void *store = NULL;
  assert_null(async_context_frame_exchange(with(NULL, &key, one)));
  assert_true(async_context_get(&key, &store));
  assert_ptr_equal(store, one);
  async_context_frame_t *first = async_context_frame_exchange(NULL);
  assert_string_equal(get(first, &key), "one");
  assert_false(async_context_get(&key, &store));
  async_context_frame_release(first);
  async_context_key_destroy(&key);
}

static int get_in_scope(void *arg) {
  void *store = NULL;
  return async_context_get(arg, &store) && store == one ? 1 : 0;
}

static void test_scope_runs_in_the_frame_of_its_making(void **state) {
  (void)state;
  async_context_key_t key = new_key("key");
  async_resource_t resource;
  assert_null(async_context_frame_exchange(with(NULL, &key, one)));
  assert_int_equal(async_resource_init(&resource, "T", NULL), 0);
  async_context_frame_release(async_context_frame_exchange(NULL));
  assert_int_equal(
      async_resource_run_in_async_scope(&resource, get_in_scope, &key), 1);
  assert_null(async_context_frame_current());
  async_resource_finish(&resource);
  async_context_key_destroy(&key);
}

static int leak_a_frame(void *arg) {
  async_context_frame_release(
      async_context_frame_exchange(with(NULL, arg, two)));
  return 0;
}

static void test_frame_set_inside_a_scope_ends_with_it(void **state) {
  (void)state;
  async_context_key_t key = new_key("key");
  async_resource_t resource;
  assert_int_equal(async_resource_init(&resource, "T", NULL), 0);
  assert_null(async_context_frame_exchange(with(NULL, &key, one)));
  assert_int_equal(
      async_resource_run_in_async_scope(&resource, leak_a_frame, &key), 0);
  assert_string_equal(get(async_context_frame_current(), &key), "one");
  assert_int_equal(
      async_resource_run_in_async_scope(&resource, get_in_scope, &key), 0);
  async_context_frame_release(async_context_frame_exchange(NULL));
  async_resource_finish(&resource);
  async_context_key_destroy(&key);
}

static void test_frame_option_takes_the_place_of_the_current(void **state) {
  (void)state;
  async_context_key_t key = new_key("key");
  async_resource_t framed, bare;
  async_resource_options_t options = {.flags = ASYNC_RESOURCE_FRAME};
  options.frame = with(NULL, &key, one);
  assert_int_equal(async_resource_init(&framed, "T", &options), 0);
  async_context_frame_release(async_context_frame_exchange(options.frame));
  options.frame = NULL;
  assert_int_equal(async_resource_init(&bare, "T", &options), 0);
  async_context_frame_release(async_context_frame_exchange(NULL));
  assert_int_equal(
      async_resource_run_in_async_scope(&framed, get_in_scope, &key), 1);
  assert_int_equal(async_resource_run_in_async_scope(&bare, get_in_scope, &key),
                   0);
  async_resource_finish(&framed);
  async_resource_finish(&bare);
  async_context_key_destroy(&key);
}

static void ask_without_environment(void *arg) {
  async_context_key_t *key = arg;
  async_context_frame_t *frame = NULL;
  async_context_value_t value = {.store = one};
  void *store = NULL;
  bool refused =
      async_context_frame_with(NULL, key, &value, &frame) == UV_EINVAL &&
      async_context_frame_without(NULL, key, &frame) == UV_EINVAL &&
      async_context_frame_exchange(NULL) == NULL &&
      !async_context_get(key, &store) && frame == NULL;
  if (refused) {
    async_context_key_destroy(key);
  }
}

static void test_thread_without_environment_makes_no_frame(void **state) {
  (void)state;
  async_context_key_t key = new_key("key");
  run_on_thread(ask_without_environment, &key);
  assert_int_equal(key.id, 0);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_on_loop(test_empty_frame_shows_nothing),
      cmocka_unit_test_on_loop(test_null_is_a_store),
      cmocka_unit_test_on_loop(test_with_leaves_its_base_alone),
      cmocka_unit_test_on_loop(test_without_removes_one_key),
      cmocka_unit_test_on_loop(test_1_key),
      cmocka_unit_test_on_loop(test_8_and_9_keys),
      cmocka_unit_test_on_loop(test_64_and_65_keys),
      cmocka_unit_test_on_loop(test_512_keys),
      cmocka_unit_test_on_loop(test_high_slots_first),
      cmocka_unit_test_on_loop(test_513th_key_is_refused),
      cmocka_unit_test_on_loop(
          test_destroyed_key_shows_nothing_to_its_successor),
      cmocka_unit_test_on_loop(test_destroyed_key_does_not_end_its_successor),
      cmocka_unit_test_on_loop(test_disabled_mark_does_not_pass_to_a_successor),
      cmocka_unit_test_on_loop(test_disable_hides_one_key_of_this_frame),
      cmocka_unit_test_on_loop(test_frames_made_after_disable_do_not_show_it),
      cmocka_unit_test_on_loop(test_exchange_returns_the_frame_before),
      cmocka_unit_test_on_loop(test_scope_runs_in_the_frame_of_its_making),
      cmocka_unit_test_on_loop(test_frame_set_inside_a_scope_ends_with_it),
      cmocka_unit_test_on_loop(
          test_frame_option_takes_the_place_of_the_current),
      cmocka_unit_test_on_loop(test_thread_without_environment_makes_no_frame),
  };
  return test_main(tests, argc, argv);
}
