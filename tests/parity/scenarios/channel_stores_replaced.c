#include "asyncscope/async_fail.h"
#include "asyncscope/diagnostics_channel.h"
#include "scenario.h"
#include <stdio.h>

static async_local_storage_t *storage, *other;
static async_diagnostics_channel_t one;

static const char *store_of(const async_local_storage_t *of) {
  const char *store = async_local_storage_get_store(of);
  return store == NULL ? "undefined" : store;
}

static void show(const char *text) {
  trace_print("%s %s %s", text, store_of(storage), store_of(other));
}

static const char *word(bool value) {
  return value ? "true" : "false";
}

static void *transform(void *message, void *which) {
  char *store = scenario_alloc(32);
  snprintf(store, 32, "%s of %s", (const char *)which, (const char *)message);
  return store;
}

static void run_stores(const char *message, async_local_storage_cb fn) {
  async_diagnostics_channel_run_stores(&one, (void *)(uintptr_t)message, fn,
                                       NULL);
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  show("immediate of b");
}

static int in_c(void *arg) {
  (void)arg;
  show("in c");
  return 0;
}

static int in_b(void *arg) {
  (void)arg;
  show("in b");
  async_diagnostics_channel_unbind_store(&one, other);
  set_immediate(on_immediate);
  run_stores("c", in_c);
  return 0;
}

static void run_b(void *arg) {
  (void)arg;
  run_stores("b", in_b);
}

static int in_a(void *arg) {
  (void)arg;
  show("in a");
  enter_with(storage, "entered in a");
  run_with(other, "run in a", run_b, NULL);
  show("behind b");
  return 0;
}

static int in_d(void *arg) {
  (void)arg;
  show("in d");
  async_fail("failed in d");
  return 0;
}

static int in_e(void *arg) {
  (void)arg;
  show("in e");
  return 0;
}

static void bind_stores(void) {
  static char first[] = "first", second[] = "second";
  MUST(async_diagnostics_channel_bind_store(&one, storage, transform, first));
  MUST(async_diagnostics_channel_bind_store(&one, other, NULL, NULL));
  MUST(async_diagnostics_channel_bind_store(&one, storage, transform, second));
}

static void show_subscribers(void) {
  trace_print("has %s", word(async_diagnostics_channel_has_subscribers(&one)));
}

static bool unbind(void) {
  return async_diagnostics_channel_unbind_store(&one, storage);
}

static void finish(void *channel) {
  async_diagnostics_channel_finish(channel);
}

SCENARIO(channel_stores_replaced) {
  char message[ASYNC_FAILURE_BYTES];
  storage = make_storage();
  other = make_storage();
  MUST(async_diagnostics_channel_init(&one, "one"));
  scenario_at_end(finish, &one);
  bind_stores();
  show_subscribers();
  run_stores("a", in_a);
  show("behind a");
  run_stores("d", in_d);
  if (async_catch(message))
    show(message);
  const char *first = word(unbind());
  trace_print("unbound %s %s", first, word(unbind()));
  show_subscribers();
  run_stores("e", in_e);
}
