#include "asyncscope/async_event_emitter.h"
#include "scenario.h"

static async_event_emitter_t emitter;

static void emit(const char *event) {
  int heard = async_event_emitter_emit(&emitter, event, NULL);
  must(heard < 0 ? heard : 0, "emit");
}

static void once(void *arg, void *data) {
  (void)arg, (void)data;
  trace_where("once");
  emit("event");
  MUST(async_resource_emit_destroy(
      async_event_emitter_async_resource(&emitter)));
}

static void on(void *arg, void *data) {
  (void)arg, (void)data;
  trace_where("on");
}

static void emit_event(void *arg) {
  (void)arg;
  emit("event");
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  trace_where("immediate");
  emit("event");
  emit("nobody listens");
}

static void finish(void *arg) {
  async_event_emitter_finish(arg);
}

SCENARIO(event_emitter_resource_ended) {
  static const async_resource_options_t options = {
      .flags = ASYNC_RESOURCE_TRIGGER | ASYNC_RESOURCE_REQUIRE_MANUAL_DESTROY,
      .trigger_async_id = ASYNC_ID_ROOT};
  trace_start();
  MUST(async_event_emitter_init_async_resource(&emitter, "Named", &options));
  scenario_at_end(finish, &emitter);
  MUST(async_event_emitter_once(&emitter, "event", once, NULL));
  MUST(async_event_emitter_on(&emitter, "event", on, NULL));
  run_in(make_resource("R"), emit_event, NULL);
  set_immediate(on_immediate);
}
