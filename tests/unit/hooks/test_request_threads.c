/* An account outlives its request, its frames travel, and its environment may
 * end first: whoever lets go last, on whatever thread, it is given back once,
 * and no charge is lost. */
#include "request_fixture.h"

#include <stdatomic.h>
#include <stdlib.h>

static async_request_info_t info;

static bool find_here(unsigned which, uint64_t number) {
  return request_find(async_env_thread(), which, number, &info);
}

static void release_frame(void *arg) {
  async_context_frame_release(arg);
}

/* Begins a request of which only `*ret_frame` shows anything. */
static async_request_t *begin_apart(uint64_t number,
                                    async_context_frame_t **ret_frame) {
  async_request_t *request = request_begin(number);
  *ret_frame = async_context_frame_exchange(NULL);
  return request;
}

static void an_ended_request_is_retained_while_a_frame_shows_it(void **state) {
  async_context_frame_t *frame;
  async_resource_t resource;
  (void)state;
  assert_int_equal(async_env_set_requests_kept(0, 0, 0), 0);
  async_request_t *request = begin_apart(7, &frame);
  async_resource_options_t options = {.flags = ASYNC_RESOURCE_FRAME,
                                      .frame = frame};
  assert_int_equal(async_resource_init(&resource, "HOLDER", &options), 0);
  async_context_frame_release(frame);
  assert_int_equal(async_request_end(request, 200), 0);
  assert_true(find_here(ASYNC_REQUESTS_RETAINED, 7));
  assert_int_equal(info.which, ASYNC_REQUESTS_RETAINED);
  assert_int_equal(info.holders, 1);
  assert_int_equal(info.status, 200);
  async_resource_finish(&resource);
  assert_int_equal(request_count(~0u), 0);
}

static void each_setting_is_a_holder(void **state) {
  async_context_frame_t *frame;
  (void)state;
  async_request_t *request = begin_apart(7, &frame);
  async_context_frame_t *second = request_frame(request);
  assert_true(find_here(ASYNC_REQUESTS_ACTIVE, 7));
  assert_int_equal(info.holders, 2);
  assert_int_equal(async_request_end(request, 0), 0);
  async_context_frame_release(second);
  assert_true(find_here(ASYNC_REQUESTS_RETAINED, 7));
  assert_int_equal(info.which,
                   ASYNC_REQUESTS_RETAINED | ASYNC_REQUESTS_FINISHED);
  assert_int_equal(info.holders, 1);
  async_context_frame_release(frame);
  assert_false(find_here(ASYNC_REQUESTS_RETAINED, 7));
  assert_true(find_here(ASYNC_REQUESTS_FINISHED, 7));
}

static void the_last_frame_may_go_on_another_thread(void **state) {
  async_context_frame_t *frame;
  (void)state;
  assert_int_equal(async_env_set_requests_kept(0, 0, 0), 0);
  async_request_t *request = begin_apart(7, &frame);
  assert_int_equal(async_request_end(request, 0), 0);
  run_on_thread(release_frame, frame);
  assert_int_equal(request_count(~0u), 0);
  async_env_flush();
  assert_int_equal(request_count(~0u), 0);
}

static void what_comes_home_is_used_again(void **state) {
  async_context_frame_t *frame;
  (void)state;
  assert_int_equal(async_env_set_requests_kept(2, 0, 0), 0);
  uint64_t bytes = 0;
  for (uint64_t i = 1; i <= 300; i++) {
    async_request_t *request = begin_apart(i, &frame);
    assert_int_equal(async_request_end(request, 0), 0);
    run_on_thread(release_frame, frame);
    async_env_flush();
    if (i == 1)
      bytes = own_env_info().request_bytes;
  }
  assert_int_equal(own_env_info().request_bytes, bytes);
}

