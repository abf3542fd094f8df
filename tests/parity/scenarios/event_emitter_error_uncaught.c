#include "asyncscope/async_event_emitter.h"
#include "asyncscope/async_fail.h"
#include "scenario.h"

static async_event_emitter_t emitter;

static void on_uncaught(const char *message, void *data) {
  (void)message, (void)data;
  trace_where("uncaught");
}

static void on_tick(void *arg) {
  (void)arg;
  async_event_emitter_emit(&emitter, "error", NULL);
  if (async_catch(NULL))
    trace_where("caught");
  async_event_emitter_emit(&emitter, "error", NULL);
}

static void next(void *arg) {
  (void)arg;
  trace_where("next");
}

static void finish(void *ended) {
  async_event_emitter_finish(ended);
}

SCENARIO(event_emitter_error_uncaught) {
  trace_start_without(" Immediate ");
  MUST(async_set_uncaught_exception_handler(on_uncaught, NULL));
  MUST(async_event_emitter_init_async_resource(&emitter, "EMITTER", NULL));
  scenario_at_end(finish, &emitter);
  next_tick(on_tick, NULL);
  next_tick(next, NULL);
}
