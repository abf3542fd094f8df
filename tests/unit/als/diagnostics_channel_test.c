/* Subscribers, and stores set while a function runs. */
#include "als_fixture.h"
#include "asyncscope/async_fail.h"
#include "asyncscope/diagnostics_channel.h"
#include "failing_allocator.h"

#include <stdio.h>
#include <string.h>

/* One channel for each test, and the fixture its subscribers write to. */
static async_diagnostics_channel_t channel;
static fixture_t *now;

static void add(const char *text) {
  size_t room = sizeof(now->text) - now->length;
  int wrote = snprintf(now->text + now->length, room, "%s%s",
                       now->length == 0 ? "" : " ", text);
  now->length += (size_t)wrote < room ? (size_t)wrote : 0;
}

static int setup(void **state) {
  if (failing_allocator_install() != 0 || fixture_setup(state) != 0)
    return -1;
  now = *state;
  return async_diagnostics_channel_init(&channel, "chan");
}

static int teardown(void **state) {
  async_diagnostics_channel_finish(&channel);
  return fixture_teardown(state);
}

#define cmocka_unit_test_channel(test) \
  cmocka_unit_test_setup_teardown(test, setup, teardown)

static void say(void *message, const char *name, void *data) {
  add(data);
  add(name);
  add(message);
}

static void see_stores(void *message, const char *name, void *data) {
  (void)message, (void)name, (void)data;
  see(now, "als");
  see_other(now, "other");
}

static void subscribe(async_diagnostics_subscriber_cb subscriber,
                      const char *data) {
  assert_int_equal(
      async_diagnostics_channel_subscribe(&channel, subscriber, (void *)data),
      0);
}

static void publish(const char *message) {
  async_diagnostics_channel_publish(&channel, (void *)message);
}

static void test_subscribers_get_the_message_and_the_name(void **state) {
  (void)state;
  assert_false(async_diagnostics_channel_has_subscribers(&channel));
  publish("nobody");
  subscribe(say, "a");
  subscribe(say, "b");
  assert_true(async_diagnostics_channel_has_subscribers(&channel));
  publish("m");
  assert_string_equal(now->text, "a chan m b chan m");
  assert_string_equal(async_diagnostics_channel_name(&channel), "chan");
}

static void test_unsubscribe(void **state) {
  (void)state;
  subscribe(say, "a");
  subscribe(say, "b");
  assert_true(
      async_diagnostics_channel_unsubscribe(&channel, say, (void *)"a"));
  assert_false(
      async_diagnostics_channel_unsubscribe(&channel, say, (void *)"a"));
  publish("m");
  assert_string_equal(now->text, "b chan m");
  assert_true(
      async_diagnostics_channel_unsubscribe(&channel, say, (void *)"b"));
  assert_false(async_diagnostics_channel_has_subscribers(&channel));
}

static void change_the_list(void *message, const char *name, void *data) {
  (void)message, (void)name;
  add(data);
  (void)async_diagnostics_channel_unsubscribe(&channel, change_the_list, data);
  (void)async_diagnostics_channel_unsubscribe(&channel, say, (void *)"b");
  (void)async_diagnostics_channel_subscribe(&channel, say, (void *)"c");
}

static void test_changes_wait_for_the_next_message(void **state) {
  (void)state;
  subscribe(change_the_list, "a");
  subscribe(say, "b");
  publish("1");
  publish("2");
  assert_string_equal(now->text, "a b chan 1 c chan 2");
}

static void finish_it(void *message, const char *name, void *data) {
  (void)message, (void)data;
  async_diagnostics_channel_finish(&channel);
  add(name);
}

static void test_channel_may_end_in_a_subscriber(void **state) {
  (void)state;
  subscribe(finish_it, NULL);
  subscribe(say, "a");
  publish("m");
  publish("m");
  assert_string_equal(now->text, "chan");
  assert_string_equal(async_diagnostics_channel_name(&channel), "");
  assert_int_equal(async_diagnostics_channel_subscribe(&channel, say, NULL),
                   UV_EINVAL);
}

