/* The life of a request's account on one thread: what it shows while the
 * request runs, what is charged to it, and where it goes at its end. */
#include "asyncscope/async_recorder.h"
#include "request_fixture.h"

#include <string.h>

static async_request_info_t info;

static bool find_here(unsigned which, uint64_t number) {
  return request_find(async_env_thread(), which, number, &info);
}

/* The frame goes, so that nothing but the rings holds it. */
static void end_request(async_request_t *request, int status) {
  assert_int_equal(async_request_end(request, status), 0);
  frame_use(NULL);
}

static void a_request_shows_how_it_began(void **state) {
  async_request_trace_t trace = {{UINT64_MAX, 2}, 3, 4, 255};
  async_request_options_t options = {.number = UINT64_MAX,
                                     .name = "GET /a/bc",
                                     .name_bytes = 6,
                                     .route = "/a",
                                     .trace = &trace};
  async_request_t *request;
  (void)state;
  uint64_t before_ns = async_inspect_now_ns();
  assert_int_equal(async_request_begin(&options, &request), 0);
  assert_true(find_here(ASYNC_REQUESTS_ACTIVE, UINT64_MAX));
  assert_int_equal(info.which, ASYNC_REQUESTS_ACTIVE);
  assert_int_equal(info.thread, async_env_thread());
  assert_string_equal(info.name, "GET /a");
  assert_string_equal(info.route, "/a");
  assert_in_range(info.started_ns, before_ns, async_inspect_now_ns());
  assert_int_equal(info.ended_ns, 0);
  assert_int_equal(info.holders, 0);
  assert_int_equal(info.resources, 0);
  assert_int_equal(info.root.async_id, 0);
  assert_memory_equal(&info.trace.trace_id, &trace.trace_id, 16);
  assert_int_equal(info.trace.span_id, 3);
  assert_int_equal(info.trace.parent_span_id, 4);
  assert_int_equal(info.trace.flags, 255);
  assert_true(async_request_number(request) == UINT64_MAX);
  assert_int_equal(async_request_end(request, 200), 0);
}

static void a_long_name_is_cut(void **state) {
  char name[100];
  async_request_t *request;
  memset(name, 'n', sizeof(name));
  async_request_options_t options = {
      .number = 1, .name = name, .name_bytes = sizeof(name)};
  (void)state;
  assert_int_equal(async_request_begin(&options, &request), 0);
  assert_true(find_here(ASYNC_REQUESTS_ACTIVE, 1));
  assert_int_equal(strlen(info.name), ASYNC_REQUEST_NAME_BYTES - 1);
  assert_true(info.name_cut);
  assert_int_equal(async_request_end(request, 0), 0);
  options.name_bytes = ASYNC_REQUEST_NAME_BYTES - 1;
  options.number = 2;
  assert_int_equal(async_request_begin(&options, &request), 0);
  assert_true(find_here(ASYNC_REQUESTS_ACTIVE, 2));
  assert_false(info.name_cut);
  assert_int_equal(async_request_end(request, 0), 0);
}

/* The tracestate of the request that was found last. */
static const char *trace_state(void) {
  static char text[ASYNC_TRACE_STATE_BYTES + 1];
  async_env_t *env = find_env(async_env_thread());
  size_t bytes = async_inspect_trace_state(env, info.place, info.number, text);
  async_inspect_release(env);
  text[bytes] = '\0';
  return text;
}

static void a_tracestate_is_kept_as_long_as_its_request(void **state) {
  (void)state;
  assert_int_equal(async_env_set_requests_kept(1, 0, 0), 0);
  async_request_t *request = request_begin(1);
  assert_true(find_here(ASYNC_REQUESTS_ACTIVE, 1));
  assert_string_equal(trace_state(), "");
  assert_int_equal(async_request_set_trace_state(request, "a=1,b=2", 7), 0);
  assert_string_equal(trace_state(), "a=1,b=2");
  assert_int_equal(async_request_set_trace_state(request, "c=3", 3), 0);
  end_request(request, 0);
  assert_string_equal(trace_state(), "c=3");
  end_request(request_begin(2), 0);
  assert_string_equal(trace_state(), "");
  assert_true(find_here(ASYNC_REQUESTS_FINISHED, 2));
  assert_string_equal(trace_state(), "");
}

