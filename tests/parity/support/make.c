#include "asyncscope/async_active_resources.h"
#include "scenario.h"
#include <stdio.h>
#include <string.h>

static void finish_resource(void *resource) {
  async_resource_finish(resource);
}

static void finish_storage(void *storage) {
  async_local_storage_finish(storage);
}

void close_at_end(void *handle) {
  if (!async_uv_is_closing(handle)) {
    async_uv_close(handle, NULL);
  }
}

async_resource_t *make_resource(const char *type) {
  async_resource_t *resource = scenario_alloc(sizeof(*resource));
  MUST(async_resource_init(resource, type, NULL));
  scenario_at_end(finish_resource, resource);
  return resource;
}

async_resource_t *make_triggered(const char *type,
                                 async_id_t trigger_async_id) {
  async_resource_options_t options = {
      .flags = ASYNC_RESOURCE_TRIGGER,
      .trigger_async_id = trigger_async_id,
  };
  async_resource_t *resource = scenario_alloc(sizeof(*resource));
  MUST(async_resource_init(resource, type, &options));
  scenario_at_end(finish_resource, resource);
  return resource;
}

typedef struct call_s {
  void (*fn)(void *arg);
  void *arg;
} call_t;

static int on_call(void *arg) {
  call_t *call = arg;
  call->fn(call->arg);
  return 0;
}

void run_in(async_resource_t *resource, void (*fn)(void *arg), void *arg) {
  call_t call = {fn, arg};
  MUST(async_resource_run_in_async_scope(resource, on_call, &call));
}

static void stop_at_end(void *timeout) {
  async_timeout_stop(timeout);
}

static async_timeout_t *make_timeout(void) {
  async_timeout_t *timeout = scenario_alloc(sizeof(*timeout));
  scenario_at_end(stop_at_end, timeout);
  return timeout;
}

async_timeout_t *set_timeout(async_timeout_cb cb, uint64_t timeout_ms) {
  async_timeout_t *timeout = make_timeout();
  MUST(async_timeout_start(timeout, cb, timeout_ms));
  return timeout;
}

async_timeout_t *set_interval(async_timeout_cb cb, uint64_t interval_ms) {
  async_timeout_t *timeout = make_timeout();
  MUST(async_timeout_start_interval(timeout, cb, interval_ms));
  return timeout;
}

void clear_timeout(async_timeout_t *timeout) {
  async_timeout_stop(timeout);
}

void be_busy(uint64_t ms) {
  uint64_t begun_ns = uv_hrtime();
  while (uv_hrtime() - begun_ns < ms * UINT64_C(1000000))
    continue;
}

async_immediate_t *set_immediate(async_immediate_cb cb) {
  async_immediate_t *immediate = scenario_alloc(sizeof(*immediate));
  MUST(async_immediate_start(immediate, cb));
  return immediate;
}

void next_tick(async_callback_cb cb, void *arg) {
  MUST(async_next_tick(cb, arg));
}

void queue_microtask(async_callback_cb cb, void *arg) {
  MUST(async_queue_microtask(cb, arg));
}

void next_tick_for(async_id_t trigger_async_id, async_callback_cb cb,
                   void *arg) {
  async_id_t before = async_default_trigger_scope_open(trigger_async_id);
  next_tick(cb, arg);
  async_default_trigger_scope_close(before);
}

void show_active(const char *text) {
  enum { MAX = 128 };
  async_active_resource_t active[MAX];
  char line[MAX * 24] = "";
  size_t count = async_active_resources_info(NULL, active, MAX);
  for (size_t i = 0; i < count && i < MAX; i++) {
    size_t length = strlen(line);
    snprintf(line + length, sizeof(line) - length, " %s", active[i].name);
  }
  trace_print("%s:%s", text, line[0] == '\0' ? " " : line);
}

async_local_storage_t *make_storage(void) {
  async_local_storage_t *storage = scenario_alloc(sizeof(*storage));
  MUST(async_local_storage_init(storage, NULL));
  scenario_at_end(finish_storage, storage);
  return storage;
}

void run_with(async_local_storage_t *storage, const char *store,
              void (*fn)(void *arg), void *arg) {
  call_t call = {fn, arg};
  MUST(async_local_storage_run(storage, (void *)(uintptr_t)store, on_call,
                               &call));
}

void enter_with(async_local_storage_t *storage, const char *store) {
  MUST(async_local_storage_enter_with(storage, (void *)(uintptr_t)store));
}
