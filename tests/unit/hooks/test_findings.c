/* Each finding is provoked, and what only looks like it is none. Callbacks are
 * made slow or not by the threshold, so no clock decides. */
#include "asyncscope/async_finding.h"
#include "asyncscope/async_uv.h"
#include "counting_allocator.h"
#include "promise_fixture.h"
#include "request_fixture.h"

#include <string.h>

#define NS_OF_NO_CALLBACK (UINT64_MAX - 1)

static async_finding_t finding;

static bool find(async_finding_code_t code) {
  async_env_t *env = find_env(async_env_thread());
  uint32_t cursor = 0;
  bool found = false;
  while (env != NULL && !found &&
         async_inspect_findings(env, &cursor, &finding, 1) == 1)
    found = finding.code == code;
  async_inspect_release(env);
  return found;
}

static size_t count_findings(void) {
  async_finding_t findings[ASYNC_FINDINGS_MAX];
  async_env_t *env = find_env(async_env_thread());
  uint32_t cursor = 0;
  size_t count =
      async_inspect_findings(env, &cursor, findings, ASYNC_FINDINGS_MAX);
  async_inspect_release(env);
  return count;
}

static void make(async_resource_t *resource, unsigned flags) {
  async_resource_options_t options = {.flags = flags};
  assert_int_equal(async_resource_init(resource, "MADE", &options), 0);
}

static void run_once(async_resource_t *resource) {
  assert_int_equal(async_resource_enter(resource), 0);
  spin(1000);
  async_resource_leave(resource);
}

static void codes_have_names(void **state) {
  (void)state;
  assert_string_equal(async_finding_code_name(ASYNC_FINDING_SLOW_CALLBACK),
                      "slow-callback");
  assert_string_equal(async_finding_code_name(ASYNC_FINDING_CONTEXT_FOREIGN),
                      "context-foreign");
  assert_string_equal(async_finding_code_name(ASYNC_FINDING_CONTEXT_LOST),
                      "context-lost");
  assert_string_equal(async_finding_code_name(ASYNC_FINDING_SCOPE_UNBALANCED),
                      "scope-unbalanced");
  assert_string_equal(async_finding_code_name(ASYNC_FINDING_DESTROYED_UNRUN),
                      "destroyed-unrun");
  assert_string_equal(async_finding_code_name((async_finding_code_t)0), "");
}

static void a_slow_callback_is_found_and_counted(void **state) {
  async_resource_t resource;
  (void)state;
  assert_int_equal(async_env_set_slow_callback_ns(1), 0);
  async_request_t *request = request_begin(7);
  make(&resource, 0);
  run_once(&resource);
  run_once(&resource);
  assert_true(find(ASYNC_FINDING_SLOW_CALLBACK));
  assert_int_equal(finding.count, 2);
  assert_int_equal(finding.resource.async_id,
                   async_resource_async_id(&resource));
  assert_int_equal(finding.resource.thread, async_env_thread());
  assert_string_equal(finding.type, "MADE");
  assert_string_equal(finding.site->function, "make");
  assert_int_equal(finding.request, 7);
  assert_true(finding.value >= 1000);
  assert_true(finding.first_ns < finding.last_ns);
  assert_int_equal(finding.other.async_id, 0);
  async_resource_finish(&resource);
  assert_int_equal(async_request_end(request, 0), 0);
  frame_use(NULL);
}

static void the_slowest_of_a_site_says_how_slow(void **state) {
  async_resource_t resource;
  (void)state;
  assert_int_equal(async_env_set_slow_callback_ns(1), 0);
  make(&resource, 0);
  assert_int_equal(async_resource_enter(&resource), 0);
  spin(10000000);
  async_resource_leave(&resource);
  run_once(&resource);
  assert_true(find(ASYNC_FINDING_SLOW_CALLBACK));
  assert_int_equal(finding.count, 2);
  assert_true(finding.value >= 10000000);
  async_resource_finish(&resource);
}

static void a_callback_below_the_threshold_is_not_slow(void **state) {
  async_resource_t resource;
  (void)state;
  assert_int_equal(async_env_set_slow_callback_ns(NS_OF_NO_CALLBACK), 0);
  make(&resource, 0);
  run_once(&resource);
  assert_int_equal(async_env_set_slow_callback_ns(0), 0);
  run_once(&resource);
  async_resource_finish(&resource);
  assert_int_equal(count_findings(), 0);
}