static void a_long_tracestate_loses_its_last_members(void **state) {
  char text[ASYNC_TRACE_STATE_BYTES + 40];
  memset(text, 'x', sizeof(text));
  memcpy(text, "a=", 2);
  memcpy(text + ASYNC_TRACE_STATE_BYTES, ",b=", 3);
  (void)state;
  async_request_t *request = request_begin(1);
  assert_true(find_here(ASYNC_REQUESTS_ACTIVE, 1));
  assert_int_equal(async_request_set_trace_state(request, text, sizeof(text)),
                   0);
  assert_int_equal(strlen(trace_state()), ASYNC_TRACE_STATE_BYTES);
  text[300] = ',';
  text[ASYNC_TRACE_STATE_BYTES] = 'x';
  assert_int_equal(async_request_set_trace_state(request, text, sizeof(text)),
                   0);
  assert_int_equal(strlen(trace_state()), 300);
  end_request(request, 0);
}

static void what_cannot_begin_is_refused(void **state) {
  async_request_options_t options = {.number = 0};
  async_request_t *request = NULL;
  (void)state;
  assert_int_equal(async_request_begin(&options, &request), UV_EINVAL);
  assert_non_null(strstr(async_error_message(), "number"));
  assert_null(request);
  assert_int_equal(async_request_end(NULL, 0), 0);
}

static void begin_without_environment(void *arg) {
  async_request_options_t options = {.number = 1};
  async_request_t *request;
  *(int *)arg = async_request_begin(&options, &request);
}

static void a_thread_without_environment_begins_none(void **state) {
  int error = 0;
  (void)state;
  run_on_thread(begin_without_environment, &error);
  assert_int_equal(error, UV_EINVAL);
}

static void the_current_frame_knows_its_request(void **state) {
  (void)state;
  assert_null(async_request_current());
  async_request_t *request = request_begin(7);
  assert_ptr_equal(async_request_current(), request);
  assert_int_equal(async_context_frame_request(async_context_frame_current()),
                   7);
  assert_true(find_here(ASYNC_REQUESTS_ACTIVE, 7));
  assert_int_equal(info.holders, 1);
  end_request(request, 0);
  assert_null(async_request_current());
}

static void resources_are_counted_by_type(void **state) {
  async_resource_t resources[4];
  static const char *const types[4] = {"FIRST", "OTHER", "OTHER", "OTHER"};
  (void)state;
  async_request_t *request = request_begin(7);
  for (int i = 0; i < 4; i++)
    assert_int_equal(async_resource_init(&resources[i], types[i], NULL), 0);
  assert_true(find_here(ASYNC_REQUESTS_ACTIVE, 7));
  assert_int_equal(info.resources, 4);
  assert_int_equal(info.type_count, 2);
  assert_int_equal(request_made(&info, "FIRST"), 1);
  assert_int_equal(request_made(&info, "OTHER"), 3);
  assert_int_equal(info.root.async_id, async_resource_async_id(&resources[0]));
  assert_int_equal(info.root.thread, async_env_thread());
  for (int i = 0; i < 4; i++)
    async_resource_finish(&resources[i]);
  end_request(request, 0);
}

static void types_beyond_the_table_are_counted_together(void **state) {
  char type[] = "TYPE-a";
  (void)state;
  async_request_t *request = request_begin(7);
  for (int i = 0; i < ASYNC_REQUEST_TYPES + 3; i++) {
    async_resource_t resource;
    type[5] = (char)('a' + i);
    assert_int_equal(async_resource_init(&resource, type, NULL), 0);
    async_resource_finish(&resource);
  }
  assert_true(find_here(ASYNC_REQUESTS_ACTIVE, 7));
  assert_int_equal(info.type_count, ASYNC_REQUEST_TYPES);
  assert_int_equal(info.other_types, 3);
  assert_int_equal(info.resources, ASYNC_REQUEST_TYPES + 3);
  end_request(request, 0);
}

static void bytes_and_queueing_add_up(void **state) {
  (void)state;
  async_request_t *request = request_begin(7);
  async_request_add_bytes(request, 100, 0);
  async_request_add_bytes(request, 1, 2000);
  async_request_charge_queued(async_context_frame_current(), 30);
  async_request_charge_queued(async_context_frame_current(), 12);
  async_request_charge_queued(NULL, 5);
  assert_true(find_here(ASYNC_REQUESTS_ACTIVE, 7));
  assert_int_equal(info.in_bytes, 101);
  assert_int_equal(info.out_bytes, 2000);
  assert_int_equal(info.queued_ns, 42);
  end_request(request, 0);
}