static void memory_goes_back_after_many_at_once(void **state) {
  enum { MANY = 5000, KEPT = 2 };
  static async_request_t *requests[MANY];
  (void)state;
  assert_int_equal(async_env_set_requests_kept(KEPT, 0, 0), 0);
  async_request_options_t options = {.number = 1};
  for (int i = 0; i < MANY; i++)
    assert_int_equal(async_request_begin(&options, &requests[i]), 0);
  uint64_t most = own_env_info().request_bytes;
  for (int i = 0; i < MANY; i++)
    assert_int_equal(async_request_end(requests[i], 0), 0);
  for (int i = 0; i < KEPT; i++) /* the last of them lie high */
    assert_int_equal(async_request_end(request_begin(2), 0), 0);
  frame_use(NULL);
  async_env_flush();
  assert_true(most > MANY * 300);
  assert_true(own_env_info().request_bytes < most / 10);
}

static void end_elsewhere(void *arg) {
  async_request_t *request = arg;
  bool refused = async_env_open(ASYNC_ENV_OTHER, "other") == 0 &&
                 async_request_end(request, -1) == UV_EINVAL &&
                 async_request_set_route(request, "/no") == UV_EINVAL;
  async_request_set_failed(request);
  async_request_set_trace(request, &(async_request_trace_t){.span_id = 1});
  async_request_add_bytes(request, refused, 0);
  async_env_detach();
}

static void only_its_own_thread_may_end_it(void **state) {
  (void)state;
  async_request_t *request = request_begin(7);
  run_on_thread(end_elsewhere, request);
  assert_true(find_here(ASYNC_REQUESTS_ACTIVE, 7));
  assert_int_equal(info.in_bytes, 1);
  assert_false(info.failed);
  assert_int_equal(info.trace.span_id, 0);
  assert_string_equal(info.route, "");
  assert_int_equal(async_request_end(request, 0), 0);
  frame_use(NULL);
}

/* What a thread leaves behind. */
typedef struct left_s {
  uint32_t thread;
  async_env_t *env; /* referenced */
  async_request_t *request;
  async_context_frame_t *frame;
} left_t;

static void begin_and_detach(void *arg) {
  left_t *left = arg;
  if (async_env_open(ASYNC_ENV_LOOP, "gone") != 0)
    return;
  left->thread = async_env_thread();
  left->env = find_env(left->thread);
  left->request = begin_apart(7, &left->frame);
  async_request_t *finished = request_begin(8);
  async_request_end(finished, 200);
  frame_use(NULL);
  async_env_detach();
}

static uint64_t bytes_in(async_env_t *env, unsigned which, uint64_t number) {
  uint32_t cursor = 0;
  while (async_inspect_requests(env, which, &cursor, &info, 1) == 1)
    if (info.number == number)
      return info.in_bytes;
  return UINT64_MAX;
}

static void the_environment_may_end_first(void **state) {
  left_t left = {0};
  (void)state;
  run_on_thread(begin_and_detach, &left);
  async_request_add_bytes(left.request, 5, 0);
  async_context_frame_t *again = request_frame(left.request);
  frame_use(async_context_frame_retain(left.frame));
  async_resource_t resource;
  assert_int_equal(async_resource_init(&resource, "LATE", NULL), 0);
  assert_int_equal(async_resource_enter(&resource), 0);
  async_resource_leave(&resource);
  assert_int_equal(bytes_in(left.env, ASYNC_REQUESTS_ACTIVE, 7), 5);
  assert_int_equal(request_made(&info, "LATE"), 1);
  assert_int_equal(bytes_in(left.env, ASYNC_REQUESTS_FINISHED, 8), 0);
  async_inspect_release(left.env);
  assert_int_equal(async_request_end(left.request, 0), 0);
  async_resource_finish(&resource);
  async_context_frame_release(left.frame);
  frame_use(NULL);
  async_request_add_bytes(async_context_frame_account(again), 1, 1);
  async_context_frame_release(again);
}

