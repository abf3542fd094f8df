/* Whose the time of a scope is. What is expected follows from the durations
 * that the recorder has of the same scopes, so no clock decides. */
#include "asyncscope/async_recorder.h"
#include "request_fixture.h"

#include <stdatomic.h>
#include <string.h>

#define TIME_NS 100000

static async_request_info_t info;

static uint64_t loop_ns(uint64_t number) {
  assert_true(request_find(async_env_thread(), ~0u, number, &info));
  assert_int_equal(info.worker_ns, 0);
  return info.loop_ns;
}

/* How long all scopes of `async_id` took together. */
static uint64_t ran_ns(const async_resource_t *resource) {
  async_env_t *env = find_env(async_env_thread());
  async_event_t event;
  uint64_t cursor = 0, lost, total_ns = 0;
  while (async_inspect_events(env, &cursor, &event, 1, &lost) == 1)
    if (event.kind == ASYNC_EVENT_RUN &&
        event.async_id == async_resource_async_id(resource))
      total_ns += event.duration_ns;
  async_inspect_release(env);
  return total_ns;
}

static void enter(async_resource_t *resource) {
  assert_int_equal(async_resource_enter(resource), 0);
  spin(TIME_NS);
}

static void leave(async_resource_t *resource) {
  spin(TIME_NS);
  async_resource_leave(resource);
}

static void make(async_resource_t *resource) {
  assert_int_equal(async_resource_init(resource, "T", NULL), 0);
}

static void spin_until(uint64_t number, uint64_t least_ns) {
  uint64_t told_ns = 0;
  while (told_ns < least_ns) {
    uint64_t ns = loop_ns(number);
    assert_true(ns >= told_ns);
    told_ns = ns;
  }
}

/* Also of the scope around another one, before and after that. */
static void a_scope_is_charged_while_it_is_open(void **state) {
  async_resource_t outer, inner;
  (void)state;
  async_request_t *request = request_begin(1);
  make(&outer);
  async_request_t *other = request_begin(2);
  make(&inner);
  frame_use(NULL);
  assert_int_equal(async_resource_enter(&outer), 0);
  spin_until(1, TIME_NS);
  assert_int_equal(async_resource_enter(&inner), 0);
  spin_until(2, TIME_NS);
  uint64_t stood_ns = loop_ns(1);
  spin_until(2, 2 * TIME_NS);
  assert_int_equal(loop_ns(1), stood_ns);
  async_resource_leave(&inner);
  spin_until(1, stood_ns + TIME_NS);
  spin(TIME_NS);
  async_resource_leave(&outer);
  assert_int_equal(loop_ns(2), ran_ns(&inner));
  assert_int_equal(loop_ns(1), ran_ns(&outer) - ran_ns(&inner));
  async_resource_finish(&inner);
  async_resource_finish(&outer);
  assert_int_equal(async_request_end(request, 0), 0);
  assert_int_equal(async_request_end(other, 0), 0);
}

static void a_scope_is_charged_when_it_is_left(void **state) {
  async_resource_t resource;
  (void)state;
  async_request_t *request = request_begin(1);
  make(&resource);
  enter(&resource);
  leave(&resource);
  assert_true(loop_ns(1) >= 2 * TIME_NS);
  assert_int_equal(loop_ns(1), ran_ns(&resource));
  enter(&resource);
  leave(&resource);
  assert_int_equal(loop_ns(1), ran_ns(&resource));
  async_resource_finish(&resource);
  assert_int_equal(async_request_end(request, 0), 0);
  frame_use(NULL);
}

static void nested_scopes_of_one_request_count_once(void **state) {
  async_resource_t outer, inner;
  (void)state;
  async_request_t *request = request_begin(1);
  make(&outer);
  make(&inner);
  enter(&outer);
  enter(&inner);
  leave(&inner);
  assert_true(loop_ns(1) >= ran_ns(&inner));
  leave(&outer);
  assert_int_equal(loop_ns(1), ran_ns(&outer));
  async_resource_finish(&inner);
  async_resource_finish(&outer);
  assert_int_equal(async_request_end(request, 0), 0);
  frame_use(NULL);
}

static void a_scope_inside_anothers_is_its_own(void **state) {
  async_resource_t outer, inner;
  (void)state;
  async_request_t *first = request_begin(1);
  make(&outer);
  async_request_t *second = request_begin(2);
  make(&inner);
  frame_use(NULL);
  enter(&outer);
  enter(&inner);
  leave(&inner);
  leave(&outer);
  assert_int_equal(loop_ns(2), ran_ns(&inner));
  assert_int_equal(loop_ns(1), ran_ns(&outer) - ran_ns(&inner));
  async_resource_finish(&inner);
  async_resource_finish(&outer);
  assert_int_equal(async_request_end(first, 0), 0);
  assert_int_equal(async_request_end(second, 0), 0);
}