static void the_end_says_status_and_time(void **state) {
  (void)state;
  async_request_t *request = request_begin(7);
  uint64_t before_ns = async_inspect_now_ns();
  end_request(request, 204);
  assert_false(find_here(ASYNC_REQUESTS_ACTIVE, 7));
  assert_false(find_here(ASYNC_REQUESTS_SLOW, 7));
  assert_true(find_here(ASYNC_REQUESTS_FINISHED, 7));
  assert_int_equal(info.which, ASYNC_REQUESTS_FINISHED);
  assert_int_equal(info.status, 204);
  assert_false(info.failed);
  assert_in_range(info.ended_ns, before_ns, async_inspect_now_ns());
  assert_int_equal(info.holders, 0);
}

static void failed_ones_have_a_ring_of_their_own(void **state) {
  (void)state;
  async_request_t *request = request_begin(7);
  end_request(request, UV_ECONNRESET);
  request = request_begin(8);
  async_request_set_failed(request);
  end_request(request, 500);
  assert_true(find_here(ASYNC_REQUESTS_SLOW, 7));
  assert_int_equal(info.status, UV_ECONNRESET);
  assert_true(info.failed);
  assert_true(find_here(ASYNC_REQUESTS_SLOW, 8));
  assert_int_equal(info.status, 500);
  assert_true(info.failed);
}

static void the_last_ones_are_kept_and_slow_ones_longer(void **state) {
  (void)state;
  assert_int_equal(async_env_set_requests_kept(3, 1, 500000000), 0);
  async_request_t *request = request_begin(100);
  spin(500000000);
  end_request(request, 0);
  for (uint64_t i = 1; i <= 10; i++)
    end_request(request_begin(i), 0);
  assert_int_equal(request_count(ASYNC_REQUESTS_FINISHED), 3);
  for (uint64_t i = 8; i <= 10; i++)
    assert_true(find_here(ASYNC_REQUESTS_FINISHED, i));
  assert_true(find_here(ASYNC_REQUESTS_SLOW, 100));
  assert_int_equal(info.which, ASYNC_REQUESTS_SLOW);
  request = request_begin(101);
  end_request(request, -1);
  assert_false(find_here(ASYNC_REQUESTS_SLOW, 100));
  assert_true(find_here(ASYNC_REQUESTS_SLOW, 101));
}

static void none_need_be_kept(void **state) {
  (void)state;
  assert_int_equal(async_env_set_requests_kept(0, 0, 0), 0);
  end_request(request_begin(7), -1);
  assert_int_equal(request_count(~0u), 0);
  assert_int_equal(async_env_set_requests_kept(1, 1, 1), UV_EINVAL);
}

static void how_many_are_kept_holds_for_all_that_say_nothing(void **state) {
  const async_requests_kept_t two = {.finished = 2, .slow = 1, .slow_ns = 1};
  async_requests_kept_t kept;
  (void)state;
  async_requests_kept(&kept);
  assert_int_equal(kept.finished, 256);
  async_requests_set_kept(&two);
  async_requests_kept(&kept);
  assert_int_equal(kept.finished, 2);
  for (uint64_t i = 1; i <= 5; i++)
    end_request(request_begin(i), 0);
  assert_int_equal(request_count(ASYNC_REQUESTS_FINISHED), 2);
}

static void what_a_thread_says_itself_comes_first(void **state) {
  const async_requests_kept_t two = {.finished = 2};
  (void)state;
  assert_int_equal(async_env_set_requests_kept(3, 0, 0), 0);
  async_requests_set_kept(&two);
  for (uint64_t i = 1; i <= 5; i++)
    end_request(request_begin(i), 0);
  assert_int_equal(request_count(ASYNC_REQUESTS_FINISHED), 3);
}

