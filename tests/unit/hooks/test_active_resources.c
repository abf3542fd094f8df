/* What keeps the loop alive, in Node's names and order. */
#include "asyncscope/async_active_resources.h"
#include "asyncscope/async_file_handle.h"
#include "asyncscope/async_queue.h"
#include "tcp_pair.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

/* The names, separated by spaces. Lasts until the next call. */
static const char *active(void) {
  static char text[1024];
  async_active_resource_t resources[32];
  size_t count = async_active_resources_info(NULL, resources, 32);
  size_t length = 0;
  text[0] = '\0';
  for (size_t i = 0; i < count && i < 32; i++)
    length += (size_t)snprintf(text + length, sizeof(text) - length, "%s%s",
                               i == 0 ? "" : " ", resources[i].name);
  return text;
}

typedef struct said_s {
  char text[1024];
} said_t;

static said_t said;

static void say_active(void) {
  snprintf(said.text, sizeof(said.text), "%s", active());
}

static void on_timer(async_uv_timer_t *timer) {
  (void)timer;
  say_active();
}

static void close_timer(async_uv_timer_t *timer) {
  async_uv_close((async_uv_handle_t *)timer, NULL);
}

static void test_nothing(void **state) {
  (void)state;
  assert_int_equal(async_active_resources_info(NULL, NULL, 0), 0);
  assert_string_equal(active(), "");
}

static void test_life_of_a_timeout(void **state) {
  uv_fixture_t *fixture = *state;
  async_uv_timer_t timer;
  assert_int_equal(async_uv_timer_init(&fixture->loop, &timer), 0);
  assert_string_equal(active(), "");
  assert_int_equal(async_uv_timer_start(&timer, on_timer, 0, 0), 0);
  assert_string_equal(active(), "Timeout");
  async_uv_unref((async_uv_handle_t *)&timer);
  assert_string_equal(active(), "");
  async_uv_ref((async_uv_handle_t *)&timer);
  assert_string_equal(active(), "Timeout");
  uv_fixture_run(fixture);
  assert_string_equal(said.text, "Timeout");
  assert_string_equal(active(), "");
  close_timer(&timer);
  uv_fixture_run(fixture);
}

static void test_stopped_timeout(void **state) {
  uv_fixture_t *fixture = *state;
  async_uv_timer_t timer;
  assert_int_equal(async_uv_timer_init(&fixture->loop, &timer), 0);
  assert_int_equal(async_uv_timer_start(&timer, on_timer, 5000, 5000), 0);
  assert_string_equal(active(), "Timeout");
  assert_int_equal(async_uv_timer_stop(&timer), 0);
  assert_string_equal(active(), "");
  close_timer(&timer);
  uv_fixture_run(fixture);
}

#define MANY 100

static void test_many_timeouts_and_a_small_array(void **state) {
  uv_fixture_t *fixture = *state;
  static async_uv_timer_t timers[MANY];
  async_active_resource_t resources[10];
  for (int i = 0; i < MANY; i++) {
    assert_int_equal(async_uv_timer_init(&fixture->loop, &timers[i]), 0);
    assert_int_equal(async_uv_timer_start(&timers[i], on_timer, 5000, 0), 0);
  }
  assert_int_equal(async_active_resources_info(NULL, resources, 10), MANY);
  for (int i = 0; i < 10; i++)
    assert_string_equal(resources[i].name, "Timeout");
  for (int i = 0; i < MANY; i++)
    close_timer(&timers[i]);
  uv_fixture_run(fixture);
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  say_active();
}

static void nothing(void *arg) {
  (void)arg;
}