static void a_scope_of_nobody_is_not_its_callers(void **state) {
  async_resource_t outer, inner;
  (void)state;
  make(&inner);
  async_request_t *request = request_begin(1);
  make(&outer);
  enter(&outer);
  enter(&inner);
  leave(&inner);
  leave(&outer);
  assert_int_equal(loop_ns(1), ran_ns(&outer) - ran_ns(&inner));
  async_resource_finish(&inner);
  async_resource_finish(&outer);
  assert_int_equal(async_request_end(request, 0), 0);
  frame_use(NULL);
}

/* The frame of the scope is gone by then, and with it what held the account
 * but for the one who began it. */
/* What goes on inside of the last scope that is published nobody knows: told
 * as its own time it would be more than is charged. */
static void a_scope_with_unknown_ones_inside_is_not_charged_meanwhile(
    void **state) {
  async_resource_t around, last, inside;
  (void)state;
  make(&around);
  async_request_t *request = request_begin(1);
  make(&last);
  frame_use(NULL);
  make(&inside);
  for (int i = 1; i < ASYNC_STACK_PUBLISHED; i++)
    assert_int_equal(async_resource_enter(&around), 0);
  assert_int_equal(async_resource_enter(&last), 0);
  enter(&inside);
  assert_int_equal(loop_ns(1), 0);
  async_resource_leave(&inside);
  async_resource_leave(&last);
  for (int i = 1; i < ASYNC_STACK_PUBLISHED; i++)
    async_resource_leave(&around);
  assert_int_equal(loop_ns(1), ran_ns(&last) - ran_ns(&inside));
  async_resource_finish(&inside);
  async_resource_finish(&last);
  async_resource_finish(&around);
  assert_int_equal(async_request_end(request, 0), 0);
}

static void a_scope_that_left_its_frame_is_still_charged(void **state) {
  async_resource_t resource;
  (void)state;
  async_request_t *request = request_begin(1);
  make(&resource);
  frame_use(NULL);
  enter(&resource);
  frame_use(NULL);
  leave(&resource);
  assert_int_equal(loop_ns(1), ran_ns(&resource));
  async_resource_finish(&resource);
  assert_int_equal(async_request_end(request, 0), 0);
}

/* Its account's place is another request's when the scope is left. */
static void a_scope_that_outlived_its_request_charges_nobody(void **state) {
  async_resource_t resource;
  (void)state;
  assert_int_equal(async_env_set_requests_kept(0, 0, 0), 0);
  async_request_t *request = request_begin(1);
  make(&resource);
  frame_use(NULL);
  enter(&resource);
  frame_use(NULL);
  async_resource_t ended = resource;
  async_resource_finish(&resource);
  assert_int_equal(async_request_end(request, 0), 0);
  async_request_t *next = request_begin(2);
  assert_ptr_equal(next, request);
  leave(&ended);
  assert_int_equal(loop_ns(2), 0);
  assert_int_equal(async_request_end(next, 0), 0);
  frame_use(NULL);
}

static void what_runs_after_the_end_is_charged_too(void **state) {
  async_resource_t resource;
  (void)state;
  async_request_t *request = request_begin(1);
  make(&resource);
  frame_use(NULL);
  assert_int_equal(async_request_end(request, 0), 0);
  enter(&resource);
  leave(&resource);
  assert_int_equal(loop_ns(1), ran_ns(&resource));
  async_resource_finish(&resource);
}

/* The next one's number ends with the same digits. */
static void what_was_told_of_one_is_not_the_nexts(void **state) {
  async_resource_t resource;
  (void)state;
  assert_int_equal(async_env_set_requests_kept(0, 0, 0), 0);
  async_request_t *request = request_begin(1);
  make(&resource);
  enter(&resource);
  spin_until(1, TIME_NS);
  leave(&resource);
  assert_int_not_equal(info.root.async_id, 0);
  async_resource_finish(&resource);
  assert_int_equal(async_request_end(request, 0), 0);
  frame_use(NULL);
  async_env_flush();
  assert_ptr_equal(request_begin(1 + (1 << 16)), request); /* in its place */
  assert_int_equal(loop_ns(1 + (1 << 16)), 0);
  assert_int_equal(info.root.async_id, 0);
  assert_int_equal(async_request_end(request, 0), 0);
  frame_use(NULL);
}

/* Threads' clocks differ. */
static void what_began_before_its_request_waits_too(void **state) {
  (void)state;
  async_request_t *request = request_begin(1);
  assert_int_equal(loop_ns(1), 0);
  uint64_t since_ns = info.started_ns - 500000;
  async_request_queue_entered(async_context_frame_current(), since_ns);
  async_request_queue_entered(async_context_frame_current(), since_ns);
  spin(TIME_NS);
  assert_int_equal(loop_ns(1), 0);
  assert_in_range(info.queued_ns, UINT64_C(2) * 500000,
                  2 * (async_inspect_now_ns() - since_ns));
  async_request_queue_left(async_context_frame_current(), since_ns, since_ns);
  async_request_queue_left(async_context_frame_current(), since_ns, since_ns);
  assert_int_equal(async_request_end(request, 0), 0);
  frame_use(NULL);
}

typedef struct spun_s {
  async_context_frame_t *frame;
  async_env_kind_t kind;
} spun_t;

