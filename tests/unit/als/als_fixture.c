#include "als_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int fixture_setup(void **state) {
  fixture_t *fixture = calloc(1, sizeof(*fixture));
  if (fixture == NULL || uv_loop_init(&fixture->loop) != 0 ||
      async_env_attach(&fixture->loop) != 0 ||
      async_local_storage_init(&fixture->als, NULL) != 0 ||
      async_local_storage_init(&fixture->other, NULL) != 0)
    return -1;
  *state = fixture;
  return 0;
}

static bool all_given_back(void) {
  async_env_info_t info = own_env_info();
  return info.stores_created == info.stores_released &&
         info.frames_created == info.frames_released;
}

int fixture_teardown(void **state) {
  fixture_t *fixture = *state;
  async_context_frame_release(async_context_frame_exchange(NULL));
  async_env_flush();
  int status = all_given_back() ? 0 : -1;
  async_local_storage_finish(&fixture->als);
  async_local_storage_finish(&fixture->other);
  if (async_env_detach() != 0 || uv_loop_close(&fixture->loop) != 0)
    status = -1;
  free(fixture);
  return status;
}

static void write_store(fixture_t *fixture, const char *label,
                        const async_local_storage_t *storage) {
  const char *store = async_local_storage_get_store(storage);
  char *end = fixture->text + fixture->length;
  size_t room = sizeof(fixture->text) - fixture->length;
  int wrote = snprintf(end, room, "%s%s:%s", fixture->length == 0 ? "" : " ",
                       label, store == NULL ? "-" : store);
  if ((size_t)wrote < room)
    fixture->length += (size_t)wrote;
}

void see(fixture_t *fixture, const char *label) {
  write_store(fixture, label, &fixture->als);
}

void see_other(fixture_t *fixture, const char *label) {
  write_store(fixture, label, &fixture->other);
}

void sees_inside(fixture_t *fixture) {
  see(fixture, "inside");
}

void sees_later(fixture_t *fixture) {
  see(fixture, "later");
}

typedef struct call_s {
  fixture_t *fixture;
  step_cb step;
} call_t;

static int do_call(void *arg) {
  call_t *call = arg;
  call->step(call->fixture);
  return 0;
}

void als_run(fixture_t *fixture, const char *store, step_cb step) {
  call_t call = {fixture, step};
  async_local_storage_run(&fixture->als, (void *)store, do_call, &call);
}

void other_run(fixture_t *fixture, const char *store, step_cb step) {
  call_t call = {fixture, step};
  async_local_storage_run(&fixture->other, (void *)store, do_call, &call);
}

void als_exit(fixture_t *fixture, step_cb step) {
  call_t call = {fixture, step};
  async_local_storage_exit(&fixture->als, do_call, &call);
}

void als_enter(fixture_t *fixture, const char *store) {
  async_local_storage_enter_with(&fixture->als, (void *)store);
}

void other_enter(fixture_t *fixture, const char *store) {
  async_local_storage_enter_with(&fixture->other, (void *)store);
}

static deferred_t *defer(fixture_t *fixture, step_cb step) {
  if (fixture->deferred_count == FIXTURE_DEFERRED_MAX)
    abort();
  deferred_t *deferred = &fixture->deferred[fixture->deferred_count++];
  deferred->fixture = fixture;
  deferred->step = step;
  return deferred;
}

static void on_call(void *arg) {
  deferred_t *deferred = arg;
  deferred->step(deferred->fixture);
}

void in_tick(fixture_t *fixture, step_cb step) {
  async_next_tick(on_call, defer(fixture, step));
}

void in_microtask(fixture_t *fixture, step_cb step) {
  async_queue_microtask(on_call, defer(fixture, step));
}

static void on_immediate(async_immediate_t *immediate) {
  on_call(immediate->resource.data);
}

void in_immediate(fixture_t *fixture, step_cb step) {
  deferred_t *deferred = defer(fixture, step);
  deferred->immediate.resource.data = deferred;
  async_immediate_start(&deferred->immediate, on_immediate);
}

static void on_timer(async_uv_timer_t *timer) {
  on_call(timer->data);
  async_uv_close((async_uv_handle_t *)timer, NULL);
}

static void on_interval(async_uv_timer_t *timer) {
  deferred_t *deferred = timer->data;
  on_call(deferred);
  if (++deferred->fixture->times == 3)
    async_uv_close((async_uv_handle_t *)timer, NULL);
}

static void start_timer(fixture_t *fixture, step_cb step, async_uv_timer_cb cb,
                        uint64_t repeat_ms) {
  deferred_t *deferred = defer(fixture, step);
  async_uv_timer_init(&fixture->loop, &deferred->timer);
  deferred->timer.data = deferred;
  async_uv_timer_start(&deferred->timer, cb, 1, repeat_ms);
}

void in_timer(fixture_t *fixture, step_cb step) {
  start_timer(fixture, step, on_timer, 0);
}

void in_interval(fixture_t *fixture, step_cb step) {
  start_timer(fixture, step, on_interval, 1);
}

void in_scope(fixture_t *fixture, step_cb step) {
  call_t call = {fixture, step};
  async_resource_t resource = {0};
  if (async_resource_init(&resource, "ALS_TEST", NULL) == 0)
    async_resource_run_in_async_scope(&resource, do_call, &call);
  async_resource_finish(&resource);
}

void run_loop(fixture_t *fixture) {
  uv_run(&fixture->loop, UV_RUN_DEFAULT);
}

async_env_info_t own_env_info(void) {
  async_env_info_t info = {.thread = ASYNC_THREAD_NONE};
  async_env_t *env = async_inspect_next(NULL);
  while (env != NULL && info.thread != async_env_thread()) {
    async_inspect_env(env, &info);
    if (info.thread != async_env_thread())
      env = async_inspect_next(env);
  }
  async_inspect_release(env);
  return info;
}

void counted_retain(void *store) {
  counted_t *counted = store;
  counted->retained++;
}

void counted_release(void *store) {
  counted_t *counted = store;
  counted->released++;
  counted->released_in = async_hooks_execution_async_id();
}
