#include "uv_fixture.h"

#include "asyncscope/async_finding.h"
#include <stdlib.h>
#include <string.h>

int uv_fixture_setup(void **state) {
  uv_fixture_t *fixture = calloc(1, sizeof(*fixture));
  assert_non_null(fixture);
  assert_int_equal(uv_loop_init(&fixture->loop), 0);
  assert_int_equal(async_env_attach(&fixture->loop), 0);
  assert_int_equal(recorder_start(&fixture->recorder), 0);
  *state = fixture;
  return 0;
}

static bool each_destroyed_once(const recorder_t *recorder) {
  for (size_t i = 0; i < recorder->count; i++) {
    const recorded_event_t *event = &recorder->events[i];
    if (event->kind == RECORDED_INIT &&
        recorder_count_id(recorder, RECORDED_DESTROY, event->async_id) != 1) {
      return false;
    }
  }
  return recorder->lost == 0;
}

static async_env_t *own_env(void) {
  async_env_t *env = NULL;
  async_env_info_t info = {.thread = ASYNC_THREAD_NONE};
  while (info.thread != async_env_thread() &&
         (env = async_inspect_next(env)) != NULL)
    async_inspect_env(env, &info);
  return env;
}

/* Whatever libuv has accepted has called back, and in its scope. A promise may
 * go unsettled where that is what is tested. */
static bool each_paid(async_env_t *env) {
  async_finding_t finding;
  uint32_t cursor = 0;
  while (async_inspect_findings(env, &cursor, &finding, 1) == 1)
    if (finding.code == ASYNC_FINDING_DESTROYED_UNRUN &&
        strcmp(finding.type, "PROMISE") != 0) {
      fprintf(stderr, "a %s ended and owed its callback\n", finding.type);
      return false;
    }
  return true;
}

int uv_fixture_teardown(void **state) {
  uv_fixture_t *fixture = *state;
  async_env_t *env = own_env();
  assert_int_equal(async_env_detach(), 0);
  assert_true(each_paid(env));
  async_inspect_release(env);
  assert_int_equal(uv_loop_close(&fixture->loop), 0);
  if (!each_destroyed_once(&fixture->recorder)) {
    recorder_print(&fixture->recorder);
    fail_msg("not every resource was destroyed exactly once");
  }
  recorder_finish(&fixture->recorder);
  free(fixture);
  return 0;
}

void uv_fixture_run(uv_fixture_t *fixture) {
  assert_int_equal(uv_run(&fixture->loop, UV_RUN_DEFAULT), 0);
}

void assert_events(const uv_fixture_t *fixture, const char *types,
                   const char *expected) {
  char *text = recorder_text(&fixture->recorder, types);
  assert_non_null(text);
  assert_string_equal(text, expected);
  free(text);
}

void context_enter(context_t *context, void *store) {
  async_context_frame_t *frame = NULL;
  async_context_value_t value = {.store = store};
  assert_int_equal(async_context_key_create("test", &context->key), 0);
  assert_int_equal(async_context_frame_with(async_context_frame_current(),
                                            &context->key, &value, &frame),
                   0);
  context->around = async_context_frame_exchange(frame);
}

void context_leave(context_t *context) {
  async_context_frame_release(async_context_frame_exchange(context->around));
}

void *context_store(const context_t *context) {
  void *store = NULL;
  return async_context_get(&context->key, &store) ? store : NULL;
}

void seen_note(seen_t *seen, int status, const context_t *context) {
  seen->calls++;
  seen->status = status;
  seen->execution_async_id = async_hooks_execution_async_id();
  seen->trigger_async_id = async_hooks_trigger_async_id();
  seen->resource = async_hooks_execution_async_resource();
  seen->store = context == NULL ? NULL : context_store(context);
}

bool inspect(async_id_t async_id, async_resource_info_t *ret_info) {
  async_env_t *env = NULL;
  bool found = false;
  while (!found && (env = async_inspect_next(env)) != NULL) {
    uint32_t cursor = 0;
    while (!found && async_inspect_resources(env, &cursor, ret_info, 1) == 1) {
      found = ret_info->async_id == async_id;
    }
  }
  async_inspect_release(env);
  return found;
}

void on_other_thread(void (*fn)(void *arg), void *arg) {
  uv_thread_t thread;
  assert_int_equal(uv_thread_create(&thread, fn, arg), 0);
  assert_int_equal(uv_thread_join(&thread), 0);
}

typedef struct errand_s {
  void (*fn)(void *arg);
  void *arg;
  int opened, detached;
} errand_t;

static void run_errand(void *arg) {
  errand_t *errand = arg;
  errand->opened = async_env_open(ASYNC_ENV_OTHER, "other");
  errand->fn(errand->arg);
  errand->detached = async_env_detach();
}

void on_other_environment(void (*fn)(void *arg), void *arg) {
  errand_t errand = {.fn = fn, .arg = arg};
  on_other_thread(run_errand, &errand);
  assert_int_equal(errand.opened, 0);
  assert_int_equal(errand.detached, 0);
}