static void the_thread_may_end_it_after_its_environment(void **state) {
  async_context_frame_t *frame;
  (void)state;
  assert_int_equal(async_env_open(ASYNC_ENV_OTHER, "first"), 0);
  async_request_t *request = begin_apart(7, &frame);
  assert_int_equal(async_env_detach(), 0);
  assert_int_equal(async_env_open(ASYNC_ENV_OTHER, "second"), 0);
  assert_int_equal(async_request_end(request, 0), 0);
  async_context_frame_release(frame);
  assert_int_equal(request_count(~0u), 0);
  assert_int_equal(async_env_detach(), 0);
}

static void make_elsewhere(void *arg) {
  async_resource_options_t options = {.flags = ASYNC_RESOURCE_FRAME,
                                      .frame = arg};
  async_resource_t resource;
  if (async_env_open(ASYNC_ENV_WORKER, "elsewhere") != 0)
    return;
  if (async_resource_init(&resource, "MADE", &options) == 0)
    async_resource_finish(&resource);
  async_env_detach();
}

static void what_others_made_for_one_is_not_the_nexts(void **state) {
  async_context_frame_t *frame;
  (void)state;
  assert_int_equal(async_env_set_requests_kept(0, 0, 0), 0);
  async_request_t *request = begin_apart(1, &frame);
  run_on_thread(make_elsewhere, frame);
  assert_true(find_here(ASYNC_REQUESTS_ACTIVE, 1));
  assert_int_equal(request_made(&info, "MADE"), 1);
  async_context_frame_release(frame);
  assert_int_equal(async_request_end(request, 0), 0);
  async_env_flush();
  assert_ptr_equal(begin_apart(2, &frame), request); /* in the same place */
  assert_true(find_here(ASYNC_REQUESTS_ACTIVE, 2));
  assert_int_equal(info.resources, 0);
  assert_int_equal(async_request_end(request, 0), 0);
  async_context_frame_release(frame);
}

/* Each thread has a table for itself. */
static void types_of_two_threads_may_be_too_many(void **state) {
  char type[] = "TYPE-a";
  (void)state;
  async_request_t *request = request_begin(1);
  for (int i = 0; i < ASYNC_REQUEST_TYPES; i++) {
    async_resource_t resource;
    type[5] = (char)('a' + i);
    assert_int_equal(async_resource_init(&resource, type, NULL), 0);
    async_resource_finish(&resource);
  }
  run_on_thread(make_elsewhere, async_context_frame_current());
  assert_true(find_here(ASYNC_REQUESTS_ACTIVE, 1));
  assert_int_equal(info.type_count, ASYNC_REQUEST_TYPES);
  assert_int_equal(info.other_types, 1);
  assert_int_equal(info.resources, ASYNC_REQUEST_TYPES + 1);
  assert_int_equal(async_request_end(request, 0), 0);
  frame_use(NULL);
}

#define THREADS 4
#define EACH    4000

/* Frames on their way to the threads, one place for each. */
typedef struct traffic_s {
  _Atomic(async_context_frame_t *) places[THREADS];
  async_context_frame_t *shared;
  uint32_t thread;
  atomic_bool over;
  atomic_int failures;
} traffic_t;

static traffic_t traffic;

static bool work_in(async_context_frame_t *frame) {
  async_resource_t resource;
  async_resource_options_t options = {.flags = ASYNC_RESOURCE_FRAME,
                                      .frame = frame};
  if (async_resource_init(&resource, "WORKED", &options) != 0)
    return false;
  bool entered = async_resource_enter(&resource) == 0;
  async_request_add_bytes(async_request_current(), 3, 1);
  async_request_charge_queued(async_context_frame_current(), 2);
  if (entered)
    async_resource_leave(&resource);
  async_resource_finish(&resource);
  return entered;
}

static void work_on(void *arg) {
  _Atomic(async_context_frame_t *) *place = arg;
  atomic_fetch_add(&traffic.failures,
                   async_env_open(ASYNC_ENV_WORKER, "traffic") != 0);
  for (int i = 0; i < EACH; i++)
    atomic_fetch_add(&traffic.failures, !work_in(traffic.shared));
  while (!atomic_load(&traffic.over)) {
    async_context_frame_t *frame = atomic_exchange(place, NULL);
    if (frame != NULL)
      atomic_fetch_add(&traffic.failures, !work_in(frame));
    async_context_frame_release(frame);
    async_env_flush();
  }
  async_context_frame_release(atomic_exchange(place, NULL));
  async_env_detach();
}