static void test_life_of_immediates(void **state) {
  uv_fixture_t *fixture = *state;
  async_immediate_t first = {.cb = NULL}, last = {.cb = NULL};
  assert_int_equal(async_immediate_start(&first, on_immediate), 0);
  assert_int_equal(async_immediate_start(&last, on_immediate), 0);
  assert_string_equal(active(), "Immediate Immediate");
  async_immediate_unref(&last);
  assert_string_equal(active(), "Immediate");
  async_immediate_ref(&last);
  assert_int_equal(async_next_tick(nothing, NULL), 0);
  assert_int_equal(async_queue_microtask(nothing, NULL), 0);
  assert_string_equal(active(), "Immediate Immediate");
  uv_fixture_run(fixture);
  assert_string_equal(said.text, "");
}

static void see_the_rest(async_immediate_t *immediate) {
  if (immediate->resource.data != NULL)
    say_active();
}

static void test_immediate_is_not_there_in_its_callback(void **state) {
  uv_fixture_t *fixture = *state;
  async_immediate_t first = {.resource = {.data = &said}}, last = {.cb = NULL};
  assert_int_equal(async_immediate_start(&first, see_the_rest), 0);
  assert_int_equal(async_immediate_start(&last, see_the_rest), 0);
  uv_fixture_run(fixture);
  assert_string_equal(said.text, "Immediate");
}

static unsigned left;

static void on_access(async_uv_fs_t *req) {
  (void)req;
  if (--left == 0)
    say_active();
}

static void test_requests(void **state) {
  uv_fixture_t *fixture = *state;
  static async_uv_fs_t requests[12];
  async_active_resource_t resources[12];
  for (left = 0; left < 12; left++)
    assert_int_equal(
        async_uv_fs_access(&fixture->loop, &requests[left], ".", 0, on_access),
        0);
  assert_int_equal(async_active_resources_info(NULL, resources, 12), 12);
  for (int i = 0; i < 12; i++)
    assert_string_equal(resources[i].name, "FSReqCallback");
  uv_fixture_run(fixture);
  assert_string_equal(said.text, "FSReqCallback");
  assert_string_equal(active(), "");
}

static void *close_file(async_promise_t *derived, void *value, void *arg) {
  async_promise_t *closing = NULL;
  (void)derived, (void)arg;
  if (async_file_handle_close(value, &closing) == 0)
    say_active();
  async_promise_release(closing);
  return NULL;
}

static void test_closing_file(void **state) {
  uv_fixture_t *fixture = *state;
  async_promise_t *promise = NULL;
  assert_int_equal(async_uv_fs_open_promise(&fixture->loop, "/dev/null",
                                            O_RDONLY, 0, &promise),
                   0);
  assert_int_equal(async_promise_then(promise, close_file, NULL, NULL, NULL),
                   0);
  async_promise_release(promise);
  uv_fixture_run(fixture);
  assert_string_equal(said.text, "FSReqPromise CloseReq");
  assert_string_equal(active(), "");
}

/* The order is that of the groups, not of the ids. */
static void test_order_of_the_groups(void **state) {
  uv_fixture_t *fixture = *state;
  tcp_pair_t pair;
  async_immediate_t immediate = {.cb = NULL};
  async_uv_timer_t timer;
  assert_int_equal(async_immediate_start(&immediate, on_immediate), 0);
  assert_int_equal(async_uv_timer_init(&fixture->loop, &timer), 0);
  assert_int_equal(async_uv_timer_start(&timer, on_timer, 5000, 0), 0);
  tcp_pair_init(&pair, fixture);
  tcp_pair_listen(&pair);
  tcp_pair_connect(&pair);
  assert_string_equal(
      active(), "ConnectWrap TCPServerWrap TCPSocketWrap Timeout Immediate");
  close_timer(&timer);
  tcp_pair_finish(&pair);
}

static void test_ids_and_sites(void **state) {
  uv_fixture_t *fixture = *state;
  async_active_resource_t resource;
  async_uv_timer_t timer;
  assert_int_equal(async_uv_timer_init(&fixture->loop, &timer), 0);
  int line = __LINE__ + 1;
  assert_int_equal(async_uv_timer_start(&timer, on_timer, 5000, 0), 0);
  assert_int_equal(async_active_resources_info(NULL, &resource, 1), 1);
  assert_int_equal(resource.async_id,
                   async_resource_async_id(&timer.tracked.resource));
  assert_int_equal(resource.site->line, line);
  close_timer(&timer);
  uv_fixture_run(fixture);
}