static void latencies_are_counted_by_route(void **state) {
  async_env_t *env = find_env(async_env_thread());
  async_histogram_t sum = {0};
  async_route_info_t route;
  (void)state;
  assert_int_equal(async_inspect_route(env, 0, &route, NULL), UV_ENOENT);
  for (uint64_t i = 1; i <= 6; i++) {
    async_request_t *request = request_begin(i);
    assert_int_equal(
        async_request_set_route(request, i % 3 == 0 ? NULL : "/some"), 0);
    end_request(request, i == 1 ? -1 : 200);
  }
  assert_int_equal(async_inspect_route(env, 0, &route, NULL), 0);
  assert_string_equal(route.route, "");
  assert_int_equal(route.finished, 2);
  assert_int_equal(route.failed, 0);
  assert_int_equal(async_inspect_route(env, 1, &route, &sum), 0);
  assert_string_equal(route.route, "/some");
  assert_int_equal(route.finished, 4);
  assert_int_equal(route.failed, 1);
  assert_int_equal(async_histogram_count(&sum), 4);
  assert_int_equal(async_inspect_route(env, 2, &route, NULL), UV_ENOENT);
  async_inspect_release(env);
}

/* One buffer for all names: its address says nothing. */
static void routes_beyond_the_table_are_others(void **state) {
  async_env_t *env = find_env(async_env_thread());
  async_route_info_t route;
  char name[] = "/aa";
  (void)state;
  for (int i = 0; i < ASYNC_ROUTES_MAX + 5; i++) {
    async_request_t *request = request_begin(1);
    name[1] = (char)('a' + i % 26);
    name[2] = (char)('a' + i / 26);
    assert_int_equal(async_request_set_route(request, name), 0);
    end_request(request, 0);
  }
  size_t last = ASYNC_ROUTES_MAX - 1;
  assert_int_equal(async_inspect_route(env, last - 1, &route, NULL), 0);
  assert_int_equal(route.finished, 1);
  assert_int_equal(async_inspect_route(env, last, &route, NULL), 0);
  assert_string_equal(route.route, "others");
  assert_int_equal(route.finished, ASYNC_ROUTES_MAX + 5 - (last - 1));
  assert_int_equal(async_inspect_route(env, last + 1, &route, NULL), UV_ENOENT);
  async_inspect_release(env);
}

static void the_recorder_has_begin_and_end(void **state) {
  async_env_t *env = find_env(async_env_thread());
  async_event_t events[2];
  uint64_t cursor = 0, lost;
  (void)state;
  end_request(request_begin(7), -42);
  assert_int_equal(async_inspect_events(env, &cursor, events, 2, &lost), 2);
  async_inspect_release(env);
  assert_int_equal(events[0].kind, ASYNC_EVENT_REQUEST_BEGIN);
  assert_int_equal(events[0].request, 7);
  assert_int_equal(events[0].async_id, ASYNC_ID_ROOT);
  assert_string_equal(events[0].type, "");
  assert_int_equal(events[1].kind, ASYNC_EVENT_REQUEST_END);
  assert_int_equal(events[1].request, 7);
  assert_int_equal(events[1].status, -42);
  assert_int_equal(events[1].at_ns - events[1].duration_ns, events[0].at_ns);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_on_loop(a_request_shows_how_it_began),
      cmocka_unit_test_on_loop(a_long_name_is_cut),
      cmocka_unit_test_on_loop(a_tracestate_is_kept_as_long_as_its_request),
      cmocka_unit_test_on_loop(a_long_tracestate_loses_its_last_members),
      cmocka_unit_test_on_loop(what_cannot_begin_is_refused),
      cmocka_unit_test(a_thread_without_environment_begins_none),
      cmocka_unit_test_on_loop(the_current_frame_knows_its_request),
      cmocka_unit_test_on_loop(resources_are_counted_by_type),
      cmocka_unit_test_on_loop(types_beyond_the_table_are_counted_together),
      cmocka_unit_test_on_loop(bytes_and_queueing_add_up),
      cmocka_unit_test_on_loop(the_end_says_status_and_time),
      cmocka_unit_test_on_loop(failed_ones_have_a_ring_of_their_own),
      cmocka_unit_test_on_loop(the_last_ones_are_kept_and_slow_ones_longer),
      cmocka_unit_test_on_loop(none_need_be_kept),
      cmocka_unit_test_on_loop(
          how_many_are_kept_holds_for_all_that_say_nothing),
      cmocka_unit_test_on_loop(what_a_thread_says_itself_comes_first),
      cmocka_unit_test_on_loop(latencies_are_counted_by_route),
      cmocka_unit_test_on_loop(routes_beyond_the_table_are_others),
      cmocka_unit_test_on_loop(the_recorder_has_begin_and_end),
  };
  return test_main(tests, argc, argv);
}