/* The one around only waited for it. */
static void the_scope_around_a_slow_one_is_not_slow(void **state) {
  async_resource_t outer, inner;
  (void)state;
  assert_int_equal(async_env_set_slow_callback_ns(20000000), 0);
  make(&outer, 0);
  assert_int_equal(async_resource_init(&inner, "INNER", NULL), 0);
  assert_int_equal(async_resource_enter(&outer), 0);
  assert_int_equal(async_resource_enter(&inner), 0);
  spin(20000000);
  async_resource_leave(&inner);
  async_resource_leave(&outer);
  assert_true(find(ASYNC_FINDING_SLOW_CALLBACK));
  assert_string_equal(finding.type, "INNER");
  async_resource_finish(&inner);
  async_resource_finish(&outer);
}

static void a_scope_around_a_run_of_the_loop_is_not_slow(void **state) {
  fixture_t *fixture = *state;
  async_resource_t resource;
  uv_async_t alive;
  assert_int_equal(async_env_set_slow_callback_ns(1), 0);
  assert_int_equal(uv_async_init(&fixture->loop, &alive, NULL), 0);
  make(&resource, 0);
  assert_int_equal(async_resource_enter(&resource), 0);
  uv_run(&fixture->loop, UV_RUN_NOWAIT);
  async_resource_leave(&resource);
  async_resource_finish(&resource);
  assert_int_equal(count_findings(), 0);
  uv_close((uv_handle_t *)&alive, NULL);
  uv_run(&fixture->loop, UV_RUN_DEFAULT);
}

static void work_long(void *arg) {
  async_resource_t resource;
  bool *found = arg;
  if (async_env_open(ASYNC_ENV_WORKER, "long") != 0 ||
      async_resource_init(&resource, "LONG", NULL) != 0)
    return;
  if (async_resource_enter(&resource) == 0) {
    spin(ASYNC_SLOW_CALLBACK_NS);
    async_resource_leave(&resource);
  }
  async_resource_finish(&resource);
  *found = find(ASYNC_FINDING_SLOW_CALLBACK);
  async_env_detach();
}

static void work_on_another_thread_is_never_slow(void **state) {
  bool found = true;
  (void)state;
  run_on_thread(work_long, &found);
  assert_false(found);
}

/* A UDP handle that is of request 1. */
static async_uv_udp_t udp;
static struct sockaddr_in nowhere;

static async_request_t *make_udp(fixture_t *fixture) {
  async_request_t *request = request_begin(1);
  assert_int_equal(uv_ip4_addr("127.0.0.1", 9, &nowhere), 0);
  assert_int_equal(async_uv_udp_init(&fixture->loop, &udp), 0);
  return request;
}

static void use_udp(void) {
  uv_buf_t buf = uv_buf_init((char[]){'x'}, 1);
  async_uv_udp_try_send(&udp, &buf, 1, (const struct sockaddr *)&nowhere);
}

static void end_udp(fixture_t *fixture, async_request_t *request) {
  frame_use(NULL);
  async_uv_close((async_uv_handle_t *)&udp, NULL);
  uv_run(&fixture->loop, UV_RUN_DEFAULT);
  assert_int_equal(async_request_end(request, 0), 0);
}

static void a_handle_of_another_request_is_foreign(void **state) {
  fixture_t *fixture = *state;
  async_resource_t running;
  async_request_t *first = make_udp(fixture);
  async_request_t *second = request_begin(2);
  make(&running, 0);
  assert_int_equal(async_resource_enter(&running), 0);
  use_udp();
  async_resource_leave(&running);
  assert_true(find(ASYNC_FINDING_CONTEXT_FOREIGN));
  assert_string_equal(finding.type, "UDPWRAP");
  assert_int_equal(finding.request, 1);
  assert_int_equal(finding.other_request, 2);
  assert_string_equal(finding.other_type, "MADE");
  assert_int_equal(finding.other.async_id, async_resource_async_id(&running));
  async_resource_finish(&running);
  end_udp(fixture, first);
  assert_int_equal(async_request_end(second, 0), 0);
}

