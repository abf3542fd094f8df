#include "debug_fixture.h"

#include "asyncscope/async_allocator.h"
#include "asyncscope/async_env.h"
#include "asyncscope/async_resource.h"
#include "asyncscope/worker_pool.h"
#include <stdio.h>

#define RESOURCES 18

typedef struct live_s {
  async_resource_t resources[RESOURCES];
  worker_pool_t *pool;
  uv_loop_t loop;
} live_t;

/* Resources of several types that cause each other, some by a cause that has
 * ended, and a pool. */
static void open_scene(live_t *scene) {
  static const char *const types[] = {"Timeout", "TCPWRAP",
                                      "HTTPINCOMINGMESSAGE"};
  const worker_pool_options_t options = {.threads = 1};
  assert_int_equal(uv_loop_init(&scene->loop), 0);
  assert_int_equal(async_env_attach(&scene->loop), 0);
  assert_int_equal(worker_pool_create(&options, &scene->pool), 0);
  for (size_t i = 0; i < RESOURCES; i++) {
    async_resource_options_t made = {.flags = ASYNC_RESOURCE_TRIGGER};
    made.trigger_async_id =
        i == 0 ? 1 : async_resource_async_id(&scene->resources[i - 1]);
    assert_int_equal(async_resource_init(&scene->resources[i], types[i % 3],
                                         i == RESOURCES / 2 ? NULL : &made),
                     0);
    assert_int_equal(
        async_resource_set_name(&scene->resources[i], "\xff\"name", 6), 0);
  }
  async_resource_finish(&scene->resources[5]);
  async_env_flush();
}

static void close_scene(live_t *scene) {
  for (size_t i = 0; i < RESOURCES; i++) {
    async_resource_finish(&scene->resources[i]);
  }
  assert_int_equal(worker_pool_close(scene->pool, true, NULL, NULL), 0);
  uv_run(&scene->loop, UV_RUN_DEFAULT);
  assert_int_equal(async_env_detach(), 0);
  assert_int_equal(uv_loop_close(&scene->loop), 0);
}

/* The key of the last resource goes in place of %s. */
static const char *const targets[] = {
    "/debug",
    "/debug?pretty=1&include=stacks&limit=3",
    "/debug/resources?sort=-age",
    "/debug/resources?root=%s",
    "/debug/resources?group_by=site",
    "/debug/resources?group_by=path&root=%s",
    "/debug/resources/%s",
    "/debug/resources/%s/why",
    "/debug/requests",
    "/debug/requests?state=finished",
    "/debug/requests/r7",
    "/debug/threads",
    "/debug/loops",
    "/debug/warnings",
    "/debug/runs",
    "/debug/history",
    "/debug/graph",
    "/debug/graph?format=dot&group_by=path",
    "/debug/graph?format=mermaid",
    "/debug/graph?format=nodegraph&group_by=site",
    "/debug/schema.json",
    "/debug?format=html",
    "/debug/tree",
    "/debug/tree?root=%s",
    "/debug/none",
    "/debug?none=1",
    "/debug/resources/9:9",
    "/debug/tree?limit=x",
};

/* One answer with the nth allocation failing; false when none was left to
 * fail, and then the answer must have come out well. */
static bool survives_failure(asyncscope_debug_t *debug, const char *target,
                             long nth) {
  long before = counting_allocator_live();
  counting_allocator_fail_at(nth);
  answer_t answer = ask(debug, target);
  bool failed = counting_allocator_disarm();
  int error = answer.error;
  answer_free(&answer);
  assert_int_equal(counting_allocator_live(), before);
  assert_int_equal(error, failed ? UV_ENOMEM : 0);
  return failed;
}

/* The diagnostics hold the threads that the last answer found, from the first
 * one on. */
static void know_threads(asyncscope_debug_t *debug) {
  answer_t answer = ask(debug, "/debug");
  answer_free(&answer);
}

/* At the end nothing holds an environment of the scene either. What a process
 * keeps for good, the names of types, a scene before has left already. */