static void test_sockets_and_an_unreferenced_server(void **state) {
  uv_fixture_t *fixture = *state;
  tcp_pair_t pair;
  tcp_pair_init(&pair, fixture);
  tcp_pair_open(&pair);
  assert_string_equal(active(), "TCPServerWrap TCPSocketWrap TCPSocketWrap");
  async_uv_unref((async_uv_handle_t *)&pair.server);
  assert_string_equal(active(), "TCPSocketWrap TCPSocketWrap");
  tcp_pair_finish(&pair);
  assert_string_equal(active(), "");
}

static void on_close(async_uv_handle_t *handle) {
  (void)handle;
  say_active();
}

static void test_closing_handle_stays_until_its_callback(void **state) {
  uv_fixture_t *fixture = *state;
  tcp_pair_t pair;
  tcp_pair_init(&pair, fixture);
  tcp_pair_listen(&pair);
  async_uv_close((async_uv_handle_t *)&pair.server, on_close);
  assert_string_equal(active(), "TCPServerWrap");
  tcp_pair_finish(&pair);
  assert_string_equal(said.text, "TCPServerWrap");
  assert_string_equal(active(), "");
}

static void test_own_resources_are_not_there(void **state) {
  (void)state;
  async_resource_t resource;
  assert_int_equal(async_resource_init(&resource, "MY_TYPE", NULL), 0);
  assert_string_equal(active(), "");
  async_resource_finish(&resource);
}

typedef struct elsewhere_s {
  uint32_t thread;
  size_t own, other;
} elsewhere_t;

static void look_from_elsewhere(void *arg) {
  elsewhere_t *elsewhere = arg;
  async_env_info_t info;
  async_env_t *env = async_inspect_next(NULL);
  elsewhere->own = async_active_resources_info(NULL, NULL, 0);
  for (; env != NULL; env = async_inspect_next(env)) {
    async_inspect_env(env, &info);
    if (info.thread == elsewhere->thread)
      elsewhere->other = async_active_resources_info(env, NULL, 0);
  }
}

static void test_another_thread_may_look(void **state) {
  (void)state;
  elsewhere_t elsewhere = {.thread = async_env_thread(), .own = 99};
  async_immediate_t immediate = {.cb = NULL};
  uv_thread_t thread;
  assert_int_equal(async_immediate_start(&immediate, on_immediate), 0);
  assert_int_equal(uv_thread_create(&thread, look_from_elsewhere, &elsewhere),
                   0);
  assert_int_equal(uv_thread_join(&thread), 0);
  assert_int_equal(elsewhere.own, 0);
  assert_int_equal(elsewhere.other, 1);
  async_immediate_stop(&immediate);
  assert_string_equal(active(), "");
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_uv(test_nothing),
      cmocka_unit_test_uv(test_life_of_a_timeout),
      cmocka_unit_test_uv(test_stopped_timeout),
      cmocka_unit_test_uv(test_many_timeouts_and_a_small_array),
      cmocka_unit_test_uv(test_life_of_immediates),
      cmocka_unit_test_uv(test_immediate_is_not_there_in_its_callback),
      cmocka_unit_test_uv(test_requests),
      cmocka_unit_test_uv(test_closing_file),
      cmocka_unit_test_uv(test_order_of_the_groups),
      cmocka_unit_test_uv(test_ids_and_sites),
      cmocka_unit_test_uv(test_sockets_and_an_unreferenced_server),
      cmocka_unit_test_uv(test_closing_handle_stays_until_its_callback),
      cmocka_unit_test_uv(test_own_resources_are_not_there),
      cmocka_unit_test_uv(test_another_thread_may_look),
  };
  return test_main(tests, argc, argv);
}