static void a_handle_of_ones_own_or_in_no_request_is_not_foreign(void **state) {
  fixture_t *fixture = *state;
  async_request_t *first = make_udp(fixture);
  use_udp();
  frame_use(NULL);
  use_udp();
  assert_int_equal(count_findings(), 0);
  end_udp(fixture, first);
}

static void a_handle_made_in_no_request_is_everybodys(void **state) {
  fixture_t *fixture = *state;
  async_request_t *request;
  assert_int_equal(uv_ip4_addr("127.0.0.1", 9, &nowhere), 0);
  assert_int_equal(async_uv_udp_init(&fixture->loop, &udp), 0);
  request = request_begin(2);
  use_udp();
  assert_int_equal(count_findings(), 0);
  end_udp(fixture, request);
}

static async_resource_t left_open;

static void enter_and_return(uv_async_t *async) {
  async_resource_enter(&left_open);
  uv_close((uv_handle_t *)async, NULL);
}

static void a_scope_left_open_by_a_callback_is_unbalanced(void **state) {
  fixture_t *fixture = *state;
  uv_async_t async;
  make(&left_open, 0);
  assert_int_equal(uv_async_init(&fixture->loop, &async, enter_and_return), 0);
  assert_int_equal(uv_async_send(&async), 0);
  uv_run(&fixture->loop, UV_RUN_DEFAULT);
  assert_true(find(ASYNC_FINDING_SCOPE_UNBALANCED));
  assert_int_equal(finding.resource.async_id,
                   async_resource_async_id(&left_open));
  assert_int_equal(finding.count, 1);
  async_resource_leave(&left_open);
  async_resource_finish(&left_open);
}

static void a_scope_open_at_the_detach_is_unbalanced(void **state) {
  async_resource_t resource;
  (void)state;
  make(&resource, 0);
  assert_int_equal(async_resource_enter(&resource), 0);
  assert_int_equal(async_env_detach(), UV_EBUSY);
  assert_true(find(ASYNC_FINDING_SCOPE_UNBALANCED));
  async_resource_leave(&resource);
  async_resource_finish(&resource);
}

/* Also when the inner run is in a callback of the outer one. */
static void run_inside(uv_async_t *async) {
  async_resource_t resource;
  uv_close((uv_handle_t *)async, NULL);
  if (async_resource_init(&resource, "AROUND", NULL) != 0)
    return;
  if (async_resource_enter(&resource) == 0) {
    uv_run(async->loop, UV_RUN_NOWAIT);
    async_resource_leave(&resource);
  }
  async_resource_finish(&resource);
}

static void runs_of_the_loop_inside_scopes_are_balanced(void **state) {
  fixture_t *fixture = *state;
  async_resource_t outer;
  uv_async_t async;
  make(&outer, 0);
  assert_int_equal(uv_async_init(&fixture->loop, &async, run_inside), 0);
  assert_int_equal(uv_async_send(&async), 0);
  assert_int_equal(async_resource_enter(&outer), 0);
  uv_run(&fixture->loop, UV_RUN_DEFAULT);
  async_resource_leave(&outer);
  async_resource_finish(&outer);
  assert_false(find(ASYNC_FINDING_SCOPE_UNBALANCED));
}

static void what_owes_a_callback_and_ends_without_is_unrun(void **state) {
  async_resource_t resource;
  (void)state;
  make(&resource, ASYNC_RESOURCE_OWES_CALLBACK);
  async_id_t async_id = async_resource_async_id(&resource);
  async_resource_finish(&resource);
  assert_true(find(ASYNC_FINDING_DESTROYED_UNRUN));
  assert_int_equal(finding.resource.async_id, async_id);
  assert_string_equal(finding.type, "MADE");
}

static void what_ran_or_owes_nothing_is_no_finding(void **state) {
  async_resource_t ran, owes_nothing, inside;
  (void)state;
  assert_int_equal(async_env_set_slow_callback_ns(0), 0);
  make(&ran, ASYNC_RESOURCE_OWES_CALLBACK);
  run_once(&ran);
  async_resource_finish(&ran);
  make(&owes_nothing, 0);
  async_resource_finish(&owes_nothing);
  make(&inside, ASYNC_RESOURCE_OWES_CALLBACK);
  assert_int_equal(async_resource_enter(&inside), 0);
  async_resource_t ended = inside;
  async_resource_finish(&inside);
  async_resource_leave(&ended);
  assert_int_equal(count_findings(), 0);
}

