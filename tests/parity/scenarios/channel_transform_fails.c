#include "asyncscope/async_fail.h"
#include "asyncscope/diagnostics_channel.h"
#include "scenario.h"

static async_local_storage_t *storage;
static async_diagnostics_channel_t channel;

static void on_uncaught(const char *message, void *data) {
  (void)data;
  trace_print("later %s", message);
}

static void *transform(void *message, void *data) {
  (void)message, (void)data;
  async_fail("in the transform");
  return NULL;
}

static int inside(void *arg) {
  (void)arg;
  trace_store("inside", storage);
  return 0;
}

static void on_immediate(async_immediate_t *immediate) {
  static char message[] = "message";
  (void)immediate;
  MUST(async_diagnostics_channel_run_stores(&channel, message, inside, NULL));
  trace_print("goes on");
}

static void finish(void *arg) {
  async_diagnostics_channel_finish(arg);
}

SCENARIO(channel_transform_fails) {
  storage = make_storage();
  MUST(async_set_uncaught_exception_handler(on_uncaught, NULL));
  MUST(async_diagnostics_channel_init(&channel, "test"));
  scenario_at_end(finish, &channel);
  MUST(
      async_diagnostics_channel_bind_store(&channel, storage, transform, NULL));
  set_immediate(on_immediate);
}
