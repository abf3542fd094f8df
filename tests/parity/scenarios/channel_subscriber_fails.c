#include "asyncscope/async_fail.h"
#include "asyncscope/diagnostics_channel.h"
#include "scenario.h"
#include <stdio.h>
#include <string.h>

static async_local_storage_t *storage;
static async_diagnostics_channel_t one, two;

static void show(const char *text, const char *message) {
  char line[64];
  snprintf(line, sizeof(line), "%s%s%s", text, message[0] == '\0' ? "" : " ",
           message);
  trace_store(line, storage);
}

static void on_uncaught(const char *message, void *data) {
  (void)data;
  show("uncaught", message);
}

static void *of(void *message, void *data) {
  char *store = scenario_alloc(32);
  (void)data;
  snprintf(store, 32, "of %s", (const char *)message);
  return store;
}

static void second(void *message, const char *name, void *data) {
  (void)name, (void)data;
  show("second", message);
}

static void on_two(void *message, const char *name, void *data) {
  (void)message, (void)name, (void)data;
  show("two", "");
  async_diagnostics_channel_unsubscribe(&one, second, NULL);
  async_fail("of two");
}

static void first(void *message, const char *name, void *data) {
  static char nested[] = "nested";
  (void)name, (void)data;
  show("first", message);
  if (strcmp(message, "a") == 0)
    async_diagnostics_channel_publish(&two, nested);
  async_fail("of first %s", (const char *)message);
}

static int in_b(void *arg) {
  (void)arg;
  show("in b", "");
  return 0;
}

static void in_run(void *arg) {
  static char a[] = "a", b[] = "b";
  (void)arg;
  async_diagnostics_channel_publish(&one, a);
  MUST(async_diagnostics_channel_run_stores(&one, b, in_b, NULL));
  show("behind b", "");
}

static void finish(void *channel) {
  async_diagnostics_channel_finish(channel);
}

SCENARIO(channel_subscriber_fails) {
  storage = make_storage();
  MUST(async_set_uncaught_exception_handler(on_uncaught, NULL));
  MUST(async_diagnostics_channel_init(&one, "one"));
  MUST(async_diagnostics_channel_init(&two, "two"));
  scenario_at_end(finish, &one);
  scenario_at_end(finish, &two);
  MUST(async_diagnostics_channel_subscribe(&two, on_two, NULL));
  MUST(async_diagnostics_channel_bind_store(&one, storage, of, NULL));
  MUST(async_diagnostics_channel_subscribe(&one, first, NULL));
  MUST(async_diagnostics_channel_subscribe(&one, second, NULL));
  run_with(storage, "run", in_run, NULL);
  show("outside", "");
}