static void a_promise_that_somebody_waits_for_and_goes_is_unrun(void **state) {
  trace_t trace = {.length = 0};
  (void)state;
  async_promise_t *promise = pending();
  async_promise_release(then(promise, say_then, NULL, &trace));
  async_promise_release(promise);
  assert_true(find(ASYNC_FINDING_DESTROYED_UNRUN));
  assert_string_equal(finding.type, "PROMISE");
  assert_string_equal(finding.site->function, "pending");
}

static void a_promise_nobody_waits_for_or_that_settled_is_none(void **state) {
  trace_t trace = {.length = 0};
  (void)state;
  async_promise_release(pending());
  async_promise_t *promise = resolved("value");
  async_promise_release(then(promise, say_then, NULL, &trace));
  async_promise_release(promise);
  run_microtasks();
  assert_int_equal(count_findings(), 0);
}

/* One site each; the same one again finds its row. */
static void what_finds_no_place_is_counted(void **state) {
  static const async_site_t sites[ASYNC_FINDINGS_MAX + 3];
  async_resource_options_t options = {.flags = ASYNC_RESOURCE_OWES_CALLBACK};
  (void)state;
  for (size_t i = 0; i < ASYNC_FINDINGS_MAX + 3; i++) {
    async_resource_t resource;
    assert_int_equal(
        async_resource_init_at(&sites[i], &resource, "T", &options), 0);
    async_resource_finish(&resource);
  }
  async_env_t *env = find_env(async_env_thread());
  assert_int_equal(async_inspect_findings_dropped(env), 3);
  async_inspect_release(env);
  assert_int_equal(count_findings(), ASYNC_FINDINGS_MAX);
}

static void a_finding_takes_no_memory(void **state) {
  async_resource_t resource;
  (void)state;
  make(&resource, ASYNC_RESOURCE_OWES_CALLBACK);
  long calls = counting_allocator_calls();
  async_resource_finish(&resource);
  assert_int_equal(counting_allocator_calls(), calls);
  assert_true(find(ASYNC_FINDING_DESTROYED_UNRUN));
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(codes_have_names),
      cmocka_unit_test_on_loop(a_slow_callback_is_found_and_counted),
      cmocka_unit_test_on_loop(the_slowest_of_a_site_says_how_slow),
      cmocka_unit_test_on_loop(a_callback_below_the_threshold_is_not_slow),
      cmocka_unit_test_on_loop(the_scope_around_a_slow_one_is_not_slow),
      cmocka_unit_test_on_loop(a_scope_around_a_run_of_the_loop_is_not_slow),
      cmocka_unit_test(work_on_another_thread_is_never_slow),
      cmocka_unit_test_on_loop(a_handle_of_another_request_is_foreign),
      cmocka_unit_test_on_loop(
          a_handle_of_ones_own_or_in_no_request_is_not_foreign),
      cmocka_unit_test_on_loop(a_handle_made_in_no_request_is_everybodys),
      cmocka_unit_test_on_loop(a_scope_left_open_by_a_callback_is_unbalanced),
      cmocka_unit_test_on_loop(a_scope_open_at_the_detach_is_unbalanced),
      cmocka_unit_test_on_loop(runs_of_the_loop_inside_scopes_are_balanced),
      cmocka_unit_test_on_loop(what_owes_a_callback_and_ends_without_is_unrun),
      cmocka_unit_test_on_loop(what_ran_or_owes_nothing_is_no_finding),
      cmocka_unit_test_on_loop(
          a_promise_that_somebody_waits_for_and_goes_is_unrun),
      cmocka_unit_test_on_loop(
          a_promise_nobody_waits_for_or_that_settled_is_none),
      cmocka_unit_test_on_loop(what_finds_no_place_is_counted),
      cmocka_unit_test_on_loop(a_finding_takes_no_memory),
  };
  if (counting_allocator_install() != 0)
    return 2;
  return test_main(tests, argc, argv);
}