static void bind_to(async_local_storage_t *storage,
                    async_diagnostics_transform_cb transform) {
  assert_int_equal(async_diagnostics_channel_bind_store(
                       &channel, storage, transform, (void *)"data"),
                   0);
}

static int in_fn(void *arg) {
  add(arg);
  see_stores(NULL, NULL, NULL);
  in_timer(now, sees_later);
  return 1729;
}

static int run_stores(const char *message, async_local_storage_cb fn) {
  return async_diagnostics_channel_run_stores(&channel, (void *)message, fn,
                                              (void *)"fn");
}

static void *data_as_store(void *message, void *data) {
  add(message);
  return data;
}

/* The subscribers are called inside the stores, before the function. */
static void test_stores_are_set_for_subscribers_and_fn(void **state) {
  (void)state;
  subscribe(see_stores, NULL);
  bind_to(&now->als, NULL);
  bind_to(&now->other, data_as_store);
  assert_int_equal(run_stores("m", in_fn), 1729);
  see_stores(NULL, NULL, NULL);
  run_loop(now);
  assert_string_equal(now->text,
                      "m als:m other:data fn als:m other:data als:- other:- "
                      "later:m");
}

static void test_without_anything_fn_is_just_called(void **state) {
  (void)state;
  assert_int_equal(run_stores("m", in_fn), 1729);
  run_loop(now);
  assert_string_equal(now->text, "fn als:- other:- later:-");
}

static void test_unbind_store(void **state) {
  (void)state;
  bind_to(&now->als, NULL);
  assert_true(async_diagnostics_channel_unbind_store(&channel, &now->als));
  assert_false(async_diagnostics_channel_unbind_store(&channel, &now->als));
  assert_false(async_diagnostics_channel_has_subscribers(&channel));
  assert_int_equal(run_stores("m", in_fn), 1729);
  run_loop(now);
  assert_string_equal(now->text, "fn als:- other:- later:-");
}

static void test_binding_again_replaces_the_transform(void **state) {
  (void)state;
  bind_to(&now->als, data_as_store);
  bind_to(&now->als, NULL);
  assert_int_equal(run_stores("m", in_fn), 1729);
  assert_true(async_diagnostics_channel_unbind_store(&channel, &now->als));
  assert_false(async_diagnostics_channel_has_subscribers(&channel));
  run_loop(now);
  assert_string_equal(now->text, "fn als:m other:- later:m");
}

static int nest(void *arg) {
  see(now, "outer");
  (void)run_stores("inner", in_fn);
  see(now, "outer");
  (void)arg;
  return 0;
}

static void test_nested_runs(void **state) {
  (void)state;
  bind_to(&now->als, NULL);
  assert_int_equal(run_stores("outer", nest), 0);
  run_loop(now);
  assert_string_equal(now->text, "outer:outer fn als:inner other:- "
                                 "outer:outer later:inner");
}

static void on_uncaught(const char *message, void *data) {
  (void)data;
  add("uncaught");
  add(message);
}

static void *fail_to_transform(void *message, void *data) {
  (void)message, (void)data;
  async_fail("transform");
  return (void *)"not this";
}

static void run_in_tick(void *arg) {
  (void)arg;
  (void)run_stores("m", in_fn);
}

/* fn still runs, the store stays as it was, and the failure is uncaught in the
 * next tick. */
static void test_failing_transform(void **state) {
  (void)state;
  assert_int_equal(async_set_uncaught_exception_handler(on_uncaught, NULL), 0);
  bind_to(&now->als, fail_to_transform);
  bind_to(&now->other, NULL);
  assert_int_equal(async_next_tick(run_in_tick, NULL), 0);
  run_loop(now);
  assert_string_equal(now->text, "fn als:- other:m uncaught transform later:-");
}

static void fail_to_hear(void *message, const char *name, void *data) {
  (void)message, (void)name;
  add(data);
  async_fail("subscriber");
}

