/* What /metrics says of threads, and that its counts do not fall when one ends.
 */
#include "debug_fixture.h"

#include "asyncscope/async_inspect.h"
#include "asyncscope/async_recorder.h"
#include "asyncscope/async_request.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct much_s {
  uv_thread_t id;
  uv_sem_t ready, go;
} much_t;

/* More events than its recorder holds, some of asyncscope's own. */
static void count_much(void *arg) {
  much_t *much = arg;
  async_resource_t resource;
  (void)async_env_open(ASYNC_ENV_OTHER, "much");
  (void)async_env_set_recorder_bytes(1024);
  for (int i = 0; i < 100; i++) {
    bool before = async_env_set_internal(i % 2 == 0);
    (void)async_resource_init(&resource, "MUCH", NULL);
    async_env_set_internal(before);
    (void)async_resource_enter(&resource);
    async_resource_leave(&resource);
    async_resource_finish(&resource);
  }
  async_env_flush();
  uv_sem_post(&much->ready);
  uv_sem_wait(&much->go);
  (void)async_env_detach();
}

static void start(much_t *much) {
  assert_int_equal(uv_sem_init(&much->ready, 0), 0);
  assert_int_equal(uv_sem_init(&much->go, 0), 0);
  assert_int_equal(uv_thread_create(&much->id, count_much, much), 0);
  uv_sem_wait(&much->ready);
}

static void stop(much_t *much) {
  uv_sem_post(&much->go);
  uv_thread_join(&much->id);
  uv_sem_destroy(&much->ready);
  uv_sem_destroy(&much->go);
}

static double number_in(const answer_t *answer, const char *name) {
  char line[96];
  snprintf(line, sizeof(line), "\nasyncscope_%s ", name);
  const char *at = strstr(answer->text, line);
  assert_non_null(at);
  return strtod(at + strlen(line), NULL);
}

static void what_a_thread_counted_stays_when_it_ends(void **state) {
  static const char *const names[] = {
      "scopes_entered_total", "internal_resources_created_total",
      "internal_resources_destroyed_total", "recorder_events_total",
      "dropped_events_total"};
  enum { NAMES = sizeof(names) / sizeof(names[0]) };
  scene_t *scene = *state;
  double before[NAMES];
  much_t much;
  start(&much);
  answer_t answer = ask_text(scene, "/metrics");
  for (size_t i = 0; i < NAMES; i++) {
    before[i] = number_in(&answer, names[i]);
    assert_true(before[i] >= 50);
  }
  answer_free(&answer);
  stop(&much);
  answer = ask_text(scene, "/metrics");
  for (size_t i = 0; i < NAMES; i++)
    assert_true(number_in(&answer, names[i]) >= before[i]);
  answer_free(&answer);
}

static async_env_info_t own_info(void) {
  async_env_info_t info = {.thread = 0};
  async_env_t *env = NULL;
  while ((env = async_inspect_next(env)) != NULL) {
    async_inspect_env(env, &info);
    if (info.thread == async_env_thread())
      break;
  }
  async_inspect_release(env);
  return info;
}

/* A frame without a store of its own, a named resource, a request. */
static void the_memory_of_a_thread_is_told_by_kind(void **state) {
  scene_t *scene = *state;
  const async_context_value_t value = {.store = scene};
  const async_request_options_t options = {.number = 1};
  async_context_frame_t *one, *none;
  async_request_t *request;
  assert_int_equal(async_context_frame_with(NULL, &scene->key, &value, &one),
                   0);
  assert_int_equal(async_context_frame_without(one, &scene->key, &none), 0);
  async_resource_set_name(make(scene, "KIND", 1), "name", 4);
  assert_int_equal(async_request_begin(&options, &request), 0);
  answer_t answer = ask_text(scene, "/metrics");
  async_env_info_t info = own_info();
  assert_true(number_in(&answer, "contexts_live") ==
              (double)(info.frames_created - info.frames_released));
  assert_true(number_in(&answer, "stores_live") ==
              (double)(info.stores_created - info.stores_released));
  assert_true(number_in(&answer, "record_bytes") == (double)info.record_bytes);
  assert_true(number_in(&answer, "name_bytes") == (double)info.name_bytes);
  assert_true(number_in(&answer, "request_bytes") ==
              (double)info.request_bytes);
  assert_int_not_equal(info.name_bytes, info.request_bytes);
  answer_free(&answer);
  assert_int_equal(async_request_end(request, 0), 0);
  async_context_frame_release(none);
  async_context_frame_release(one);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_of_scene(what_a_thread_counted_stays_when_it_ends),
      cmocka_unit_test_of_scene(the_memory_of_a_thread_is_told_by_kind),
  };
  return test_main(tests, argc, argv);
}