static void run_in_frame(void *arg) {
  spun_t *spun = arg;
  async_resource_t resource;
  async_resource_options_t options = {.flags = ASYNC_RESOURCE_FRAME,
                                      .frame = spun->frame};
  if (async_env_open(spun->kind, "spun") != 0 ||
      async_resource_init(&resource, "ELSEWHERE", &options) != 0)
    return;
  if (async_resource_enter(&resource) == 0) {
    spin(TIME_NS);
    async_resource_leave(&resource);
  }
  async_resource_finish(&resource);
  async_env_detach();
}

/* Enters and leaves a scope of the request again and again. */
typedef struct busy_s {
  async_context_frame_t *frame;
  atomic_bool end;
} busy_t;

static void run_often(void *arg) {
  busy_t *busy = arg;
  async_resource_t resource, inner;
  async_resource_options_t options = {.flags = ASYNC_RESOURCE_FRAME,
                                      .frame = busy->frame};
  if (async_env_open(ASYNC_ENV_WORKER, "busy") != 0 ||
      async_resource_init(&resource, "BUSY", &options) != 0 ||
      async_resource_init(&inner, "BUSY", &options) != 0)
    return;
  while (!atomic_load(&busy->end)) {
    async_resource_enter(&resource);
    async_resource_enter(&inner);
    async_resource_leave(&inner);
    async_resource_enter(&inner);
    async_resource_leave(&inner);
    async_resource_leave(&resource);
  }
  async_resource_finish(&inner);
  async_resource_finish(&resource);
  async_env_detach();
}

/* A reader that comes between the end of a scope and its charge has it in
 * neither; and nothing is ever charged that was not spent. */
static void costs_never_go_back(void **state) {
  busy_t busy = {.end = false};
  uv_thread_t thread;
  uint64_t told_ns = 0, begun_ns = async_inspect_now_ns();
  size_t less = 0, more = 0;
  (void)state;
  async_request_t *request = request_begin(1);
  busy.frame = async_context_frame_current();
  assert_int_equal(uv_thread_create(&thread, run_often, &busy), 0);
  for (size_t i = 0; i < 2000 || told_ns == 0; i++) {
    bool found = request_find(async_env_thread(), ~0u, 1, &info);
    less += !found || info.worker_ns < told_ns;
    told_ns = info.worker_ns;
    more += told_ns > async_inspect_now_ns() - begun_ns;
  }
  atomic_store(&busy.end, true);
  uv_thread_join(&thread);
  assert_true(request_find(async_env_thread(), ~0u, 1, &info));
  assert_int_equal(less, 0);
  assert_int_equal(more, 0);
  assert_true(info.worker_ns >= told_ns);
  assert_int_equal(async_request_end(request, 0), 0);
  frame_use(NULL);
}

static void the_threads_kind_says_which_time_it_is(void **state) {
  static const async_env_kind_t kinds[] = {ASYNC_ENV_LOOP, ASYNC_ENV_WORKER,
                                           ASYNC_ENV_OTHER};
  (void)state;
  for (uint64_t i = 0; i < 3; i++) {
    async_request_t *request = request_begin(i + 1);
    spun_t spun = {async_context_frame_current(), kinds[i]};
    run_on_thread(run_in_frame, &spun);
    assert_true(request_find(async_env_thread(), ~0u, i + 1, &info));
    assert_int_equal(info.loop_ns >= TIME_NS, kinds[i] == ASYNC_ENV_LOOP);
    assert_int_equal(info.worker_ns >= TIME_NS, kinds[i] != ASYNC_ENV_LOOP);
    assert_true(info.loop_ns == 0 || info.worker_ns == 0);
    assert_int_equal(request_made(&info, "ELSEWHERE"), 1);
    assert_int_equal(info.root.async_id, 0);
    assert_int_equal(async_request_end(request, 0), 0);
    frame_use(NULL);
  }
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_on_loop(a_scope_is_charged_while_it_is_open),
      cmocka_unit_test_on_loop(a_scope_is_charged_when_it_is_left),
      cmocka_unit_test_on_loop(nested_scopes_of_one_request_count_once),
      cmocka_unit_test_on_loop(a_scope_inside_anothers_is_its_own),
      cmocka_unit_test_on_loop(a_scope_of_nobody_is_not_its_callers),
      cmocka_unit_test_on_loop(
          a_scope_with_unknown_ones_inside_is_not_charged_meanwhile),
      cmocka_unit_test_on_loop(a_scope_that_left_its_frame_is_still_charged),
      cmocka_unit_test_on_loop(
          a_scope_that_outlived_its_request_charges_nobody),
      cmocka_unit_test_on_loop(what_runs_after_the_end_is_charged_too),
      cmocka_unit_test_on_loop(what_was_told_of_one_is_not_the_nexts),
      cmocka_unit_test_on_loop(what_began_before_its_request_waits_too),
      cmocka_unit_test_on_loop(costs_never_go_back),
      cmocka_unit_test_on_loop(the_threads_kind_says_which_time_it_is),
  };
  return test_main(tests, argc, argv);
}