static void publish_in_tick(void *arg) {
  publish(arg);
  add(async_failure() == NULL ? "published" : "failed");
}

static void test_failing_subscriber_disturbs_nobody(void **state) {
  (void)state;
  assert_int_equal(async_set_uncaught_exception_handler(on_uncaught, NULL), 0);
  subscribe(fail_to_hear, "a");
  subscribe(say, "b");
  assert_int_equal(async_next_tick(publish_in_tick, (void *)"m"), 0);
  run_loop(now);
  assert_string_equal(now->text, "a b chan m published uncaught subscriber");
}

static void fail_and_publish(void *arg) {
  async_fail("mine");
  publish(arg);
  add(async_failure());
}

static void test_failure_on_its_way_survives_publishing(void **state) {
  (void)state;
  assert_int_equal(async_set_uncaught_exception_handler(on_uncaught, NULL), 0);
  subscribe(fail_to_hear, "a");
  assert_int_equal(async_next_tick(fail_and_publish, (void *)"m"), 0);
  run_loop(now);
  assert_string_equal(now->text, "a mine uncaught mine uncaught subscriber");
}

static void test_missing_parts_are_errors(void **state) {
  (void)state;
  async_diagnostics_channel_t other;
  assert_int_equal(async_diagnostics_channel_init(&other, NULL), UV_EINVAL);
  async_diagnostics_channel_finish(&other);
  async_diagnostics_channel_finish(NULL);
  assert_int_equal(async_diagnostics_channel_subscribe(&channel, NULL, NULL),
                   UV_EINVAL);
  assert_int_equal(
      async_diagnostics_channel_bind_store(&channel, NULL, NULL, NULL),
      UV_EINVAL);
}

static void test_allocations_may_fail(void **state) {
  (void)state;
  async_diagnostics_channel_t other;
  failing_allocator_fail_at(1);
  assert_int_equal(async_diagnostics_channel_init(&other, "x"), UV_ENOMEM);
  failing_allocator_fail_at(1);
  assert_int_equal(async_diagnostics_channel_subscribe(&channel, say, NULL),
                   UV_ENOMEM);
  failing_allocator_fail_at(1);
  assert_int_equal(
      async_diagnostics_channel_bind_store(&channel, &now->als, NULL, NULL),
      UV_ENOMEM);
  failing_allocator_fail_at(0);
  assert_false(async_diagnostics_channel_has_subscribers(&channel));
}

static void test_fn_is_not_called_without_memory_for_a_store(void **state) {
  (void)state;
  subscribe(say, "a");
  bind_to(&now->als, NULL);
  failing_allocator_fail_at(1);
  assert_int_equal(run_stores("m", in_fn), UV_ENOMEM);
  failing_allocator_fail_at(0);
  assert_string_equal(now->text, "");
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_channel(test_subscribers_get_the_message_and_the_name),
      cmocka_unit_test_channel(test_unsubscribe),
      cmocka_unit_test_channel(test_changes_wait_for_the_next_message),
      cmocka_unit_test_channel(test_channel_may_end_in_a_subscriber),
      cmocka_unit_test_channel(test_stores_are_set_for_subscribers_and_fn),
      cmocka_unit_test_channel(test_without_anything_fn_is_just_called),
      cmocka_unit_test_channel(test_unbind_store),
      cmocka_unit_test_channel(test_binding_again_replaces_the_transform),
      cmocka_unit_test_channel(test_nested_runs),
      cmocka_unit_test_channel(test_failing_transform),
      cmocka_unit_test_channel(test_failing_subscriber_disturbs_nobody),
      cmocka_unit_test_channel(test_failure_on_its_way_survives_publishing),
      cmocka_unit_test_channel(test_missing_parts_are_errors),
      cmocka_unit_test_channel(test_allocations_may_fail),
      cmocka_unit_test_channel(
          test_fn_is_not_called_without_memory_for_a_store),
  };
  return test_main(tests, argc, argv);
}
