/* Who holds an account is counted apart for its owner and for all others: each
 * way from the one to the other, and back, ends with the account given back
 * once. */
#include "request_fixture.h"

static async_context_key_t key;
static char store[] = "store";
static async_request_info_t info;

/* A request that nothing but what shows it holds when it has ended. */
static async_request_t *begin_unkept(void) {
  async_request_t *request = NULL;
  async_request_options_t options = {.number = 7};
  assert_int_equal(async_env_set_requests_kept(0, 0, 0), 0);
  assert_int_equal(async_context_key_create("holders", &key), 0);
  assert_int_equal(async_request_begin(&options, &request), 0);
  return request;
}

/* Makes it current by a frame that no other thread can have. */
static void set_current(async_request_t *request) {
  async_context_value_t value = {.store = store, .account = request};
  assert_int_equal(async_context_set(&key, &value), 0);
}

static void leave_current(void) {
  async_context_frame_release(async_context_frame_swap(NULL));
}

static unsigned holders(void) {
  return request_find(async_env_thread(), ~0u, 7, &info) ? info.holders : 0;
}

static void end_key(void) {
  async_context_key_destroy(&key);
}

static void its_own_thread_counts_what_it_sets(void **state) {
  async_resource_t resource;
  (void)state;
  async_request_t *request = begin_unkept();
  assert_int_equal(holders(), 0);
  set_current(request);
  assert_int_equal(async_resource_init(&resource, "HOLDER", NULL), 0);
  set_current(request);
  assert_int_equal(holders(), 2);
  assert_int_equal(async_request_end(request, 0), 0);
  leave_current();
  assert_int_equal(holders(), 1);
  async_resource_finish(&resource);
  assert_int_equal(request_count(~0u), 0);
  end_key();
}

static void release_frame(void *arg) {
  async_context_frame_release(arg);
}

static void a_setting_that_is_shared_is_let_go_elsewhere(void **state) {
  (void)state;
  async_request_t *request = begin_unkept();
  set_current(request);
  async_context_frame_t *shared =
      async_context_frame_retain(async_context_frame_current());
  assert_int_equal(async_context_frame_request(shared), 7);
  async_context_frame_release(async_context_frame_swap(NULL));
  set_current(request);
  assert_int_equal(holders(), 2);
  run_on_thread(release_frame, shared);
  assert_int_equal(holders(), 1);
  leave_current();
  assert_int_equal(holders(), 0);
  assert_int_equal(async_request_end(request, 0), 0);
  assert_int_equal(request_count(~0u), 0);
  end_key();
}

static void what_only_others_hold_may_be_set_again(void **state) {
  (void)state;
  async_request_t *request = begin_unkept();
  set_current(request);
  async_context_frame_t *shared =
      async_context_frame_retain(async_context_frame_current());
  leave_current();
  assert_int_equal(async_request_end(request, 0), 0);
  assert_int_equal(holders(), 1);
  set_current(request);
  assert_int_equal(holders(), 2);
  run_on_thread(release_frame, shared);
  assert_int_equal(holders(), 1);
  leave_current();
  assert_int_equal(request_count(~0u), 0);
  end_key();
}

/* What a thread leaves behind that has ended. */
typedef struct left_s {
  async_request_t *request;
  async_resource_t resources[2];
  int error;
} left_t;

static int hold_by(async_request_t *request, async_resource_t *resource) {
  async_context_value_t value = {.store = store, .account = request};
  int error = async_context_set(&key, &value);
  return error != 0 ? error : async_resource_init(resource, "LEFT", NULL);
}

static void leave_behind(void *arg) {
  left_t *left = arg;
  async_request_options_t options = {.number = 7};
  left->error = async_env_open(ASYNC_ENV_OTHER, "left");
  if (left->error == 0)
    left->error = async_request_begin(&options, &left->request);
  for (int i = 0; i < 2 && left->error == 0; i++)
    left->error = hold_by(left->request, &left->resources[i]);
  leave_current();
  if (async_env_detach() != 0)
    left->error = UV_EBUSY;
}

/* Memory that is not given back, or too early, is the sanitizers' and
 * valgrind's to see. */
static void its_environment_may_end_before_its_settings(void **state) {
  static left_t left;
  (void)state;
  assert_int_equal(async_context_key_create("holders", &key), 0);
  run_on_thread(leave_behind, &left);
  assert_int_equal(left.error, 0);
  async_resource_finish(&left.resources[0]);
  assert_int_equal(async_request_number(left.request), 7);
  assert_int_equal(async_request_end(left.request, 0), 0);
  assert_int_equal(async_request_number(left.request), 7);
  async_resource_finish(&left.resources[1]);
  end_key();
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_on_loop(its_own_thread_counts_what_it_sets),
      cmocka_unit_test_on_loop(a_setting_that_is_shared_is_let_go_elsewhere),
      cmocka_unit_test_on_loop(what_only_others_hold_may_be_set_again),
      cmocka_unit_test_on_loop(its_environment_may_end_before_its_settings),
  };
  return test_main(tests, argc, argv);
}