static void every_answer_survives_every_failing_allocation(void **state) {
  (void)state;
  live_t scene;
  asyncscope_debug_t *debug;
  open_scene(&scene);
  close_scene(&scene);
  long before = counting_allocator_live();
  open_scene(&scene);
  const asyncscope_debug_pool_t pools[] = {{scene.pool, "a"},
                                           {scene.pool, "b"}};
  const asyncscope_debug_options_t options = {.pools = pools, .pool_count = 2};
  assert_int_equal(asyncscope_debug_create(&options, &debug), 0);
  know_threads(debug);
  for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
    char target[256];
    long nth = 1;
    snprintf(target, sizeof(target), targets[i],
             key_of(&scene.resources[RESOURCES - 1]));
    while (survives_failure(debug, target, nth))
      nth++;
    assert_true(nth > 1);
  }
  asyncscope_debug_destroy(debug);
  close_scene(&scene);
  assert_int_equal(counting_allocator_live(), before);
}

static void making_the_diagnostics_survives_failing_allocations(void **state) {
  (void)state;
  const asyncscope_debug_pool_t pool = {NULL, "a"};
  const asyncscope_debug_options_t options = {.pools = &pool, .pool_count = 1};
  long before = counting_allocator_live();
  for (long nth = 1; nth <= 5; nth++) {
    asyncscope_debug_t *debug;
    counting_allocator_fail_at(nth);
    assert_int_equal(asyncscope_debug_create(&options, &debug), UV_ENOMEM);
    assert_true(counting_allocator_disarm());
    assert_int_equal(counting_allocator_live(), before);
  }
}

static const asyncscope_debug_request_t overview = {.path = "/debug"};

static int open_overview(asyncscope_debug_t *debug,
                         asyncscope_debug_stream_t **ret_stream) {
  asyncscope_debug_answer_t answer;
  int error = asyncscope_debug_open(debug, &overview, &answer);
  *ret_stream = answer.stream;
  return error;
}

static void an_error_stays(void **state) {
  (void)state;
  live_t scene;
  asyncscope_debug_t *debug;
  asyncscope_debug_stream_t *stream;
  const char *chunk;
  size_t length;
  open_scene(&scene);
  assert_int_equal(asyncscope_debug_create(NULL, &debug), 0);
  assert_int_equal(open_overview(debug, &stream), 0);
  counting_allocator_fail_at(1);
  assert_int_equal(asyncscope_debug_stream_next(stream, &chunk, &length),
                   UV_ENOMEM);
  assert_true(counting_allocator_disarm());
  assert_int_equal(asyncscope_debug_stream_next(stream, &chunk, &length),
                   UV_ENOMEM);
  asyncscope_debug_stream_destroy(stream);
  asyncscope_debug_destroy(debug);
  close_scene(&scene);
}

static void a_stream_may_be_left_at_any_chunk(void **state) {
  (void)state;
  live_t scene;
  asyncscope_debug_t *debug;
  asyncscope_debug_stream_t *stream;
  const char *chunk;
  size_t length = 1;
  open_scene(&scene);
  assert_int_equal(asyncscope_debug_create(NULL, &debug), 0);
  know_threads(debug);
  long before = counting_allocator_live();
  for (size_t chunks = 0; length > 0; chunks++) {
    assert_int_equal(open_overview(debug, &stream), 0);
    for (size_t i = 0; i < chunks; i++)
      assert_int_equal(asyncscope_debug_stream_next(stream, &chunk, &length),
                       0);
    asyncscope_debug_stream_destroy(stream);
    assert_int_equal(counting_allocator_live(), before);
  }
  asyncscope_debug_destroy(debug);
  close_scene(&scene);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_answer_survives_every_failing_allocation),
      cmocka_unit_test(making_the_diagnostics_survives_failing_allocations),
      cmocka_unit_test(an_error_stays),
      cmocka_unit_test(a_stream_may_be_left_at_any_chunk),
  };
  if (counting_allocator_install() != 0)
    return 2;
  json_set_alloc_funcs(async_malloc, async_free);
  return test_main(tests, argc, argv);
}
