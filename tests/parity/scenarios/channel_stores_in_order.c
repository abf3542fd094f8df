#include "asyncscope/diagnostics_channel.h"
#include "scenario.h"
#include <stdio.h>
#include <string.h>

static async_local_storage_t *first, *second, *late;
static async_diagnostics_channel_t one;

static const char *store_of(const async_local_storage_t *storage) {
  const char *store = async_local_storage_get_store(storage);
  return store == NULL ? "undefined" : store;
}

static void show(const char *text) {
  trace_print("%s: %s %s %s", text, store_of(first), store_of(second),
              store_of(late));
}

static void show_of(const char *text, const char *message) {
  char line[64];
  snprintf(line, sizeof(line), "%s of %s", text, message);
  show(line);
}

static void *join(const char *number, const char *message) {
  char *store = scenario_alloc(16);
  snprintf(store, 16, "%s%s", number, message);
  return store;
}

static void on_message(void *message, const char *name, void *data) {
  (void)name, (void)data;
  show_of("subscriber", message);
}

static void *of_late(void *message, void *data) {
  static char store[] = "l";
  (void)message, (void)data;
  show("late");
  return store;
}

static void *of_first(void *message, void *data) {
  (void)data;
  show_of("first", message);
  if (strcmp(message, "b") == 0)
    MUST(async_diagnostics_channel_bind_store(&one, late, of_late, NULL));
  return join("1", message);
}

static void *of_second(void *message, void *data) {
  (void)data;
  show_of("second", message);
  if (strcmp(message, "c") == 0)
    async_diagnostics_channel_unbind_store(&one, late);
  return join("2", message);
}

static int inside(void *arg) {
  (void)arg;
  show("inside");
  return 0;
}

static void run_stores(const char *message, async_local_storage_cb fn) {
  MUST(async_diagnostics_channel_run_stores(&one, (void *)(uintptr_t)message,
                                            fn, NULL));
}

static int enter(void *arg) {
  (void)arg;
  enter_with(first, "entered");
  return 0;
}

static void run_same(void *message) {
  run_stores(message, enter);
  show("behind");
}

static void finish(void *channel) {
  async_diagnostics_channel_finish(channel);
}

static void bind_both(void) {
  MUST(async_diagnostics_channel_init(&one, "one"));
  scenario_at_end(finish, &one);
  MUST(async_diagnostics_channel_subscribe(&one, on_message, NULL));
  MUST(async_diagnostics_channel_bind_store(&one, first, of_first, NULL));
  MUST(async_diagnostics_channel_bind_store(&one, second, of_second, NULL));
}

SCENARIO(channel_stores_in_order) {
  static const char *const messages[] = {"a", "b", "c", "d"};
  static char same[] = "same";
  first = make_storage();
  second = make_storage();
  late = make_storage();
  bind_both();
  for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++)
    run_stores(messages[i], inside);
  async_diagnostics_channel_unbind_store(&one, first);
  async_diagnostics_channel_unbind_store(&one, second);
  MUST(async_diagnostics_channel_bind_store(&one, first, NULL, NULL));
  run_with(first, same, run_same, same);
}