static void watch(void *arg) {
  async_request_info_t watched;
  async_env_t *env = find_env(traffic.thread);
  (void)arg;
  while (!atomic_load(&traffic.over)) {
    uint32_t cursor = 0;
    while (async_inspect_requests(env, ~0u, &cursor, &watched, 1) == 1)
      atomic_fetch_add(&traffic.failures,
                       watched.in_bytes > 3 * watched.resources + 3 * THREADS);
  }
  async_inspect_release(env);
}

static void send_requests(void) {
  for (uint64_t i = 1; i <= EACH; i++) {
    async_request_t *request = request_begin(1000 + i);
    async_context_frame_t *frame = async_context_frame_exchange(NULL);
    async_context_frame_t *taken =
        atomic_exchange(&traffic.places[i % THREADS], frame);
    async_context_frame_release(taken);
    assert_int_equal(async_request_end(request, 0), 0);
    if (i % 64 == 0)
      async_env_flush();
  }
}

static void start(uv_thread_t *threads, uv_thread_t *watcher) {
  for (int i = 0; i < THREADS; i++)
    assert_int_equal(uv_thread_create(&threads[i], work_on, &traffic.places[i]),
                     0);
  assert_int_equal(uv_thread_create(watcher, watch, NULL), 0);
}

static void stop(uv_thread_t *threads, uv_thread_t *watcher) {
  atomic_store(&traffic.over, true);
  for (int i = 0; i < THREADS; i++)
    uv_thread_join(&threads[i]);
  uv_thread_join(watcher);
}

static bool all_counted(const async_request_info_t *counted) {
  return counted->in_bytes == 3 * THREADS * EACH &&
         counted->out_bytes == THREADS * EACH &&
         counted->queued_ns == 2 * THREADS * EACH &&
         request_made(counted, "WORKED") == THREADS * EACH;
}

static void threads_charge_without_loss_while_requests_come_and_go(
    void **state) {
  uv_thread_t threads[THREADS], watcher;
  (void)state;
  assert_int_equal(async_env_set_requests_kept(8, 8, 0), 0);
  traffic.thread = async_env_thread();
  async_request_t *shared = begin_apart(1, &traffic.shared);
  start(threads, &watcher);
  send_requests();
  stop(threads, &watcher);
  async_env_flush();
  assert_int_equal(atomic_load(&traffic.failures), 0);
  assert_true(find_here(ASYNC_REQUESTS_ACTIVE, 1));
  assert_true(all_counted(&info));
  assert_int_equal(async_request_end(shared, 0), 0);
  async_context_frame_release(traffic.shared);
  assert_int_equal(request_count(ASYNC_REQUESTS_RETAINED), 0);
  assert_int_equal(request_count(ASYNC_REQUESTS_FINISHED), 8);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_on_loop(
          an_ended_request_is_retained_while_a_frame_shows_it),
      cmocka_unit_test_on_loop(each_setting_is_a_holder),
      cmocka_unit_test_on_loop(the_last_frame_may_go_on_another_thread),
      cmocka_unit_test_on_loop(what_comes_home_is_used_again),
      cmocka_unit_test_on_loop(memory_goes_back_after_many_at_once),
      cmocka_unit_test_on_loop(only_its_own_thread_may_end_it),
      cmocka_unit_test_on_loop(the_environment_may_end_first),
      cmocka_unit_test(the_thread_may_end_it_after_its_environment),
      cmocka_unit_test_on_loop(what_others_made_for_one_is_not_the_nexts),
      cmocka_unit_test_on_loop(types_of_two_threads_may_be_too_many),
      cmocka_unit_test_on_loop(
          threads_charge_without_loss_while_requests_come_and_go),
  };
  return test_main(tests, argc, argv);
}
