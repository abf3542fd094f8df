#include "asyncscope/diagnostics_channel.h"
#include "scenario.h"
#include <stdio.h>

static async_local_storage_t *storage;
static async_diagnostics_channel_t one, two;

static void *transform(void *message, void *data) {
  char *store = scenario_alloc(32);
  (void)data;
  snprintf(store, 32, "one %s", (const char *)message);
  return store;
}

static void late(void *message, const char *name, void *data) {
  (void)name, (void)data;
  trace_print("late %s", (const char *)message);
}

static void on_one(void *message, const char *name, void *data) {
  char text[32];
  (void)name, (void)data;
  snprintf(text, sizeof(text), "subscriber %s", (const char *)message);
  trace_store(text, storage);
  MUST(async_diagnostics_channel_subscribe(&one, late, NULL));
}

static void on_two(void *message, const char *name, void *data) {
  (void)message, (void)name, (void)data;
  async_diagnostics_channel_unbind_store(&one, storage);
  enter_with(storage, "entered");
}

static int in_one_again(void *arg) {
  (void)arg;
  trace_store("in one again", storage);
  return 0;
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  trace_store("immediate", storage);
}

static int in_two(void *arg) {
  (void)arg;
  trace_store("in two", storage);
  MUST(async_diagnostics_channel_run_stores(&one, (void *)(uintptr_t) "c",
                                            in_one_again, NULL));
  set_immediate(on_immediate);
  return 0;
}

static int in_one(void *arg) {
  (void)arg;
  trace_store("in one", storage);
  MUST(async_diagnostics_channel_run_stores(&two, (void *)(uintptr_t) "b",
                                            in_two, NULL));
  trace_store("back in one", storage);
  return 0;
}

static void finish(void *channel) {
  async_diagnostics_channel_finish(channel);
}

SCENARIO(channel_nested_and_changed) {
  storage = make_storage();
  MUST(async_diagnostics_channel_init(&one, "one"));
  MUST(async_diagnostics_channel_init(&two, "two"));
  scenario_at_end(finish, &one);
  scenario_at_end(finish, &two);
  MUST(async_diagnostics_channel_bind_store(&one, storage, transform, NULL));
  MUST(async_diagnostics_channel_bind_store(&two, storage, NULL, NULL));
  MUST(async_diagnostics_channel_subscribe(&one, on_one, NULL));
  MUST(async_diagnostics_channel_subscribe(&two, on_two, NULL));
  MUST(async_diagnostics_channel_run_stores(&one, (void *)(uintptr_t) "a",
                                            in_one, NULL));
  trace_store("outside", storage);
}
